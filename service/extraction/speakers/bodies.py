"""Organisations, groups, documents and nameless people as sources."""

from __future__ import annotations

from service.extraction.quotation import SpeakerKind
from service.extraction.speakers.phrase import Phrase
from service.extraction.speakers.tokens import Token
from service.extraction.speakers.words import (
    ANONYMOUS_NOUNS,
    COLLECTIVE_NOUNS,
    DETERMINERS,
    DOCUMENT_NOUNS,
    GROUP_HEADS,
    INDEFINITES,
    ORGANISATION_NOUNS,
    OUTLETS,
    PERSON_NOUNS,
    PLACES,
    QUANTIFIERS,
)

_NOT_PLURAL = frozenset(
    "news congress press headquarters politics us times process class house boss witness".split()
)


def is_plural(word: str) -> bool:
    """Whether a noun reads as a plural."""
    return word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in _NOT_PLURAL


def describe(words: tuple[Token, ...]) -> str:
    """Some words as a name: without articles and quantifiers before, possessives kept."""
    start = 0
    while start < len(words) - 1 and words[start].lower in DETERMINERS | QUANTIFIERS:
        start += 1
    kept = words[start:]
    parts = [token.text + ("’s" if token.possessive and token is not kept[-1] else "") for token in kept]
    return " ".join(parts)


def kind_of_phrase(phrase: Phrase) -> SpeakerKind | None:
    """What sort of source a phrase without a person's name as head is; None where its head tells nothing."""
    head = phrase.head
    lower = head.lower
    if _is_anonymous(phrase):
        return "anonymous"
    if head.capital and (lower in OUTLETS or lower in PLACES or _is_acronym(head)):
        return "organisation"
    if lower in GROUP_HEADS or lower in COLLECTIVE_NOUNS:
        return "group"
    if lower in ORGANISATION_NOUNS:
        return "organisation"
    if is_plural(lower) and lower not in DOCUMENT_NOUNS:
        singular = lower[:-1]
        if (
            singular in ORGANISATION_NOUNS
            and not head.capital
            and phrase.determiner in {"", "these", "those"}
        ):
            return "group"
        if (
            head.capital
            and len(phrase.core) > 1
            and phrase.determiner == "the"
            and singular not in PERSON_NOUNS
        ):
            return "organisation"
        return "group"
    if head.capital and phrase.determiner == "the" and len(phrase.core) > 1:
        return "organisation"
    return None


def is_document(phrase: Phrase) -> bool:
    """Whether the phrase speaks of words already set down: a poll, a statement, figures."""
    return phrase.head.lower in DOCUMENT_NOUNS and not (phrase.head.capital and len(phrase.core) > 1)


def _is_acronym(token: Token) -> bool:
    return len(token.text) > 1 and token.text.isupper()


def _is_anonymous(phrase: Phrase) -> bool:
    """Somebody on purpose or in passing without a name: "a senior official", "people familiar with the matter"."""
    lower = phrase.head.lower
    if lower in {"source", "sources", "insider", "insiders", "someone", "somebody"}:
        return True
    if lower in {"people", "person", "persons", "those"}:
        rest = {t.lower for t in phrase.words[len(phrase.core) :]}
        return bool(rest & {"familiar", "briefed", "knowledge", "close"}) or lower == "person"
    first = phrase.words[0].lower
    if first in INDEFINITES and (lower in PERSON_NOUNS or lower in ANONYMOUS_NOUNS):
        return True
    return first in {"a", "an", "one", "another"} and lower.removesuffix("s") in PERSON_NOUNS
