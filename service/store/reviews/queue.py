"""Queries of the queue of reviews."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, or_, select, tuple_

from service.errors import NotFound
from service.store.engine.cursor import CursorCodec
from service.store.records import storable
from service.store.reviews.records import ReviewState
from service.store.tables import articles, reviews

CURSOR: Final = CursorCodec("reviews", int, int, int)  # urgency, skips, number


def build_reviews() -> Select[Any]:
    """A query for reviews with the metadata of their articles."""
    described = articles.c.uri, articles.c.headline, articles.c.publisher
    return select(reviews, *described).join_from(
        reviews, articles, reviews.c.article_id == articles.c.id, isouter=True
    )


def build_queue(state: ReviewState | None, rule: str | None, now: float) -> Select[Any]:
    """A query for the reviews of a state and a rule (None: of any), in the order of the queue."""
    wanted = build_reviews()
    if state in ("open", "claimed"):
        is_held = reviews.c.leased_until > now
        wanted = wanted.where(reviews.c.state == "open", is_held if state == "claimed" else ~is_held)
    elif state is not None:
        wanted = wanted.where(reviews.c.state == state)
    if rule is not None:
        wanted = wanted.where(names_rule(rule))
    return wanted.order_by(reviews.c.urgency, reviews.c.skips, reviews.c.number)


def build_place(cursor: str) -> Any:
    """The condition of a review after a cursor. Raises InvalidInput."""
    urgency, skips, number = CURSOR.decode(cursor)
    later = and_(reviews.c.skips == skips, reviews.c.number > number)
    same = and_(reviews.c.urgency == urgency, or_(reviews.c.skips > skips, later))
    return or_(reviews.c.urgency > urgency, same)


def build_neighbour(row: Row[Any], rule: str | None, *, forward: bool) -> Select[Any]:
    """A query for the id of the open review before or after this one in the queue."""
    order = reviews.c.urgency, reviews.c.skips, reviews.c.number
    place, here = tuple_(*order), tuple_(row.urgency, row.skips, row.number)
    wanted = select(reviews.c.id).where(reviews.c.state == "open", place > here if forward else place < here)
    if rule is not None:
        wanted = wanted.where(names_rule(rule))
    return wanted.order_by(*order if forward else (column.desc() for column in order)).limit(1)


def names_rule(rule: str) -> Any:
    """The condition that a rule is among those of a review."""
    return reviews.c.rules.contains(f" {rule} ", autoescape=True)


def get_row(connection: Connection, review_id: str) -> Row[Any]:
    """A review's row with its article's. Raises NotFound."""
    row = connection.execute(build_reviews().where(reviews.c.id == storable(review_id))).first()
    if row is None:
        raise NotFound("no review has this id")
    return row
