"""Search for what a person said that a report may go back to.

A report promises no wording, so pairs of neighbouring words find nothing. Read are the sentences that the
person said, those nearest in time first; kept are the ones that share the rarest words with the report, in
any inflection. Whether they mean the same is not decided here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Integer, Select, bindparam, select

from service.english.word_classes import FUNCTION_WORDS
from service.matching.models import EvidenceClass
from service.matching.retrieval.fingerprints import encode_word, rank_string, split_words, unpack_ranks
from service.store.engine.compiled_queries import number_list, run_compiled
from service.store.retrieval.candidates import class_of
from service.store.retrieval.context_windows import Hit
from service.store.tables import UNKNOWN_DAY, quotes, sources

NEAR_DAYS: Final = 30  # what was said so near to the report is looked through first
MOST_READ: Final = 3_000  # sentences of one person
ENOUGH_NEAR: Final = 300  # with fewer from the days around, other days are looked through too
KEEP: Final = 24  # sentences
SURE_SHARE: Final = 0.15  # of the weight of the report's words that a sentence shares at the least
LEAST_INFLECTED: Final = 4  # letters; shorter words have no endings that could be distinguished
ENDINGS: Final = ("ing", "ied", "ies", "ed", "es", "s", "d")


@dataclass(frozen=True, slots=True)
class Report:
    """Reported words, the numbers of the names that may mean their speaker, and what may not be read."""

    text: str
    speakers: Collection[int]
    said_on: date | None
    until: int | None  # the last day whose words count, and only dated ones then
    excluded: Collection[int]  # sources and origins


class Statement(NamedTuple):
    """A sentence of the person, with the columns that the choice needs."""

    words: str  # a rank string
    source_id: int
    position: int
    day: int
    evidence_class: EvidenceClass
    origin_id: int | None


def find_statements(connection: Connection, report: Report) -> list[Hit]:
    """The places of the sentences that share the rarest words with the report, best first."""
    if not report.speakers or not (wanted := find_wanted(report.text)):
        return []
    statements = [one for one in read_statements(connection, report) if is_admitted(one, report)]
    ranks = wanted.keys()
    shared = [frozenset(map(wanted.__getitem__, ranks & one.words)) for one in statements]
    counts = Counter(number for numbers in shared for number in numbers)
    weights = {number: math.log(1 + len(statements) / count) for number, count in counts.items()}
    unseen = math.log(1 + len(statements))
    whole = sum(weights.get(number, unseen) for number in set(wanted.values()))
    scored = [
        (sum(weights[number] for number in numbers), place) for place, numbers in enumerate(shared) if numbers
    ]
    scored.sort(key=lambda entry: (-entry[0], entry[1]))
    return [
        Hit(statements[place].source_id, statements[place].position, 0, score, rank)
        for rank, (score, place) in enumerate(scored[:KEEP])
        if score >= SURE_SHARE * whole
    ]


def is_admitted(statement: Statement, report: Report) -> bool:
    """Whether a sentence may be evidence."""
    if report.until is not None and not UNKNOWN_DAY < statement.day <= report.until:
        return False
    own = statement.source_id in report.excluded or statement.origin_id in report.excluded
    return not own and statement.evidence_class != "draft"


def read_statements(connection: Connection, report: Report) -> list[Statement]:
    """What the names said, a bounded number of sentences: those of the days around first."""
    speakers = sorted(report.speakers)
    size, names = number_list("speaker", speakers)
    day = report.said_on.toordinal() if report.said_on else None
    rows: list[Statement] = []
    if day is not None:
        near = {"first": day - NEAR_DAYS, "last": day + NEAR_DAYS, "most": MOST_READ}
        rows = [read_row(row) for row in run_compiled(connection, build_near_query, size, {**names, **near})]
    if len(rows) < ENOUGH_NEAR:
        others = run_compiled(connection, build_newest_query, size, {**names, "most": MOST_READ - len(rows)})
        seen = {(one.source_id, one.position) for one in rows}
        rows += [one for one in map(read_row, others) if (one.source_id, one.position) not in seen]
    return rows


def read_row(row: Sequence[Any]) -> Statement:
    """A row of the queries below."""
    return Statement(unpack_ranks(row[0]), row[1], row[2], row[3], row[4] or class_of(row[5]), row[6])


def build_near_query(size: int) -> Select[Any]:
    """At most `most` sentences of `speaker_i` from the day `first` to the day `last`."""
    within = quotes.c.day.between(bindparam("first", type_=Integer), bindparam("last", type_=Integer))
    return build_statements(size).where(within)


def build_newest_query(size: int) -> Select[Any]:
    """The newest `most` sentences of `speaker_i`."""
    return build_statements(size).order_by(quotes.c.day.desc())


def build_statements(size: int) -> Select[Any]:
    """Sentences of `speaker_i` with the source they stand in."""
    speakers = [bindparam(f"speaker_{number}", type_=Integer) for number in range(size)]
    return (
        select(
            quotes.c.words, quotes.c.source_id, quotes.c.position, quotes.c.day, sources.c.evidence_class,
            sources.c.kind, sources.c.origin_id,
        )
        .join_from(quotes, sources)
        .where(quotes.c.speaker_id.in_(speakers))
        .limit(bindparam("most", type_=Integer))
    )  # fmt: skip


@lru_cache(maxsize=512)
def find_wanted(text: str) -> dict[str, int]:
    """The content words of a report by the ranks of their inflections, each word by its number."""
    words = list(dict.fromkeys(word for word in split_words(text) if word not in FUNCTION_WORDS))
    wanted: dict[str, int] = {}
    for number, word in enumerate(words):
        for form in inflect(word):
            wanted.setdefault(rank_string([encode_word(form)]), number)
    return wanted


def inflect(word: str) -> Iterator[str]:
    """Possible inflected forms of a word, itself first; for search only, so wrong ones are harmless."""
    yield word
    if len(word) < LEAST_INFLECTED or not word.isalpha():
        return
    for stem in find_stems(word):
        yield stem
        yield from (stem + ending for ending in ENDINGS)
        if stem.endswith("e"):
            yield stem[:-1] + "ing"
        if stem.endswith("y"):
            yield from (stem[:-1] + "ies", stem[:-1] + "ied")
        yield from (stem + stem[-1] + "ing", stem + stem[-1] + "ed")


def find_stems(word: str) -> list[str]:
    """What may be left of a word without its ending."""
    stems = [word]
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < LEAST_INFLECTED - 1:
            continue
        stems += [stem, f"{stem}e"]
        if ending in ("ied", "ies"):
            stems.append(f"{stem}y")
        if len(stem) > LEAST_INFLECTED and stem[-1] == stem[-2]:
            stems.append(stem[:-1])
    return stems
