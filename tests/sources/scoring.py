"""How many turns of a file are read with the right speaker and the right words, and at the right time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from service.sources.models import ParsedSource
from tests.sources.interview import Interview
from tests.sources.writers import Expected

Turn = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Score:
    """Counts over one file."""

    turns: int
    right: int
    wrong: tuple[Turn, ...] = ()  # expected, and not read so


#: What word processors put for typed marks.
TYPED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "–": "-", "—": "-", "\xa0": " "})


def words(text: str) -> tuple[str, ...]:
    """The words of a text, each with its marks as they are typed."""
    return tuple(text.translate(TYPED).replace("---", "-").replace("--", "-").split())


def key(speaker: str | None) -> str:
    """A speaker's name as it is compared."""
    return re.sub(r"\W+", " ", speaker or "").strip().casefold()


def merged(turns: Expected) -> list[Turn]:
    """The turns, neighbours of one speaker as one."""
    out: list[Turn] = []
    for speaker, text in turns:
        if out and out[-1][0] == key(speaker) and speaker is not None:
            out[-1] = (out[-1][0], out[-1][1] + words(text))
        else:
            out.append((key(speaker), words(text)))
    return out


def score(source: ParsedSource, expected: Expected) -> Score:
    """The turns of a source held against those that were written."""
    wanted = merged(expected)
    found = [(key(turn.speaker), words(turn.text)) for turn in source.turns]
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    hits = {block.a + n for block in matcher.get_matching_blocks() for n in range(block.size)}
    return Score(len(wanted), len(hits), tuple(turn for n, turn in enumerate(wanted) if n not in hits))


def times_found(source: ParsedSource, interview: Interview) -> tuple[int, int]:
    """How many of the turns' first words stand at a cue that lies within one caption of their true time."""
    right = 0
    texts = [(" ".join(words(read.text)), read.cues) for read in source.turns if read.cues]
    longest = max(shown.end_s - shown.start_s for shown in interview.captions())
    for turn in interview.turns:
        start = words(turn.text)[:4]
        for text, cues in texts:
            at = text.find(" ".join(start))
            if at < 0:
                continue
            before = [cue for cue in cues if cue.offset <= at] or [cues[0]]
            if abs(before[-1].start_s - turn.start_s) <= longest + 1:  # whole seconds in most files
                right += 1
                break
    return right, len(interview.turns)
