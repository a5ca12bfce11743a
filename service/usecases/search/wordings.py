"""The wordings of a quote: the sightings of its lineage, grouped by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from service.matching.models import AlignmentStep, Change, Fidelity
from service.matching.retrieval.fingerprints import split_words
from service.people.statements import compare_words
from service.store.records import Lineage, Sighting

MOST_JUDGED: Final = 24  # wordings; of the others the differences are shown without a verdict


@dataclass(frozen=True, slots=True)
class Wording:
    """The sightings of the same words, the earliest first.

    A later wording has the changes since the first one, and a verdict if it was judged.
    """

    sightings: tuple[Sighting, ...]
    alignment: tuple[AlignmentStep, ...] = ()
    fidelity: Fidelity | None = None
    changes: tuple[Change, ...] = ()

    @property
    def text(self) -> str:
        """The text of the earliest sighting."""
        return self.sightings[0].quote.text

    @property
    def sources(self) -> int:
        """The number of sources."""
        return len({sighting.quote.origin.uri for sighting in self.sightings})

    @property
    def days(self) -> tuple[date, ...]:
        """The known days of the sightings, in order."""
        return tuple(sorted(one.quote.said_at for one in self.sightings if one.quote.said_at))


def find_wordings(lineage: Lineage) -> tuple[Wording, ...]:
    """The wordings of a lineage by time; the first one is that of the first sighting."""
    together: dict[str, list[Sighting]] = {}
    for sighting in lineage.sightings:
        words = " ".join(split_words(sighting.quote.text))
        together.setdefault(words, []).append(sighting)
    wordings = [
        Wording(tuple(sightings), sightings[0].alignment if number else ())
        for number, sightings in enumerate(together.values())
    ]
    return judge_wordings(wordings)


def judge_wordings(wordings: Sequence[Wording]) -> tuple[Wording, ...]:
    """The wordings, each with the verdict on it compared with the first one."""
    judged = list(wordings[:1])
    for number, wording in enumerate(wordings[1:], 1):
        if number < MOST_JUDGED:
            fidelity, changes = compare_words(wording.text, wordings[0].text)
            judged.append(replace(wording, fidelity=fidelity, changes=changes))
        else:
            judged.append(wording)
    return tuple(judged)
