"""From candidates to evidence: what holds the text best, with the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, bindparam, literal, select, union_all

from service.matching.evidence import Evidence, Origin, Utterance
from service.matching.fingerprints import encode_word, hash_words, rank_string, split_words
from service.matching.ranking import Candidate, rank_candidates
from service.store.candidates import (
    KEEP,
    KEEP_DATED,
    MAX_DAY,
    Found,
    Frequencies,
    find_candidates,
    find_same_words,
)
from service.store.drafts import FORMS, WayIn
from service.store.records import format_key, storable
from service.store.tables import UNKNOWN_DAY, quotes, sources, speaker_names
from service.store.writing import find_surname
from service.text.segments import find_sentences

RADIUS: Final = 3  # sentences of a transcript on either side of a hit
MAX_RADIUS: Final = 300
MAX_SPEAKERS: Final = 200  # of one surname
MAX_SEGMENTS: Final = 12  # parts of a long text that are looked up on their own
LEAST_SEGMENT: Final = 3  # words
LEAST_COVERAGE: Final = 0.2
RELATIVE_COVERAGE: Final = 0.4  # of the best candidate's
CONTINUOUS_KIND: Final = "transcript"  # elsewhere neighbours are not what was said next

# What a writer left out, or put in: the words on either side may stand apart.
GAP: Final = re.compile(r"…|\.{3,}|\. \. \.|\[[^\[\]]{0,60}\]")


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked up, and which evidence counts."""

    text: str
    speaker: str | None = None
    as_of: date | None = None  # evidence of later days, and undated evidence, is left out
    exclude_source_uri: str | None = None
    limit: int = 10  # windows


@dataclass(slots=True)
class Window:
    """A stretch of one source."""

    source_id: int
    first: int
    last: int
    hits: set[int] = field(default_factory=set)
    coverage: dict[int, float] = field(default_factory=dict)  # by segment: the words of it that a hit holds

    @property
    def score(self) -> float:
        """Words of the text that the window's hits hold, each segment counted by its best."""
        return sum(self.coverage.values())


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a segment was found."""

    source_id: int
    position: int
    segment: int
    held: float  # words


def gather_evidence(connection: Connection, question: Question, known: Frequencies) -> list[Evidence]:
    """Windows of stored words that may hold the text, the most promising first."""
    segments = split_segments(question.text)
    excluded = find_source_ids(connection, question.exclude_source_uri)
    speakers = find_speaker_ids(connection, question.speaker)
    hits: list[Hit] = []
    for number, segment in enumerate(segments):
        hits += find_hits(connection, question, known, (number, segment), (excluded, speakers))
    if not hits:
        return []
    origins = read_origins(connection, {hit.source_id for hit in hits})
    radius = min(MAX_RADIUS, RADIUS + len(segments) - 1)
    windows = choose_windows(merge_windows(hits, origins, radius), len(segments), question.limit)
    return read_windows(connection, windows, origins)


def split_segments(text: str) -> list[list[str]]:
    """The words of the text, then those of each of its parts where it has several.

    Parts are sentences and what stands between marked gaps. Of very many, the longest are taken.
    """
    whole = split_words(text)
    pieces = [piece for piece in GAP.split(text) if piece.strip()]
    parts = [split_words(span.of(piece)) for piece in pieces for span in find_sentences(piece)]
    parts = [part for part in parts if len(part) >= LEAST_SEGMENT]
    if len(parts) == 1 and len(parts[0]) == len(whole):
        parts = []
    parts.sort(key=len, reverse=True)
    return [whole, *parts[:MAX_SEGMENTS]] if whole else []


def find_hits(
    connection: Connection,
    question: Question,
    known: Frequencies,
    numbered: tuple[int, list[str]],
    ids: tuple[set[int], set[int]],
) -> list[Hit]:
    """Where one segment was found, best first."""
    number, words = numbered
    excluded, speakers = ids
    until = question.as_of.toordinal() if question.as_of else None
    codes = [encode_word(word) for word in words]
    keep = KEEP if until is None else KEEP_DATED
    found = find_candidates(connection, codes, known, keep)
    found += find_same_words(connection, hash_words(words), until, sorted(speakers))
    usable = {
        one.id: one
        for one in found
        if one.source_id not in excluded and (until is None or UNKNOWN_DAY < one.day <= until)
    }
    candidates = [Candidate(one.id, one.words, prefer(one, speakers)) for one in usable.values()]
    ranked = rank_candidates(rank_string(codes), candidates, question.limit)
    best = ranked[0].coverage if ranked else 0.0
    least = max(LEAST_COVERAGE, RELATIVE_COVERAGE * best)
    return [
        Hit(usable[one.id].source_id, usable[one.id].position, number, one.coverage * len(words))
        for one in ranked
        if one.coverage >= least
    ]


def prefer(found: Found, speakers: set[int]) -> tuple[int, int]:
    """The order of quotes that hold the words equally well: the speaker's own, then the earliest."""
    return int(found.speaker_id not in speakers), found.day or MAX_DAY


def merge_windows(hits: Iterable[Hit], origins: dict[int, Origin], radius: int) -> list[Window]:
    """Hits with their surroundings; where these overlap or touch, one window."""
    windows: list[Window] = []
    for hit in sorted(hits, key=lambda hit: (hit.source_id, hit.position)):
        origin = origins.get(hit.source_id)
        if origin is None:
            continue
        around = radius if origin.kind == CONTINUOUS_KIND else 0
        first, last = max(0, hit.position - around), hit.position + around
        former = windows[-1] if windows else None
        apart = 1 if around else 0
        if former and former.source_id == hit.source_id and first <= former.last + apart:
            window = former
            window.last = max(window.last, last)
        else:
            window = Window(hit.source_id, first, last)
            windows.append(window)
        window.hits.add(hit.position)
        window.coverage[hit.segment] = max(window.coverage.get(hit.segment, 0.0), hit.held)
    return windows


def choose_windows(windows: list[Window], segments: int, limit: int) -> list[Window]:
    """The best windows, and in any case the best for each segment: both halves of a spliced quote."""
    ordered = sorted(windows, key=lambda window: -window.score)
    chosen = ordered[:limit]
    for segment in range(1, segments):
        best = max(ordered, key=lambda window: window.coverage.get(segment, 0.0))
        if best not in chosen:
            chosen.append(best)
    return chosen


def read_windows(
    connection: Connection, windows: Sequence[Window], origins: dict[int, Origin]
) -> list[Evidence]:
    """The stored words of the windows, in the windows' order."""
    parameters: dict[str, Any] = {}
    for number, window in enumerate(windows):
        parameters[f"source_{number}"] = window.source_id
        parameters[f"first_{number}"], parameters[f"last_{number}"] = window.first, window.last
    rows = connection.execute(build_window_query(len(windows)), parameters).all()
    by_window = groupby(sorted(rows, key=lambda row: (row.window, row.position)), lambda row: row.window)
    utterances = {number: tuple(map(read_utterance, group)) for number, group in by_window}
    return [
        Evidence(origins[window.source_id], utterances[number], frozenset(window.hits))
        for number, window in enumerate(windows)
        if number in utterances
    ]


def read_utterance(row: Any) -> Utterance:
    """A row of a window as the matching layer takes it."""
    return Utterance(
        quote_id=format_key(row.key),
        text=row.text,
        speaker=row.name,
        said_at=row.day,
        turn=row.turn,
        position=row.position,
        form=FORMS[row.form],
    )


def read_origins(connection: Connection, source_ids: set[int]) -> dict[int, Origin]:
    """The sources by id."""
    wanted = select(
        sources.c.id,
        sources.c.uri,
        sources.c.title,
        sources.c.publisher,
        sources.c.published_at,
        sources.c.kind,
    ).where(sources.c.id.in_(source_ids))
    return {row[0]: Origin(*row[1:]) for row in connection.execute(wanted)}


def find_source_ids(connection: Connection, uri: str | None) -> set[int]:
    """The sources of a URI, whichever way they came in."""
    if uri is None:
        return set()
    ways_in: tuple[WayIn, ...] = ("article", "transcript", "quotes")
    keys = [hash_words((way_in, storable(uri))) for way_in in ways_in]
    return set(connection.execute(select(sources.c.id).where(sources.c.key.in_(keys))).scalars())


def find_speaker_ids(connection: Connection, name: str | None) -> set[int]:
    """Speakers whose surname a name ends with."""
    surname = find_surname(name) if name else ""
    if not surname:
        return set()
    same = select(speaker_names.c.id).where(speaker_names.c.surname == surname).limit(MAX_SPEAKERS)
    return set(connection.execute(same).scalars())


@lru_cache(maxsize=64)
def build_window_query(count: int) -> Select[Any]:
    """The quotes of source `source_i` at `first_i` … `last_i`, with the window's number i."""
    stretches = [
        select(
            literal(number, Integer).label("window"),
            quotes.c.key, quotes.c.text, speaker_names.c.name, quotes.c.day, quotes.c.turn,
            quotes.c.position, quotes.c.form,
        )
        .join_from(quotes, speaker_names, isouter=True)
        .where(
            quotes.c.source_id == bindparam(f"source_{number}"),
            quotes.c.position.between(bindparam(f"first_{number}"), bindparam(f"last_{number}")),
        )
        for number in range(count)
    ]  # fmt: skip
    return select(union_all(*stretches).subquery("stretches"))
