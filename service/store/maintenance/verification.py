"""Verifies the integrity of a store: each rule is a function that yields the errors it finds.

To be used after a restore, a crash or a migration. Reads everything once, in bounded memory, and changes
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Select, func, select

from service.matching.retrieval.fingerprints import (
    ID_BITS,
    ID_MASK,
    Codes,
    WordCodes,
    encode_texts,
    find_postings,
)
from service.store.events.log import find_floor
from service.store.ingest.external_sort import PostingSorter
from service.store.records import hash_text, quote_key, storable
from service.store.reviews.audit import find_breaks, find_strays
from service.store.sign_offs.article_state import find_signed
from service.store.sign_offs.subjects import apply_corrections
from service.store.state import TRIGRAMS_ON, Generation, read_generation
from service.store.tables import (
    article_versions,
    articles,
    batches,
    event_state,
    events,
    frequencies,
    import_ranges,
    jobs,
    postings,
    quotes,
    sources,
    speaker_names,
    state,
)

AT_ONCE: Final = 5_000
MOST_NAMED: Final = 5  # rows that a finding names

Finding = str
Rule = Callable[[Connection], Iterator[Finding]]


def verify_store(connection: Connection) -> Iterator[Finding]:
    """The errors in a store, one line each.

    The connection must read from one snapshot.
    """
    for rule in RULES:
        yield from rule(connection)


def check_state(connection: Connection) -> Iterator[Finding]:
    """`store_state` has one row with the right counts, and no id is used twice."""
    row = connection.execute(select(state)).one()
    there = connection.execute(select(func.count(), func.max(quotes.c.id)).select_from(quotes)).one()
    if row.quotes != there[0]:
        yield f"state: counts {row.quotes} quotes, there are {there[0]}"
    if there[1] is not None and there[1] >= row.next_quote_id:
        yield f"state: the next quote would be {row.next_quote_id}, there is {there[1]} already"


def check_references(connection: Connection) -> Iterator[Finding]:
    """Every quote has a source, a position of its own in it, and a known speaker if any."""
    orphans = select(quotes.c.id).outerjoin(sources, quotes.c.source_id == sources.c.id)
    yield from name_rows(connection, orphans.where(sources.c.id.is_(None)), "quotes without source")
    nameless = select(quotes.c.id).outerjoin(speaker_names, quotes.c.speaker_id == speaker_names.c.id)
    unknown = quotes.c.speaker_id.is_not(None) & speaker_names.c.id.is_(None)
    yield from name_rows(connection, nameless.where(unknown), "quotes of an unknown speaker")
    place = (quotes.c.source_id, quotes.c.position)
    doubled = select(quotes.c.source_id).group_by(*place).having(func.count() > 1)
    yield from name_rows(connection, doubled, "sources with two quotes in one place")


def check_articles(connection: Connection) -> Iterator[Finding]:
    """An article equals its newest version, has all versions, and its quotes are those of its analysis."""
    last = ""
    page = select(articles).order_by(articles.c.id).limit(100)
    while rows := connection.execute(page.where(articles.c.id > last)).all():
        for row in rows:
            yield from check_article(connection, row)
        last = rows[-1].id


def check_article(connection: Connection, row: Any) -> Iterator[Finding]:
    """One article with its versions and its quotes."""
    if row.text_hash != hash_text(row.text):
        yield f"article {row.id}: its text is another than its hash says"
    mine = select(article_versions).where(article_versions.c.article_id == row.id)
    kept = connection.execute(mine.order_by(article_versions.c.version)).all()
    if [version.version for version in kept] != list(range(1, row.version + 1)):
        yield f"article {row.id}: version {row.version} with {len(kept)} versions kept"
    elif kept[-1].text_hash != row.text_hash:
        yield f"article {row.id}: its newest version has another text"
    there = connection.execute(
        select(quotes.c.position, quotes.c.key, sources.c.uri)
        .join_from(quotes, sources)
        .where(quotes.c.source_id == row.source_id)
    )
    uri = connection.execute(select(sources.c.uri).where(sources.c.id == row.source_id)).scalar_one()
    # A draft has quotations and no quotes: nothing may find them.
    found = json.loads(row.analysis)["quotes"] if row.status != "draft" else []
    applied = apply_corrections(found, find_signed(connection, row.id), row.version)
    numbered = enumerate(quote["content"]["text"] for quote, _ in applied)
    wanted = {(position, quote_key(uri, position, storable(text))) for position, text in numbered}
    if {(quote.position, quote.key) for quote in there} != wanted:
        yield f"article {row.id}: the quotes kept are not those of its analysis"


def check_postings(connection: Connection) -> Iterator[Finding]:
    """The postings of every quote are those of its text. Those of running imports may be missing."""
    pending = PendingIds(connection)
    triples = connection.execute(select(state.c.trigrams)).scalar_one() == TRIGRAMS_ON
    missing = needless = 0
    with PostingSorter() as sorter:
        sort_quotes(connection, sorter, triples)
        stored = iterate_postings(connection, triples)
        rest = np.empty(0, dtype=np.int64)
        for part in sorter.parts():
            read = [rest]
            while not len(read[-1]) or read[-1][-1] < part[-1]:
                following = next(stored, None)
                if following is None:
                    break
                read.append(following)
            rest = np.concatenate(read)
            end = int(np.searchsorted(rest, part[-1], side="right"))
            here, rest = rest[:end], rest[end:]
            needless += len(np.setdiff1d(here, part, assume_unique=True))
            missing += pending.count_others(np.setdiff1d(part, here, assume_unique=True))
        needless += len(rest) + sum(map(len, stored))
    if missing:
        yield f"postings: {missing} are missing"
    if needless:
        yield f"postings: {needless} lead to no quote that has the words"


def check_frequencies(connection: Connection) -> Iterator[Finding]:
    """The stored frequencies are those of the postings."""
    pending = PendingIds(connection)
    wrong = []
    for row in connection.execute(select(frequencies).order_by(frequencies.c.hash)).all():
        first = row.hash << ID_BITS
        within = postings.c.posting.between(first, first | ID_MASK)
        there = connection.execute(select(func.count()).select_from(postings).where(within)).scalar_one()
        if there != row.frequency and not pending.ranges:
            wrong.append(f"{row.hash} ({row.frequency}, there are {there})")
    if wrong:
        yield f"frequencies: {len(wrong)} are wrong: {', '.join(wrong[:MOST_NAMED])}"


def check_jobs(connection: Connection) -> Iterator[Finding]:
    """A batch counts its jobs and ends with the last; a job that is done has a result."""
    counted = select(jobs.c.batch_id, jobs.c.status, func.count().label("number"))
    grouped = counted.where(jobs.c.batch_id.is_not(None)).group_by(jobs.c.batch_id, jobs.c.status)
    counts = {(row.batch_id, row.status): row.number for row in connection.execute(grouped)}
    for batch in connection.execute(select(batches)).all():
        done, failed = counts.get((batch.id, "done"), 0), counts.get((batch.id, "failed"), 0)
        if (batch.done, batch.failed) != (done, failed):
            yield f"batch {batch.id}: counts {batch.done} + {batch.failed}, there are {done} + {failed}"
        if (batch.finished_at is not None) != (done + failed == batch.total):
            yield f"batch {batch.id}: {done + failed} of {batch.total} are over, it says otherwise"
    idle = select(jobs.c.id).where(
        jobs.c.status == "done",
        jobs.c.kind == "article",
        jobs.c.article_id.is_(None),
        jobs.c.answer.is_(None),
    )
    yield from name_rows(connection, idle, "jobs that are done and came to nothing")


def check_generation(connection: Connection) -> Iterator[Finding]:
    """No article was analysed in a future generation."""
    now = Generation.parse(read_generation(connection))
    for row in connection.execute(select(articles.c.id, articles.c.generation)):
        analysed = Generation.parse(row.generation)
        if analysed.store == now.store and analysed.changes > now.changes:
            yield f"article {row.id}: of generation {analysed.changes}, the store's is {now.changes}"


def check_reviews(connection: Connection) -> Iterator[Finding]:
    """The hashes of the record of reviews are right, and reviews have the state that it leads to."""
    yield from find_breaks(connection)
    yield from find_strays(connection)


def check_events(connection: Connection) -> Iterator[Finding]:
    """The event log ends with the last number that was given, and no number in it is missing."""
    last = connection.execute(select(event_state.c.last)).scalar_one()
    there = select(func.min(events.c.number), func.max(events.c.number), func.count()).select_from(events)
    first, newest, count = connection.execute(there.where(events.c.number > find_floor(last))).one()
    if count and (newest != last or count != newest - first + 1):
        yield f"events: {count} from {first} to {newest}, the last number given is {last}"


RULES: Final[tuple[Rule, ...]] = (
    check_state,
    check_references,
    check_articles,
    check_postings,
    check_frequencies,
    check_jobs,
    check_generation,
    check_reviews,
    check_events,
)


class PendingIds:
    """The quotes that running imports have stored and not yet indexed."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(select(import_ranges.c.first_id, import_ranges.c.last_id))
        self.ranges = [(row.first_id, row.last_id) for row in rows]

    def count_others(self, found: Codes) -> int:
        """The number of postings of other quotes."""
        ids = found & ID_MASK
        others = np.ones(len(ids), dtype=np.bool_)
        for first, last in self.ranges:
            others &= (ids < first) | (ids > last)
        return int(others.sum())


def sort_quotes(connection: Connection, sorter: PostingSorter, triples: bool) -> None:
    """Sort the postings that the quotes should have."""
    word_codes = WordCodes()
    last = 0
    page = select(quotes.c.id, quotes.c.text).order_by(quotes.c.id).limit(AT_ONCE)
    while rows := connection.execute(page.where(quotes.c.id > last)).all():
        encoded = encode_texts((row.text for row in rows), word_codes)
        ids = np.array([row.id for row in rows], dtype=np.int64)
        sorter.add(find_postings(encoded.codes, encoded.lengths, ids, triples))
        last = rows[-1].id


def iterate_postings(connection: Connection, triples: bool) -> Iterator[Codes]:
    """The stored postings, in order, without triples whose index is incomplete."""
    page = select(postings.c.posting).order_by(postings.c.posting).limit(20 * AT_ONCE)
    last = -(1 << 63) if triples else -1
    while True:
        found = connection.execute(page.where(postings.c.posting > last)).scalars().all()
        if not found:
            return
        last = found[-1]
        yield np.array(found, dtype=np.int64)


def name_rows(connection: Connection, statement: Select[Any], what: str) -> Iterator[Finding]:
    """An error that names the first few rows, if there are any."""
    found = connection.execute(statement.limit(MOST_NAMED + 1)).scalars().all()
    if found:
        more = ", …" if len(found) > MOST_NAMED else ""
        yield f"{what}: {', '.join(map(str, found[:MOST_NAMED]))}{more}"
