"""Recent articles and verdicts over time, quotes that recur, and reviews that are open.

Articles are counted from the event log, of which only new events are read. Repeated quotes are computed at
most every `REPEATS_S`. So a page that is reloaded for every event costs little.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

from service.matching.models import AlignmentStep, Change
from service.matching.retrieval.ranking import align_variants
from service.people.statements import compare_words
from service.store import Store
from service.store.articles.overview import AnalysedArticle, Holdings, OpenReviews
from service.store.quotes.repeats import DayRange, RepeatedQuote
from service.usecases.reviews.agreement import Figure, Span, measure_agreement

REPEATS_S: Final = 20.0
WEEK_DAYS: Final = 7
AGREEMENT_DAYS: Final = 28
MOST_SHOWN: Final = 8  # quotes in a list
MOST_JUDGED: Final = 24  # other wordings that are judged

Reach = Literal["day", "fortnight"]
STEPS: Final[Mapping[Reach, tuple[timedelta, int]]] = {
    "day": (timedelta(hours=1), 24),
    "fortnight": (timedelta(days=1), 14),
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """The articles that were analysed in an hour or a day (UTC), and their quotations by fidelity.

    Of an article that was analysed several times the last analysis counts.
    """

    start: datetime
    articles: int
    labels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Altered:
    """Words in several sources that differ from the earlier ones they come from, with the changes."""

    repeated_quote: RepeatedQuote
    changes: tuple[Change, ...]
    alignment: tuple[AlignmentStep, ...]


@dataclass(frozen=True, slots=True)
class Recurring:
    """Quotes that were repeated in the last days."""

    period: DayRange
    repeated: tuple[RepeatedQuote, ...]
    altered: tuple[Altered, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview. `upto` is the number of the last counted event.

    Articles are complete since `known_since`, always if it is None.
    """

    at: datetime
    upto: int
    known_since: datetime | None
    today: Bucket
    yesterday: Bucket
    reach: Reach
    buckets: tuple[Bucket, ...]
    recurring: Recurring
    open: OpenReviews
    agreement: Figure
    agreement_by_week: tuple[Span, ...]
    holdings: Holdings

    @property
    def is_today_partial(self) -> bool:
        """Whether the event log may no longer have all of today's articles."""
        return self.known_since is not None and self.known_since > self.today.start


class OverviewService:
    """The overview of one store. Thread-safe. Methods raise StoreUnavailable."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._lock: Final = threading.Lock()
        self._analysed: Final[deque[AnalysedArticle]] = deque()
        self._upto = 0
        self._known_since: float | None = None
        self._working: Final = threading.Lock()
        self._recurring: tuple[float, Recurring] | None = None

    def look(self, reach: Reach) -> Overview:
        """The present overview, with verdicts by hour of the last day or by day of the last fortnight."""
        now = datetime.fromtimestamp(self._clock(), UTC)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        with self._lock:
            self._follow()
            analysed, upto = list(self._analysed), self._upto
            known_since = self._known_since
        days = fill_buckets(analysed, midnight - timedelta(days=1), timedelta(days=1), 2)
        step, count = STEPS[reach]
        last = midnight if reach == "fortnight" else now.replace(minute=0, second=0, microsecond=0)
        since = now.date() - timedelta(days=AGREEMENT_DAYS - 1)
        agreement = measure_agreement(self._store.reviews.count(since, None), "week")
        return Overview(
            at=now,
            upto=upto,
            known_since=datetime.fromtimestamp(known_since, UTC) if known_since else None,
            today=days[1],
            yesterday=days[0],
            reach=reach,
            buckets=fill_buckets(analysed, last - step * (count - 1), step, count),
            recurring=self._find_recurring(now.date()),
            open=self._store.overview.count_open(),
            agreement=agreement.total,
            agreement_by_week=agreement.periods,
            holdings=self._store.overview.find_holdings(),
        )

    def _follow(self) -> None:
        """Count the articles of new events, and drop those of pruned ones."""
        found = self._store.overview.find_analysed(self._upto)
        if found.last < self._upto:  # a backup was restored
            self._analysed.clear()
            found = self._store.overview.find_analysed(0)
        self._analysed.extend(found.articles)
        while self._analysed and self._analysed[0].number < found.first:
            self._analysed.popleft()
        self._upto = found.last
        self._known_since = found.begins_at if found.first > 1 else None

    def _find_recurring(self, today: date) -> Recurring:
        """The repeated quotes; one thread computes them while others use the former result."""
        known = self._recurring
        fresh = known is not None and self._clock() - known[0] < REPEATS_S and known[1].period.until == today
        if known is not None and (fresh or not self._working.acquire(blocking=False)):
            return known[1]
        if known is None:
            self._working.acquire()
        try:
            again = self._recurring
            if again is not None and again is not known:
                return again[1]
            found = find_recurring(self._store, DayRange(today - timedelta(days=WEEK_DAYS - 1), today))
            self._recurring = (self._clock(), found)
            return found
        finally:
            self._working.release()


def find_recurring(store: Store, period: DayRange) -> Recurring:
    """The quotes that were repeated in a period of days, and the altered ones among them."""
    repeats = store.overview.find_repeats(period, MOST_JUDGED)
    firsts = store.people.identify([one.first for one in repeats.repeated[:MOST_SHOWN]])
    named = zip(repeats.repeated, firsts, strict=False)
    return Recurring(
        repeats.period,
        tuple(RepeatedQuote(one.quote, first, one.is_variant, one.sources, one.days) for one, first in named),
        tuple(altered for one in repeats.reworded if (altered := read_altered(one)))[:MOST_SHOWN],
    )


def read_altered(one: RepeatedQuote) -> Altered | None:
    """The changes between words and the earlier ones they come from; None if they are insignificant."""
    if not one.is_variant:
        return None
    fidelity, changes = compare_words(one.quote.text, one.first.text)
    if fidelity != "altered":
        return None
    return Altered(one, changes, align_variants(one.first.text, one.quote.text))


def fill_buckets(
    analysed: Iterable[AnalysedArticle], start: datetime, step: timedelta, count: int
) -> tuple[Bucket, ...]:
    """A series of buckets with the articles that were analysed last in each."""
    first, length = start.timestamp(), step.total_seconds()
    newest: list[dict[str, AnalysedArticle]] = [{} for _ in range(count)]
    for article in analysed:
        place = int((article.at - first) // length)
        if 0 <= place < count:
            newest[place][article.article_id] = article
    return tuple(
        Bucket(start + number * step, len(articles), add_up(articles.values()))
        for number, articles in enumerate(newest)
    )


def add_up(articles: Iterable[AnalysedArticle]) -> dict[str, int]:
    """The sum of the counts by fidelity."""
    total = Counter[str]()
    for article in articles:
        total.update(article.labels)
    return dict(total)
