"""Whom a description ("the Kremlin leader", "Putin's envoy") means, from the roles the article gives."""

from __future__ import annotations

from dataclasses import dataclass

from service.extraction.speakers.cast import Person
from service.extraction.speakers.given_names import Gender
from service.extraction.speakers.phrase import Phrase
from service.extraction.speakers.roles import Role, is_past, normal_modifiers
from service.extraction.speakers.tokens import Tokens
from service.extraction.speakers.words import (
    FEMALE_HONORIFICS,
    FEMALE_NOUNS,
    KIN_NOUNS,
    MALE_HONORIFICS,
    MALE_NOUNS,
    NATIONS,
    PARTIES,
    STATES,
)

LEAST_SCORE = 1.0
LEAST_MARGIN = 0.3
ROLE_CLASSES = tuple(
    frozenset(line.split())
    for line in (
        "president leader premier chancellor ruler dictator king queen monarch strongman",
        "envoy representative ambassador emissary negotiator diplomat",
        "candidate nominee hopeful contender frontrunner front-runner standard-bearer politician pick rival "
        "challenger",
        "senator sen lawmaker legislator politician", "governor gov politician",
        "representative rep congressman congresswoman lawmaker legislator politician",
        "spokesman spokeswoman spokesperson aide",
        "executive ceo chief boss head founder chairman owner president",
        "chairman chairwoman chair leader", "adviser advisor aide strategist consultant operative",
        "mogul businessman billionaire tycoon developer magnate entrepreneur businesswoman candidate nominee",
        "minister secretary", "judge justice magistrate", "professor historian scholar academic expert",
        "author writer novelist", "journalist reporter correspondent anchor host columnist editor moderator",
        "lawyer attorney counsel prosecutor", "director head chief manager", "mayor politician",
        "general gen colonel commander officer", "scientist researcher expert specialist analyst economist",
        "doctor physician dr", "actor actress star celebrity", "police officer sheriff chief",
    )
)  # fmt: skip
_PARTISANS = {"republican": "republican", "democrat": "democratic"}
_EXCLUSIVE = (
    frozenset(NATIONS.values()), frozenset(PARTIES.values()) - {""}, frozenset(STATES.values()),
    frozenset({"presidential", "vice", "vice-presidential"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Description:
    """What a phrase asks for: a head noun and the words around it."""

    head: str
    modifiers: frozenset[str]
    former: bool
    place: int


def read_description(phrase: Phrase) -> Description:
    """The description a phrase gives."""
    others = [token for token in phrase.words if token is not phrase.head]
    return Description(phrase.head.lower, normal_modifiers(others), is_past(others), phrase.first)


def gender_of_noun(noun: str) -> Gender:
    """The gender a role noun tells."""
    if noun in MALE_NOUNS | MALE_HONORIFICS:
        return "male"
    if noun in FEMALE_NOUNS | FEMALE_HONORIFICS:
        return "female"
    return "open"


def _contradict(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of modifiers name different nations, parties or states."""
    return any((one & group) and (other & group) and not (one & other & group) for group in _EXCLUSIVE)


def match_role(wanted: Description, role: Role) -> float:
    """How well a role answers a description; 0 where it does not.

    The same noun counts 2, a noun of the same class 1, each shared describing word 1.5; words asked for of
    which the role knows none cost a half, a past post for a present one 1.
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
    score += 1.5 * shared - 0.5 * bool(wanted.modifiers and not shared)
    return max(score - 1.0 * (wanted.former != role.former) + 0.2 * (role.place < wanted.place), 0.0)


def _pooled(roles: list[Role], barred: frozenset[int]) -> list[Role]:
    """Roles with what else is told of the same person's party, state and nation, so that they can
    contradict."""
    told: dict[int, frozenset[str]] = {}
    for role in roles:
        extra = frozenset(m for m in role.modifiers if any(m in group for group in _EXCLUSIVE[:3]))
        told[id(role.person)] = told.get(id(role.person), frozenset()) | extra
    return [
        Role(r.person, r.head, r.modifiers | told[id(r.person)], r.place, r.former)
        for r in roles if id(r.person) not in barred
    ]  # fmt: skip


def _nearness(tokens: Tokens, person: Person, place: int) -> float:
    """Up to 0.4 for somebody named shortly before: what decides between equals."""
    before = [m.first for m in person.mentions if m.first < place]
    if not before:
        return 0.0
    return 0.4 / (1 + tokens[place].sentence - tokens[max(before)].sentence)


def resolve_description(
    phrase: Phrase, roles: list[Role], barred: frozenset[int], tokens: Tokens
) -> tuple[Person | None, float]:
    """Who a description of one person means, and how well it fits; None where nobody stands out.

    `barred` are ids of people it cannot mean, such as the possessor within it.
    """
    wanted = read_description(phrase)
    scores: dict[int, float] = {}
    people: dict[int, Person] = {}
    for role in _pooled(roles, barred):
        score = match_role(wanted, role)
        if score:
            key = id(role.person)
            people[key] = role.person
            scores[key] = max(scores.get(key, 0.0), score)
    for key, person in people.items():
        scores[key] += _nearness(tokens, person, phrase.first)
    ranked = sorted(scores, key=lambda key: -scores[key])
    if not ranked or scores[ranked[0]] < LEAST_SCORE:
        return None, 0.0
    margin = scores[ranked[0]] - (scores[ranked[1]] if len(ranked) > 1 else 0.0)
    return (people[ranked[0]] if margin >= LEAST_MARGIN else None), scores[ranked[0]]
