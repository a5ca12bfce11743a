"""The roles that an article gives to people: titles, descriptions before a name, appositions after it."""

from __future__ import annotations

from dataclasses import dataclass

from service.english.word_classes import PAST_HOLDERS
from service.extraction.speakers.mentions.name_mentions import NameMention
from service.extraction.speakers.mentions.people import Cast, Person
from service.extraction.speakers.mentions.phrase import breaks_phrase
from service.extraction.speakers.noun_lists import (
    DETERMINERS,
    METONYMS,
    NATIONS,
    NOUNS,
    ORGANISATION_NOUNS,
    PARTIES,
    PERSON_NOUNS,
    PHRASE_BREAKERS,
    QUANTIFIERS,
    STATES,
)
from service.extraction.speakers.thresholds import LONGEST_APPOSITION, LONGEST_LEAD
from service.extraction.speakers.tokens import Token, Tokens

_PAST = PAST_HOLDERS | {"then", "one-time"}
_STANDS_FOR = {
    "gop": "republican",
    "republicans": "republican",
    "democrats": "democratic",
    "democrat": "democratic",
}
_IDLE = _PAST | NOUNS["adds_nothing_to_a_role"]
_LEADING_VERBS = {
    "heads",
    "leads",
    "headed",
    "led",
    "runs",
    "chairs",
    "oversees",
    "directs",
    "ran",
    "founded",
}


@dataclass(frozen=True, slots=True)
class Role:
    """One thing said of a person: the head noun, the words around it, where, and whether it is past."""

    person: Person
    head: str
    modifiers: frozenset[str]
    place: int  # number of the word where it was said
    former: bool


def normal_modifiers(words: list[Token]) -> frozenset[str]:
    """Describing words with nations, states and parties brought to one spelling, idle words left out."""
    kept: set[str] = set()
    for number, token in enumerate(words):
        pair = f"{words[number - 1].lower} {token.lower}" if number else ""
        if pair in STATES or pair in METONYMS:
            kept.discard(words[number - 1].lower)
            kept.add(STATES.get(pair) or METONYMS[pair])
            continue
        word = _STANDS_FOR.get(token.lower, token.lower)
        if word not in DETERMINERS | QUANTIFIERS | PHRASE_BREAKERS | _IDLE:
            kept.add(NATIONS.get(word) or METONYMS.get(word) or STATES.get(word) or word)
    return frozenset(kept)


def is_past(words: list[Token]) -> bool:
    """Whether the words say that a post is no longer held: "former", "the 2012 nominee"."""
    return any(token.lower in _PAST or (len(token.text) == 4 and token.text.isdigit()) for token in words)


def _role(person: Person, words: list[Token], place: int, more: list[Token] | None = None) -> Role | None:
    """The role that the last person noun among some words names; `more` words only describe it."""
    for number in range(len(words) - 1, -1, -1):
        if words[number].lower in PERSON_NOUNS:
            others = words[:number] + words[number + 1 :] + (more or [])
            return Role(person, words[number].lower, normal_modifiers(others), place, is_past(words))
    return None


def _words_before(tokens: Tokens, mention: NameMention, ends: frozenset[int]) -> list[Token]:
    """The noun phrase that leads up to a name: "Clinton campaign chairman" before "John Podesta"."""
    words: list[Token] = list(tokens[mention.begin : mention.first])
    number = mention.begin
    while number > 0 and len(words) < LONGEST_LEAD:
        token, before = tokens[number], tokens[number - 1]
        if token.opens or token.gap not in {" ", "\xa0", ", "}:
            break
        if token.gap == ", " and not (number == mention.begin and before.lower in PERSON_NOUNS):
            break
        if not before.capital and before.lower in PHRASE_BREAKERS and before.lower != "of":
            break
        if number - 1 in ends and not before.possessive:
            # Another's full name; a word between the two is a verb: "Bill Clinton met President Obama".
            verb = words and not words[0].capital and words[0].lower not in PERSON_NOUNS | ORGANISATION_NOUNS
            return words[1:] if verb else words
        words.insert(0, before)
        number -= 1
        if before.lower in DETERMINERS:
            break
    return words


def _words_after(tokens: Tokens, mention: NameMention) -> list[Token]:
    """What follows a name up to the next comma: "who heads Russia's Fund", "the mayor of Kyiv", "R-Vt"."""
    number = mention.last + 1
    if number >= len(tokens) or tokens[mention.last].possessive or tokens[number].opens:
        return []
    opener = tokens[number]
    copula = opener.lower in {"is", "was"} and opener.gap == " "
    of_state = opener.lower == "of" and bool(mention.title)
    if not (copula or of_state) and opener.gap.strip() not in {",", "("}:
        return []
    stop = number + 1
    while stop < min(len(tokens), number + LONGEST_APPOSITION):
        token = tokens[stop]
        if token.opens or any(mark in token.gap for mark in ",;:()—–\n"):
            break
        stop += 1
    return list(tokens[number:stop])


def _party_and_state(words: list[Token]) -> frozenset[str]:
    """What "(D-Vt.)" tells, or an empty set."""
    letter, dash, state = words[0].lower.partition("-")
    if letter not in PARTIES or len(words) > 3:
        return frozenset()
    told = {PARTIES[letter]}
    if dash:
        joined = " ".join([state, *(t.lower for t in words[1:])]).strip()
        told.add(STATES.get(joined) or STATES.get(state) or state)
    return frozenset(told - {""})


def _roles_after(tokens: Tokens, mention: NameMention, person: Person) -> list[Role]:  # noqa: PLR0911
    words = _words_after(tokens, mention)
    if not words:
        return []
    if words[0].text.isdecimal() and len(words[0].text) < 4:
        return [Role(person, f"{words[0].text}-year-old", frozenset(), mention.first, False)]
    title = mention.title or "partisan"
    told = _party_and_state(words)
    if told:
        return [Role(person, title, told, mention.first, False)]
    if words[0].lower == "of":
        return [Role(person, title, normal_modifiers(words[1:3]), mention.first, False)]
    first, second = words[0].lower, words[1].lower if len(words) > 1 else ""
    if first in {"who", "is", "was"}:
        if second in _LEADING_VERBS:
            return [Role(person, "head", normal_modifiers(words[2:]), mention.first, second.endswith("d"))]
        words = words[2:] if second in {"is", "was"} else words[1:]
        if not words or words[0].lower not in DETERMINERS:
            return []
    core = next((n for n, token in enumerate(words) if n and breaks_phrase(token)), len(words))
    role = _role(person, words[:core], mention.first, words[core:])
    return [role] if role else []


def find_roles(tokens: Tokens, cast: Cast) -> list[Role]:
    """Every role the article gives to someone it names, in text order."""
    roles: list[Role] = []
    ends = frozenset(mention.last for mention in cast.mentions if mention.full)
    for mention in cast.mentions:
        person = cast.person(mention)
        if person is None:
            continue
        lead = _words_before(tokens, mention, ends)
        before = _role(person, lead, mention.first) if lead else None
        if before is not None:
            roles.append(before)
        roles += _roles_after(tokens, mention, person)
    return roles
