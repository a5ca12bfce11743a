"""Reported speech promised no words: does a source say as much?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from service.english.numerals import is_number_key
from service.english.word_classes import FUNCTION_WORDS, NEGATIONS
from service.matching.align.passage import ClaimText, Passage
from service.matching.align.placement import Placement, align
from service.matching.models import Fidelity

_SUPPORTED: Final = 0.75
_PARTLY_SUPPORTED: Final = 0.5
_ENDINGS: Final = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "ed",
    "es",
    "er",
    "ly",
    "s",
    "e",
    "y",
)
_SHORTEST_STEM: Final = 3
_FEWEST_CONTENT_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Support:
    """How far a stretch of a source says what was reported."""

    placement: Placement
    fidelity: Fidelity
    rule: str
    share: float


@lru_cache(maxsize=65_536)
def stem(form: str) -> str:
    """A rough stem, the same for "promise", "promised" and "promises"."""
    if not form.isascii() or form.startswith("#"):
        return form
    for ending in _ENDINGS:
        if form.endswith(ending) and len(form) - len(ending) >= _SHORTEST_STEM:
            return form[: -len(ending)]
    return form


def content_stems(forms: Sequence[str]) -> set[str]:
    """Stems of the content words among keys, numbers as they are."""
    return {stem(form) for form in forms if form not in FUNCTION_WORDS}


def find_support(ours: ClaimText, passages: Sequence[Passage]) -> Support | None:
    """The stretch that says most of what was reported; None where none says half of it."""
    wanted = content_stems(ours.key_forms)
    if len(wanted) < _FEWEST_CONTENT_WORDS:
        return None
    stretches = (_best_stretch(wanted, passage) for passage in passages)
    share, passage, start, end = max(stretches, key=lambda stretch: stretch[0], default=(0.0, None, 0, 0))
    if passage is None or share < _PARTLY_SUPPORTED:
        return None
    stretch = Passage(passage.evidence, passage.utterances[start:end])
    placement = align(ours, stretch)
    return _read_support(ours, placement, share) if placement else None


def _best_stretch(wanted: set[str], passage: Passage) -> tuple[float, Passage, int, int]:
    """(share, passage, start, end): the utterance, or the two neighbours, with most of the wanted stems."""
    stems = [content_stems(text.keys.forms) & wanted for text in passage.texts]
    singles = [(len(found), at, at + 1) for at, found in enumerate(stems)]
    pairs = [(len(a | b), at, at + 2) for at, (a, b) in enumerate(pairwise(stems))]
    count, start, end = max(singles + pairs, key=lambda stretch: (stretch[0], stretch[1] - stretch[2]))
    return count / len(wanted), passage, start, end


def _read_support(ours: ClaimText, placement: Placement, share: float) -> Support:
    theirs = placement.passage.key_forms
    if share < _SUPPORTED:
        return Support(placement, "partly_supported", "half_of_the_content_reported", share)
    if _numbers(ours.key_forms) - _numbers(theirs):
        return Support(placement, "partly_supported", "reported_number_not_found", share)
    if _denies(ours.key_forms) != _denies(theirs[_key(placement, first=True) : _key(placement, first=False)]):
        return Support(placement, "partly_supported", "reported_negation_differs", share)
    return Support(placement, "supported", "content_reported", share)


def _numbers(forms: Sequence[str]) -> set[str]:
    return {form for form in forms if is_number_key(form)} - {"#1"}


def _denies(forms: Sequence[str]) -> bool:
    """Whether the negations leave a denial: two of them make none."""
    return sum(form in NEGATIONS for form in forms) % 2 == 1


def _key(placement: Placement, *, first: bool) -> int:
    return placement.passage.key_index(placement.first if first else placement.last)
