"""Reading stored quotes: one by its id, many by words, speaker and date, all of them for export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, literal, or_, select

from service.errors import NotFound
from service.matching.models import Origin
from service.matching.retrieval.fingerprints import (
    encode_word,
    posting_range,
    rank_string,
    split_words,
    unpack_ranks,
    word_range,
)
from service.names.comparison import names_agree
from service.store.engine.cursor import CursorCodec
from service.store.ingest.quote_drafts import FORMS
from service.store.quotes.writing import MAX_SPEAKERS, find_speakers
from service.store.records import Page, StoredQuote, format_key, parse_key
from service.store.retrieval.candidates import class_of, posted_quote, said_day
from service.store.tables import (
    UNKNOWN_DAY,
    kept_sources,
    postings,
    quotes,
    retracted_quotes,
    sources,
    speaker_names,
)

RARE_WORD: Final = 5_000  # postings; a rarer word is looked up, among commoner ones quotes are read through
READ_AT_ONCE: Final = 500
MAX_READ: Final = 50_000  # quotes read through for one page; the cursor then goes on from there
MAX_WORDS: Final = 32
EXPORTED_AT_ONCE: Final = 1_000
_CURSOR: Final = CursorCodec("quotes", int, int)  # day, quote id
format_cursor = _CURSOR.encode
parse_cursor = _CURSOR.decode


@dataclass(frozen=True, slots=True)
class Search:
    """The conditions of a search, which must all hold."""

    words: str | None = None
    speaker: str | None = None
    since: date | None = None
    until: date | None = None


def find_quotes(connection: Connection, search: Search, cursor: str | None, limit: int) -> Page:
    """Quotes with all the words, newest first, undated ones last. Raises InvalidInput for a bad cursor.

    A page may be short, even empty, while there is a next: then much was read through and little fits.
    """
    codes = [encode_word(word) for word in split_words(search.words or "")[:MAX_WORDS]]
    if search.words and not codes:
        return Page((), None)
    conditions = build_conditions(connection, search)
    if conditions is None:
        return Page((), None)
    rarest = find_rarest_word(connection, codes)
    needed = set(rank_string(codes))
    place = parse_cursor(cursor) if cursor else None
    wanted: list[int] = []
    read = 0
    while read < MAX_READ:
        rows = connection.execute(build_listing(conditions, rarest, place, READ_AT_ONCE)).all()
        for row in rows:
            place = (row.day_number, row.id)
            if needed <= set(unpack_ranks(row.words)):
                wanted.append(row.id)
                if len(wanted) == limit:
                    return Page(read_quotes(connection, wanted), format_cursor(*place))
        read += len(rows)
        if len(rows) < READ_AT_ONCE:
            return Page(read_quotes(connection, wanted), None)
    return Page(read_quotes(connection, wanted), format_cursor(*place) if place else None)


def build_conditions(connection: Connection, search: Search) -> list[Any] | None:
    """The conditions on speaker and date; None if no quote can meet them."""
    conditions: list[Any] = []
    if search.speaker:
        ids = find_agreeing_ids(connection, search.speaker)
        if not ids:
            return None
        conditions.append(quotes.c.speaker_id.in_(sorted(ids)))
    if search.since:
        conditions.append(said_day >= search.since.toordinal())
    if search.until:
        conditions.append(said_day.between(UNKNOWN_DAY + 1, search.until.toordinal()))
    return conditions


def find_agreeing_ids(connection: Connection, name: str) -> set[int]:
    """Speakers whose name agrees with the one typed."""
    found = find_speakers(connection, [name], MAX_SPEAKERS)
    return {number for number, stored in found if names_agree(name, stored)}


def find_rarest_word(connection: Connection, codes: list[int]) -> int | None:
    """The word in the fewest postings, None if all are common or there is none."""
    counted = []
    for code in dict.fromkeys(codes):
        within = posting_range(*word_range(code))
        some = select(literal(1)).where(postings.c.posting.between(*within)).limit(RARE_WORD)
        count = connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()
        counted.append((count, code))
    count, code = min(counted, default=(RARE_WORD, 0))
    return code if count < RARE_WORD else None


def build_listing(
    conditions: list[Any], word: int | None, place: tuple[int, int] | None, limit: int
) -> Select[Any]:
    """Ids, days and words of quotes, newest first, behind `place`; only those with `word` where given."""
    statement = select(quotes.c.id, said_day.label("day_number"), quotes.c.words).where(*conditions)
    if word is not None:
        within = posting_range(*word_range(word))
        having = select(posted_quote).where(postings.c.posting.between(*within))
        statement = statement.where(quotes.c.id.in_(having))
    if place is not None:
        day, quote = place
        statement = statement.where(or_(said_day < day, and_(said_day == day, quotes.c.id < quote)))
        statement = statement.where(said_day <= day)  # implied, and the form that an index serves
    return statement.order_by(quotes.c.day.desc(), quotes.c.id.desc()).limit(limit)


def build_quotes() -> Select[Any]:
    """Quotes with their speakers and sources, as `read_quote` takes them."""
    return (
        select(
            quotes.c.id, quotes.c.key, quotes.c.text, quotes.c.form, speaker_names.c.name, quotes.c.day,
            quotes.c.turn, quotes.c.position, quotes.c.second_hand, quotes.c.family,
            sources.c.uri, sources.c.title, sources.c.publisher, sources.c.published_at, sources.c.kind,
            sources.c.evidence_class,
        )
        .join_from(quotes, sources)
        .join(speaker_names, isouter=True)
    )  # fmt: skip


def read_quotes(connection: Connection, ids: list[int]) -> tuple[StoredQuote, ...]:
    """The quotes with these ids, in their order."""
    rows = {row.id: row for row in connection.execute(build_quotes().where(quotes.c.id.in_(ids)))}
    return tuple(read_quote(rows[one]) for one in ids if one in rows)


def get_row(connection: Connection, public_id: str) -> Any:
    """A quote's row by its public id. Raises NotFound."""
    key = parse_key(public_id)
    row = None
    if key is not None:
        row = connection.execute(build_quotes().where(quotes.c.key == key)).one_or_none()
    if row is None:
        raise NotFound(find_retraction(connection, key) or "no quote has this id")
    return row


def find_retraction(connection: Connection, key: int | None) -> str | None:
    """Why a quote is not there, where it was retracted."""
    if key is None:
        return None
    reason = func.coalesce(retracted_quotes.c.reason, kept_sources.c.retraction)
    wanted = select(reason).join_from(
        retracted_quotes,
        kept_sources,
        kept_sources.c.source_id == retracted_quotes.c.source_id,
        isouter=True,
    )
    found = connection.execute(wanted.where(retracted_quotes.c.key == key)).scalar()
    return f"this quote was retracted: {found}" if found else None


def export_page(connection: Connection, last: int) -> tuple[list[StoredQuote], int]:
    """Some quotes behind the one numbered `last` (0: from the first), in the order they came in.

    Given with the number of the last of them; none where there are no more.
    """
    rows = connection.execute(
        build_quotes().where(quotes.c.id > last).order_by(quotes.c.id).limit(EXPORTED_AT_ONCE)
    ).all()
    return [read_quote(row) for row in rows], rows[-1].id if rows else last


def read_quote(row: Any) -> StoredQuote:
    """A row of `build_quotes` as a record."""
    return StoredQuote(
        id=format_key(row.key),
        text=row.text,
        form=FORMS[row.form],
        speaker=row.name,
        said_at=row.day,
        turn=row.turn,
        position=row.position,
        second_hand=bool(row.second_hand),
        origin=Origin(
            row.uri,
            row.title,
            row.publisher,
            row.published_at,
            row.kind,
            row.evidence_class or class_of(row.kind),
        ),
    )
