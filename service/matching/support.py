"""Reported speech promised no words: does a source say as much?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from service.matching.evidence import Fidelity
from service.matching.lexicon import FUNCTION_WORDS, NEGATIONS
from service.matching.numerals import is_number_key
from service.matching.passage import ClaimText, Passage
from service.matching.placement import Placement, align

_SUPPORTED: Final = 0.75
_PARTLY_SUPPORTED: Final = 0.5
_ENDINGS: Final = ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "ly", "s", "e", "y")
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
    shares = [(share_of(wanted, passage), passage) for passage in passages]
    best = max(shares, key=lambda pair: pair[0], default=None)
    if best is None or best[0] < _PARTLY_SUPPORTED:
        return None
    share, passage = best
    placement = align(ours, passage)
    if placement is None:
        return None
    if share < _SUPPORTED:
        return Support(placement, "partly_supported", "half_of_the_content_reported", share)
    if _numbers(ours.key_forms) - _numbers(passage.key_forms):
        return Support(placement, "partly_supported", "reported_number_not_found", share)
    if _polarity(ours, placement, theirs=False) != _polarity(ours, placement, theirs=True):
        return Support(placement, "partly_supported", "reported_negation_differs", share)
    return Support(placement, "supported", "content_reported", share)


def share_of(wanted: set[str], passage: Passage) -> float:
    """The largest share of the wanted stems that one or two neighbouring utterances hold."""
    stems = [content_stems(text.keys.forms) & wanted for text in passage.texts]
    pairs = [a | b for a, b in zip(stems, stems[1:], strict=False)] or stems
    return max((len(pair) for pair in pairs), default=0) / len(wanted)


def _numbers(forms: Sequence[str]) -> set[str]:
    return {form for form in forms if is_number_key(form)} - {"#1"}


def _polarity(ours: ClaimText, placement: Placement, *, theirs: bool) -> int:
    """How many negations stand in the aligned stretch of a side, odd or even."""
    forms = (
        placement.passage.keys_between(placement.first, placement.last) if theirs else ours.key_forms
    )
    return sum(form in NEGATIONS for form in forms) % 2
