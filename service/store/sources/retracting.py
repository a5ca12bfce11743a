"""Retraction and removal: words leave the evidence, and the verdicts that rest on them are reviewed."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, literal, select

from service.errors import Conflict, NotFound
from service.matching.retrieval.fingerprints import WordCodes, encode_texts
from service.matching.review_triage import EVIDENCE_RETRACTED
from service.store.articles.near_copies import join_origins
from service.store.ingest.quote_drafts import AT_END, Draft, ordinal
from service.store.quotes.writing import KnownNames, insert_quotes
from service.store.records import parse_key
from service.store.retrieval.indexing import remove_postings
from service.store.reviews.evidence_changes import review_evidence
from service.store.sources.adding import index_postings
from service.store.sources.history import Done, add_entry, forget_words
from service.store.sources.records import Actor, Changed, Touched
from service.store.sources.reliance import describe_touched, find_relying
from service.store.sources.rows import (
    build_source,
    find_article_id,
    id_of,
    keep_row,
    read_keys,
    utc_now,
    way_in_of,
)
from service.store.state import record_change
from service.store.tables import kept_sources, quotes, retracted_quotes, sources, speaker_names

_MOVED: Final = (
    "key", "source_id", "turn", "position", "speaker_id", "day", "form", "passages", "second_hand", "text",
    "start_s", "end_s",
)  # fmt: skip


def retract_source(connection: Connection, row: Row[Any], reason: str, actor: Actor) -> Changed:
    """Take all words of a source out of evidence; they stay to be read, and the retraction can be undone.

    Raises Conflict where that was done already, and for an article.
    """
    refuse_article(connection, row)
    if row.kept_retracted_at is not None:
        raise Conflict(f"this source was retracted already: {row.kept_retraction}")
    touched = review_retraction(connection, row, read_keys(connection, row.id), whole=True)
    now = utc_now()
    set_aside(connection, quotes.c.source_id == row.id, None)
    values = {"retracted_at": now, "retracted_by": actor.name, "retraction": reason}
    keep_row(connection, row, now, values, actor)
    return finish(connection, row, Done("retracted", actor, now, reason, verdicts=touched.verdicts), touched)


def reinstate_source(connection: Connection, row: Row[Any], reason: str | None, actor: Actor) -> Changed:
    """Undo the retraction of a source. Quotes that were retracted one by one stay out.

    Raises Conflict for a source that is not retracted.
    """
    if row.kept_retracted_at is None:
        raise Conflict("this source is not retracted")
    mine = (retracted_quotes.c.source_id == row.id) & retracted_quotes.c.at.is_(None)
    put_back(connection, mine)
    now = utc_now()
    keep_row(connection, row, now, {"retracted_at": None, "retracted_by": None, "retraction": None}, actor)
    former = {"retraction": row.kept_retraction, "retracted_by": row.kept_retracted_by}
    return finish(connection, row, Done("reinstated", actor, now, reason, former), Touched())


def retract_quote(connection: Connection, quote_id: str, reason: str, actor: Actor) -> Changed:
    """Take one quote out of evidence. Raises NotFound, and Conflict for a quotation of an article."""
    row = find_source_of(connection, quotes, quote_id)
    refuse_article(connection, row)
    key = parse_key(quote_id)
    assert key is not None
    touched = review_retraction(connection, row, {key}, whole=False)
    now = utc_now()
    text = connection.execute(select(quotes.c.text).where(quotes.c.key == key)).scalar_one()
    set_aside(connection, quotes.c.key == key, (now, actor.name, reason))
    keep_row(connection, row, now, {}, actor)
    former = {"quote_id": quote_id, "text": text}
    done = Done("quote_retracted", actor, now, reason, former, touched.verdicts)
    return finish(connection, row, done, touched)


def reinstate_quote(connection: Connection, quote_id: str, reason: str | None, actor: Actor) -> Changed:
    """Undo the retraction of one quote. Raises NotFound, and Conflict where its source is retracted."""
    row = find_source_of(connection, retracted_quotes, quote_id)
    if row.kept_retracted_at is not None:
        raise Conflict(f"its source was retracted: {row.kept_retraction}; reinstate {id_of(row)} first")
    put_back(
        connection, retracted_quotes.c.key == parse_key(quote_id), last=is_occupied(connection, row, quote_id)
    )
    now = utc_now()
    keep_row(connection, row, now, {}, actor)
    return finish(
        connection, row, Done("quote_reinstated", actor, now, reason, {"quote_id": quote_id}), Touched()
    )


def remove_source(connection: Connection, row: Row[Any], reason: str | None, actor: Actor) -> Changed:
    """Delete a source with all its words, in its history too; what was done to it, by whom and when stays.

    Raises Conflict for an article.
    """
    refuse_article(connection, row)
    touched = review_retraction(connection, row, read_keys(connection, row.id), whole=True)
    now = utc_now()
    set_aside(connection, quotes.c.source_id == row.id, None)
    former = {"title": row.title, "uri": row.uri, "kind": row.kind}
    connection.execute(delete(retracted_quotes).where(retracted_quotes.c.source_id == row.id))
    connection.execute(delete(kept_sources).where(kept_sources.c.source_id == row.id))
    join_origins(connection, row.id, ())
    connection.execute(delete(sources).where(sources.c.id == row.id))
    add_entry(connection, id_of(row), Done("removed", actor, now, reason, former, touched.verdicts))
    forget_words(connection, id_of(row))
    record_change(connection, 0)
    return Changed(id_of(row), touched=touched)


def finish(connection: Connection, row: Row[Any], done: Done, touched: Touched) -> Changed:
    """Note in a source's history what was done."""
    add_entry(connection, id_of(row), done)
    record_change(connection, 0)
    return Changed(id_of(row), touched=touched)


def refuse_article(connection: Connection, row: Row[Any]) -> None:
    """Raise Conflict for a source that is a stored article."""
    if way_in_of(row) == "article" and (article := find_article_id(connection, row.id)):
        raise Conflict(f"this source is the article {article}; withdraw the article itself")


def review_retraction(connection: Connection, row: Row[Any], keys: set[int], *, whole: bool) -> Touched:
    """Open reviews of the verdicts that rest on what is about to leave the evidence."""
    relying = find_relying(connection, row.uri, keys, whole=whole)
    reviews = review_evidence(connection, relying, EVIDENCE_RETRACTED, id_of(row), utc_now().timestamp())
    return describe_touched(relying, reviews)


def find_source_of(connection: Connection, table: Any, quote_id: str) -> Row[Any]:
    """The source of a quote of a table. Raises NotFound."""
    key = parse_key(quote_id)
    found = None
    if key is not None:
        found = connection.execute(select(table.c.source_id).where(table.c.key == key)).scalar()
    if found is None:
        raise NotFound("no quote has this id")
    return connection.execute(build_source().where(sources.c.id == found)).one()


def set_aside(connection: Connection, which: ColumnElement[bool], alone: tuple[Any, str, str] | None) -> None:
    """Move quotes out of evidence; those retracted one by one carry when, by whom and why."""
    rows = connection.execute(select(quotes.c.id, quotes.c.text).where(which)).all()
    if not rows:
        return
    columns = [quotes.c[name] for name in _MOVED]
    told = (
        [literal(alone[0], retracted_quotes.c.at.type), literal(alone[1]), literal(alone[2])] if alone else []
    )
    names = [*_MOVED, *(("at", "by", "reason") if alone else ())]
    connection.execute(insert(retracted_quotes).from_select(names, select(*columns, *told).where(which)))
    remove_postings(connection, [(row.id, row.text) for row in rows])
    connection.execute(delete(quotes).where(which))
    record_change(connection, -len(rows))


def is_occupied(connection: Connection, row: Row[Any], quote_id: str) -> bool:
    """Whether another quote has the place of a retracted one: its source was replaced since."""
    mine = select(retracted_quotes.c.position).where(retracted_quotes.c.key == parse_key(quote_id))
    there = select(quotes.c.id).where(
        quotes.c.source_id == row.id, quotes.c.position == mine.scalar_subquery()
    )
    return connection.execute(there).first() is not None


def put_back(connection: Connection, which: ColumnElement[bool], *, last: bool = False) -> None:
    """Make retracted quotes evidence again, with the ids that they had; behind all others with `last`."""
    wanted = (
        select(retracted_quotes, speaker_names.c.name)
        .join_from(
            retracted_quotes, speaker_names, retracted_quotes.c.speaker_id == speaker_names.c.id, isouter=True
        )
        .where(which)
        .order_by(retracted_quotes.c.position)
    )
    rows = connection.execute(wanted).all()
    encoded = encode_texts((row.text for row in rows), WordCodes())
    placed = [(row.source_id, read_draft(row)) for row in rows]
    if last:
        for _, draft in placed:
            draft.position = AT_END
    _, postings = insert_quotes(connection, encoded, range(len(rows)), placed, KnownNames())
    index_postings(connection, postings)
    connection.execute(delete(retracted_quotes).where(which))
    record_change(connection, len(rows))


def read_draft(row: Row[Any]) -> Draft:
    """A retracted quote on its way back."""
    return Draft(
        row.key, row.turn, row.position, row.name, ordinal(row.day), row.form, row.text, row.passages,
        row.second_hand, row.start_s, row.end_s,
    )  # fmt: skip
