"""The people that an article names, with their mentions, titles and gender."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from service.extraction.speakers.mentions.name_mentions import (
    NO_GIVEN,
    NameMention,
    find_bare_names,
    find_names,
    joins,
)
from service.extraction.speakers.noun_lists import (
    FEMALE_NOUNS,
    MALE_NOUNS,
)
from service.extraction.speakers.thresholds import (
    HONORIFIC_VOTES,
    LEAST_DOMINANCE,
    MOST_BEARERS,
    NAME_VOTES,
    PRONOUN_REACH,
)
from service.extraction.speakers.tokens import Token, Tokens, fold_name
from service.names.given_names import Gender, read_given_name
from service.names.name_parts import FEMALE_TITLES, GENERATIONS, MALE_TITLES, NICKNAMES

_MALE = MALE_TITLES | MALE_NOUNS
_FEMALE = FEMALE_TITLES | FEMALE_NOUNS
_TITLES_OF_GIVEN = frozenset(["sir", "dame", "lady", "prince", "princess", "king", "queen"])
_HONORIFICS = MALE_TITLES | FEMALE_TITLES


@dataclass(slots=True, eq=False)
class Person:
    """Someone the article names. Names are kept in lower case, "" where unknown."""

    given: str
    surname: str
    suffix: str = ""
    forms: Counter[str] = field(default_factory=Counter)
    genders: Counter[Gender] = field(default_factory=Counter)
    told: Gender = "open"  # by the given name, where all else is even
    mentions: list[NameMention] = field(default_factory=list)
    full_at: list[int] = field(default_factory=list)  # first words of the full mentions, in order
    sureness: float = 0.0  # mentions that are surely this person's, twice where "Mr." or the like stands

    @property
    def name(self) -> str:
        """The commonest of the forms with a given name, the first of equals; else the surname."""
        full = [form for form in self.forms if " " in form] or list(self.forms)
        mixed = [form for form in full if not form.isupper()] or full
        return max(mixed, key=lambda form: self.forms[form])

    @property
    def gender(self) -> Gender:
        """What honorifics, the given name and pronouns close by tell; "open" where they do not."""
        male, female = self.genders["male"], self.genders["female"]
        if male == female:
            return self.told
        return "male" if male > female else "female"

    def votes_against(self, gender: Gender) -> int:
        """The votes for the other gender less those for this one; 0 where the gender is open."""
        other: Gender = "female" if gender == "male" else "male"
        return 0 if gender == "open" else self.genders[other] - self.genders[gender]

    def may_be(self, gender: Gender) -> bool:
        """Whether a pronoun of that gender may mean this person: a given name alone can mislead."""
        return self.votes_against(gender) <= NAME_VOTES

    def answers_to(self, title: str) -> bool:
        """Whether a title's gender, if it has one, is this person's."""
        if title in _MALE:
            return self.gender != "female"
        return title not in _FEMALE or self.gender != "male"


def _same_given(one: str, other: str) -> bool:
    if not one or not other or one == other:
        return True
    if len(one.rstrip(".")) == 1 or len(other.rstrip(".")) == 1:
        return one[0] == other[0]
    return any(one in names and other in names for names in NICKNAMES)


class Cast:
    """Everyone an article names, with an index by the words of names."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.people: list[Person] = []
        self.mentions: list[NameMention] = []
        self._by_surname: dict[str, list[Person]] = defaultdict(list)
        self._by_given: dict[str, list[Person]] = defaultdict(list)
        self._by_middle: dict[str, list[Person]] = defaultdict(list)  # "Zubiaurre" of "Íñigo Zubiaurre Lasa"
        self._exact: dict[tuple[str, str], list[Person]] = defaultdict(list)
        self._bearer: dict[int, Person] = {}  # by first word of the mention
        self.shared: set[int] = set()  # first words of mentions of a name that several bear

    def bearers(self, word: str) -> list[Person]:
        """The people whose surname, or else given name, is this word."""
        folded = fold_name(word)
        found = self._by_surname.get(folded) or self._by_given.get(folded) or self._by_middle.get(folded, [])
        return found[:MOST_BEARERS]

    def person(self, mention: NameMention) -> Person | None:
        """The person that a mention names; None if it is ambiguous."""
        return self._bearer.get(mention.first)

    def mentions_between(self, first: int, stop: int) -> list[NameMention]:
        """The mentions that begin in a half-open range of words, in order."""
        low = bisect_left(self.mentions, first, key=lambda mention: mention.first)
        high = bisect_left(self.mentions, stop, key=lambda mention: mention.first)
        return self.mentions[low:high]

    def known_words(self) -> Iterable[str]:
        """Every surname and given name borne."""
        return [*self._by_surname, *self._by_given, *self._by_middle]

    def add_full(self, mention: NameMention) -> None:
        """Add a mention of a full name, of a known or a new person."""
        given, surname = fold_name(mention.parts[0]), fold_name(mention.parts[-1])
        fits = [
            p for p in [*self._exact.get((given, surname), ()), *self._by_surname.get(surname,
            [])[:MOST_BEARERS]]
            if p.suffix == mention.suffix and _same_given(p.given, given) and p.answers_to(mention.title)
        ]  # fmt: skip
        exact = [p for p in fits if p.given == given]
        if not exact and (of_two := self._of_two_surnames(mention)):
            self._take(of_two[0], mention, "")
            return
        person = exact[0] if exact else fits[0] if fits else self._new(given, surname, mention.suffix)
        for part in mention.parts[1:-1]:
            if len(part) > 3 and person not in (bearers := self._by_middle[fold_name(part)]):
                bearers.append(person)
        if not person.given:
            person.given = given
            self._by_given[given].append(person)
        suffix = f" {mention.suffix.capitalize()}." if mention.suffix in {"jr", "sr"} else ""
        self._take(
            person, mention, " ".join(mention.parts) + (suffix or f" {mention.suffix.upper()}".rstrip())
        )

    def _of_two_surnames(self, mention: NameMention) -> list[Person]:
        """Whom "Mr. Guajardo Villarreal" means, where someone's name is known to end so."""
        ending = " " + fold_name(" ".join(mention.parts))
        bearers = self._by_surname.get(fold_name(mention.parts[-1]), [])[:MOST_BEARERS]
        return [p for p in bearers if any(fold_name(form).endswith(ending) for form in p.forms)]

    def add_surname(self, mention: NameMention) -> None:
        """Add a titled surname that no known person has, as a new person without a given name."""
        surname = fold_name(mention.parts[0])
        may_be_given = mention.title in _TITLES_OF_GIVEN or surname not in self._by_surname
        if surname in self._by_given and may_be_given:
            self.add_bare(mention)  # "Dr Xu" of Xu Wenjing
            return
        if not any(p.answers_to(mention.title) for p in self._by_surname.get(surname, [])[:MOST_BEARERS]):
            self._take(self._new("", surname, ""), mention, mention.parts[0])

    def add_lone(self, surname: str) -> None:
        """Add a person of whom the text gives only a surname, without a mention yet."""
        if not self.bearers(surname):
            self._new("", fold_name(surname), "").forms[surname] += 1

    def begins_with_surname(self, first: str, last: str) -> bool:
        """Whether the first word of a name is a surname that stands alone elsewhere: "Xu Wenjing" and
        "Xu".
        """
        lone = self._by_surname.get(fold_name(first), [])
        return len(lone) == 1 and not lone[0].given and not self.bearers(last)

    def add_family_first(self, mention: NameMention) -> None:
        """Add a full name that begins with the surname of a person known only by it."""
        [person] = self._by_surname[fold_name(mention.parts[0])]
        person.given = fold_name(mention.parts[-1])
        self._take(person, mention, " ".join(mention.parts))

    def add_bare(self, mention: NameMention) -> None:
        """Add a mention by one word of a known name, if it is unambiguous."""
        bearers = self.bearers(mention.parts[0])
        fits = [p for p in bearers if p.answers_to(mention.title)]
        if len(fits) > 1:
            self.shared.add(mention.first)
        person = fits[0] if len(fits) == 1 else self._main_bearer(fits, mention)
        if person is not None:
            self._take(person, mention, "")
        else:
            self.mentions.append(mention)

    def _main_bearer(self, fits: list[Person], mention: NameMention) -> Person | None:
        """Whom a name that several bear means: the one named last if just now, else the one the article
        is about.

        Newspapers give the others their given names each time.
        """
        if not fits:
            return None
        before = [(p.full_at[at - 1], p) for p in fits if (at := bisect_left(p.full_at, mention.first))]
        if before:
            first, latest = max(before, key=lambda pair: pair[0])
            here, there = self.tokens[mention.first], self.tokens[first]
            if here.sentence - there.sentence <= 1 and here.paragraph == there.paragraph:
                return latest
        lead = min((p.full_at[0] for p in fits if p.full_at), default=-1)
        weights = [p.sureness + 1.0 * (p.full_at[:1] == [lead]) for p in fits]
        second, best = sorted(range(len(fits)), key=lambda n: weights[n])[-2:]
        return fits[best] if weights[best] > LEAST_DOMINANCE * weights[second] else None

    def _new(self, given: str, surname: str, suffix: str) -> Person:
        person = Person(given, surname, suffix)
        self.people.append(person)
        self._by_surname[surname].append(person)
        if given:
            self._by_given[given].append(person)
            self._exact[given, surname].append(person)
        return person

    def _take(self, person: Person, mention: NameMention, form: str) -> None:
        if form:
            person.forms[form] += 1
        if mention.title in _MALE:
            person.genders["male"] += HONORIFIC_VOTES
        elif mention.title in _FEMALE:
            person.genders["female"] += HONORIFIC_VOTES
        own = mention.full and fold_name(mention.parts[0]) == person.given
        told = read_given_name(mention.parts[0]) if own else None
        if told is not None and told.votes and person.told == "open":
            person.genders[told.gender] += told.votes
            person.told = told.gender
        self._bearer[mention.first] = person
        person.sureness += 1.0 + (mention.title in _HONORIFICS)
        if mention.full:
            person.full_at.append(mention.first)
        person.mentions.append(mention)
        self.mentions.append(mention)

    def settle(self) -> None:
        """Bring the mentions into text order, and let pronouns right after a name vote on the gender."""
        self.mentions.sort(key=lambda mention: mention.first)
        for person in self.people:
            person.mentions.sort(key=lambda mention: mention.first)
        for number, mention in enumerate(self.mentions):
            person_here = self.person(mention)
            limit = self.mentions[number + 1].begin if number + 1 < len(self.mentions) else len(self.tokens)
            if person_here is not None:
                self._vote_by_pronouns(person_here, mention.last, limit)

    def _vote_by_pronouns(self, person: Person, last: int, limit: int) -> None:
        for number in range(last + 1, min(last + PRONOUN_REACH, limit)):
            token = self.tokens[number]
            if token.sentence != self.tokens[last].sentence:
                return
            if token.lower in {"he", "his", "she", "her"}:
                person.genders["male" if token.lower in {"he", "his"} else "female"] += 1
                return


def _runs_ending_in(tokens: Tokens, surnames: Iterable[str], taken: set[int]) -> list[range]:
    """Two or three capitalised words of which the last is a surname that stands alone elsewhere: full
    names.
    """
    wanted = frozenset(surnames)
    found = []
    for number, token in enumerate(tokens):
        if token.text not in wanted or number == 0 or number in taken:
            continue
        start = number
        while (
            start > 0
            and number - start < 2
            and joins(tokens[start - 1], tokens[start])
            and _may_be_given(tokens[start - 1])
        ):
            start -= 1
        if start < number and not tokens[start].initial:
            found.append(range(start, number + 1))
    return found


def _may_be_given(token: Token) -> bool:
    if not token.capital or token.lower in NO_GIVEN:
        return False
    return token.initial or (len(token.text) > 2 and not token.text.isupper())


def read_cast(  # noqa: PLR0912
    tokens: Tokens,
    lone_surnames: Iterable[str] = (),
    full_names: Iterable[range] = (),
    labels: Iterable[range] = (),
) -> Cast:
    """Find everyone named.

    `lone_surnames` are words known to name people though the text has no fuller form; `full_names` are
    places of
    capitalised words that are a name if their last word turns out to be somebody's surname; `labels` are
    names for certain.
    """
    cast = Cast(tokens)
    found = find_names(tokens)
    taken = {n for m in found for n in range(m.begin, m.last + 1)}
    for mention in found:
        if mention.full:
            cast.add_full(mention)
    lone_labels = []
    for place in labels:
        if len(place) == 1:
            lone_labels.append(tokens[place[0]].text)
        elif taken.isdisjoint(place):
            written = tuple(tokens[n].written for n in place)
            cast.add_full(NameMention(place[0], place[-1], place[0], written))
            taken.update(place)
    titled = [m for m in found if not m.full]
    for mention in titled:
        cast.add_surname(mention)
    for surname in [*lone_labels, *lone_surnames]:
        if fold_name(surname) not in GENERATIONS:
            cast.add_lone(surname)
    for place in [*full_names, *_runs_ending_in(tokens, lone_surnames, taken)]:
        words = [tokens[n] for n in place]
        if taken.isdisjoint(place) and cast.begins_with_surname(words[0].text, words[-1].text):
            cast.add_family_first(NameMention(place[0], place[-1], place[0], tuple(w.written for w in words)))
            taken.update(place)
        elif taken.isdisjoint(place) and any(not p.given for p in cast.bearers(words[-1].text)):
            cast.add_full(NameMention(place[0], place[-1], place[0], tuple(w.written for w in words)))
            taken.update(place)
    known = cast.known_words()
    bare = [m for m in titled if cast.person(m) is None] + list(find_bare_names(tokens, known, taken))
    for mention in sorted(bare, key=lambda m: m.first):
        if mention.full:
            cast.add_full(mention)
        else:
            cast.add_bare(mention)
    cast.settle()
    return cast
