"""A sign-off decides the review that waits for the same quotation, so that nobody has to look at it twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import structlog

from service.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from service.store.records import article_source_uri
from service.store.reviews.analysis_sync import subject_of
from service.store.reviews.records import Decision, EvidenceLink, HumanVerdict, Reviewer, ReviewRecord
from service.store.reviews.reviews import ReviewStore
from service.store.sign_offs.records import SignOffStatus, Statement
from service.usecases.reviews.sign_offs import SignedArticle, SignedQuote

#: What is written as the reason of a decision, before the note.
REASON: Final = "Signed off in the article"
STATUS_WORDS: Final[Mapping[SignOffStatus, str]] = {
    "right": "right",
    "fix": "to be fixed",
    "confirmed_by_phone": "confirmed by phone",
    "cannot_be_confirmed": "cannot be confirmed",
    "ignore": "nothing to check",
}
RIGHT: Final = ("right", "confirmed_by_phone")
LEAST_FAULT: Final = 2  # from this severity on, the machine says that something has to be put right

log = structlog.get_logger("verbatim.reviews")


def settle_review(reviews: ReviewStore, signed: SignedArticle, found: SignedQuote, now: float) -> None:
    """Decide the open review of a quotation that was signed off; undo that if the sign-off was taken back.

    Left as it is where another person holds or has decided the review, and where the statement does not tell
    what the verdict should be.
    """
    sign_off = found.sign_off
    if sign_off is None:
        return
    article = signed.article
    subject = subject_of(article_source_uri(article.uri, article.text), found.machine)
    review = dict(reviews.find_of(article.id, now)).get(subject)
    if review is None:
        return
    who = Reviewer(sign_off.key_id, sign_off.by)
    try:
        if is_settled_by(review, who):
            reviews.undo(review.id, who, None, REASON, now)
        decision = make_decision(found, sign_off.statement)
        if decision is not None:
            reviews.decide(review.id, who, None, decision, now)
    except (Conflict, PreconditionFailed, NotFound, InvalidInput) as error:
        log.info("review_left_open", review=review.id, reason=str(error))


def is_settled_by(review: ReviewRecord, who: Reviewer) -> bool:
    """Whether a former sign-off of this person decided the review."""
    decided = review.decision
    return decided is not None and decided.by == who.name and decided.reason.startswith(REASON)


def make_decision(found: SignedQuote, statement: Statement) -> Decision | None:
    """The decision that a statement amounts to; None where it tells none."""
    verdict = found.quote["verdict"]
    if statement.status is None or "label" not in verdict:
        return None
    is_fault = verdict["severity"] >= LEAST_FAULT
    if statement.status in RIGHT and is_fault:
        human = HumanVerdict("verbatim", "same", (), verdict["time"])
    elif statement.status == "fix" and not is_fault:
        return None
    else:
        human = restate(verdict)
    note = f": {statement.note}" if statement.note else ""
    reason = f"{REASON} as {STATUS_WORDS[statement.status]}{note}"
    links = tuple(
        EvidenceLink(one.url, one.quote_id, one.note) for one in statement.evidence if one.url or one.quote_id
    )
    return Decision(human, reason, links)


def restate(verdict: Mapping[str, Any]) -> HumanVerdict:
    """The verdict as it is, as a person's; these have changes only for altered words."""
    changes = tuple(verdict["changes"]) if verdict["fidelity"] == "altered" else ()
    return HumanVerdict(verdict["fidelity"], verdict["attribution"], changes, verdict["time"])
