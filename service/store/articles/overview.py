"""Figures of the overview: analysed articles, repeated quotes, open reviews.

Everything is bounded: the log of events holds some 20,000, a period is read to the newest 20,000 quotes, and
what waits is counted up to 10,000.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select

from service.store.engine.database import Database
from service.store.events.log import find_floor
from service.store.quotes.repeats import DayRange, Repeats, find_repeats
from service.store.tables import articles, event_state, events, quotes, reviews, state

ANALYSED: Final = "article.analysed"
#: Labels that say of the words what a verdict of policy 1 said.
FORMER_LABELS: Final[Mapping[str, str]] = {
    "verbatim": "words_only",
    "near_verbatim": "words_only",
    "abridged": "words_only",
    "truncated": "context",
    "spliced": "changed",
    "altered": "changed",
    "paraphrase": "paraphrased",
    "ambiguous": "unclear",
    "insufficient": "unclear",
    "no_match": "not_found",
}
MOST_COUNTED: Final = 10_000  # open reviews
READ_AT_ONCE: Final = 2_000  # events


@dataclass(frozen=True, slots=True)
class AnalysedArticle:
    """That a version of an article was analysed, and how many of its quotations came out how."""

    number: int
    article_id: str
    at: float  # seconds since 1970
    labels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AnalysedSince:
    """Articles behind an event, in order. `first` and `last` are the numbers of the log's events, `begins_at`
    when its first one happened: None if it is empty."""

    articles: tuple[AnalysedArticle, ...]
    first: int
    last: int
    begins_at: float | None


@dataclass(frozen=True, slots=True)
class OpenReviews:
    """The number of open reviews by urgency; 1 is the most urgent."""

    by_urgency: Mapping[int, int]

    @property
    def total(self) -> int:
        """All of them, as far as they were counted."""
        return sum(self.by_urgency.values())

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > MOST_COUNTED


def name_labels(fidelity: Mapping[str, int]) -> dict[str, int]:
    """The labels of an article judged under policy 1: by the fidelity only, without speakers."""
    labels = Counter[str]()
    for code, count in fidelity.items():
        labels[FORMER_LABELS.get(code, code)] += count
    return dict(labels)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a store has to compare with: so many quotes, of the days `since` to `until`."""

    quotes: int
    since: date | None
    until: date | None
    has_articles: bool


class OverviewStore:
    """The figures of one database. Methods raise StoreUnavailable if it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def find_holdings(self) -> Holdings:
        """What there is to compare with."""
        oldest = select(func.min(quotes.c.day)).scalar_subquery()
        newest = select(func.max(quotes.c.day)).scalar_subquery()
        some = select(articles.c.id).limit(1).scalar_subquery()
        with self._database.read() as connection:
            row = connection.execute(select(state.c.quotes, oldest, newest, some)).one()
        return Holdings(row[0], row[1], row[2], row[3] is not None)

    def find_analysed(self, after: int) -> AnalysedSince:
        """The articles that were analysed behind an event, 0 for all that the log still has.

        What is analysed meanwhile is left for the next time.
        """
        oldest = select(events.c.number, events.c.created_at).order_by(events.c.number).limit(1)
        analysed: list[AnalysedArticle] = []
        with self._database.read() as connection:
            last = int(connection.execute(select(event_state.c.last)).scalar_one())
            begun = connection.execute(oldest.where(events.c.number > find_floor(last))).one_or_none()
            place = after
            while place < last:
                upto = min(last, place + READ_AT_ONCE)
                if begun is not None and upto < begun.number:
                    place = begun.number - 1
                    continue
                wanted = select(events.c.number, events.c.data, events.c.created_at).where(
                    events.c.number > place,
                    events.c.number <= upto,
                    events.c.type == ANALYSED,
                    events.c.owner.is_(None),
                )
                for row in connection.execute(wanted.order_by(events.c.number)):
                    data = json.loads(row.data)
                    labels = data["labels"] if "labels" in data else name_labels(data.get("fidelity", {}))
                    analysed.append(AnalysedArticle(row.number, data["id"], row.created_at, labels))
                place = upto
        return AnalysedSince(
            tuple(analysed),
            begun.number if begun is not None else last + 1,
            last,
            begun.created_at if begun is not None else None,
        )

    def count_open(self) -> OpenReviews:
        """The reviews that nobody has decided, counted up to `MOST_COUNTED`, the most urgent first."""
        some = (
            select(reviews.c.urgency)
            .where(reviews.c.state == "open")
            .order_by(reviews.c.urgency)
            .limit(MOST_COUNTED + 1)
            .subquery()
        )
        counted = select(some.c.urgency, func.count().label("open")).group_by(some.c.urgency)
        with self._database.read() as connection:
            rows = connection.execute(counted.order_by(some.c.urgency)).all()
        return OpenReviews({row.urgency: row.open for row in rows})

    def find_repeats(self, period: DayRange, most: int) -> Repeats:
        """The repeated quotes of a period: up to `most`, and up to `most` that have another wording."""
        with self._database.read() as connection:
            return find_repeats(connection, period, most)
