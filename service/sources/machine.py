"""Whether a machine transcribed a recording, by what the file shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from service.sources.models import SourceTurn

_MADE_BY: Final = re.compile(
    r"otter\.ai|\bWhisper(?:X|\.cpp)?\b|\bAssemblyAI\b|\bDeepgram\b|\bTrint\b|\bDescript\b|\bSonix\b"
    r"|Happy ?Scribe|\bRev AI\b|Fireflies\.ai|tl;dv|\bFathom\b|\bNotta\b|TurboScribe|\bRiverside\b|\bTemi\b"
    r"|Amazon Transcribe|speech[- ]to[- ]text"
    r"|transcribed (?:by|with|using) (?:an? )?(?:AI|machine|software)\b"
    r"|\b(?:automatic(?:ally)?|auto|machine|AI|computer)[- ]"
    r"(?:generated|transcribed|transcript(?:ion)?|captions?)\b"
    r"|transcript was generated|this transcript may contain errors",
    re.IGNORECASE,
)
#: As diarisation names voices it has no names for.
_VOICES: Final = re.compile(
    r"(?:SPEAKER[_ ]?\d{1,3}|Speaker [A-Z0-9]{1,2}|spk_\d+|Unknown Speaker|S\d)", re.IGNORECASE
)
#: YouTube's times within captions, the identifiers of Teams' cues, and Zoom's numbered names.
_CAPTIONS: Final = re.compile(
    r"<\d\d:\d\d:\d\d\.\d{3}><c>|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{18,27}/\d+-\d+$", re.MULTILINE
)
_HEAD: Final = 3_000  # characters at each end of a file where programs name themselves


def is_machine_made(text: str, turns: Sequence[SourceTurn] = ()) -> bool:
    """Whether the head or the end of a file names a program, or its voices have numbers for names."""
    ends = text if len(text) <= 2 * _HEAD else f"{text[:_HEAD]}\n{text[-_HEAD:]}"
    if _CAPTIONS.search(ends) is not None:
        return True
    spoken = {turn.text[:200] for turn in (*turns[:3], *turns[-3:])}
    made = _MADE_BY.search(ends)
    if made is not None and not any(made[0] in words for words in spoken):
        return True
    numbered = sum(1 for turn in turns if turn.speaker and _VOICES.fullmatch(turn.speaker.strip()))
    return numbered * 2 > len(turns) > 0
