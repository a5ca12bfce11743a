"""Articles with their versions, and their quotes as earlier quotes for later articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from service.errors import NotFound, PreconditionFailed
from service.matching.retrieval.fingerprints import WordCodes, sort_distinct
from service.matching.retrieval.near_copies import TextSketch, sketch_text
from service.store.articles.near_copies import find_copies, join_origins, replace_sketch
from service.store.ingest.quote_drafts import SourceDraft, draft_article
from service.store.quotes.writing import (
    Batch,
    KnownNames,
    describe_source,
    remove_quotes,
    resolve_sources,
    write_batch,
)
from service.store.records import (
    ArticleRecord,
    Precondition,
    QuoteRecord,
    SavedArticle,
    StoredArticle,
    article_id,
    entity_tag,
    hash_text,
    storable,
)
from service.store.retrieval.indexing import add_few
from service.store.state import read_generation, record_change
from service.store.tables import article_versions, articles, quotes, sources, speaker_names

PUBLISHED: Final = "published"  # what an article is that was stored without a status
VERSIONED = ("text_hash", "text", "analysis", "engine", "policy", "generation")


@dataclass(frozen=True, slots=True)
class Likeness:
    """The sketch of an article's text, and the sources of nearly the same texts."""

    sketch: TextSketch
    copies: frozenset[int]

    @classmethod
    def find(cls, connection: Connection, text: str) -> Likeness:
        """The likeness of a text: the work that needs no lock."""
        sketch = sketch_text(text)
        return cls(sketch, find_copies(connection, sketch))


def save_article(
    connection: Connection,
    record: ArticleRecord,
    batch: Batch,
    likeness: Likeness,
    precondition: Precondition | None = None,
) -> SavedArticle:
    """Store an article as a new version of itself, its quotes in place of the former version's.

    Nothing changes where text, metadata and quotes are those stored already. `batch` holds the article's
    quotes, encoded. Raises PreconditionFailed if the former version is not what was expected.
    """
    public_id = article_id(record.uri, record.text)
    values = describe_article(record)
    former = connection.execute(select(articles).where(articles.c.id == public_id)).one_or_none()
    same = former is not None and is_same(former, values)
    check_precondition(former, precondition, already_so=same)
    source = batch.sources[0]
    source_id = resolve_sources(connection, [source]).ids[source.key]
    quotes_changed = replace_quotes(connection, source_id, source, batch)
    if former is None or former.text_hash != values["text_hash"]:
        replace_sketch(connection, source_id, likeness.sketch)
        join_origins(connection, source_id, likeness.copies - {source_id})
    if former is not None and same and not quotes_changed:
        generation = read_generation(connection)
        return SavedArticle(public_id, former.version, False, False, generation, former.analysis)
    connection.execute(update(sources).where(sources.c.id == source_id).values(describe_source(source)))
    # Matches show the source's title and date, and an answer in the cache stands for an article that is
    # stored: both are of the generation that ends here, even where no quote changed.
    record_change(connection, 0)
    generation = read_generation(connection)
    now = datetime.now(UTC)
    version = former.version + 1 if former else 1
    values |= {"version": version, "generation": generation, "updated_at": now, "source_id": source_id}
    if former is None:
        connection.execute(insert(articles).values(id=public_id, created_at=now, **values))
    else:
        connection.execute(update(articles).where(articles.c.id == public_id).values(values))
    kept = {name: values[name] for name in VERSIONED}
    connection.execute(
        insert(article_versions).values(article_id=public_id, version=version, created_at=now, **kept)
    )
    return SavedArticle(public_id, version, former is None, True, generation, values["analysis"])


def check_precondition(
    former: Row[Any] | None, precondition: Precondition | None, *, already_so: bool = False
) -> None:
    """Raise PreconditionFailed if the stored article is not what a writer takes it for.

    A writer the caller for what is stored already (`already_so`) lost no update but an answer, as when a
    request is repeated: RFC 9110 (13.1.1) lets that succeed.
    """
    if precondition is None:
        return
    tag = entity_tag(former.analysis) if former is not None else None
    if precondition.holds(tag) or (already_so and precondition.none_match is None):
        return
    if former is None:
        raise PreconditionFailed("no article is stored here, so none has the ETag sent with If-Match")
    if precondition.is_matched(tag):
        raise PreconditionFailed("the stored article matches If-None-Match")
    raise PreconditionFailed("the article was changed since: its ETag is another; read it again")


def draft_batch(record: ArticleRecord) -> Batch:
    """An article's quotes, encoded: the work that needs no lock."""
    return Batch.encode([draft_article(record)], WordCodes())


def describe_article(record: ArticleRecord) -> dict[str, Any]:
    """What an article's row holds of the record."""

    def optional(text: str | None) -> str | None:
        return storable(text) if text is not None else None

    return {
        "uri": optional(record.uri),
        "headline": optional(record.headline),
        "byline": optional(record.byline),
        "publisher": optional(record.publisher),
        "published_at": record.published_at,
        "language": optional(record.language),
        "text_hash": hash_text(record.text),
        "text": storable(record.text),
        "analysis": storable(record.analysis),
        "engine": record.engine,
        "policy": record.policy,
        "status": record.status,
    }


def is_same(former: Row[Any], values: dict[str, Any]) -> bool:
    """Whether a stored article is what was sent again. A new analysis of the same text is no new version."""
    described = set(values) - {"analysis", "engine", "policy", "text", "status"}
    same_status = (former.status or PUBLISHED) == values["status"]
    return same_status and all(getattr(former, name) == values[name] for name in described)


def replace_quotes(connection: Connection, source_id: int, source: SourceDraft, batch: Batch) -> bool:
    """Replace an article's quotes; returns whether they differ."""
    stored = (
        select(
            quotes.c.key, speaker_names.c.name, quotes.c.day, quotes.c.form, quotes.c.passages,
            quotes.c.second_hand,
        )
        .join_from(quotes, speaker_names, isouter=True)
        .where(quotes.c.source_id == source_id)
    )  # fmt: skip
    former = {
        (row.key, row.name, row.day.toordinal() if row.day else 0, row.form, row.passages, row.second_hand)
        for row in connection.execute(stored)
    }
    wanted = {
        (draft.key, draft.speaker, draft.day, draft.form, draft.passages, draft.second_hand)
        for draft in source.drafts
    }
    if former == wanted:
        return False
    removed = remove_quotes(connection, source_id)
    if removed:
        record_change(connection, -removed)
    written = write_batch(connection, batch, KnownNames())
    add_few(connection, sort_distinct(written.postings))
    return bool(removed or written.added)


def correct_quotes(connection: Connection, article: Row[Any], corrected: tuple[QuoteRecord, ...]) -> None:
    """Replace the quotes of a stored article by the same as people corrected them."""
    names = set(ArticleRecord.__dataclass_fields__) & set(article._fields)
    described = {name: getattr(article, name) for name in names} | {"status": article.status or PUBLISHED}
    batch = draft_batch(ArticleRecord(**described, quotes=corrected))
    batch.sources[0].rename(
        connection.execute(select(sources.c.uri).where(sources.c.id == article.source_id)).scalar_one()
    )
    replace_quotes(connection, article.source_id, batch.sources[0], batch)


def get_article(connection: Connection, public_id: str) -> StoredArticle:
    """The newest version of an article. Raises NotFound."""
    wanted = select(articles).where(articles.c.id == storable(public_id))
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise NotFound("no article has this id")
    return read_article(row)


def delete_article(connection: Connection, public_id: str, precondition: Precondition | None = None) -> None:
    """Forget an article, its versions and its quotes. Raises NotFound, PreconditionFailed."""
    wanted = articles.c.id == storable(public_id)
    former = connection.execute(select(articles).where(wanted)).one_or_none()
    if former is None:
        raise NotFound("no article has this id")
    check_precondition(former, precondition)
    removed = remove_quotes(connection, former.source_id)
    connection.execute(delete(article_versions).where(article_versions.c.article_id == former.id))
    connection.execute(delete(articles).where(wanted))
    replace_sketch(connection, former.source_id, None)
    join_origins(connection, former.source_id, ())
    record_change(connection, -removed)  # a cached answer stands for an article that is stored


def update_analysis(
    connection: Connection, public_id: str, analysis: str, engine: str, policy: str
) -> StoredArticle:
    """Replace the answer given to an article's newest version, by another engine or policy, say.

    Its text and its quotes stay. Raises NotFound.
    """
    values = {
        "analysis": storable(analysis),
        "engine": engine,
        "policy": policy,
        "generation": read_generation(connection),
    }
    changed = {**values, "updated_at": datetime.now(UTC)}
    connection.execute(update(articles).where(articles.c.id == storable(public_id)).values(changed))
    article = get_article(connection, public_id)
    same = (article_versions.c.article_id == public_id) & (article_versions.c.version == article.version)
    connection.execute(update(article_versions).where(same).values(values))
    return article


def iterate_articles(connection: Connection) -> Iterator[StoredArticle]:
    """All articles, by id, a hundred at a time."""
    last = ""
    page = select(articles).order_by(articles.c.id).limit(100)
    while rows := connection.execute(page.where(articles.c.id > last)).all():
        yield from map(read_article, rows)
        last = rows[-1].id


def read_article(row: Row[Any]) -> StoredArticle:
    """An article's row as a record."""
    values = {name: getattr(row, name) for name in StoredArticle.__dataclass_fields__}
    return StoredArticle(**{**values, "status": row.status or PUBLISHED})
