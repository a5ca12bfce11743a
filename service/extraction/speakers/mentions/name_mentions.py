"""Mentions of people by name: runs of capitalised words that look like a person's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.extraction.speakers.noun_lists import (
    DEMONYMS,
    DOCUMENT_NOUNS,
    FIRM_ENDINGS,
    NATIONS,
    NOT_NAMES,
    ORGANISATION_NOUNS,
    OUTLETS,
    PARTICLES,
    PERSON_NOUNS,
    PLACES,
    PLURAL_TITLES,
    REGNAL_TITLES,
    THING_NOUNS,
    TITLES,
)
from service.extraction.speakers.thresholds import BARE_APPOSITION_REACH, LONGEST_NAME, NAME_APPOSITION_REACH
from service.extraction.speakers.tokens import Token, Tokens
from service.names.given_names import is_surname, read_given_name
from service.names.name_parts import GENERATIONS

_WORDS_TOO = frozenset({"will", "christian"})  # given names that are common words as well
_BRAND = re.compile(r"[a-z]{2}[A-Z]|[a-z]\.[a-z]{2}|\d")
_CAPITAL_WITHIN = ("Mac", "Fitz", "Van", "Della", "Dela")
_POST_GOES_ON = frozenset({"of", "at", "for", "and", "in", "to"})
_LAST_OF_OTHERS = (ORGANISATION_NOUNS | OUTLETS | DOCUMENT_NOUNS | THING_NOUNS | FIRM_ENDINGS) - PARTICLES
NO_GIVEN = (
    TITLES
    | PERSON_NOUNS
    | ORGANISATION_NOUNS
    | OUTLETS
    | PLACES
    | NOT_NAMES
    | DOCUMENT_NOUNS
    | NATIONS.keys()
    | DEMONYMS
)
_BREAKING_TITLES = TITLES - {
    "king",
    "prince",
    "major",
    "dean",
    "lord",
    "pope",
    "sheikh",
    "duke",
    "baron",
    "marshal",
}


@dataclass(slots=True)
class NameMention:
    """One place where a person is named: words `first` to `last` (inclusive) are the name."""

    first: int
    last: int
    begin: int  # first word of the titles before it, or `first`
    parts: tuple[str, ...]  # as written, suffixes left out
    suffix: str = ""  # lower case: "jr", "iii"
    title: str = ""  # lower case, the word right before the name

    @property
    def full(self) -> bool:
        """Whether it gives more than one word of a name."""
        return len(self.parts) > 1


def is_brand(word: str) -> bool:
    """Whether a lone word is written as companies and sites are: ProPublica, outsports.com; not MacDonald."""
    return _BRAND.search(word) is not None and not (word.startswith(_CAPITAL_WITHIN) or is_surname(word))


def joins(left: Token, right: Token) -> bool:
    """Whether two words may belong to one name."""
    if left.possessive or right.opens:
        return False
    return right.gap in {" ", "\xa0"} or (right.gap in {' "', '" ', " “", "” "} and right.capital)


def _runs(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words that stand together, particles within; half-open ranges of word numbers."""
    start = None
    for number, token in enumerate(tokens):
        if (
            start is not None
            and joins(tokens[number - 1], token)
            and (token.capital or token.lower in PARTICLES)
        ):
            continue
        if start is not None:
            yield start, number
        start = number if token.capital else None
    if start is not None:
        yield start, len(tokens)


def _headlines(tokens: Tokens) -> frozenset[int]:
    """Numbers of the paragraphs in title case, where capitals are no evidence of a name."""
    capitals: dict[int, int] = {}
    words: dict[int, int] = {}
    for token in tokens:
        if len(token.text) > 3:
            words[token.paragraph] = words.get(token.paragraph, 0) + 1
            capitals[token.paragraph] = capitals.get(token.paragraph, 0) + token.capital
    return frozenset(p for p, count in words.items() if count >= 4 and capitals[p] >= 0.75 * count)


def _is_name_word(token: Token, after_given: bool, within: bool) -> bool:
    """Whether a word can belong to a name; `after_given` behind a given name, `within` behind any word."""
    if within and token.initial:
        return True
    if after_given and token.capital and token.lower in DEMONYMS:
        return not token.lower.endswith("s")
    return (
        token.capital
        and token.lower not in NOT_NAMES
        and token.lower not in NATIONS
        and not (len(token.text) > 3 and token.text.isupper())
    )


def _is_given_here(tokens: Tokens, number: int, stop: int) -> bool:
    """Whether "Will" or "Christian" is a given name: within a sentence, before a surname."""
    token = tokens[number]
    if token.opens or token.gap != " " or tokens[number - 1].capital or number + 1 >= stop:
        return False
    return is_surname(tokens[number + 1].lower) or is_introduced(tokens, number + 1)


def _name_length(tokens: Tokens, start: int, stop: int, longest: int) -> int:
    """How many words from `start` make a name: given name, initials and particles, surname, suffix."""
    number = start
    words = 0
    while number < stop and number - start < LONGEST_NAME and words < longest:
        token = tokens[number]
        if token.lower in PARTICLES and words and number + 1 < stop:
            number += 1
            continue
        after_given = words == 1 and read_given_name(tokens[number - 1].lower) is not None
        if number == start and token.lower in _WORDS_TOO:
            is_name = _is_given_here(tokens, number, stop)
        else:
            is_name = _is_name_word(token, after_given, words > 0)
        if not is_name or token.lower in _BREAKING_TITLES:
            break
        words += len(token.text) > 1
        number += 1
    while number > start and tokens[number - 1].lower in PARTICLES and not tokens[number - 1].capital:
        number -= 1
    if start < number < stop and tokens[number].lower in GENERATIONS:
        number += 1
    return number - start


def _is_initials(token: Token) -> bool:
    return len(token.text) == 1 or (len(token.text) <= 4 and token.text.isupper() and "." in token.text)


def is_introduced(tokens: Tokens, last: int) -> bool:
    """Whether the words after a name show that it is a person's: an age, a party, "who", "a lawyer at"."""
    number = last + 1
    if number >= len(tokens) or tokens[last].possessive or tokens[number].opens:
        return False
    token = tokens[number]
    gap = token.gap.strip()
    if gap == "(":
        return token.text[:2] in {"R-", "D-", "I-"} or token.text in {"R", "D", "I"}
    if gap != ",":
        return False
    is_age = token.text.isdecimal() and 10 <= int(token.text[:4]) < 110
    return is_age or token.lower in {"who", "whose"} or _begins_apposition(tokens, number)


def _begins_apposition(tokens: Tokens, number: int) -> bool:
    """Whether, before the next comma, a noun for a person follows: "a lawyer at", "acting director of".

    Without an article it must follow soon and be told what it is of.
    """
    has_article = tokens[number].lower in {"a", "an", "the", "his", "her", "their"}
    reach = NAME_APPOSITION_REACH if has_article else BARE_APPOSITION_REACH
    for ahead in range(number + has_article, min(number + reach, len(tokens))):
        word = tokens[ahead]
        if word.opens or (ahead > number and "," in word.gap):
            return False
        if word.lower in PERSON_NOUNS:
            after = tokens[ahead + 1] if ahead + 1 < len(tokens) else None
            return has_article or (after is not None and (after.lower in _POST_GOES_ON or after.gap == ", "))
        if word.capital and not has_article:
            return False
    return False


def _is_person_name(tokens: Tokens, start: int, length: int) -> bool:  # noqa: PLR0911
    """Whether untitled words read as a full name: a known given name first, no noun of another thing last."""
    words = tokens[start : start + length]
    others = {word.lower for word in words[1:]} & _LAST_OF_OTHERS
    if length > 2 and words[1].initial and read_given_name(words[0].lower) is not None:
        return True  # "Michael R. Bloomberg", whatever else the last word names
    if length < 2 or (
        others and not (is_surname(words[-1].lower) and is_introduced(tokens, start + length - 1))
    ):
        return False
    first, last = words[0], words[-1]
    if start and tokens[start - 1].lower == "the" and first.gap == " ":
        return False
    if _is_initials(first):
        return len(last.text) > 2 and not last.text.isupper()
    if last.lower in PERSON_NOUNS and not is_surname(last.lower):
        return False  # "Star Mom"
    if first.lower not in _LAST_OF_OTHERS and is_introduced(tokens, start + length - 1):
        return True
    known = read_given_name(first.lower) is not None
    return known and (is_surname(last.lower) if first.lower in PLACES else last.lower not in PLACES)


def _follows_role(tokens: Tokens, number: int) -> bool:
    """Whether a lower-case word for a person stands right before: "spokeswoman Alice Stewart"."""
    if number == 0:
        return False
    before = tokens[number - 1]
    return not before.capital and before.lower in PERSON_NOUNS and tokens[number].gap == " "


def _is_apposed(tokens: Tokens, number: int, stop: int) -> bool:
    """Whether several capitalised words between commas name the person told right before them.

    "Carson's business manager, Armstrong Williams, said".
    """
    if stop - number < 2 or tokens[number].gap != ", " or stop >= len(tokens):
        return False
    before = tokens[number - 1]
    return not before.capital and before.lower in PERSON_NOUNS and tokens[stop].gap.startswith(",")


def _fits_title(tokens: Tokens, number: int, length: int) -> bool:
    words = tokens[number : number + length]
    last = words[-1].lower
    surname = is_surname(last) and last in THING_NOUNS
    initial = length > 2 and words[1].initial
    other = last in _LAST_OF_OTHERS and not (length > 1 and (surname or initial))
    return not other and words[0].lower not in OUTLETS | PLACES


def _next_name(tokens: Tokens, number: int, length: int) -> int:
    """How far to move on past words that make no name: to the next given name within them."""
    for ahead in range(1, length):
        if read_given_name(tokens[number + ahead].lower) is not None:
            return ahead
    return max(length, 1)


def _mention(tokens: Tokens, number: int, length: int, begin: int, title: str) -> NameMention:
    words = tokens[number : number + length]
    suffix = words[-1].lower if length > 1 and words[-1].lower in GENERATIONS else ""
    named = words[:-1] if suffix else words
    parts = tuple(w.written for w in named)
    title = "" if title in PLURAL_TITLES else title
    if len(parts) == 1 and title in REGNAL_TITLES:
        return NameMention(number - 1, number, begin, (title.capitalize(), parts[0]), suffix, title)
    return NameMention(number, number + length - 1, begin, parts, suffix, title)


def _mentions_in_run(tokens: Tokens, start: int, stop: int, longest: int) -> Iterator[NameMention]:
    """The names in one run of capitalised words, from left to right."""
    number = start
    while number < stop:
        titled = number > start and tokens[number - 1].lower in TITLES
        after_role = number == start and _follows_role(tokens, number)
        length = _name_length(tokens, number, stop, longest)
        apposed = number == start and length == stop - start and _is_apposed(tokens, number, stop)
        if not length or not (titled or after_role or apposed or _is_person_name(tokens, number, length)):
            number += _next_name(tokens, number, length)
            continue
        if not titled and number + length < stop and tokens[number + length].lower in FIRM_ENDINGS:
            number += length + 1  # "Dick Clark Productions"
            continue
        if not (titled or after_role or apposed) or _fits_title(tokens, number, length):
            begin = number
            while begin > start and tokens[begin - 1].lower in TITLES:
                begin -= 1
            title = tokens[number - 1].lower if titled or after_role else ""
            yield _mention(tokens, number, length, begin, title)
        number += length


def find_names(tokens: Tokens) -> list[NameMention]:
    """Every full or titled name in a text, in order."""
    headlines = _headlines(tokens)
    found: list[NameMention] = []
    for start, stop in _runs(tokens):
        longest = 2 if tokens[start].paragraph in headlines else LONGEST_NAME
        found += _mentions_in_run(tokens, start, stop, longest)
    return found


def begins_other_name(tokens: Tokens, number: int, taken: set[int]) -> bool:
    """Whether the word before a known surname makes it another's full name: "Lakhvir Singh" beside
    "Singh".
    """
    if number == 0 or number - 1 in taken or not joins(tokens[number - 1], tokens[number]):
        return False
    before = tokens[number - 1]
    if not before.capital or len(before.text) < 3 or before.text.isupper() or tokens[number].gap != " ":
        return False
    if number > 1 and tokens[number - 2].capital and joins(tokens[number - 2], before):
        return False
    if before.lower.endswith("ing") or "-" in before.text or before.text[1:] != before.text[1:].lower():
        return False
    return before.lower not in NO_GIVEN


def find_bare_names(tokens: Tokens, known: Iterable[str], taken: set[int]) -> Iterator[NameMention]:
    """Single words of names already known, titled or not, in order; `taken` are words of other mentions."""
    words = frozenset(known)
    for number, token in enumerate(tokens):
        if number in taken or not token.capital or token.lower not in words or token.lower in NOT_NAMES:
            continue
        if begins_other_name(tokens, number, taken):
            pair = tokens[number - 1 : number + 1]
            yield NameMention(number - 1, number, number - 1, tuple(word.written for word in pair))
            continue
        begin = number
        while begin and joins(tokens[begin - 1], tokens[begin]) and tokens[begin - 1].lower in TITLES:
            begin -= 1
        title = tokens[number - 1].lower if begin < number else ""
        yield NameMention(number, number, begin, (token.text,), "", title)
