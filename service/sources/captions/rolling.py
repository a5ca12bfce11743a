"""Rolling captions: each shows the end of the one before again, or grows. Each word is kept once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.sources.captions.cues import Caption

_LONGEST_REPEAT: Final = 60  # words that a caption may show again
_SHARE: Final = 0.3  # of a file's captions that begin with words shown before; more are no chance


def drop_repeated(captions: Sequence[Caption]) -> list[Caption]:
    """Captions without the words that the one before has shown; as they are where a file does not roll."""
    repeats = _repeated_words(captions)
    if sum(1 for count in repeats if count) < _SHARE * len(captions):
        return list(captions)
    return [
        replace(caption, lines=kept)
        for caption, count in zip(captions, repeats, strict=True)
        if (kept := _without(caption.lines, count))
    ]


def _repeated_words(captions: Sequence[Caption]) -> list[int]:
    """For each caption, how many of its first words end what was shown before."""
    shown: list[str] = []
    counts = []
    for caption in captions:
        words = " ".join(caption.lines).split()
        longest = min(len(words), len(shown), _LONGEST_REPEAT)
        count = next((n for n in range(longest, 0, -1) if shown[-n:] == words[:n]), 0)
        # A single word that comes twice may well have been said twice, unless it has a line of its own.
        if count == 1 and len(words) > 1 and len(shown) > 1 and caption.lines[0] != words[0]:
            count = 0
        counts.append(count)
        shown = (shown + words[count:])[-_LONGEST_REPEAT:]
    return counts


def _without(lines: tuple[str, ...], count: int) -> tuple[str, ...]:
    kept = []
    for line in lines:
        words = line.split()
        if count < len(words):
            kept.append(" ".join(words[count:]))
        count = max(0, count - len(words))
    return tuple(kept)
