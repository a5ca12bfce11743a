"""The timeline of a person: what they said when, about what, and how it relates to their other statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from service.claims.rarity import load_rarity
from service.claims.terms import stem_word
from service.english.word_classes import FILLERS, FUNCTION_WORDS, MODALS, NEGATIONS
from service.matching.retrieval.fingerprints import split_words
from service.people.statements import Relation, Statement, relate
from service.store import Store, StoredQuote
from service.store.people.lookup import StoreRegistry
from service.store.people.records import StoredPerson
from service.store.quotes.statements import Accepts, RepeatedWords, Said, SpeakerName, Wanted

MOST_SUBJECTS: Final = 5
MOST_SHOWN: Final = 10  # repeats, and opposites, of one statement
NO_SUBJECTS: Final = FUNCTION_WORDS | FILLERS | MODALS | NEGATIONS


@dataclass(frozen=True, slots=True)
class TimelineSearch:
    """The conditions of a search in a timeline."""

    words: str | None = None
    since: date | None = None
    until: date | None = None
    cursor: str | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Another statement of the same person, and its relation to the one it is shown with."""

    quote: StoredQuote
    relation: Relation


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement. `about` are its most specific words."""

    quote: StoredQuote
    about: tuple[str, ...]
    repeats: tuple[Counterpart, ...]
    contradictions: tuple[Counterpart, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of a person's statements, the newest first. `names` are the names of the person in sources."""

    person: StoredPerson
    names: tuple[str, ...]
    entries: tuple[Entry, ...]
    next_cursor: str | None


def trace_timeline(store: Store, person: StoredPerson, search: TimelineSearch) -> Timeline:
    """A page of the statements of a known person. Raises InvalidInput for a bad cursor.

    A quote is the person's if its speaker's name refers to them on its day, by the registry. Quotes with
    ambiguous names are left out.
    """
    registry = store.people.registry()
    found = store.statements.find_names(person.person.names) if registry else []
    names, accepts = choose_names(registry, person.id, found)
    wanted = Wanted(names.keys(), accepts, search.words, search.since, search.until)
    said, after = store.statements.find_page(wanted, search.cursor, search.limit)
    entries = tuple(
        build_entry(one, store.statements.find_alike(one, names.keys(), accepts), person.id) for one in said
    )
    return Timeline(person, tuple(sorted(names.values())), entries, after)


def find_own_repeats(store: Store, person: StoredPerson, most: int) -> tuple[RepeatedWords, ...]:
    """The statements of a known person that most sources repeat."""
    registry = store.people.registry()
    found = store.statements.find_names(person.person.names) if registry else []
    names, accepts = choose_names(registry, person.id, found)
    return tuple(store.statements.find_repeated(Wanted(names.keys(), accepts), most))


def choose_names(
    registry: StoreRegistry | None, person_id: str, found: list[SpeakerName]
) -> tuple[dict[int, str], Accepts]:
    """The names that may refer to a person, and a function for whether one does on a day."""
    names: dict[int, str] = {}
    sure: set[int] = set()
    if registry is not None:
        registry.prepare(one.name for one in found)
        for one in found:
            resolution = registry.resolve(one.name)
            possible = {each.id for each in resolution.possible}
            if person_id in possible:
                names[one.id] = one.name
                if resolution.person is not None and possible == {person_id}:
                    sure.add(one.id)
    return names, _judge_names(registry, person_id, names, sure)


def _judge_names(
    registry: StoreRegistry | None, person_id: str, names: dict[int, str], sure: set[int]
) -> Accepts:
    known: dict[tuple[int, date | None], bool] = {}

    def accepts(name: int, day: date | None) -> bool:
        if name in sure:
            return True
        if (name, day) not in known:
            meant = registry.resolve(names[name], day).person if registry and name in names else None
            known[name, day] = meant is not None and meant.id == person_id
        return known[name, day]

    return accepts


def build_entry(said: Said, alike: list[Said], person_id: str) -> Entry:
    """A statement with its counterparts, by time."""
    counterparts = [
        Counterpart(replace(other.quote, speaker_id=person_id), relation)
        for other in alike
        if (relation := relate_in_time(said, other))
    ]
    opposed = tuple(one for one in counterparts if one.relation.kind == "contradiction")
    repeated = tuple(one for one in counterparts if one.relation.kind != "contradiction")
    quote = replace(said.quote, speaker_id=person_id)
    return Entry(quote, find_subjects(said.quote.text), repeated[:MOST_SHOWN], opposed[:MOST_SHOWN])


def relate_in_time(one: Said, other: Said) -> Relation | None:
    """The relation of the later of two statements to the earlier."""
    earlier, later = sorted((one, other), key=_in_time)
    return relate(_statement(earlier), _statement(later))


def _in_time(said: Said) -> tuple[date, int]:
    return said.quote.said_at or date.max, said.number


def _statement(said: Said) -> Statement:
    quote = said.quote
    return Statement(quote.text, quote.form, (quote.origin.uri, quote.turn), said.family)


def find_subjects(text: str, weigh: Callable[[str], float] | None = None) -> tuple[str, ...]:
    """The most specific words of a text, as written, in their order."""
    weigh = weigh or load_rarity().__getitem__
    words = {
        word.casefold(): word
        for word in reversed([raw.strip(_MARKS) for raw in text.split()])
        if len(word) > 2 and not any(part in NO_SUBJECTS for part in split_words(word))
    }
    telling = sorted(words, key=lambda word: (-weigh(stem_word(word)), word))[:MOST_SUBJECTS]
    order = text.casefold()
    return tuple(words[word] for word in sorted(telling, key=order.find))


_MARKS: Final = ".,;:!?\"'“”‘’()[]…—–-"
