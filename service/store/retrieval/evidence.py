"""From candidates to evidence: what holds the text best, with the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Integer, Select, String, bindparam, select

from service.matching.models import Evidence, Origin
from service.matching.retrieval.fingerprints import encode_word, hash_words, rank_string, split_words
from service.matching.retrieval.ranking import Candidate, Ranked, rank_candidates
from service.store.engine.batch_sql import split_chunks
from service.store.engine.compiled_queries import SIZES, number_list, run_compiled
from service.store.ingest.quote_drafts import WayIn
from service.store.quotes.writing import find_surname
from service.store.records import storable
from service.store.retrieval.candidates import (
    KEEP,
    KEEP_DATED,
    MAX_DAY,
    Found,
    Frequencies,
    find_same_words,
)
from service.store.retrieval.context_windows import Hit, choose_windows, merge_windows, read_windows
from service.store.retrieval.fingerprint_search import Recall, RecentKin
from service.store.tables import UNKNOWN_DAY, sources, speaker_names
from service.text.segments import find_sentences

RADIUS: Final = 3  # sentences of a transcript on either side of a hit
MAX_RADIUS: Final = 300
MAX_SPEAKERS: Final = 200  # of one surname
KEEP_OF_PART: Final = 20  # candidates for a part of a text: the whole had its fifty
MAX_SEGMENTS: Final = 12  # parts of a long text that are looked up on their own
LEAST_SEGMENT: Final = 3  # words
WHOLE_COVERAGE: Final = 0.95
WHOLE_CLOSENESS: Final = 75.0
LEAST_COVERAGE: Final = 0.2
RELATIVE_COVERAGE: Final = 0.6  # of the best candidate's

# What a writer left out, or put in: the words on either side may stand apart.
GAP: Final = re.compile(r"…|\.{3,}|\. \. \.|\[[^\[\]]{0,60}\]")


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked up, and which evidence counts."""

    text: str
    speaker: str | None = None
    as_of: date | None = None  # evidence of later days, and undated evidence, is left out
    exclude_source_uri: str | None = None
    limit: int = 5  # windows; twice as many double the cost of judging and decide no labelled case


@dataclass(frozen=True, slots=True)
class Scope:
    """A question's conditions as the tables know them."""

    speakers: frozenset[int]  # preferred among equals
    excluded: frozenset[int]  # sources
    until: int | None  # day
    keep: int  # hits of each segment

    def admits(self, found: Found) -> bool:
        """Whether a candidate may be evidence."""
        in_time = self.until is None or UNKNOWN_DAY < found.day <= self.until
        return in_time and found.source_id not in self.excluded

    def prefer(self, found: Found) -> tuple[int, int]:
        """The order of quotes that hold the words equally well: the speaker's own, then the earliest."""
        return int(found.speaker_id not in self.speakers), found.day or MAX_DAY


def gather_evidence(
    connection: Connection, question: Question, known: Frequencies, recent: RecentKin
) -> list[Evidence]:
    """Windows of stored words that may hold the text, the most promising first."""
    segments = split_segments(question.text)
    scope = Scope(
        speakers=find_speaker_ids(connection, question.speaker),
        excluded=find_source_ids(connection, question.exclude_source_uri),
        until=question.as_of.toordinal() if question.as_of else None,
        keep=question.limit,
    )
    if not segments:
        return []
    # Who leaves out a source of his own is about to store it.
    recall = Recall(connection, known, recent if question.exclude_source_uri is not None else None)
    found = find_hits(connection, recall, segments[:1], scope, KEEP)
    if len(segments) > 1 and not (found[0] and holds_whole(found[0][0][0])):  # else its parts need no search
        found += find_hits(connection, recall, segments[1:], scope, KEEP_OF_PART)
    hits = [
        Hit(place.source_id, place.position, number, ranked.coverage * len(segments[number]), rank)
        for number, ranking in enumerate(found)
        for rank, (ranked, place) in enumerate(ranking)
    ]
    if not hits:
        return []
    origins = read_origins(connection, {hit.source_id for hit in hits})
    radius = min(MAX_RADIUS, RADIUS + len(segments) - 1)
    windows = choose_windows(merge_windows(hits, origins, radius), len(segments), question.limit)
    return read_windows(connection, windows, origins)


def holds_whole(ranked: Ranked) -> bool:
    """Whether a quote holds all of a text together, not its words here and there in a long one."""
    return ranked.coverage >= WHOLE_COVERAGE and ranked.closeness >= WHOLE_CLOSENESS


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
    connection: Connection, recall: Recall, segments: Sequence[list[str]], scope: Scope, keep: int
) -> list[list[tuple[Ranked, Found]]]:
    """For each segment the quotes that hold its words best, best first, of `keep` candidates.

    Of more where later ones are still to be taken out.
    """
    keep = keep if scope.until is None else KEEP_DATED
    texts = [[encode_word(word) for word in words] for words in segments]
    hits = []
    for words, codes, (found, is_tied) in zip(segments, texts, recall.find(texts, keep), strict=True):
        same: list[Found] = []
        if is_tied:  # too many are equal: the earliest of the same words, and the speaker's own, must be in
            same = find_same_words(connection, hash_words(words), scope.until, sorted(scope.speakers))
        hits.append(rank_found(codes, [*found, *same], scope))
    return hits


def rank_found(codes: Sequence[int], found: Iterable[Found], scope: Scope) -> list[tuple[Ranked, Found]]:
    """The usable candidates that hold a segment's words best, best first."""
    usable = {one.id: one for one in found if scope.admits(one)}
    candidates = [Candidate(one.id, one.words, scope.prefer(one)) for one in usable.values()]
    ranked = rank_candidates(rank_string(codes), candidates, scope.keep)
    best = ranked[0].coverage if ranked else 0.0
    least = max(LEAST_COVERAGE, RELATIVE_COVERAGE * best)
    return [(one, usable[one.id]) for one in ranked if one.coverage >= least]


def read_origins(connection: Connection, source_ids: Iterable[int]) -> dict[int, Origin]:
    """The sources by id."""
    origins = {}
    for chunk in split_chunks(list(source_ids), SIZES[-1]):
        size, parameters = number_list("id", chunk)
        for row in run_compiled(connection, build_origin_query, size, parameters):
            published_at = date.fromordinal(row[4]) if row[4] else None
            origins[row[0]] = Origin(row[1], row[2], row[3], published_at, row[5])
    return origins


def find_source_ids(connection: Connection, uri: str | None) -> frozenset[int]:
    """The sources of a URI, whichever way they came in."""
    if uri is None:
        return frozenset()
    ways_in: tuple[WayIn, ...] = ("article", "transcript", "quotes")
    size, parameters = number_list("key", [hash_words((way_in, storable(uri))) for way_in in ways_in])
    return frozenset(row[0] for row in run_compiled(connection, build_source_query, size, parameters))


def find_speaker_ids(connection: Connection, name: str | None) -> frozenset[int]:
    """Speakers whose surname a name ends with."""
    surname = find_surname(name) if name else ""
    if not surname:
        return frozenset()
    rows = run_compiled(connection, build_surname_query, 1, {"surname": surname, "most": MAX_SPEAKERS})
    return frozenset(row[0] for row in rows)


def build_source_query(size: int) -> Select[Any]:
    """The sources with the keys `key_i`."""
    keys = [bindparam(f"key_{number}", type_=BigInteger) for number in range(size)]
    return select(sources.c.id).where(sources.c.key.in_(keys))


def build_origin_query(size: int) -> Select[Any]:
    """The sources `id_i`."""
    ids = [bindparam(f"id_{number}", type_=Integer) for number in range(size)]
    return select(
        sources.c.id,
        sources.c.uri,
        sources.c.title,
        sources.c.publisher,
        sources.c.published_at,
        sources.c.kind,
    ).where(sources.c.id.in_(ids))


def build_surname_query(_: int) -> Select[Any]:
    """Ids of speakers with a surname."""
    return (
        select(speaker_names.c.id)
        .where(speaker_names.c.surname == bindparam("surname", type_=String))
        .limit(bindparam("most", type_=Integer))
    )
