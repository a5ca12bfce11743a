"""A source as a noun phrase: its core, head noun, possessor and the names in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.english.word_classes import word_set
from service.extraction.speakers.mentions.name_mentions import NameMention
from service.extraction.speakers.mentions.people import Cast, Person
from service.extraction.speakers.noun_lists import (
    DETERMINERS,
    ORGANISATION_NOUNS,
    PERSON_NOUNS,
    PHRASE_BREAKERS,
    PREPOSITIONS,
    QUANTIFIERS,
)
from service.extraction.speakers.thresholds import LONGEST_SOURCE
from service.extraction.speakers.tokens import Token, Tokens
from service.text.span import Span

ACRONYMS = frozenset({"WHO", "US", "IT"})
_SEPARATORS = ",;:()[]—–\n"
_CLAUSE_SUBJECTS = word_set("i we he she they you it")
_COUNTS = word_set("dozens scores hundreds thousands millions majority")


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
    def opener(self) -> str:
        """The first word of the phrase in lower case; an acronym that would read as a pronoun is kept."""
        word = self.words[0]
        return word.text if word.text in ACRONYMS else word.lower

    @property
    def determiner(self) -> str:
        """The article, demonstrative or possessive that opens it, or ""."""
        return self.opener if self.opener in DETERMINERS else ""

    @property
    def rest(self) -> tuple[Token, ...]:
        """The words after the core."""
        return self.words[len(self.core) :]

    @property
    def has_possessor(self) -> bool:
        """Whether a possessive stands before the head: "Russia's Natural Resources Ministry"."""
        return any(token.possessive for token in self.core[:-1])


def breaks_phrase(token: Token) -> bool:
    """Whether a noun phrase's core ends before this word."""
    if any(mark in token.gap for mark in _SEPARATORS) or token.lower in _CLAUSE_SUBJECTS:
        return True
    return not token.capital and token.lower in PHRASE_BREAKERS


def _quantity_words(words: Sequence[Token]) -> int:
    """How many words count what follows: "nearly eight of 10" voters, "34% of" them."""
    count = 0
    while count < len(words) - 1 and (words[count].lower in QUANTIFIERS or words[count].text.isdigit()):
        if words[count].lower == "of" and count and words[count - 1].lower not in QUANTIFIERS | _COUNTS:
            break
        count += 1
    return count


def read_phrase(tokens: Tokens, cast: Cast, spans: Sequence[Span]) -> Phrase | None:
    """The phrase the first of a source's spans that holds a word covers, None if none does."""
    numbers = next((list(held) for span in spans if (held := tokens.within(span))), [])
    del numbers[LONGEST_SOURCE:]
    if not numbers:
        return None
    while len(numbers) > 1 and tokens[numbers[0]].lower in PREPOSITIONS | {
        "both",
        "even",
        "only",
        "and",
        "but",
    }:
        numbers.pop(0)
    words = tuple(tokens[n] for n in numbers)
    lead = _quantity_words(words)
    cut = next((n for n, token in enumerate(words) if n > lead and breaks_phrase(token)), len(words))
    while cut > 1 and words[cut - 1].lower in {"and", "or"}:
        cut -= 1
    inside = set(numbers)
    mentions = tuple(m for m in cast.mentions_between(numbers[0], numbers[-1] + 1) if m.first in inside)
    return Phrase(words, words[:cut], numbers[0], mentions)


def _ends_unit(tokens: Tokens, mention: NameMention, end: int) -> bool:
    """Whether a name ends the core, or a part of it that "and" or "or" joins to the next."""
    after = mention.last + 1
    while after < end and mention.full and is_postnominal(tokens[after]):
        after += 1
    return after >= end or tokens[after].lower in {"and", "or"}


def is_postnominal(token: Token) -> bool:
    """Whether a word is letters behind a name: KC, MP, FRS."""
    return 1 < len(token.text) < 5 and token.text.isupper() and token.lower not in ORGANISATION_NOUNS


def head_names(phrase: Phrase, tokens: Tokens) -> list[NameMention]:
    """The names that are the phrase's own head, not a possessor, modifier or complement.

    "Clinton campaign chairman John Podesta" → John Podesta; "Google's executive, Laszlo Bock," → Laszlo Bock;
    "Trump's campaign", "a spokesman for Mr. Trump", "Sanders supporters" → none.
    """
    end = phrase.first + len(phrase.core)
    stop = phrase.first + len(phrase.words)
    heads: list[NameMention] = []
    for mention in phrase.mentions:
        if tokens[mention.last].possessive and mention.last != stop - 1:
            continue
        if mention.first < end:
            if _ends_unit(tokens, mention, end):
                heads.append(mention)
        elif heads:
            if _is_coordinated(tokens, mention, heads[-1]):
                heads.append(mention)
        elif _is_apposed(phrase, tokens, mention):
            heads.append(mention)
    return heads


def _is_coordinated(tokens: Tokens, mention: NameMention, before: NameMention) -> bool:
    """Whether a name goes on a list: "A, B and C", "A, the former governor, and B"."""
    between = [t.lower for t in tokens[before.last + 1 : mention.begin]]
    if "(" in tokens[mention.begin].gap:
        return False
    return between in (["and"], ["or"], []) or (between[-1:] == ["and"] and len(between) < 8)


def _is_apposed(phrase: Phrase, tokens: Tokens, mention: NameMention) -> bool:
    """Whether a name after the core renames it.

    Either after a comma ("the firm's lawyer, the Rev. Charles Elliott,"), or at the end of a title that
    goes on
    behind "of" ("Secretary of State John Kerry").
    """
    if phrase.head.lower not in PERSON_NOUNS:
        return False
    before = tokens[mention.begin - 1]
    if "," in tokens[mention.begin].gap or (before.lower == "the" and "," in before.gap):
        return True
    if before.capital and "," in before.gap and tokens[mention.begin].gap == " ":
        return True  # a title that no list holds: "his deputy, Hajiya Rakiya Bello"
    if mention.full and _ends_segment(phrase, tokens, mention):
        return True
    between = tokens[phrase.first + len(phrase.core) : mention.begin + 1]
    return (
        all(token.gap == " " for token in between)
        and before.lower not in PREPOSITIONS | DETERMINERS | {"and", "or"}
        and not before.possessive
        and between[0].lower in {"of", "to", "for", "in", "at"}
    )


def _ends_segment(phrase: Phrase, tokens: Tokens, mention: NameMention) -> bool:
    """Whether a name ends a part between commas that says what its bearer is: ", former adviser Ann Lee"."""
    before = tokens[mention.begin - 1]
    told = (
        mention.begin < mention.first
        or before.lower in PERSON_NOUNS
        or (not before.capital and before.lower.endswith(("er", "or", "ist", "ian", "man", "woman")))
    )
    start = next((n for n in range(mention.begin, phrase.first, -1) if "," in tokens[n].gap), None)
    if not told or start is None or start < phrase.first + len(phrase.core):
        return False
    if any(tokens[n].lower in PREPOSITIONS for n in range(start, mention.begin)):
        return False
    after = mention.last + 1
    return after >= phrase.first + len(phrase.words) or "," in tokens[after].gap


def apposed_run(phrase: Phrase) -> tuple[Token, ...]:
    """The capitalised words between commas, or at the end, that name what a description means.

    "The firm that owns it, Grey Harbour,": Grey Harbour. Empty where there are none.
    """
    words = phrase.words
    for start in range(len(words) - 1, len(phrase.core) - 1, -1):
        if start and "," in words[start].gap:
            run = words[start:]
            stop = next((n for n, t in enumerate(run) if n and t.gap.strip()), len(run))
            run = run[:stop]
            first = 1 if run[0].lower == "the" and len(run) > 1 else 0
            named = run[first:]
            if any(token.quoted or "(" in token.gap for token in named):
                continue
            if (
                named
                and named[0].capital
                and all(t.capital or t.lower in {"of", "the", "for", "and", "de"} for t in named)
            ):
                return named
    return ()


def apposed_word(phrase: Phrase) -> str | None:
    """A single word between commas that names the person of the core: "her father, Brad,"."""
    rest = phrase.rest
    if not rest or phrase.head.lower not in PERSON_NOUNS or "," not in rest[0].gap or not rest[0].capital:
        return None
    return rest[0].text if len(rest) == 1 or "," in rest[1].gap else None


def people_of(cast: Cast, mentions: Sequence[NameMention]) -> list[Person]:
    """The people that mentions name, each once."""
    people = {id(person): person for m in mentions if (person := cast.person(m)) is not None}
    return list(people.values())
