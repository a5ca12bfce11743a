"""What stands in a transcript and is no word: sounds, music, notes of the transcriber."""

from __future__ import annotations

import re
from typing import Final

from service.english.transcript_notes import SOUND_WORDS

_NOTE: Final = re.compile(r"[ ]?(?:\[([^\[\]\n]{1,60})\]|\(([^()\n]{1,60})\)|\*([^*\n]{1,40})\*)")
_WORD: Final = re.compile(r"[^\W\d]+(?:-[^\W\d]+)*")
_NOTES: Final = re.compile(r"(?<![♪♫♬#¶])[♪♫♬#¶]++(?=\s|$)|[♪♫♬]+")


def without_sounds(text: str) -> str:
    """Text without `[laughter]`, `(APPLAUSE)` and music. `[inaudible]` stays: words are missing there."""
    if not any(mark in text for mark in "[(*♪♫♬"):
        return text
    return _NOTES.sub("", _NOTE.sub(_keep_words, text)).strip()


def _keep_words(note: re.Match[str]) -> str:
    words = [word.lower() for word in _WORD.findall(note[1] or note[2] or note[3])]
    return "" if words and all(word in SOUND_WORDS for word in words) else note[0]
