"""Findings: what passages show of a claim's words, computed only as far as a verdict needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from service.matching.align.passage import ClaimText, Passage
from service.matching.align.placement import Placement, align, align_folded, choose_alignable
from service.matching.axes.changes import find_unforgiven
from service.matching.axes.fidelity import Finding, assess
from service.matching.models import Fidelity
from service.matching.thresholds import ALTERED_COVERAGE

_FAITHFUL: Final[tuple[Fidelity, ...]] = ("verbatim", "truncated", "near_verbatim", "abridged")


def assess_all(placements: Iterable[Placement]) -> list[Finding]:
    """The findings of placements; those without one are left out."""
    return [finding for placement in placements if (finding := assess(placement)) is not None]


def keep_faithful(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with the claim's words, whole or in part."""
    return [finding for finding in findings if finding.fidelity in _FAITHFUL]


class Alignments:
    """The alignments of a claim with passages, computed on first use.

    Few passages have every word that a faithful one must have, and to look for those costs far less than to
    align: where one is faithful, or the claim is seen to be put together from several, the others never are.
    """

    def __init__(self, claim_text: ClaimText, passages: Sequence[Passage]) -> None:
        self._claim_text, self._passages = claim_text, choose_alignable(claim_text, passages)
        self._looked: dict[int, tuple[Placement | None, list[Finding]]] = {}

    def find_faithful(self) -> list[Finding]:
        """What is faithful to the claim."""
        needed = find_unforgiven(self._claim_text)
        numbers = [at for at, passage in enumerate(self._passages) if passage.may_have_all(needed)]
        return keep_faithful(self._assess(numbers))

    def find_all(self) -> list[Finding]:
        """What the passages prove, faithful or not."""
        return self._assess(range(len(self._passages)))

    def _assess(self, numbers: Sequence[int]) -> list[Finding]:
        findings = [finding for at in numbers for finding in self._look(at)[1]]
        if self._claim_text.has_broken_number and not keep_faithful(findings):
            findings += self._assess_folded(numbers)
        return findings

    def _assess_folded(self, numbers: Iterable[int]) -> list[Finding]:
        """The same at level N3, for a claim with a number that an omission may have broken."""
        placed = (placement for at in numbers if (placement := self._look(at)[0]) is not None)
        folded = (align_folded(self._claim_text, placement.passage) for placement in placed)
        return assess_all(placement for placement in folded if placement is not None)

    def _look(self, at: int) -> tuple[Placement | None, list[Finding]]:
        if at not in self._looked:
            placement = align(self._claim_text, self._passages[at], ALTERED_COVERAGE)
            self._looked[at] = placement, assess_all([placement] if placement else [])
        return self._looked[at]
