"""Reconciling of imported records with known people: who is described, and what changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from service.extraction.speakers import DatedRole
from service.people.naming import read_mention
from service.people.person import Person
from service.people.roles import role_key

T = TypeVar("T")


def is_same_name(a: str, b: str) -> bool:
    """Whether two main names are one, except case and marks; a "Jr." is another."""
    first, second = read_mention(a), read_mention(b)
    if first.parts.folded == second.parts.folded:
        return True
    return bool(first.key) and first.key == second.key and first.generation == second.generation


def find_same(record: Person, known: Sequence[tuple[T, Person]]) -> list[T]:
    """Who of those with the record's name it describes: one, none, or several who cannot be distinguished.

    A shared post tells; failing that the only one of the name, where one side has no posts to compare.
    Different Wikidata ids are different people.
    """
    able = [
        (key, person)
        for key, person in known
        if is_same_name(person.name, record.name)
        and not (record.wikidata and person.wikidata and record.wikidata != person.wikidata)
    ]
    if shared := [key for key, person in able if _share_post(record, person)]:
        return shared
    open_ones = [key for key, person in able if not record.roles or not person.roles]
    return open_ones if len(able) == 1 or len(open_ones) > 1 else []


def _share_post(a: Person, b: Person) -> bool:
    return any(
        role_key(one.title) == role_key(other.title) and _overlap(one, other)
        for one in a.roles
        for other in b.roles
    )


def _overlap(a: DatedRole, b: DatedRole) -> bool:
    def span(role: DatedRole) -> tuple[date, date]:
        return role.since or date.min, role.until or date.max

    (since, until), (other_since, other_until) = span(a), span(b)
    return since <= other_until and other_since <= until


def update_person(current: Person, before: Person | None, record: Person) -> Person:
    """The person after another import: what the record says, and what was put or struck by hand since the
    import `before`.

    Where nothing was imported before, the record only adds.
    """
    base = before or Person(name=record.name)
    return Person(
        name=current.name if record.name == base.name else record.name,
        aliases=tuple(_merge(current.aliases, base.aliases, record.aliases)),
        roles=tuple(_merge(current.roles, base.roles, record.roles)),
        wikidata=record.wikidata or current.wikidata,
    ).tidied()


def _merge(current: Iterable[T], base: Iterable[T], record: Iterable[T]) -> list[T]:
    now, was = list(current), set(base)
    struck = was - set(now)
    wanted = [item for item in record if item not in struck]
    return list(dict.fromkeys([*wanted, *(item for item in now if item not in was)]))


def join_people(kept: Person, other: Person, wikidata: str | None) -> Person:
    """One person of two: all names, all roles."""
    aliases = (*kept.aliases, other.name, *other.aliases)
    return Person(kept.name, aliases, (*kept.roles, *other.roles), wikidata).tidied()


def part_people(kept: Person, taken: Person) -> Person:
    """A person without the aliases, roles and id of another one."""
    gone = {*taken.aliases, taken.name}
    return Person(
        kept.name,
        tuple(alias for alias in kept.aliases if alias not in gone),
        tuple(role for role in kept.roles if role not in set(taken.roles)),
        None if kept.wikidata == taken.wikidata else kept.wikidata,
    )
