"""Evidence from candidates: the best hits with the words around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, get_args

from sqlalchemy import BigInteger, Connection, Integer, Select, String, bindparam, select

from service.matching.models import Evidence, Origin
from service.matching.retrieval.fingerprints import encode_word, hash_words, rank_string
from service.matching.retrieval.ranking import Candidate, Ranked, rank_candidates
from service.matching.retrieval.text_parts import split_parts
from service.store.engine.batch_sql import split_chunks
from service.store.engine.compiled_queries import SIZES, number_list, run_compiled
from service.store.ingest.quote_drafts import WayIn, source_key
from service.store.quotes.writing import MAX_SPEAKERS, find_surnames
from service.store.retrieval.candidates import (
    KEEP,
    KEEP_DATED,
    MAX_DAY,
    Found,
    Frequencies,
    class_of,
    find_same_words,
)
from service.store.retrieval.context_windows import Hit, choose_windows, merge_windows, read_windows
from service.store.retrieval.fingerprint_search import CandidateFinder, RecentMatches
from service.store.retrieval.reported_speech import Report, find_statements
from service.store.tables import UNKNOWN_DAY, sources, speaker_surnames

WAYS_IN: Final[tuple[WayIn, ...]] = get_args(WayIn)
RADIUS: Final = 3  # sentences of a transcript on either side of a hit
MAX_RADIUS: Final = 300
MOST_REPORTS: Final = 3  # windows of reports beside those of records and statements
REPORTED_RADIUS: Final = 1  # sentences on either side of one that a report may go back to
MOST_REPORTED: Final = 16  # windows of such sentences
KEEP_OF_PART: Final = 20  # candidates for a part of a text: the whole had its fifty
WHOLE_COVERAGE: Final = 0.95
WHOLE_CLOSENESS: Final = 75.0
LEAST_COVERAGE: Final = 0.2
RELATIVE_COVERAGE: Final = 0.6  # of the best candidate's


@dataclass(frozen=True, slots=True)
class Question:
    """A search for evidence and its conditions."""

    text: str
    speaker: str | None = None
    as_of: date | None = None  # evidence of later days, and undated evidence, is left out
    excluded: frozenset[int] | None = None  # the caller's own sources; None: not stored
    limit: int = 5  # windows; twice as many double the cost of judging and decide no labelled case


@dataclass(frozen=True, slots=True)
class Scope:
    """A question's conditions as the tables know them."""

    speakers: frozenset[int]  # preferred among equals
    excluded: frozenset[int]  # sources and origins
    until: int | None  # day
    keep: int  # hits of each segment

    def admits(self, found: Found) -> bool:
        """Whether a candidate may be evidence."""
        in_time = self.until is None or UNKNOWN_DAY < found.day <= self.until
        own = found.source_id in self.excluded or found.origin_id in self.excluded
        return in_time and not own and found.evidence_class != "draft"

    def prefer(self, found: Found) -> tuple[int, int]:
        """The order of quotes that hold the words equally well: the speaker's own, then the earliest."""
        return int(found.speaker_id not in self.speakers), found.day or MAX_DAY


Ranking = list[tuple[Ranked, Found]]


class Rankings(NamedTuple):
    """The best hits of a segment, best first: of records and statements, and of reports."""

    primary: Ranking
    reports: Ranking


def gather_evidence(
    connection: Connection, question: Question, known: Frequencies, recent: RecentMatches
) -> list[Evidence]:
    """Windows of stored words that may hold the text: of records and statements, then of reports.

    Each the most promising first, and chosen apart: no number of reports takes the place of a record.
    """
    segments = split_parts(question.text)
    if not segments:
        return []
    scope = Scope(
        speakers=find_speaker_ids(connection, question.speaker),
        excluded=question.excluded or frozenset(),
        until=question.as_of.toordinal() if question.as_of else None,
        keep=question.limit,
    )
    # Who leaves out sources of his own is about to store one.
    recall = CandidateFinder(connection, known, recent if question.excluded is not None else None)
    found = find_hits(connection, recall, segments[:1], scope, KEEP)
    if len(segments) > 1 and not holds_whole(found[0].primary):  # else its parts need no search
        found += find_hits(connection, recall, segments[1:], scope, KEEP_OF_PART)
    primary = list_hits(segments, [ranking.primary for ranking in found])
    reports = list_hits(segments, [ranking.reports for ranking in found])
    if not primary and not reports:
        return []
    stored = read_origins(connection, {hit.source_id for hit in (*primary, *reports)})
    radius = min(MAX_RADIUS, RADIUS + len(segments) - 1)
    windows = []
    for hits, limit in ((primary, question.limit), (reports, MOST_REPORTS if primary else question.limit)):
        merged = merge_windows(hits, stored.origins, radius, stored.loose)
        windows += choose_windows(merged, len(segments), limit) if merged else []
    return read_windows(connection, windows, stored.origins)


def gather_statements(connection: Connection, report: Report) -> list[Evidence]:
    """Windows of what a person said that a report of their words may go back to, the likeliest first."""
    hits = find_statements(connection, report)
    if not hits:
        return []
    stored = read_origins(connection, {hit.source_id for hit in hits})
    windows = merge_windows(hits, stored.origins, REPORTED_RADIUS, stored.loose)
    return read_windows(connection, choose_windows(windows, 1, MOST_REPORTED), stored.origins)


def list_hits(segments: Sequence[list[str]], rankings: Sequence[Ranking]) -> list[Hit]:
    """The places of the rankings of all segments."""
    return [
        Hit(place.source_id, place.position, number, ranked.coverage * len(segments[number]), rank)
        for number, ranking in enumerate(rankings)
        for rank, (ranked, place) in enumerate(ranking)
    ]


def holds_whole(ranking: Ranking) -> bool:
    """Whether the best of a ranking holds all of a text together, not its words here and there."""
    if not ranking:
        return False
    best = ranking[0][0]
    return best.coverage >= WHOLE_COVERAGE and best.closeness >= WHOLE_CLOSENESS


def find_hits(
    connection: Connection, recall: CandidateFinder, segments: Sequence[list[str]], scope: Scope, keep: int
) -> list[Rankings]:
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


def rank_found(codes: Sequence[int], found: Iterable[Found], scope: Scope) -> Rankings:
    """The usable candidates that hold a segment's words best, best first."""
    usable = {one.id: one for one in found if scope.admits(one)}
    words = rank_string(codes)
    primary = [one for one in usable.values() if not one.is_report]
    reports = drop_copies(one for one in usable.values() if one.is_report)
    ranked = _rank(words, primary, scope), _rank(words, reports, scope)
    best = [ranking[0].coverage if ranking else 0.0 for ranking in ranked]
    least = [
        max(LEAST_COVERAGE, RELATIVE_COVERAGE * best[0]), max(LEAST_COVERAGE, RELATIVE_COVERAGE * max(best))
    ]  # fmt: skip
    kept = [
        [(one, usable[one.id]) for one in ranking if one.coverage >= floor]
        for ranking, floor in zip(ranked, least, strict=True)
    ]
    return Rankings(*kept)


def _rank(words: str, found: Iterable[Found], scope: Scope) -> list[Ranked]:
    candidates = [Candidate(one.id, one.words, scope.prefer(one)) for one in found]
    return rank_candidates(words, candidates, scope.keep)


def drop_copies(reports: Iterable[Found]) -> list[Found]:
    """The hits without copies: of reports that share an origin, only the earliest."""
    ordered = sorted(reports, key=lambda one: (one.day or MAX_DAY, one.source_id))
    first: dict[int, int] = {}
    for one in ordered:
        first.setdefault(one.origin_id or one.source_id, one.source_id)
    return [one for one in ordered if first[one.origin_id or one.source_id] == one.source_id]


class StoredOrigins(NamedTuple):
    """Sources by number, and which of them hold quotes that came in one by one."""

    origins: dict[int, Origin]
    loose: frozenset[int]


def read_origins(connection: Connection, source_ids: Iterable[int]) -> StoredOrigins:
    """The sources by number."""
    origins, loose = {}, set()
    for chunk in split_chunks(list(source_ids), SIZES[-1]):
        size, parameters = number_list("id", chunk)
        for row in run_compiled(connection, build_origin_query, size, parameters):
            published_at = date.fromordinal(row[4]) if row[4] else None
            evidence_class = row[6] or class_of(row[5])
            origins[row[0]] = Origin(
                row[1], row[2], row[3], published_at, row[5], evidence_class, machine=bool(row[8])
            )
            if row[7] is None:
                loose.add(row[0])
    return StoredOrigins(origins, frozenset(loose))


def find_own_sources(connection: Connection, uri: str | None, copies: Iterable[int] = ()) -> frozenset[int]:
    """What is no evidence for who publishes at an address, or stores one of `copies`: those sources, all
    spellings of the address and every way in, and whatever shares an origin with one of them."""
    found = set(copies)
    if uri is not None:
        size, parameters = number_list("key", [source_key(way_in, uri) for way_in in WAYS_IN])
        found |= {row[0] for row in run_compiled(connection, build_source_query, size, parameters)}
    if not found:
        return frozenset()
    shared = select(sources.c.origin_id).where(sources.c.id.in_(found), sources.c.origin_id.is_not(None))
    return frozenset(found.union(connection.execute(shared).scalars()))


def find_speaker_ids(connection: Connection, name: str | None) -> frozenset[int]:
    """Speakers who share a surname with a name."""
    surnames = find_surnames(name) if name else ()
    if not surnames:
        return frozenset()
    size, parameters = number_list("surname", surnames)
    rows = run_compiled(connection, build_surname_query, size, {**parameters, "most": MAX_SPEAKERS})
    return frozenset(row[0] for row in rows)


def build_source_query(size: int) -> Select[Any]:
    """The sources with the keys `key_i`."""
    keys = [bindparam(f"key_{number}", type_=BigInteger) for number in range(size)]
    return select(sources.c.id).where(sources.c.key.in_(keys))


def build_origin_query(size: int) -> Select[Any]:
    """A query for the sources with the ids `id_0`, `id_1`, …"""
    ids = [bindparam(f"id_{number}", type_=Integer) for number in range(size)]
    return select(
        sources.c.id,
        sources.c.uri,
        sources.c.title,
        sources.c.publisher,
        sources.c.published_at,
        sources.c.kind,
        sources.c.evidence_class,
        sources.c.content_hash,
        sources.c.machine,
    ).where(sources.c.id.in_(ids))


def build_surname_query(size: int) -> Select[Any]:
    """Ids of speakers with one of the surnames `surname_i`."""
    surnames = [bindparam(f"surname_{number}", type_=String) for number in range(size)]
    return (
        select(speaker_surnames.c.speaker_id)
        .where(speaker_surnames.c.surname.in_(surnames))
        .limit(bindparam("most", type_=Integer))
    )
