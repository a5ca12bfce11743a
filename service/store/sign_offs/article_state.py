"""The sign-offs of an article as they are, and their count."""

from __future__ import annotations

import json

from sqlalchemy import Connection, insert, select, update

from service.store.records import storable
from service.store.sign_offs.records import SignOff, read_sign_off
from service.store.sign_offs.subjects import apply_corrections
from service.store.sources.records import Actor
from service.store.tables import article_work, articles, sign_offs


def find_signed(connection: Connection, article_id: str) -> dict[str, SignOff]:
    """An article's sign-offs by their subjects."""
    wanted = select(sign_offs).where(sign_offs.c.article_id == storable(article_id))
    return {
        row.subject: read_sign_off(row) for row in connection.execute(wanted.order_by(sign_offs.c.number))
    }


def refresh(connection: Connection, article_id: str, owner: Actor | None = None) -> None:
    """Count an article's quotes again after a change, in its transaction. `owner` is who brought it."""
    row = connection.execute(
        select(articles.c.analysis, articles.c.version).where(articles.c.id == article_id)
    ).one()
    quotes = json.loads(row.analysis).get("quotes", [])
    applied = apply_corrections(quotes, find_signed(connection, article_id), row.version)
    values = {
        "quotes": len(applied),
        "signed": sum(one is not None and one.statement.status is not None for _, one in applied),
        "severity": max((quote["verdict"].get("severity", 1) for quote, _ in applied), default=0),
    }
    mine = article_work.c.article_id == article_id
    if connection.execute(update(article_work).where(mine).values(values)).rowcount:
        return
    brought = {"owner": owner.key_id or owner.name, "owner_name": owner.name} if owner else {}
    connection.execute(insert(article_work).values(article_id=article_id, **values, **brought))
