"""Whether a claim's speaker and a source's are the same, by the registry of speakers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from service.matching.models import Claim, Evidence, Match
from service.names.comparison import Agreement, compare_names
from service.people.resolving import Resolution

Days = frozenset[date | None]


class NameRegistry(Protocol):
    """Resolves names to known speakers."""

    def prepare(self, names: Iterable[str]) -> None:
        """Read several names together."""

    def resolve(self, name: str, on: date | None = None) -> Resolution:
        """The resolution of a mention on a day."""


@dataclass(frozen=True, slots=True)
class KnownSpeakers:
    """The speakers of a claim and of the evidence for it: each name with the days it was used on.

    A claim's names are those of its own day, a source's those of the days that its words were said on.
    """

    registry: NameRegistry
    said_on: date | None
    days: Mapping[str, Days] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: NameRegistry, claim: Claim, evidence: Sequence[Evidence]) -> KnownSpeakers:
        """The known speakers for judging a claim."""
        days: dict[str, set[date | None]] = defaultdict(set)
        for window in evidence:
            for utterance in window.utterances:
                if utterance.speaker:
                    days[utterance.speaker].add(utterance.said_at)
        registry.prepare([name for name in (claim.speaker, claim.via, *days) if name])
        return cls(registry, claim.said_on, {name: frozenset(some) for name, some in days.items()})

    def compare(self, claimed_name: str, source_name: str) -> Agreement:
        """How a claim's speaker agrees with a source's.

        Two who are known and are not one are different, whatever their names; so are a "Ms. Clinton" and a
        Clinton who is known to be none. Of whom the registry knows nothing, the names decide.
        """
        by_name = compare_names(claimed_name, source_name)
        if by_name in ("compatible", "unknown"):
            return by_name
        claimed, said = self.registry.resolve(claimed_name, self.said_on), self._resolve_source(source_name)
        if claimed.person and said.person:
            if claimed.person.id == said.person.id:
                return "same"
            # of two whom but the day distinguishes, an article of today may mean the one of then
            only_by_day = by_name == "same" and "date" in (claimed.how, said.how)
            return "unknown" if only_by_day else "different"
        if by_name == "same" and (_is_excluded(claimed, said) or _is_excluded(said, claimed)):
            return "different"
        return by_name

    def identify(self, match: Match) -> Match:
        """A match with the id of its speaker, where that one is known."""
        found = self.registry.resolve(match.speaker, match.said_at).person if match.speaker else None
        return replace(match, speaker_id=found.id) if found else match

    def _resolve_source(self, name: str) -> Resolution:
        """The person that a source's name refers to on all days it was used; None if there is none."""
        days = self.days.get(name, frozenset())
        found = [self.registry.resolve(name, day) for day in days] or [self.registry.resolve(name)]
        if len({one.person and one.person.id for one in found}) == 1:
            return found[0]
        return self.registry.resolve(name)


def _is_excluded(one: Resolution, other: Resolution) -> bool:
    """Whether somebody is known, and distinguished by the other name's title or generation."""
    return one.person is not None and any(each.id == one.person.id for each in other.excluded)
