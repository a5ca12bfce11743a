"""An interview to write files from: who says what, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass

WORDS_A_SECOND = 2.6
LONGEST_CAPTION = 37  # characters of a caption's line
PAUSE_S = 0.4


@dataclass(frozen=True)
class Said:
    """A turn as it was said. `text` holds paragraphs divided by blank lines."""

    speaker: str
    text: str
    start_s: float = 0.0
    end_s: float = 0.0


@dataclass(frozen=True)
class Shown:
    """A caption of a turn: at most two lines."""

    speaker: str
    lines: tuple[str, ...]
    start_s: float
    end_s: float
    begins: bool  # the turn


@dataclass(frozen=True)
class Interview:
    """What was said, in order; the first who speaks asks."""

    name: str
    title: str
    day: str
    turns: tuple[Said, ...]

    @property
    def asking(self) -> str:
        """Who asks."""
        return self.turns[0].speaker

    def captions(self) -> list[Shown]:
        """All turns as captions of two lines, in time."""
        return [shown for turn in self.turns for shown in _captions_of(turn)]


def interview(name: str, title: str, day: str, script: str) -> Interview:
    """An interview written as `Name: words`, a turn a paragraph; a paragraph without a name goes on."""
    turns: list[tuple[str, str]] = []
    for paragraph in re.split(r"\n\s*\n", script.strip()):
        words = " ".join(paragraph.split())
        found = re.match(r"([^:]{2,40}): ", words)
        if found:
            turns.append((found[1], words[found.end() :]))
        else:
            turns[-1] = (turns[-1][0], f"{turns[-1][1]}\n\n{words}")
    return Interview(name, title, day, timed(turns))


def timed(turns: list[tuple[str, str]]) -> tuple[Said, ...]:
    """Turns at the speed that people speak."""
    clock = 1.0
    out = []
    for speaker, text in turns:
        length = max(1.0, len(text.split()) / WORDS_A_SECOND)
        out.append(Said(speaker, text, round(clock, 2), round(clock + length, 2)))
        clock += length + PAUSE_S
    return tuple(out)


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` characters, broken at spaces alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _captions_of(turn: Said) -> list[Shown]:
    lines = wrap(turn.text, LONGEST_CAPTION)
    pairs = [tuple(lines[n : n + 2]) for n in range(0, len(lines), 2)]
    step = (turn.end_s - turn.start_s) / len(pairs)
    return [
        Shown(
            turn.speaker,
            pair,
            round(turn.start_s + n * step, 2),
            round(turn.start_s + (n + 1) * step, 2),
            n == 0,
        )
        for n, pair in enumerate(pairs)
    ]
