"""A known speaker: names, dated roles and identifiers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from service.extraction.speakers import DatedRole, RegistryEntry

Status = Literal["active", "merged", "removed"]
EARLIEST: Final = date.min


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a speaker. Aliases and roles hold nothing twice; roles are in order of time."""

    name: str
    aliases: tuple[str, ...] = ()
    roles: tuple[DatedRole, ...] = ()
    wikidata: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The name and all aliases."""
        return (self.name, *self.aliases)

    def tidied(self) -> Person:
        """A copy without repeated or blank aliases and roles, and with spaces in order."""
        name = " ".join(self.name.split())
        aliases = dict.fromkeys(" ".join(alias.split()) for alias in self.aliases)
        roles = dict.fromkeys(replace(role, title=" ".join(role.title.split())) for role in self.roles)
        return Person(
            name,
            tuple(alias for alias in aliases if alias and alias != name),
            tuple(sorted((role for role in roles if role.title), key=_in_time)),
            self.wikidata,
        )


def _in_time(role: DatedRole) -> tuple[date, date, str]:
    return role.since or EARLIEST, role.until or date.max, role.title


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person with the public id under which the registry has it."""

    id: str
    person: Person

    def entry(self) -> RegistryEntry:
        """The person in the form that extraction reads."""
        return RegistryEntry(self.id, self.person.name, self.person.aliases, self.person.roles)


def write_person(person: Person) -> dict[str, Any]:
    """A person as JSON members, the form of imports and answers."""
    return {
        "name": person.name,
        "aliases": list(person.aliases),
        "roles": [
            {"title": role.title, "from": _iso(role.since), "to": _iso(role.until)} for role in person.roles
        ],
        "ids": {"wikidata": person.wikidata} if person.wikidata else {},
    }


def read_person(members: dict[str, Any]) -> Person:
    """The person that `write_person` wrote."""
    return Person(
        members["name"],
        tuple(members["aliases"]),
        tuple(DatedRole(role["title"], _day(role["from"]), _day(role["to"])) for role in members["roles"]),
        members["ids"].get("wikidata"),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
