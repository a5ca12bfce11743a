"""What people do about doubtful verdicts: read, claim, skip, decide, undo."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from service.errors import InvalidInput
from service.store.records import StoredArticle, StoredQuote
from service.store.reviews.analysis_sync import name_subject
from service.store.reviews.records import Decision, Done, Reviewer, ReviewRecord
from service.store.reviews.reviews import ReviewStore

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
    """A review with what there is to read for it. The context is gone with a deleted article."""

    review: ReviewRecord
    context: Context | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a person does: to which review, who it is, and the entity tags that were sent with If-Match."""

    review_id: str
    who: Reviewer
    expected: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ReviewService:
    """The use case over the store. Everything that is done leaves its hash in the log of the process too."""

    store: ReviewStore
    clock: Callable[[], float] = time.time

    def open(self, review_id: str) -> OpenedReview:
        """A review with its quotation in context. Raises NotFound."""
        return self.read(self.store.get(review_id, self.clock()))

    def read(self, review: ReviewRecord) -> OpenedReview:
        """The context of a review's quotation."""
        text = self.store.read_text(review) if review.quote else None
        return OpenedReview(review, find_context(review, text) if text is not None else None)

    def claim(self, change: Change, lease_s: int = LEASE_S) -> OpenedReview:
        """Take a review for so many seconds. Raises NotFound, PreconditionFailed, Conflict."""
        now = self.clock()
        return self._told(self.store.claim(change.review_id, change.who, change.expected, lease_s, now))

    def claim_next(self, rule: str | None, who: Reviewer, lease_s: int = LEASE_S) -> OpenedReview | None:
        """Take the most urgent review that nobody has; None where there is none."""
        done = self.store.claim_next(rule, who, lease_s, self.clock())
        return self._told(done) if done else None

    def release(self, change: Change) -> OpenedReview:
        """Give a claim back. Raises NotFound, PreconditionFailed, Conflict."""
        now = self.clock()
        return self._told(self.store.release(change.review_id, change.who, change.expected, now))

    def skip(self, change: Change, reason: str | None = None) -> OpenedReview:
        """Leave a review to others. Raises NotFound, PreconditionFailed, Conflict."""
        now = self.clock()
        return self._told(self.store.skip(change.review_id, change.who, change.expected, reason, now))

    def decide(self, change: Change, decision: Decision) -> OpenedReview:
        """Keep a decision. Raises NotFound, PreconditionFailed, Conflict, InvalidInput."""
        now = self.clock()
        return self._told(self.store.decide(change.review_id, change.who, change.expected, decision, now))

    def undo(self, change: Change, reason: str | None = None) -> OpenedReview:
        """Take a decision back. Raises NotFound, PreconditionFailed, Conflict."""
        now = self.clock()
        return self._told(self.store.undo(change.review_id, change.who, change.expected, reason, now))

    def find_decided_of_quote(self, quote: StoredQuote) -> ReviewRecord | None:
        """The newest review of a stored quote that was decided, None where none was."""
        return self.store.find_decided(name_subject(quote.origin.uri, quote.text, quote.speaker))

    def find_decided_of_article(self, article: StoredArticle) -> dict[str, ReviewRecord]:
        """An article's decided reviews by their subjects, the newest of each."""
        return dict(self.store.find_decided_of(article.id))

    def find_of_article(self, article: StoredArticle) -> dict[str, ReviewRecord]:
        """An article's reviews by their subjects, the newest of each, but for those that are superseded."""
        return dict(self.store.find_of(article.id, self.clock()))

    def _told(self, done: Done) -> OpenedReview:
        if done.entry is not None:
            log.info("review_recorded", entry=done.entry.number, hash=done.entry.hash)
        return self.read(done.review)


def find_context(review: ReviewRecord, text: str) -> Context | None:
    """The words around the quotation, by its position in the text."""
    assert review.quote is not None
    place = next(part for part in review.quote["selector"] if part["type"] == "TextPositionSelector")
    start, end = place["start"], place["end"]
    if not start <= end <= len(text):
        raise InvalidInput("the quotation does not stand in its article's text")
    return Context(text[max(0, start - CONTEXT) : start], text[start:end], text[end : end + CONTEXT])
