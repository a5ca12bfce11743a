"""Descriptions ("the Kremlin leader", "Putin's envoy") and the roles that an article gives to people."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from service.english.word_lists import read_word_groups
from service.extraction.speakers.mentions.people import Person
from service.extraction.speakers.mentions.phrase import Phrase
from service.extraction.speakers.mentions.roles import Role, is_past, normal_modifiers
from service.extraction.speakers.noun_lists import (
    FEMALE_NOUNS,
    KIN_NOUNS,
    MALE_NOUNS,
    NATIONS,
    NOUNS,
    PARTIES,
    STATES,
)
from service.extraction.speakers.thresholds import MOST_ROLES, ROLES_AFTER, ROLES_BEFORE
from service.names.given_names import Gender
from service.names.name_parts import FEMALE_TITLES, MALE_TITLES

ROLE_CLASSES = read_word_groups("service.extraction.speakers", "role_classes.txt")["classes"]
# What one person may well be at once, or one after the other.
_OF_PUBLIC_LIFE = NOUNS["of_public_life"]
_PARTISANS = {"republican": "republican", "democrat": "democratic"}
_EXCLUSIVE = (
    frozenset(NATIONS.values()), frozenset(PARTIES.values()) - {""}, frozenset(STATES.values()),
    frozenset({"presidential", "vice", "vice-presidential"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Description:
    """A description: a head noun and the words around it."""

    head: str
    modifiers: frozenset[str]
    former: bool
    place: int


def read_description(phrase: Phrase) -> Description:
    """The description a phrase gives."""
    others = [token for token in phrase.words if token is not phrase.head]
    return Description(phrase.head.lower, normal_modifiers(others), is_past(others), phrase.first)


def gender_of_noun(noun: str) -> Gender:
    """The gender of a role noun; "open" if it has none."""
    if noun in MALE_NOUNS | MALE_TITLES:
        return "male"
    if noun in FEMALE_NOUNS | FEMALE_TITLES:
        return "female"
    return "open"


def _contradict(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of modifiers name different nations, parties or states."""
    return any((one & group) and (other & group) and not (one & other & group) for group in _EXCLUSIVE)


def match_role(wanted: Description, role: Role) -> float:
    """How well a role answers a description; 0 if it does not.

    The same noun counts 2, a noun of the same class 1, each shared describing word 1.5; words asked for of
    which the role, told with others, knows none cost a half, a past post for a present one 1.
    """
    if wanted.head in _PARTISANS:
        return 1.5 * (
            _PARTISANS[wanted.head] in role.modifiers and not _contradict(wanted.modifiers, role.modifiers)
        )
    if wanted.head == role.head:
        score = 2.0
    elif wanted.head not in KIN_NOUNS and any(wanted.head in c and role.head in c for c in ROLE_CLASSES):
        score = 1.0
    else:
        return 0.0
    told = gender_of_noun(wanted.head)
    if told != "open" and role.person.gender not in {"open", told}:
        return 0.0
    if _contradict(wanted.modifiers, role.modifiers):
        return 0.0
    shared = len(wanted.modifiers & role.modifiers)
    score += 1.5 * shared - 0.5 * bool(wanted.modifiers and role.modifiers and not shared)
    return max(score - 1.0 * (wanted.former != role.former) + 0.2 * (role.place < wanted.place), 0.0)


class RoleBook:
    """The roles an article gives, found again by place, noun and person.

    Looking one up costs no more in a long article than in a short one: only the nearest are weighed.
    """

    def __init__(self, roles: Iterable[Role]) -> None:
        self._roles: list[Role] = []
        self._places: list[int] = []
        self._told: dict[int, frozenset[str]] = {}
        self._of: dict[int, list[Role]] = {}
        self.heads: set[str] = set()
        for role in roles:
            self.add(role)

    def add(self, role: Role) -> None:
        """Add a role; its party, state and nation apply to all the person's roles."""
        key = id(role.person)
        known = self._of.setdefault(key, [])
        if any((r.head, r.modifiers, r.former) == (role.head, role.modifiers, role.former) for r in known):
            return
        if len(known) >= MOST_ROLES:
            return
        known.append(role)
        at = bisect_left(self._places, role.place)
        self._roles.insert(at, role)
        self._places.insert(at, role.place)
        self.heads.add(role.head)
        extra = frozenset(m for m in role.modifiers if any(m in group for group in _EXCLUSIVE[:3]))
        self._told[key] = self._told.get(key, frozenset()) | extra

    def of(self, person: Person) -> list[Role]:
        """The roles that the article gives a person."""
        return self._of.get(id(person), [])

    def contradicts(self, wanted: Description, person: Person) -> bool:
        """Whether a person's party, state or nation contradicts a description."""
        return _contradict(wanted.modifiers, self._told.get(id(person), frozenset()))

    def has_other_role(self, wanted: Description, person: Person) -> bool:
        """Whether the article gives a person roles, none of which is of the described class."""
        told = {role.head for role in self.of(person)}
        sorts = [names for names in (*ROLE_CLASSES, _OF_PUBLIC_LIFE) if wanted.head in names]
        return bool(told) and not any(told & names for names in sorts)

    def near(self, place: int) -> list[Role]:
        """The roles told nearest to a word, with all that is told of each person's party, state and
        nation."""
        at = bisect_left(self._places, place)
        return [
            Role(r.person, r.head, r.modifiers | self._told[id(r.person)], r.place, r.former)
            for r in self._roles[max(at - ROLES_BEFORE, 0) : at + ROLES_AFTER]
        ]
