"""The protocol of a registry of known speakers, as the resolver uses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DatedRole:
    """A post and when it was held; an open end is None."""

    title: str
    since: date | None = None
    until: date | None = None

    def held_on(self, day: date | None) -> bool:
        """Whether the post was held on that day; an unknown day never rules it out."""
        if day is None:
            return True
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """One known speaker."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    roles: tuple[DatedRole, ...] = ()


class Registry(Protocol):
    """Looks known speakers up. Implementations compare names without regard to case."""

    def find(self, name: str, on: date | None) -> list[RegistryEntry]:
        """All whose name or alias is `name`, or who hold that role `on` that day (any day where None)."""
        ...
