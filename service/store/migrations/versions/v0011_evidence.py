"""Classes of evidence, one source for all spellings of an address, near-copies, drafts, surnames, times.

What is stored gets its class by its kind. A kind that this version does not know becomes the known one that
it names in other words (`_OTHER_NAMES`); any other one becomes `transcript` where it came in as a transcript,
and else `article`, which proves least.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from service.matching.retrieval.fingerprints import hash_words
from service.matching.retrieval.near_copies import is_near_copy, sketch_text
from service.names.comparison import surname_keys
from service.store.addresses import address_key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MAX_SURNAME = 64
AT_ONCE = 2_000
MOST_OF_A_HASH = 200  # articles that share one hash, as when an article is stored
LEAST_SHARED = 4
CLASSES = {
    "record": ("transcript", "hearing", "debate", "speech", "interview", "court", "broadcast", "captions"),
    "statement": ("press_release", "statement", "letter", "post", "book", "document", "quotes"),
    "report": ("article", "wire", "blog"),
    "draft": ("draft",),
}
_OTHER_NAMES = {
    "speech": "address lecture news_conference press_conference press_briefing briefing remarks sermon talk",
    "broadcast": "audio podcast radio television tv video webcast",
    "transcript": "minutes parliament proceedings recording session sitting",
    "captions": "subtitles",
    "hearing": "testimony",
    "court": "judgment trial",
    "article": "feature magazine news news_article newspaper story",
    "wire": "agency news_agency",
    "quotes": "quotation quotations quote quote_collection",
    "post": "facebook social social_media thread toot tweet",
    "letter": "email mail",
    "document": "paper pdf report",
}
KIND_OF = {kind: kind for kinds in CLASSES.values() for kind in kinds} | {
    name: kind for kind, names in _OTHER_NAMES.items() for name in names.split()
}
CLASS_OF = {kind: name for name, kinds in CLASSES.items() for kind in kinds}
WAYS_IN = ("article", "transcript", "quotes")

SOURCES = sa.table(
    "sources",
    sa.column("id", sa.Integer),
    sa.column("uri", sa.Text),
    sa.column("key", sa.BigInteger),
    sa.column("kind", sa.Text),
    sa.column("content_hash", sa.BigInteger),
    sa.column("class", sa.Text),
    sa.column("origin_id", sa.Integer),
)
ARTICLES = sa.table(
    "articles",
    sa.column("id", sa.String),
    sa.column("source_id", sa.Integer),
    sa.column("text", sa.Text),
)
SPEAKERS = sa.table("speaker_names", sa.column("id", sa.Integer), sa.column("name", sa.Text))
SURNAMES = sa.table("speaker_surnames", sa.column("surname", sa.String), sa.column("speaker_id", sa.Integer))
SKETCHES = sa.table("article_sketches", sa.column("hash", sa.BigInteger), sa.column("source_id", sa.Integer))


def upgrade() -> None:
    """Add the columns and the table, and fill them for what is stored."""
    op.add_column("sources", sa.Column("class", sa.String(10), nullable=True))
    op.add_column("sources", sa.Column("origin_id", sa.Integer(), nullable=True))
    op.create_index("sources_origin", "sources", ["origin_id"])
    op.add_column("quotes", sa.Column("start_s", sa.Float(), nullable=True))
    op.add_column("quotes", sa.Column("end_s", sa.Float(), nullable=True))
    op.add_column("articles", sa.Column("status", sa.String(10), nullable=True))
    op.create_table(
        "article_sketches",
        sa.Column("hash", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("source_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"]),
        sa.PrimaryKeyConstraint("hash", "source_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("article_sketches_source", "article_sketches", ["source_id"])
    op.create_table(
        "speaker_surnames",
        sa.Column("surname", sa.String(MAX_SURNAME), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["speaker_id"], ["speaker_names.id"]),
        sa.PrimaryKeyConstraint("surname", "speaker_id"),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    list_surnames(connection)
    classify_sources(connection)
    join_addresses(connection)
    sketch_articles(connection)


def list_surnames(connection: sa.Connection) -> None:
    """Have every speaker found by each of their surnames, however they are written."""
    for rows in read_pages(connection, [SPEAKERS.c.id, SPEAKERS.c.name], SPEAKERS.c.id):
        listed = [
            {"surname": surname, "speaker_id": row.id}
            for row in rows
            for surname in dict.fromkeys(key[:MAX_SURNAME] for key in surname_keys(row.name) if key)
        ]
        if listed:
            connection.execute(sa.insert(SURNAMES), listed)


def classify_sources(connection: sa.Connection) -> None:
    """Give every source a known kind and its class."""
    came_as_transcript = SOURCES.c.content_hash.is_not(None)
    for kind in connection.execute(sa.select(SOURCES.c.kind).distinct()).scalars().all():
        named = "_".join(kind.casefold().replace("-", " ").replace("_", " ").split())
        known = KIND_OF.get(named)
        of_kind = sa.update(SOURCES).where(SOURCES.c.kind == kind)
        if known is not None:
            connection.execute(of_kind.values({"kind": known, "class": CLASS_OF[known]}))
            continue
        transcripts = of_kind.where(came_as_transcript)
        connection.execute(transcripts.values({"kind": "transcript", "class": "record"}))
        others = of_kind.where(~came_as_transcript)
        connection.execute(others.values({"kind": "article", "class": "report"}))


def join_addresses(connection: sa.Connection) -> None:
    """Key every source by the one spelling of its address.

    Of several sources that turn out to have one address, the first keeps it; the others stay, with the first
    as their origin, and are evidence for none of them.
    """
    for rows in read_pages(connection, [SOURCES.c.id, SOURCES.c.uri, SOURCES.c.key], SOURCES.c.id):
        for row in rows:
            spelled = address_key(row.uri)
            if spelled == row.uri:
                continue
            way_in = next((way for way in WAYS_IN if hash_words((way, row.uri)) == row.key), None)
            if way_in is None:
                continue
            key = hash_words((way_in, spelled))
            mine = sa.update(SOURCES).where(SOURCES.c.id == row.id)
            taken = connection.execute(sa.select(SOURCES.c.id).where(SOURCES.c.key == key)).scalar()
            if taken is None:
                connection.execute(mine.values(key=key))
            else:
                connection.execute(mine.values(origin_id=taken))


def sketch_articles(connection: sa.Connection) -> None:
    """Sketch the stored articles, and join those that are nearly the same text."""
    columns = [ARTICLES.c.id, ARTICLES.c.source_id, ARTICLES.c.text]
    for rows in read_pages(connection, columns, ARTICLES.c.id):
        for row in rows:
            sketch = sketch_text(row.text)
            for source_id, text in find_alike(connection, sketch.smallest):
                if is_near_copy(sketch, sketch_text(text)):
                    join_origins(connection, row.source_id, source_id)
            if sketch.smallest:
                hashes = [{"hash": one, "source_id": row.source_id} for one in sketch.smallest]
                connection.execute(sa.insert(SKETCHES), hashes)


def find_alike(connection: sa.Connection, hashes: Sequence[int]) -> list[tuple[int, str]]:
    """Source and text of the articles sketched so far that share several of the hashes."""
    counts: dict[int, int] = {}
    for one in hashes:
        having = sa.select(SKETCHES.c.source_id).where(SKETCHES.c.hash == one)
        newest = having.order_by(SKETCHES.c.source_id.desc()).limit(MOST_OF_A_HASH)
        for source_id in connection.execute(newest).scalars():
            counts[source_id] = counts.get(source_id, 0) + 1
    least = min(LEAST_SHARED, max(1, len(hashes) // 2))
    likely = sorted((one for one in counts if counts[one] >= least), key=lambda one: -counts[one])[:20]
    texts = sa.select(ARTICLES.c.source_id, ARTICLES.c.text).where(ARTICLES.c.source_id.in_(likely))
    return [(row.source_id, row.text) for row in connection.execute(texts)]


def join_origins(connection: sa.Connection, source_id: int, other_id: int) -> None:
    """Let two sources, and all that share an origin with them, have one origin: the earliest of them."""
    pair = sa.select(SOURCES.c.id, SOURCES.c.origin_id).where(SOURCES.c.id.in_([source_id, other_id]))
    origins = {row.origin_id or row.id for row in connection.execute(pair)}
    first = min(origins)
    mine = SOURCES.c.id.in_([source_id, other_id]) | SOURCES.c.origin_id.in_(origins)
    connection.execute(sa.update(SOURCES).where(mine | SOURCES.c.id.in_(origins)).values(origin_id=first))


def read_pages(
    connection: sa.Connection, columns: Sequence[Any], key: Any
) -> Iterator[Sequence[sa.Row[Any]]]:
    """The rows of a table, some at a time, by its key."""
    page = sa.select(*columns).order_by(key).limit(AT_ONCE)
    rows = connection.execute(page).all()
    while rows:
        yield rows
        rows = connection.execute(page.where(key > rows[-1][0])).all()
