"""Which stored verdicts rest on a source: found by its address, then by the quotes among their matches."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, String, delete, insert, literal, select

from service.matching.retrieval.fingerprints import hash_words
from service.store.addresses import address_key
from service.store.records import format_key, parse_key, storable
from service.store.sources.records import Touched, TouchedArticle
from service.store.tables import article_evidence, articles

MOST_LISTED: Final = 100  # articles in an answer; all are counted

Quote = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Relying:
    """An article whose newest analysis shows a source, and those of its quotations that do."""

    article: Any  # its row
    quotes: Sequence[Quote]


def hash_address(uri: str) -> int:
    """The hash that stands for all spellings of an address."""
    return hash_words((address_key(storable(uri)),))


def note_evidence(connection: Connection, article_id: str, quotes: Iterable[Quote]) -> None:
    """Note which sources an article's newest analysis shows, in place of those of the former one."""
    connection.execute(delete(article_evidence).where(article_evidence.c.article_id == article_id))
    found = {
        hash_address(match["source"]["uri"])
        for quote in quotes
        for match in quote.get("matches", ())
        if not is_private(match)
    }
    if found:
        rows = [{"address": address, "article_id": article_id} for address in sorted(found)]
        connection.execute(insert(article_evidence), rows)


def forget_evidence(connection: Connection, article_id: str) -> None:
    """Forget what a deleted article's analysis showed."""
    note_evidence(connection, article_id, ())


def move_evidence(connection: Connection, former: str, uri: str) -> None:
    """Have the analyses that show a source at its former address found at the new one too."""
    before, now = hash_address(former), hash_address(uri)
    if before == now:
        return
    there = select(article_evidence.c.article_id).where(article_evidence.c.address == now)
    moved = select(literal(now, BigInteger), article_evidence.c.article_id.cast(String(32))).where(
        article_evidence.c.address == before, article_evidence.c.article_id.not_in(there)
    )
    connection.execute(insert(article_evidence).from_select(["address", "article_id"], moved))


def find_relying(connection: Connection, uri: str, keys: Collection[int], *, whole: bool) -> list[Relying]:
    """The articles whose newest analysis shows one of the quotes with these keys among its matches.

    With `whole`, what shows the source at this address counts as well: quotes of its former text.
    """
    ids = {format_key(key) for key in keys}
    columns = (
        articles.c.id, articles.c.uri, articles.c.headline, articles.c.text, articles.c.analysis,
        articles.c.version, articles.c.engine, articles.c.policy,
    )  # fmt: skip
    showing = select(article_evidence.c.article_id).where(article_evidence.c.address == hash_address(uri))
    wanted = select(*columns).where(articles.c.id.in_(showing)).order_by(articles.c.id)
    relying = []
    for row in connection.execute(wanted).all():
        quotes = [
            quote
            for quote in json.loads(row.analysis)["quotes"]
            if any(_shows(match, ids, uri if whole else None) for match in quote.get("matches", ()))
        ]
        if quotes:
            relying.append(Relying(row, quotes))
    return relying


def _shows(match: Mapping[str, Any], ids: Collection[str], uri: str | None) -> bool:
    return match["quote_id"] in ids or (match["source"]["uri"] == uri and not is_private(match))


def is_private(match: Mapping[str, Any]) -> bool:
    """Whether a match is of a source that was sent with the article and not stored: its quotes have no ids of
    the store. One that was stored, or named by its id, counts like any other."""
    return parse_key(match["quote_id"]) is None


def describe_touched(relying: Sequence[Relying], reviews: int = 0) -> Touched:
    """The verdicts that rest on a source, for an answer."""
    listed = tuple(
        TouchedArticle(
            one.article.id,
            one.article.uri,
            one.article.headline,
            tuple(quote["id"] for quote in one.quotes),
        )
        for one in relying[:MOST_LISTED]
    )
    return Touched(sum(len(one.quotes) for one in relying), len(relying), listed, reviews)
