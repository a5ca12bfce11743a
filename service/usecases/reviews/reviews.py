"""Reviews of doubtful verdicts by people: list, read, claim, skip, decide, undo."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import structlog

from service.errors import InvalidInput
from service.store.records import StoredArticle, StoredQuote, article_source_uri
from service.store.reviews.analysis_sync import name_subject, subject_of
from service.store.reviews.audit import HistoryEntry
from service.store.reviews.records import Decision, Done, Reviewer, ReviewPage, ReviewRecord, ReviewState
from service.store.reviews.reviews import ReviewStore
from service.usecases.reviews.agreement import Agreement, Period, measure_agreement

LEASE_S: Final = 1_800
MOST_LEASE_S: Final = 14_400
CONTEXT: Final = 600  # code points on either side of a quotation

log = structlog.get_logger("verbatim.reviews")


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a quotation in its article, of at most `CONTEXT` code points on either side."""

    before: str
    exact: str
    after: str


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """A review with the context of its quotation; None if the article was deleted."""

    review: ReviewRecord
    context: Context | None


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a person makes to a review. `expected` are the entity tags of If-Match, if any."""

    review_id: str
    who: Reviewer
    expected: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ReviewService:
    """The reviews of one store. The hash of every entry of the record is also written to the log."""

    store: ReviewStore
    clock: Callable[[], float] = time.time

    def find_page(
        self, state: ReviewState | None, rule: str | None, cursor: str | None, limit: int
    ) -> ReviewPage:
        """Reviews of a state and a rule (None: of any), the most urgent first. Raises InvalidInput."""
        return self.store.find_page(state, rule, cursor, limit, self.clock())

    def find_neighbours(self, review_id: str, rule: str | None) -> tuple[str | None, str | None]:
        """The ids of the open reviews before and after this one in the queue. Raises NotFound."""
        return self.store.find_neighbours(review_id, rule)

    def get(self, review_id: str) -> ReviewRecord:
        """A review. Raises NotFound."""
        return self.store.get(review_id, self.clock())

    def get_history(self, review_id: str) -> list[HistoryEntry]:
        """The entries of a review in the record, the oldest first. Raises NotFound."""
        return self.store.history(review_id)

    def measure_agreement(self, since: date | None, until: date | None, by: Period) -> Agreement:
        """How often people agreed with the verdicts that they decided on in a range of days."""
        return measure_agreement(self.store.count(since, until), by)

    def open(self, review_id: str) -> OpenedReview:
        """A review with its quotation in context. Raises NotFound."""
        return self.read(self.get(review_id))

    def read(self, review: ReviewRecord) -> OpenedReview:
        """The context of a review's quotation."""
        text = self.store.read_text(review) if review.quote else None
        return OpenedReview(review, find_context(review, text) if text is not None else None)

    def claim(self, change: Change, lease_s: int = LEASE_S) -> OpenedReview:
        """Claim a review for `lease_s` seconds. Raises NotFound, PreconditionFailed, Conflict."""
        now = self.clock()
        return self._logged(self.store.claim(change.review_id, change.who, change.expected, lease_s, now))

    def claim_next(self, rule: str | None, who: Reviewer, lease_s: int = LEASE_S) -> OpenedReview | None:
        """Claim the most urgent review that nobody has claimed; None if there is none."""
        done = self.store.claim_next(rule, who, lease_s, self.clock())
        return self._logged(done) if done else None

    def release(self, change: Change) -> OpenedReview:
        """End a claim. Raises NotFound, PreconditionFailed, Conflict."""
        now = self.clock()
        return self._logged(self.store.release(change.review_id, change.who, change.expected, now))

    def skip(self, change: Change, reason: str | None = None) -> OpenedReview:
        """Put a review behind the others in the queue. Raises NotFound, PreconditionFailed, Conflict."""
        now = self.clock()
        return self._logged(self.store.skip(change.review_id, change.who, change.expected, reason, now))

    def decide(self, change: Change, decision: Decision) -> OpenedReview:
        """Record a decision. Raises NotFound, PreconditionFailed, Conflict, InvalidInput."""
        now = self.clock()
        return self._logged(self.store.decide(change.review_id, change.who, change.expected, decision, now))

    def undo(self, change: Change, reason: str | None = None) -> OpenedReview:
        """Undo a decision. Raises NotFound, PreconditionFailed, Conflict."""
        now = self.clock()
        return self._logged(self.store.undo(change.review_id, change.who, change.expected, reason, now))

    def find_decided_of_quote(self, quote: StoredQuote) -> ReviewRecord | None:
        """The newest decided review of a stored quote, None if there is none."""
        return self.store.find_decided(name_subject(quote.origin.uri, quote.text, quote.speaker))

    def find_decided_of_article(self, article: StoredArticle) -> dict[str, ReviewRecord]:
        """An article's decided reviews by their subjects, the newest of each."""
        return dict(self.store.find_decided_of(article.id))

    def find_of_article(
        self, article: StoredArticle, quotes: Iterable[Mapping[str, Any]]
    ) -> dict[str, ReviewRecord]:
        """The newest review of each of an article's quotes, by quote id, without superseded ones."""
        by_subject = dict(self.store.find_of(article.id, self.clock()))
        if not by_subject:
            return {}
        source = article_source_uri(article.uri, article.text)
        subjects = ((quote["id"], subject_of(source, quote)) for quote in quotes)
        return {quote_id: by_subject[subject] for quote_id, subject in subjects if subject in by_subject}

    def _logged(self, done: Done) -> OpenedReview:
        if done.entry is not None:
            log.info("review_recorded", entry=done.entry.number, hash=done.entry.hash)
        return self.read(done.review)


def find_context(review: ReviewRecord, text: str) -> Context | None:
    """The words around the quotation, by its position in the text."""
    assert review.quote is not None
    place = next(part for part in review.quote["selector"] if part["type"] == "TextPositionSelector")
    start, end = place["start"], place["end"]
    if not start <= end <= len(text):
        raise InvalidInput("the quotation is not in its article's text")
    return Context(text[max(0, start - CONTEXT) : start], text[start:end], text[end : end + CONTEXT])
