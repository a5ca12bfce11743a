"""The outcome for a claim's words, from which the verdict is built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from service.matching.align.placement import Placement
from service.matching.models import Change, EvidenceClass, Fidelity
from service.matching.sources import class_of

#: The rule where a person has to compare a report with what was said.
NEAR_IN_SOURCES: Final = "near_in_sources"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A fidelity, the rule that decided it and its placements, the deciding one first."""

    fidelity: Fidelity
    rule: str
    placements: tuple[Placement, ...] = ()
    changes: tuple[Change, ...] = ()
    detail: str = ""
    speakers: tuple[str | None, ...] = ()  # of words from several places
    cut_in_sentence: bool = True
    may_accuse: bool = True  # whether another speaker's name may be held against the claim's
    sightings: tuple[Placement, ...] = ()  # where else the words were printed

    @property
    def is_found(self) -> bool:
        """Whether the words were found."""
        return self.fidelity not in ("no_match", "insufficient")

    @property
    def evidence(self) -> EvidenceClass | None:
        """The class of the source that decided; None if none did."""
        if not self.is_found or not self.placements:
            return None
        return class_of(self.placements[0].passage.evidence.origin)


def speaker_of(placement: Placement) -> str | None:
    """Whose words a placement has, by its source."""
    return placement.passage.utterance_of(placement.first).speaker


def is_of_given(outcome: Outcome) -> bool:
    """Whether a source that came with the request decided, or the words allow no decision at all."""
    if outcome.fidelity == "insufficient":
        return True
    return outcome.is_found and outcome.placements[0].passage.evidence.origin.given
