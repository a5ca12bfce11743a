"""Organisations, groups, documents and anonymous people as sources: the kind of a phrase, and its name."""

from __future__ import annotations

from collections.abc import Sequence

from service.english.calendar import MONTHS, WEEKDAYS
from service.english.word_classes import word_set
from service.extraction.models import SpeakerKind
from service.extraction.speakers.mentions.phrase import Phrase
from service.extraction.speakers.noun_lists import (
    COLLECTIVE_NOUNS,
    DEMONYMS,
    DETERMINERS,
    DOCUMENT_NOUNS,
    GROUP_HEADS,
    INDEFINITES,
    NOUNS,
    ORGANISATION_NOUNS,
    OUTLETS,
    PERSON_NOUNS,
    PLACES,
    QUANTIFIERS,
)
from service.extraction.speakers.tokens import Token
from service.names.given_names import is_surname, read_given_name

_MEDIA = NOUNS["media"]
_FIRMS = word_set("company firm bank group organization organisation union agency")
_KNOWING = word_set("familiar briefed knowledge close condition")  # what people left nameless are said to be
_AT_LEAST = word_set("at least only about nearly")
_ONE = word_set("a an one another")
_NOT_PLURAL = NOUNS["not_plural"]
_NAME_GOES_ON = word_set("of for on and the & de")
_LAWS = NOUNS["laws"]
_TIMES = frozenset({*MONTHS, *WEEKDAYS, "recent"})
_DEMONYMS = ("ese", "ish", "ans", "ench")


def is_plural(word: str) -> bool:
    """Whether a noun reads as a plural."""
    return (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is"))
        and word not in _NOT_PLURAL
    )


def describe(words: tuple[Token, ...]) -> str | None:
    """Some words as a name: without articles and quantifiers before, possessives kept; None if none
    are left."""
    start = 0
    while start < len(words) and (
        words[start].lower in DETERMINERS | QUANTIFIERS or words[start].text.isdigit()
    ):
        start += 1
    kept = words[start:]
    if not kept:
        return None
    parts = [token.written + ("’s" if token.possessive and token is not kept[-1] else "") for token in kept]
    return " ".join(parts)


def name_of_organisation(phrase: Phrase) -> str | None:
    """The core as a name, with "of",
    "for" and "and" followed by capitals: "Center for Responsive Politics"."""
    words = list(phrase.core)
    if words[-1].capital:
        pending: list[Token] = []
        for token in phrase.rest:
            if token.gap != " " or not (token.capital or token.lower in _NAME_GOES_ON):
                break
            pending.append(token)
            if token.capital:
                words += pending
                pending = []
    first = next((n for n, t in enumerate(words) if t.capital and t.lower not in DETERMINERS), 0)
    return describe(tuple(words[first:]))


def has_name(phrase: Phrase) -> bool:
    """Whether the core holds a capital that means a name, not just the start of a sentence."""
    capitals = [t for t in phrase.core if t.capital and t.lower not in DETERMINERS | QUANTIFIERS]
    if len(capitals) != 1 or not capitals[0].opens:
        return bool(capitals)
    only = capitals[0]
    return len(phrase.core) == 1 or only.possessive or only.lower in OUTLETS | PLACES or _is_acronym(only)


def name_of_group(phrase: Phrase) -> str | None:
    """What the members are called: "voters" of "a majority of voters", nothing of "some" and "others"."""
    if phrase.head.lower in {"them", "us", "whom", "whose", "you"}:
        return None
    if phrase.head.lower not in GROUP_HEADS | COLLECTIVE_NOUNS | QUANTIFIERS or len(phrase.core) > 3:
        return describe(phrase.core)
    rest = phrase.rest
    if len(rest) > 1 and rest[0].lower == "of" and rest[1].lower not in {"them", "us", "whom", "those"}:
        stop = next(
            (n for n, t in enumerate(rest) if n and (t.gap != " " or t.lower in {"in", "who"})), len(rest)
        )
        return describe(rest[1:stop])
    return describe(phrase.core) if phrase.head.lower not in QUANTIFIERS | _EMPTY_HEADS else None


_EMPTY_HEADS = NOUNS["empty_heads"]


def is_named_like_a_place(phrase: Phrase) -> bool:
    """A person whose surname is a place as well: "George Washington", "Jack London"."""
    if len(phrase.core) != 2 or not all(token.capital for token in phrase.core):
        return False
    given, surname = (token.lower for token in phrase.core)
    return surname in PLACES and is_surname(surname) and read_given_name(given) is not None


def kind_of_phrase(phrase: Phrase) -> SpeakerKind | None:
    """What sort of source a phrase without a person's name as head is; None if its head tells nothing."""
    head = phrase.head
    lower = head.lower
    if is_anonymous(phrase):
        return "anonymous"
    if is_shouted(phrase) or is_named_like_a_place(phrase):
        return None
    acronym = _is_acronym(head) and lower not in PERSON_NOUNS  # a CEO is none
    named = head.capital and (lower in OUTLETS or lower in PLACES or acronym)
    group = lower in GROUP_HEADS or lower in COLLECTIVE_NOUNS
    if named or (lower in ORGANISATION_NOUNS and not group):
        return "organisation"
    if group or (is_plural(lower) and lower not in DOCUMENT_NOUNS):
        return "group"
    if head.capital and phrase.determiner == "the" and not is_post(lower):
        return "group" if lower.endswith(_DEMONYMS) else "organisation"
    return None


def is_post(noun: str) -> bool:
    """Whether a noun speaks of one person, "director-general" as well."""
    return noun in PERSON_NOUNS or ("-" in noun and noun.partition("-")[0] in PERSON_NOUNS)


def is_told_by_nation(phrase: Phrase) -> bool:
    """Whether a body is described, not named: "the Russian space agency", with no other capital."""
    capitals = {t.lower for t in phrase.core if t.capital and t.lower not in DETERMINERS}
    return phrase.determiner == "the" and not phrase.head.capital and capitals <= DEMONYMS


def is_document(phrase: Phrase) -> bool:
    """Whether the phrase speaks of words already set down: a poll, a statement, figures."""
    head = phrase.head
    capital_name = head.capital and len(phrase.core) > 1 and head.lower in ORGANISATION_NOUNS
    return head.lower in DOCUMENT_NOUNS and not capital_name


def issuer_of_document(phrase: Phrase) -> str | None:
    """Who made it, as written: "CNN/ORC" of "a CNN/ORC poll", "RealClearPolitics" of "an average by …"."""
    if phrase.head.lower in _LAWS:
        return None
    words: list[str] = []
    for number, token in enumerate(phrase.core[:-1]):
        opening = number == 0 and (token.opens or token.lower in DETERMINERS | QUANTIFIERS)
        if token.lower in _TIMES or token.lower in DEMONYMS:
            continue  # "Republican polls" are not the Republicans'
        if token.capital and (not opening or token.lower in OUTLETS or _is_acronym(token)):
            words.append(token.written)
        elif words:
            break
    if words:
        return " ".join(words)
    rest = phrase.rest
    for number, token in enumerate(rest[:-1]):
        if token.lower in {"by", "from"}:
            after = rest[number + 1 :]
            start = 1 if after[0].lower in DETERMINERS and len(after) > 1 else 0
            return describe(tuple(after[start : _end_of_name(after, start)]))
    return None


def _end_of_name(words: Sequence[Token], start: int) -> int:
    """Where a run of capitals ends: "the Department of Veterans Affairs last month" at "last"."""
    stop = start
    while stop < len(words):
        goes_on = words[stop].lower in _NAME_GOES_ON and stop + 1 < len(words) and words[stop + 1].capital
        if not (words[stop].capital or (goes_on and stop > start)):
            break
        stop += 1
    return stop


def is_shouted(phrase: Phrase) -> bool:
    """Whether it is a run of a headline in capitals, where nothing tells a name."""
    return len(phrase.core) > 3 and all(token.text.isupper() for token in phrase.core)


def is_proper(phrase: Phrase) -> bool:
    """Whether the core is a name in capitals, articles left out."""
    named = [token for token in phrase.core if token.lower not in DETERMINERS]
    return (
        bool(named)
        and phrase.head.capital
        and all(t.capital or t.lower in _NAME_GOES_ON for t in named)
        and not is_shouted(phrase)
    )


def _is_acronym(token: Token) -> bool:
    return 1 < len(token.text) < 8 and token.text.isupper()


def is_anonymous(phrase: Phrase) -> bool:
    """Somebody on purpose or in passing without a name: "a senior official", "people familiar with it"."""
    lower = phrase.head.lower
    if lower in {"source", "sources", "insider", "insiders", "someone", "somebody", "person"}:
        return True
    if lower in {"people", "persons", "those"}:
        return not _KNOWING.isdisjoint(token.lower for token in phrase.rest)
    first = next((t.lower for t in phrase.core if t.lower not in _AT_LEAST), "")
    if first == "one" == lower and phrase.rest:
        return phrase.words[-1].lower.removesuffix("s") in PERSON_NOUNS or phrase.rest[0].lower == "of"
    return (first in INDEFINITES and lower in PERSON_NOUNS) or (
        first in _ONE and lower in {"other", "another"}
    )


def is_sort(name: str, noun: str) -> bool:
    """Whether an organisation's name goes with a common noun: a newspaper, a company, or the noun itself."""
    last = name.casefold().split()[-1]
    if last == noun or last.removesuffix("s") == noun:
        return True
    outlet = last in OUTLETS or last in {
        "times",
        "post",
        "journal",
        "news",
        "tribune",
        "herald",
        "observer",
        "globe",
    }
    if noun in _MEDIA:
        return outlet
    return noun in _FIRMS and not outlet and last not in ORGANISATION_NOUNS
