"""Opens reviews of verdicts whose evidence was retracted or changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Row, select

from service.matching.review_triage import Doubt
from service.store.records import article_source_uri
from service.store.reviews.analysis_sync import (
    Analysed,
    Doubtful,
    basis_of,
    change,
    open_reviews,
    subject_of,
)
from service.store.reviews.audit import MACHINE, NewEntry, add_entry
from service.store.tables import reviews


class Relying(Protocol):
    """An article and those of its quotations whose verdicts rest on what was changed."""

    @property
    def article(self) -> Any:
        """The article's row, with its id, uri, text, version, engine and policy."""

    @property
    def quotes(self) -> Sequence[Any]:
        """The quotations, as the analysis has them."""


def review_evidence(
    connection: Connection, relying: Sequence[Relying], doubt: Doubt, source: str, now: float
) -> int:
    """Have a person look at all these verdicts; the number of reviews that were opened for it.

    A verdict that waits for a review already gets the reason added. One that was decided is opened again.
    """
    opened = 0
    for one in relying:
        uri = article_source_uri(one.article.uri, one.article.text)
        wanted = {subject_of(uri, quote): quote for quote in reversed(one.quotes)}
        mine = (reviews.c.article_id == one.article.id) & (reviews.c.state == "open")
        for row in connection.execute(select(reviews).where(mine)).all():
            if row.subject in wanted:
                del wanted[row.subject]
                add_reason(connection, row, doubt, source, now)
        doubtful = [Doubtful(subject, basis_of(quote), (doubt,), quote) for subject, quote in wanted.items()]
        if doubtful:
            article = one.article
            analysed = Analysed(article.id, uri, article.version, article.engine, article.policy, one.quotes)
            open_reviews(connection, analysed, doubtful, now)
        opened += len(doubtful)
    return opened


def add_reason(connection: Connection, row: Row[Any], doubt: Doubt, source: str, now: float) -> None:
    """Give an open review one reason more."""
    rules = row.rules if f" {doubt.rule} " in row.rules else f" {doubt.rule}{row.rules}"
    change(connection, row, {"rules": rules, "urgency": min(row.urgency, doubt.urgency)})
    details = {"rules": [doubt.rule], "source": source}
    add_entry(connection, row.id, NewEntry("doubted", MACHINE, details=details), now)
