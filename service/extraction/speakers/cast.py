"""The people an article names: every mention of a name, and whom it names."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from service.extraction.speakers.given_names import Gender, gender_of_given_name
from service.extraction.speakers.tokens import Token, Tokens
from service.extraction.speakers.words import (
    FEMALE_HONORIFICS,
    FEMALE_NOUNS,
    MALE_HONORIFICS,
    MALE_NOUNS,
    NATIONS,
    NOT_NAMES,
    ORGANISATION_NOUNS,
    OUTLETS,
    PARTICLES,
    PERSON_NOUNS,
    PLACES,
    PLURAL_TITLES,
    SUFFIXES,
    TITLES,
)

LONGEST_NAME = 5
_NICKNAMES = (
    "william bill billy will", "robert bob rob bobby robby", "richard rick dick rich", "james jim jimmy jamie",
    "joseph joe joey", "bernard bernie", "michael mike mick", "edward ed eddie ted", "theodore ted", "thomas tom",
    "john jack johnny jon", "charles chuck charlie", "christopher chris", "anthony tony", "daniel dan danny",
    "donald don", "david dave", "samuel sam", "benjamin ben", "timothy tim", "kenneth ken", "ronald ron",
    "elizabeth liz beth betsy", "katherine kate kathy", "jeffrey jeff", "gregory greg", "stephen steve steven",
    "matthew matt", "patrick pat", "nicholas nick", "rafael ted", "andrew andy", "newton newt", "lawrence larry",
    "harold harry hal", "gerald jerry", "jerome jerry", "margaret peggy meg", "susan sue", "deborah debbie",
    "alexander alex", "peter pete", "philip phil", "raymond ray", "walter walt", "frederick fred", "mitchell mitch",
    "addison mitch", "franklin frank", "victoria vicky", "nathaniel nate", "joshua josh", "zachary zach",
)  # fmt: skip
_NICKNAME_SETS = tuple(frozenset(line.split()) for line in _NICKNAMES)


@dataclass(slots=True)
class Person:
    """Someone the article names."""

    given: str  # lower case, "" where only a surname is known
    surname: str  # lower case
    forms: Counter[str] = field(default_factory=Counter)
    genders: Counter[Gender] = field(default_factory=Counter)
    mentions: list[NameMention] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The fullest usual form: the commonest of those with a given name, the first of equals."""
        full = {form: count for form, count in self.forms.items() if " " in form} or self.forms
        return max(full, key=lambda form: full[form])

    @property
    def gender(self) -> Gender:
        """What honorifics and the given name tell; "open" where they tell nothing or disagree."""
        male, female = self.genders["male"], self.genders["female"]
        if male == female:
            return "open"
        return "male" if male > female else "female"


@dataclass(slots=True)
class NameMention:
    """One place where a person is named: words `first` to `last` (inclusive) are the name, titles left out."""

    first: int
    last: int
    begin: int  # first word of the titles before it, or `first`
    parts: tuple[str, ...]
    title: str
    person: Person | None = None


def _joins(left: Token, right: Token) -> bool:
    """Whether two words may belong to one name."""
    if left.possessive or right.opens:
        return False
    gap = right.gap
    return gap in {" ", "\xa0"} or (gap in {' "', '" ', " “", "” "} and right.capital)


def _runs(tokens: Tokens) -> Iterable[tuple[int, int]]:
    """Runs of capitalised words that stand together, particles within; half-open ranges of word numbers."""
    start = None
    for number, token in enumerate(tokens):
        inside = start is not None and _joins(tokens[number - 1], token)
        if inside and (token.capital or token.lower in PARTICLES):
            continue
        if start is not None:
            yield start, number
        start = number if token.capital else None
    if start is not None:
        yield start, len(tokens)


def _is_title(token: Token) -> bool:
    return token.lower in TITLES


def _is_name_word(token: Token) -> bool:
    return (
        token.capital
        and token.lower not in NOT_NAMES
        and token.lower not in NATIONS
        and not (len(token.text) > 3 and token.text.isupper())
        and not token.text[0].isdigit()
    )


def _name_length(tokens: Tokens, start: int, stop: int) -> int:
    """How many words from `start` make a name: given name, initials and particles, surname, suffix."""
    number = start
    words = 0
    while number < stop and number - start < LONGEST_NAME:
        token = tokens[number]
        if token.lower in PARTICLES and words and number + 1 < stop:
            number += 1
            continue
        if not _is_name_word(token) or token.lower in TITLES - {"king", "prince", "major", "dean", "lord"}:
            break
        words += 1
        number += 1
    while number > start and tokens[number - 1].lower in PARTICLES - {"al", "ben", "la"}:
        number -= 1
    return number - start


def _is_person_name(tokens: Tokens, start: int, length: int) -> bool:
    """Whether untitled words read as a person's full name: a known given name first, no organisation's noun last."""
    if length < 2:
        return False
    first, last = tokens[start], tokens[start + length - 1]
    if any(tokens[n].lower in ORGANISATION_NOUNS | OUTLETS for n in range(start + 1, start + length)):
        return False
    if last.lower in PLACES and first.lower not in PLACES and gender_of_given_name(first.lower) is None:
        return False
    if first.lower in PLACES and last.lower in PERSON_NOUNS:
        return False
    if len(first.text) == 1 or (len(first.text) <= 3 and first.text.isupper() and "." in first.text):
        return length >= 2 and len(last.text) > 1
    return gender_of_given_name(first.lower) is not None


def _follows_role(tokens: Tokens, number: int) -> bool:
    """Whether a lower-case word for a person stands right before: "spokeswoman Alice Stewart"."""
    if number == 0:
        return False
    before = tokens[number - 1]
    return not before.capital and before.lower in PERSON_NOUNS and tokens[number].gap == " "


def _mentions_in_run(tokens: Tokens, start: int, stop: int, introduced: bool) -> Iterable[NameMention]:
    """The names in one run of capitalised words, from left to right."""
    number = start
    while number < stop:
        token = tokens[number]
        titled = number > start and _is_title(tokens[number - 1])
        after_role = introduced and number == start and _follows_role(tokens, number)
        length = _name_length(tokens, number, stop)
        if length and (titled or after_role or _is_person_name(tokens, number, length)):
            begin = number
            while begin > start and _is_title(tokens[begin - 1]):
                begin -= 1
            if titled and not _fits_title(tokens, number, length):
                number += length
                continue
            title = tokens[number - 1].lower if titled or after_role else ""
            parts = tuple(t.text for t in tokens[number : number + length] if t.lower not in SUFFIXES)
            if parts and title not in PLURAL_TITLES:
                yield NameMention(number, number + length - 1, begin, parts, title)
            number += length
        else:
            number += 1 if length == 0 or token.lower in PLACES else _step(tokens, number, length)


def _step(tokens: Tokens, number: int, length: int) -> int:
    """How far to move on past words that make no name: to the next given name within them."""
    for ahead in range(1, length):
        if gender_of_given_name(tokens[number + ahead].lower) is not None:
            return ahead
    return length


def _fits_title(tokens: Tokens, number: int, length: int) -> bool:
    words = tokens[number : number + length]
    return words[-1].lower not in ORGANISATION_NOUNS and words[0].lower not in OUTLETS | PLACES


def _same_given(one: str, other: str) -> bool:
    if not one or not other or one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return any(one in names and other in names for names in _NICKNAME_SETS)


class Cast:
    """Everyone an article names, with an index from each word of a name to those who bear it."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.people: list[Person] = []
        self.mentions: list[NameMention] = []
        self._by_surname: dict[str, list[Person]] = defaultdict(list)
        self._by_given: dict[str, list[Person]] = defaultdict(list)

    def bearers(self, word: str) -> list[Person]:
        """Those whose surname, or failing that given name, is this word."""
        folded = word.casefold()
        return self._by_surname.get(folded) or self._by_given.get(folded, [])

    def mentions_between(self, first: int, stop: int) -> list[NameMention]:
        """The mentions that begin in a half-open range of words, in order. Only once all are taken up."""
        low = bisect_left(self.mentions, first, key=lambda mention: mention.first)
        high = bisect_left(self.mentions, stop, key=lambda mention: mention.first)
        return self.mentions[low:high]

    def named(self, given: str, surname: str) -> Person | None:
        """The one of that full name."""
        fits = [
            p for p in self._by_surname.get(surname.casefold(), ()) if _same_given(p.given, given.casefold())
        ]
        exact = [p for p in fits if p.given == given.casefold()]
        return (exact or fits or [None])[0]

    def add(self, mention: NameMention) -> None:
        """Take up a mention of a full or titled name, as a new person or one already known."""
        *givens, surname = mention.parts
        given = givens[0].casefold() if givens else ""
        person = self.named(given, surname) if given else None
        if person is None and not given:
            known = self._by_surname.get(surname.casefold(), [])
            person = known[0] if len(known) == 1 else None
            if known and person is None:
                return  # two of one surname: left to the words around each mention
        if person is None:
            person = Person(given, surname.casefold())
            self.people.append(person)
            self._by_surname[person.surname].append(person)
        if given and not person.given:
            person.given = given
        if person.given and person not in self._by_given[person.given]:
            self._by_given[person.given].append(person)
        person.forms[" ".join(mention.parts)] += 1
        self._learn_gender(person, mention)
        self._take(person, mention)

    def add_surname(self, surname: str) -> None:
        """Take up somebody of whom the text gives a surname alone."""
        person = Person("", surname.casefold())
        person.forms[surname] += 1
        self.people.append(person)
        self._by_surname[person.surname].append(person)

    def take_bare(self, mention: NameMention) -> None:
        """Take up a mention of one word of a name, titled or not, if it is clear whose."""
        bearers = self.bearers(mention.parts[0])
        person = choose_bearer(bearers, mention)
        if person is not None:
            self._learn_gender(person, mention)
            self._take(person, mention)

    def _learn_gender(self, person: Person, mention: NameMention) -> None:
        if mention.title in MALE_HONORIFICS | MALE_NOUNS:
            person.genders["male"] += 5
        elif mention.title in FEMALE_HONORIFICS | FEMALE_NOUNS:
            person.genders["female"] += 5
        gender = gender_of_given_name(mention.parts[0]) if len(mention.parts) > 1 else None
        if gender in {"male", "female"}:
            person.genders[gender] += 2

    def _take(self, person: Person, mention: NameMention) -> None:
        mention.person = person
        person.mentions.append(mention)
        self.mentions.append(mention)


def choose_bearer(bearers: list[Person], mention: NameMention) -> Person | None:
    """Which of several people of one name a bare mention means, or None.

    A title's gender decides; else the one the text named in full before and far more often than the others.
    """
    fits = [p for p in bearers if not _contradicts(p.gender, mention.title)]
    if len(fits) <= 1:
        return fits[0] if fits else None
    full = {id(p): sum(len(m.parts) > 1 for m in p.mentions) for p in fits}
    first, second = sorted(fits, key=lambda p: -full[id(p)])[:2]
    if full[id(first)] >= 2 * max(full[id(second)], 1):
        return first
    return None


def _contradicts(gender: Gender, title: str) -> bool:
    if title in MALE_HONORIFICS | MALE_NOUNS:
        return gender == "female"
    return title in FEMALE_HONORIFICS | FEMALE_NOUNS and gender == "male"


def _take_bare_names(cast: Cast, taken: set[int]) -> None:
    tokens = cast.tokens
    for number, token in enumerate(tokens):
        if number in taken or not token.capital or not cast.bearers(token.text):
            continue
        begin = number
        while begin and _joins(tokens[begin - 1], tokens[begin]) and _is_title(tokens[begin - 1]):
            begin -= 1
        title = tokens[number - 1].lower if begin < number else ""
        cast.take_bare(NameMention(number, number, begin, (token.text,), title))


def read_cast(tokens: Tokens, surnames: Iterable[str] = ()) -> Cast:
    """Find everyone named. `surnames` are words known to name people though the text has no fuller form."""
    cast = Cast(tokens)
    found = [
        m for start, stop in _runs(tokens) for m in _mentions_in_run(tokens, start, stop, introduced=True)
    ]
    for mention in sorted(found, key=lambda m: (len(m.parts) == 1, m.first)):
        cast.add(mention)
    for surname in surnames:
        if not cast.bearers(surname):
            cast.add_surname(surname)
    _take_bare_names(cast, {n for m in found for n in range(m.begin, m.last + 1)})
    cast.mentions.sort(key=lambda mention: mention.first)
    for person in cast.people:
        person.mentions.sort(key=lambda mention: mention.first)
    return cast
