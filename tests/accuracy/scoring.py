"""How close what was found is to what was labelled.

Spans are compared by the words they cover, so that marks, spaces and punctuation do not matter. A quotation counts
as found where one that was found covers its content with an F1 of 0.8 or more, and both sources share a word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

WORD = re.compile(r"\w+(?:['’]\w+)*")
MARKED = re.compile(r"“[^”\n]*(?:”|$)", re.MULTILINE)
LEAST_OVERLAP = 0.8

Spans = Iterable[tuple[int, int]]
Words = frozenset[int]


class Spanned(Protocol):
    """A quotation, labelled or found."""

    @property
    def content(self) -> Sequence[tuple[int, int]]: ...
    @property
    def source(self) -> Sequence[tuple[int, int]]: ...


def words_within(text: str, spans: Spans) -> Words:
    """The numbers of the words that the spans touch."""
    covered = list(spans)
    return frozenset(
        number
        for number, word in enumerate(WORD.finditer(text))
        if any(start < word.end() and word.start() < end for start, end in covered)
    )


def overlap(left: Words, right: Words) -> float:
    """F1 of two sets of words, 1.0 where they are the same."""
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 1.0


def kind_of(text: str, content: Spans) -> str:
    """`direct` where all of its words stand within quotation marks, `indirect` where none does, else `mixed`."""
    words = words_within(text, content)
    marked = words & words_within(text, [found.span() for found in MARKED.finditer(text)])
    return "direct" if marked == words else "mixed" if marked else "indirect"


def pair(text: str, labelled: Sequence[Spanned], found: Sequence[Spanned]) -> dict[int, int]:
    """Which found one belongs to which labelled one: the best overlaps first, each used once."""
    contents = [words_within(text, one.content) for one in labelled]
    others = [words_within(text, one.content) for one in found]
    scored = [
        (overlap(content, other), number, place)
        for number, content in enumerate(contents)
        for place, other in enumerate(others)
        if overlap(content, other) >= LEAST_OVERLAP
    ]
    pairs: dict[int, int] = {}
    for _, number, place in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if number not in pairs and place not in pairs.values():
            pairs[number] = place
    return pairs


def sources_agree(text: str, left: Spanned, right: Spanned) -> bool:
    """Whether two sources share a word, or are both missing."""
    ours, theirs = words_within(text, left.source), words_within(text, right.source)
    return bool(ours & theirs) or not (ours or theirs)


class ExtractionScore:
    """Counts over articles: labelled and found quotations, and those that are right, by kind."""

    def __init__(self) -> None:
        self.labelled: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.found = 0

    def add(self, text: str, labelled: Sequence[Spanned], found: Sequence[Spanned]) -> None:
        """One article."""
        kinds = [kind_of(text, one.content) for one in labelled]
        pairs = pair(text, labelled, found)
        self.labelled.update(kinds)
        self.found += len(found)
        self.right.update(
            kinds[number]
            for number, place in pairs.items()
            if sources_agree(text, labelled[number], found[place])
        )

    def f1(self) -> float:
        """Of all quotations."""
        return 2 * self.right.total() / (self.labelled.total() + self.found)

    def recall(self, kind: str) -> float:
        """Of the quotations of one kind."""
        return self.right[kind] / self.labelled[kind]


def normal_name(name: str | None) -> str | None:
    """A name without regard to case, apostrophes, articles, possessives and middle initials."""
    if name is None:
        return None
    folded = name.casefold().replace("’", "'")
    words = re.sub(r"'s?\b|(?<=s)'", "", re.sub(r"^the ", "", folded)).split()
    last = len(words) - 1
    return " ".join(
        word for n, word in enumerate(words) if not (0 < n < last and re.fullmatch(r"\w\.?", word))
    )
