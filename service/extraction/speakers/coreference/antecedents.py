"""Antecedents of "who" and "which": the noun phrase right before."""

from __future__ import annotations

from service.extraction.speakers.mentions.organisations import is_plural
from service.extraction.speakers.mentions.people import Cast
from service.extraction.speakers.mentions.phrase import Phrase, breaks_phrase
from service.extraction.speakers.noun_lists import (
    COLLECTIVE_NOUNS,
    DETERMINERS,
    GROUP_HEADS,
    ORGANISATION_NOUNS,
    PERSON_NOUNS,
    PHRASE_BREAKERS,
    QUANTIFIERS,
)
from service.extraction.speakers.thresholds import LONGEST_ANTECEDENT
from service.extraction.speakers.tokens import Token, Tokens


def _is_agent(token: Token, relative: str) -> bool:
    """Whether a word can be the noun that "who", or else "which", stands for."""
    if relative in {"which", "that"}:
        return token.capital or token.lower in ORGANISATION_NOUNS
    return (
        token.capital
        or token.lower in PERSON_NOUNS | GROUP_HEADS | COLLECTIVE_NOUNS
        or is_plural(token.lower)
    )


def find_antecedent(tokens: Tokens, cast: Cast, place: int) -> Phrase | None:
    """The phrase that ends where a relative pronoun at word `place` begins, None if it is unclear.

    Prepositional complements are passed over ("Democrats on Capitol Hill, who"), names are not
    ("an aide to Mr. Obama, who").
    """
    relative = tokens[place].lower
    stop = place
    for _ in range(3):
        start = _phrase_start(tokens, stop)
        if start == stop:
            return None
        head = tokens[stop - 1]
        mentions = tuple(cast.mentions_between(start, stop))
        named = bool(mentions) and mentions[-1].last == stop - 1
        after_preposition = start > 0 and tokens[start - 1].lower in {
            "on",
            "in",
            "of",
            "at",
            "from",
            "for",
            "with",
        }
        sure = relative in {"who", "whom", "whose"} and head.lower.removesuffix("s") in PERSON_NOUNS
        if not head.possessive and (named or sure or (_is_agent(head, relative) and not after_preposition)):
            words = tuple(tokens[start:stop])
            return Phrase(words, words, start, mentions)
        if not after_preposition:
            return None
        stop = start - 1
    return None


def _phrase_start(tokens: Tokens, stop: int) -> int:
    """The first word of the noun phrase that ends before word `stop`; `stop` if there is none."""
    if tokens[stop].opens:
        return stop
    start = stop
    while start > 0 and stop - start < LONGEST_ANTECEDENT:
        word = tokens[start - 1]
        if not word.capital and (word.lower in PHRASE_BREAKERS or _is_participle(word, start < stop)):
            break
        start -= 1
        is_article = word.lower in DETERMINERS | QUANTIFIERS and not word.initial
        if word.opens or is_article or breaks_phrase(word):
            break
    return start


def _is_participle(word: Token, inside: bool) -> bool:
    """Whether a word inside the phrase looks like the verb before it."""
    return inside and len(word.lower) > 5 and word.lower.endswith(("ed", "ing"))
