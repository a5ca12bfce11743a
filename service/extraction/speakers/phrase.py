"""A source as a noun phrase: its core, head noun and possessor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.extraction.speakers.cast import Cast, NameMention
from service.extraction.speakers.tokens import Token, Tokens
from service.extraction.speakers.words import (
    DETERMINERS,
    PERSON_NOUNS,
    PHRASE_BREAKERS,
    PREPOSITIONS,
    QUANTIFIERS,
)
from service.text.span import Span


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a source. `core` ends before the first comma, preposition, verb or relative clause."""

    words: tuple[Token, ...]
    core: tuple[Token, ...]
    first: int  # number of the first word in the text
    mentions: tuple[NameMention, ...]  # names that begin within the phrase

    @property
    def head(self) -> Token:
        """The noun that says what is spoken of: the last word of the core."""
        return self.core[-1]

    @property
    def determiner(self) -> str:
        """The article, demonstrative or possessive that opens it, or ""."""
        return self.words[0].lower if self.words[0].lower in DETERMINERS else ""

    @property
    def modifiers(self) -> frozenset[str]:
        """The words before the head, lower case, determiners and quantifiers left out."""
        return frozenset(t.lower for t in self.core[:-1]) - DETERMINERS - QUANTIFIERS

    @property
    def possessor_end(self) -> int:
        """How many words of the core its possessor takes up ("Russia's" in "Russia's ministry"), or 0."""
        for number in range(len(self.core) - 1, 0, -1):
            if self.core[number - 1].possessive:
                return number
        return 0


def _breaks(token: Token, number: int) -> bool:
    if number == 0:
        return False
    if any(mark in token.gap for mark in ",;:()[]—–\n"):
        return True
    return not token.capital and token.lower in PHRASE_BREAKERS


def read_phrase(tokens: Tokens, cast: Cast, spans: Sequence[Span]) -> Phrase | None:
    """The phrase a source's spans cover, None where they cover no word."""
    numbers = [number for span in spans for number in tokens.within(span)]
    if not numbers:
        return None
    while len(numbers) > 1 and tokens[numbers[0]].lower in PREPOSITIONS:
        numbers.pop(0)
    words = tuple(tokens[n] for n in numbers)
    cut = next((n for n, token in enumerate(words) if _breaks(token, n)), len(words))
    inside = set(numbers)
    mentions = tuple(m for m in cast.mentions_between(numbers[0], numbers[-1] + 1) if m.first in inside)
    return Phrase(words, words[:cut], numbers[0], mentions)


def head_names(phrase: Phrase, tokens: Tokens) -> list[NameMention]:
    """The names that are the phrase's own head, not a possessor, modifier or complement.

    "Clinton campaign chairman John Podesta" → John Podesta; "Google's executive, Laszlo Bock," → Laszlo Bock;
    "Trump's campaign", "a spokesman for Mr. Trump", "Sanders supporters" → none.
    """
    end = phrase.first + len(phrase.core)
    heads: list[NameMention] = []
    for mention in phrase.mentions:
        last = tokens[mention.last]
        whole = mention.last == phrase.first + len(phrase.words) - 1
        if last.possessive and not whole:
            continue
        if mention.first < end:
            if mention.last == end - 1 or heads:
                heads.append(mention)
        elif not heads and _is_apposed(phrase, tokens, mention):
            heads.append(mention)
        elif heads and _is_coordinated(tokens, mention, heads[-1]):
            heads.append(mention)
    return heads


def _is_coordinated(tokens: Tokens, mention: NameMention, before: NameMention) -> bool:
    between = [t.lower for t in tokens[before.last + 1 : mention.begin]]
    return between in (["and"], ["or"], []) and "(" not in tokens[mention.begin].gap


def _is_apposed(phrase: Phrase, tokens: Tokens, mention: NameMention) -> bool:
    """Whether a name after the core renames it: no preposition stands before it, and the core is one person."""
    head = phrase.head
    if head.lower not in PERSON_NOUNS or (mention.begin == phrase.first + len(phrase.words)):
        return False
    before = tokens[mention.begin - 1]
    return before.lower not in PREPOSITIONS and not before.possessive and before.lower not in {"and", "or"}
