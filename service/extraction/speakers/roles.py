"""What the article says each person is, and whom a description ("the Kremlin leader") therefore means."""

from __future__ import annotations

from dataclasses import dataclass

from service.extraction.speakers.cast import Cast, NameMention, Person
from service.extraction.speakers.given_names import Gender
from service.extraction.speakers.phrase import Phrase
from service.extraction.speakers.tokens import Token, Tokens
from service.extraction.speakers.words import (
    DETERMINERS,
    FEMALE_HONORIFICS,
    FEMALE_NOUNS,
    MALE_HONORIFICS,
    MALE_NOUNS,
    METONYMS,
    NATIONS,
    PERSON_NOUNS,
    PHRASE_BREAKERS,
    QUANTIFIERS,
)

LONGEST_APPOSITION = 14
_ROLE_CLASSES = tuple(
    frozenset(line.split())
    for line in (
        "president leader premier chancellor ruler dictator king queen monarch head strongman commander-in-chief",
        "envoy representative ambassador emissary negotiator diplomat",
        "candidate nominee hopeful contender frontrunner front-runner standard-bearer politician pick rival challenger",
        "senator lawmaker legislator politician",
        "representative rep congressman congresswoman lawmaker legislator politician",
        "spokesman spokeswoman spokesperson aide",
        "sen senator lawmaker", "gov governor", "rep representative congressman congresswoman lawmaker",
        "executive ceo chief boss head founder chairman owner",
        "chairman chairwoman chair head leader",
        "adviser advisor aide strategist consultant operative official",
        "mogul businessman billionaire tycoon developer magnate entrepreneur businesswoman",
        "minister secretary official", "judge justice magistrate", "professor historian scholar academic expert",
        "author writer novelist", "journalist reporter correspondent anchor host columnist editor moderator",
        "lawyer attorney counsel prosecutor", "director head chief manager", "mayor official",
        "general colonel commander officer", "scientist researcher expert specialist analyst economist",
        "doctor physician", "actor actress star celebrity", "police officer sheriff chief",
    )
)  # fmt: skip
_SAME_MODIFIERS: dict[str, str] = {
    "gop": "republican", "republicans": "republican", "democrats": "democratic", "democrat": "democratic",
    "presumptive": "", "presidential": "", "then": "", "former": "", "ex": "", "current": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """One thing said of a person: the head noun, and the words around it."""

    person: Person
    head: str
    modifiers: frozenset[str]
    word: int  # number of the word where it was said
    former: bool


def same_role(one: str, other: str) -> bool:
    """Whether two role nouns may name the same post."""
    return one == other or any(one in roles and other in roles for roles in _ROLE_CLASSES)


def gender_of_noun(noun: str) -> Gender:
    """The gender a role noun tells."""
    if noun in MALE_NOUNS | MALE_HONORIFICS:
        return "male"
    if noun in FEMALE_NOUNS | FEMALE_HONORIFICS:
        return "female"
    return "open"


def normal_modifiers(words: frozenset[str]) -> frozenset[str]:
    """Modifiers with nations and parties brought to one spelling."""
    mapped = {_SAME_MODIFIERS.get(word, word) for word in words - DETERMINERS - QUANTIFIERS}
    return frozenset(NATIONS.get(word, METONYMS.get(word, word)) for word in mapped if word)


def _role(person: Person, words: list[Token], place: int) -> Role | None:
    """The role that the last person noun among some words names."""
    for number in range(len(words) - 1, -1, -1):
        if words[number].lower in PERSON_NOUNS:
            modifiers = normal_modifiers(frozenset(t.lower for t in words if t is not words[number]))
            former = any(t.lower in {"former", "ex", "late", "then"} for t in words)
            return Role(person, words[number].lower, modifiers, place, former)
    return None


def _words_before(tokens: Tokens, mention: NameMention) -> list[Token]:
    """The noun phrase that leads up to a name: "Clinton campaign chairman" before "John Podesta"."""
    words: list[Token] = list(tokens[mention.begin : mention.first])
    number = mention.begin
    while number > 0 and len(words) < 8:
        token = tokens[number]
        before = tokens[number - 1]
        if token.opens or token.gap not in {" ", "\xa0", ", "}:
            break
        if token.gap == ", " and not (number == mention.begin and before.lower in PERSON_NOUNS):
            break
        if before.lower in PHRASE_BREAKERS and before.lower not in {"of"}:
            break
        words.insert(0, before)
        number -= 1
        if before.lower in DETERMINERS:
            break
    return words


def _words_after(tokens: Tokens, mention: NameMention) -> list[Token]:
    """The apposition after a name: "who heads Russia's Investment Fund", "the mayor of Kyiv", "a pollster"."""
    number = mention.last + 1
    if number >= len(tokens) or tokens[mention.last].possessive or tokens[number].opens:
        return []
    opener = tokens[number]
    copula = opener.lower in {"is", "was"} and opener.gap == " "
    if not copula and (not opener.gap.startswith(",") or opener.gap.strip() != ","):
        return []
    stop = number + 1
    while stop < min(len(tokens), number + LONGEST_APPOSITION):
        token = tokens[stop]
        if token.opens or any(mark in token.gap for mark in ",;:()—–\n"):
            break
        stop += 1
    return list(tokens[number:stop])


def _apposed_role(tokens: Tokens, mention: NameMention, person: Person) -> Role | None:
    words = _words_after(tokens, mention)
    if not words:
        return None
    first = words[0].lower
    if first in {"who", "is", "was"}:
        verb = words[1].lower if len(words) > 1 else ""
        if verb in {"heads", "leads", "headed", "led", "runs", "chairs"}:
            return Role(
                person, "head", normal_modifiers(frozenset(t.lower for t in words[2:])), mention.first, False
            )
        words = words[2:] if verb in {"is", "was"} else words[1:]
        if not words or words[0].lower not in DETERMINERS:
            return None
    core = next((n for n, t in enumerate(words) if n and t.lower in PHRASE_BREAKERS), len(words))
    role = _role(person, words[:core], mention.first)
    if role is None:
        return None
    return Role(person, role.head, role.modifiers | normal_modifiers(frozenset(t.lower for t in words[core:])),
                mention.first, role.former)  # fmt: skip


def find_roles(tokens: Tokens, cast: Cast) -> list[Role]:
    """Every role the article gives to someone it names, in text order."""
    roles: list[Role] = []
    for mention in cast.mentions:
        person = mention.person
        if person is None:
            continue
        before = _words_before(tokens, mention)
        role = _role(person, before, mention.first) if before else None
        roles += [found for found in (role, _apposed_role(tokens, mention, person)) if found]
    return roles


def resolve_description(
    phrase: Phrase, roles: list[Role], barred: frozenset[int]
) -> tuple[Person | None, float]:
    """Who a description of one person means, with the margin over the next best; None where nobody stands out.

    `barred` are ids of people it cannot mean, such as the possessor within it.
    """
    head = phrase.head.lower
    wanted = normal_modifiers(frozenset(t.lower for t in phrase.words if t is not phrase.head))
    metonym = " ".join(t.lower for t in phrase.core[:-1] if t.lower not in DETERMINERS)
    if metonym in METONYMS:
        wanted = (wanted - set(metonym.split())) | {METONYMS[metonym]}
    scores: dict[int, float] = {}
    people: dict[int, Person] = {}
    for role in roles:
        if id(role.person) in barred or not same_role(head, role.head):
            continue
        if not _genders_agree(head, role.person):
            continue
        nations = {m for m in role.modifiers if m in NATIONS.values()}
        wanted_nations = {m for m in wanted if m in NATIONS.values()}
        if nations and wanted_nations and not nations & wanted_nations:
            continue
        score = 1.0 + (head == role.head) + 1.5 * len(wanted & role.modifiers)
        if role.word < phrase.first:
            score += 0.5
        key = id(role.person)
        people[key] = role.person
        scores[key] = max(scores.get(key, 0.0), score)
    ranked = sorted(scores, key=lambda key: -scores[key])
    if not ranked:
        return None, 0.0
    margin = scores[ranked[0]] - (scores[ranked[1]] if len(ranked) > 1 else 0.0)
    return (people[ranked[0]], margin) if margin > 0.4 else (None, margin)


def _genders_agree(noun: str, person: Person) -> bool:
    told = gender_of_noun(noun)
    return told == "open" or person.gender in {"open", told}
