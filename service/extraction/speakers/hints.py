"""Hints from the sources about names that are unclear in the text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from service.extraction.speakers.coreference.pronouns import (
    FIRST_PERSON,
    GENDERS,
    GENERIC,
    NEUTER,
    PLURAL,
    RELATIVE,
)
from service.extraction.speakers.mentions.organisations import is_plural
from service.extraction.speakers.noun_lists import (
    COLLECTIVE_NOUNS,
    DOCUMENT_NOUNS,
    GROUP_HEADS,
    NOT_NAMES,
    NOUNS,
    ORGANISATION_NOUNS,
    OUTLETS,
    PERSON_NOUNS,
    PLACES,
    THING_NOUNS,
    TITLES,
)
from service.extraction.speakers.thresholds import LEAST_LABELS, SHORTEST_LONE_LABEL
from service.extraction.speakers.tokens import Token, Tokens
from service.names.given_names import is_surname
from service.text.span import Span

NOBODY_WORDS = NOUNS["nobody_words"]
_NO_SURNAME = (
    NOBODY_WORDS
    | THING_NOUNS
    | GROUP_HEADS
    | COLLECTIVE_NOUNS
    | DOCUMENT_NOUNS
    | NOT_NAMES
    | OUTLETS
    | PLACES
    | PERSON_NOUNS
    | ORGANISATION_NOUNS
    | FIRST_PERSON
    | PLURAL
    | NEUTER
)
_OF_TRADES = ("aster", "ist", "folk", "person", "woman")


def find_capital_runs(tokens: Tokens, sources: Sequence[tuple[Span, ...]]) -> list[range]:
    """Sources of two or three capitalised words that may or may not name a person; "Cache API" does not."""
    places = [tokens.within(span) for spans in sources for span in spans[:1]]
    return [
        place for place in places
        if 2 <= len(place) <= 3
        and all(tokens[n].capital and tokens[n].lower not in _NO_SURNAME | TITLES for n in place)
        and not any(tokens[n].possessive or "," in tokens[n + 1].gap for n in place[:-1])
        and (not tokens[place[-1]].text.isupper() or all(tokens[n].text.isupper() for n in place))
    ]  # fmt: skip


def find_labels(tokens: Tokens, sources: Sequence[tuple[Span, ...]]) -> list[range]:
    """The names in labels of a transcript, "SEN. BERNIE SANDERS:" without its title. One label makes none."""
    labels = [
        place for spans in sources if len(spans) == 1 and _is_label(tokens, place := tokens.within(spans[0]))
    ]
    names = []
    for place in labels if len(labels) >= LEAST_LABELS else ():
        name = place[next((at for at, n in enumerate(place) if tokens[n].lower not in TITLES), len(place)) :]
        words = [tokens[number] for number in name]
        is_acronym = (
            len(words) == 1 and len(words[0].text) < SHORTEST_LONE_LABEL and not is_surname(words[0].lower)
        )
        if words and not is_acronym and not any(word.lower in _NO_SURNAME for word in words):
            names.append(name)
    return names


def _is_label(tokens: Tokens, place: range) -> bool:
    """Whether words in capitals begin a paragraph and a colon, or what the person is, follows."""
    if not place or place.stop >= len(tokens) or not all(tokens[n].text.isupper() for n in place):
        return False
    begins = place.start == 0 or "\n" in tokens[place.start].gap
    return begins and tokens[place.stop].gap.lstrip()[:1] in {":", ",", "("}


def is_common_word(tokens: Tokens, token: Token) -> bool:
    """Whether a word is written with a capital only because a sentence begins: "Ex-aide", "Forecasters"."""
    head = token.lower.rpartition("-")[2]
    if "'" in token.lower and token.lower.partition("'")[0] in FIRST_PERSON:
        return True  # "I'd"
    if "-" in token.text and head in PERSON_NOUNS | GROUP_HEADS and head == token.text.rpartition("-")[2]:
        return True
    same = [other for other in tokens if other.lower == token.lower]
    return any(not other.capital for other in same) or (
        token.lower.endswith(_OF_TRADES) and all(other.opens for other in same)
    )


def find_lone_surnames(tokens: Tokens, sources: Sequence[tuple[Span, ...]]) -> list[str]:
    """Sources that are one capitalised word and nothing known: somebody's surname."""
    found = []
    located = {
        t.text
        for before, t in pairwise(tokens)
        if before.lower in {"in", "near"} and t.gap == " " and t.capital
    }
    for spans in sources:
        numbers = [n for span in spans for n in tokens.within(span)]
        alone = len(numbers) == 1 or (len(numbers) > 1 and tokens[numbers[1]].gap == ", ")
        token = tokens[numbers[0]] if alone else None
        if (
            token is None
            or not token.capital
            or token.lower in _NO_SURNAME | GENDERS.keys() | RELATIVE | GENERIC
        ):
            continue
        odd = token.text.isupper() or is_plural(token.lower) or token.text in located
        odd = odd or is_common_word(tokens, token)
        if is_surname(token.lower) or not odd:
            found.append(token.text)
    return found
