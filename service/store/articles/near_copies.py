"""Articles that are nearly the same text: they share one origin, and prove nothing for one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Integer, Select, bindparam, delete, insert, select, update

from service.matching.retrieval.near_copies import TextSketch, is_near_copy, sketch_text
from service.store.engine.compiled_queries import run_compiled
from service.store.tables import article_sketches, articles, sources

MOST_OF_A_HASH: Final = 200  # the newest articles that share a hash: what a whole newspaper shares is no copy
LEAST_SHARED: Final = 4  # hashes of two sketches of 32; copies share eight and more
MOST_COMPARED: Final = 20  # texts


def find_copies(connection: Connection, sketch: TextSketch) -> frozenset[int]:
    """The sources of the stored articles that are nearly the same text as the sketched one."""
    likely = _find_likely(connection, sketch.smallest)
    if not likely:
        return frozenset()
    texts = select(articles.c.source_id, articles.c.text).where(articles.c.source_id.in_(likely))
    rows = connection.execute(texts).all()
    return frozenset(row.source_id for row in rows if is_near_copy(sketch, sketch_text(row.text)))


def replace_sketch(connection: Connection, source_id: int, sketch: TextSketch | None) -> None:
    """Keep the sketch of an article's newest version in place of its former one; None forgets it."""
    connection.execute(delete(article_sketches).where(article_sketches.c.source_id == source_id))
    if sketch is not None and sketch.smallest:
        rows = [{"hash": one, "source_id": source_id} for one in sketch.smallest]
        connection.execute(insert(article_sketches), rows)


def join_origins(connection: Connection, source_id: int, copies: Collection[int]) -> None:
    """Set the origin of a source and its copies to the earliest; without copies, to the source itself."""
    if not copies:
        _leave_origin(connection, source_id)
        return
    columns = select(sources.c.id, sources.c.origin_id).where(sources.c.id.in_([source_id, *copies]))
    origins = {row.origin_id or row.id for row in connection.execute(columns)}
    members = sources.c.id.in_([source_id, *copies, *origins]) | sources.c.origin_id.in_(origins)
    connection.execute(update(sources).where(members).values(origin_id=min(origins)))


def _leave_origin(connection: Connection, source_id: int) -> None:
    """Make a source its own origin; those whose origin it was get the earliest among them."""
    shared = (sources.c.origin_id == source_id) & (sources.c.id != source_id)
    others = connection.execute(select(sources.c.id).where(shared)).scalars().all()
    if others:
        connection.execute(update(sources).where(shared).values(origin_id=min(others)))
    connection.execute(update(sources).where(sources.c.id == source_id).values(origin_id=None))


def _find_likely(connection: Connection, hashes: Sequence[int]) -> list[int]:
    """Sources whose sketches share several of the hashes, those that share most first."""
    counts: Counter[int] = Counter()
    for one in hashes:
        parameters = {"hash": one, "most": MOST_OF_A_HASH}
        counts.update(row[0] for row in run_compiled(connection, _build_holders_query, 1, parameters))
    least = min(LEAST_SHARED, max(1, len(hashes) // 2))
    return [source for source, count in counts.most_common(MOST_COMPARED) if count >= least]


def _build_holders_query(_: int) -> Select[Any]:
    """The newest sources whose sketch has a hash."""
    held = select(article_sketches.c.source_id).where(
        article_sketches.c.hash == bindparam("hash", type_=BigInteger)
    )
    return held.order_by(article_sketches.c.source_id.desc()).limit(bindparam("most", type_=Integer))
