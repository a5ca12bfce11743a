"""Cataphora: descriptions of people whom the article names only later.

"President Putin's special envoy said Monday. … , Kirill Dmitriev told Izvestia." A description that the
rules left
open means the next person quoted by full name, if nothing told of that person speaks against it.
"""

from __future__ import annotations

from collections.abc import Sequence

from service.extraction.models import Attribution, Speaker
from service.extraction.speakers.mentions.descriptions import gender_of_noun, match_role, read_description
from service.extraction.speakers.mentions.people import Person
from service.extraction.speakers.mentions.phrase import Phrase, people_of
from service.extraction.speakers.mentions.roles import Role
from service.extraction.speakers.noun_lists import (
    DISTRIBUTIVES,
    INDEFINITES,
    KIN_NOUNS,
    NOUNS,
    OFFICES,
    PERSON_NOUNS,
)
from service.extraction.speakers.resolution_rules import Resolver, build_speaker
from service.extraction.speakers.thresholds import (
    NAMED_LATER_MATCH,
    NAMED_LATER_MATCH_OF_INDEFINITE,
    NAMED_LATER_WITHIN,
)

AGENTS = NOUNS["agents"]


def resolve_named_later(
    resolver: Resolver,
    attributions: Sequence[Attribution],
    order: Sequence[int],
    speakers: dict[int, Speaker],
) -> None:
    """Fill in, from the last to the first, those of `speakers` that a later name explains. `order` is
    text order."""
    people = {person.name: person for person in resolver.cast.people if person.forms}
    quoted_first: dict[str | None, int] = {}
    for position, number in enumerate(order):
        quoted_first.setdefault(speakers[number].name, position)
    for position in range(len(order) - 1, -1, -1):
        number = order[position]
        if speakers[number].how not in {"abstained", "anonymous"}:
            continue
        phrase = resolver.read(attributions[number].source)
        if phrase is None or phrase.head.lower not in PERSON_NOUNS or phrase.opener in DISTRIBUTIVES:
            continue
        after = range(position + 1, min(position + 1 + NAMED_LATER_WITHIN, len(order)))
        ahead = [speakers[order[n]] for n in after if quoted_first[speakers[order[n]].name] >= position]
        person = _explained_by(phrase, ahead, people, resolver)
        if person is not None:
            resolver.roles.add(_learned(phrase, person))
            speakers[number] = build_speaker(person.name, "person", "named_later")
        elif speakers[number].how == "abstained":
            speakers[number] = resolver.role(phrase) or speakers[number]


def _learned(phrase: Phrase, person: Person) -> Role:
    wanted = read_description(phrase)
    return Role(person, wanted.head, wanted.modifiers, phrase.first, wanted.former)


def _is_post(phrase: Phrase) -> bool:
    """Whether a possessive description is of a post that one person holds: no relative, lawyer or
    spokesman.
    """
    return phrase.has_possessor and phrase.head.lower not in KIN_NOUNS | AGENTS


def _explained_by(
    phrase: Phrase,
    ahead: list[Speaker],
    people: dict[str, Person],
    resolver: Resolver,
) -> Person | None:
    """The person a later source names, if a role of theirs fits, or if nobody else comes between and
    none fits ill."""
    barred = people_of(resolver.cast, phrase.mentions)
    wanted = read_description(phrase)
    told = gender_of_noun(wanted.head)
    for step, speaker in enumerate(ahead):
        person = people.get(speaker.name or "")
        if speaker.how != "full_name" or person is None or person in barred:
            continue
        if told != "open" and person.gender not in {"open", told}:
            continue
        roles = resolver.roles.of(person)
        if step == 0 and phrase.mentions and _is_post(phrase) and OFFICES.isdisjoint(r.head for r in roles):
            return person  # "Ann Lee's envoy", and then somebody new who holds no post of his own
        least = NAMED_LATER_MATCH_OF_INDEFINITE if phrase.opener in INDEFINITES else NAMED_LATER_MATCH
        if any(match_role(wanted, role) >= least for role in roles):
            return person
    return None
