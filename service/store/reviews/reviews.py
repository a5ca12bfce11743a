"""Reviews: the queue, claims and decisions.

Every change, its entry in the record and its event are one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from service.errors import Conflict
from service.store.engine.database import Database
from service.store.events.publish import EventType, publish_event
from service.store.reviews.analysis_sync import FREE, build_event_data, change
from service.store.reviews.audit import HistoryEntry, NewEntry, add_entry, read_history
from service.store.reviews.preconditions import (
    check_revision,
    is_repeated,
    refuse_others,
    refuse_unknown_quotes,
    refuse_unless_open,
    still_holds,
)
from service.store.reviews.queue import (
    CURSOR,
    build_neighbour,
    build_place,
    build_queue,
    build_reviews,
    get_row,
)
from service.store.reviews.records import (
    Decision,
    Done,
    Reviewer,
    ReviewPage,
    ReviewRecord,
    ReviewState,
    Tally,
    read_review,
)
from service.store.tables import article_versions, reviews

#: What is done to a row: the changed values, the entry for the record, and the type of the event.
StepTaken = tuple[Mapping[str, Any], NewEntry, EventType]
Step = Callable[[Connection, Row[Any]], StepTaken]


class ReviewStore:
    """The reviews of a database. Methods raise StoreUnavailable if it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def find_page(
        self, state: ReviewState | None, rule: str | None, cursor: str | None, limit: int, now: float
    ) -> ReviewPage:
        """Reviews by urgency, then by the number of skips, then by age.

        Raises InvalidInput for a bad cursor.
        """
        wanted = build_queue(state, rule, now)
        if cursor:
            wanted = wanted.where(build_place(cursor))
        with self._database.read() as connection:
            rows = connection.execute(wanted.limit(limit + 1)).all()
        shown = tuple(read_review(row, now) for row in rows[:limit])
        last = rows[limit - 1] if len(rows) > limit else None
        following = CURSOR.encode(last.urgency, last.skips, last.number) if last else None
        return ReviewPage(shown, following)

    def get(self, review_id: str, now: float) -> ReviewRecord:
        """One review. Raises NotFound."""
        with self._database.read() as connection:
            return read_review(get_row(connection, review_id), now)

    def find_neighbours(self, review_id: str, rule: str | None) -> tuple[str | None, str | None]:
        """The ids of the open reviews before and after this one in the queue, None at its ends.

        Raises NotFound.
        """
        with self._database.read() as connection:
            row = get_row(connection, review_id)
            before = connection.execute(build_neighbour(row, rule, forward=False)).scalar()
            behind = connection.execute(build_neighbour(row, rule, forward=True)).scalar()
        return before, behind

    def read_text(self, review: ReviewRecord) -> str | None:
        """The text of the article's version with the quotation; None if it was deleted."""
        wanted = select(article_versions.c.text).where(
            article_versions.c.article_id == review.article.id,
            article_versions.c.version == review.article.version,
        )
        with self._database.read() as connection:
            return connection.execute(wanted).scalar()

    def history(self, review_id: str) -> list[HistoryEntry]:
        """The entries of a review, the oldest first. Raises NotFound."""
        with self._database.read() as connection:
            get_row(connection, review_id)
            return read_history(connection, review_id)

    def claim(
        self, review_id: str, who: Reviewer, expected: frozenset[str] | None, lease_s: int, now: float
    ) -> Done:
        """Claim a review for a person for `lease_s` seconds; the holder can claim it again to extend that.

        Raises NotFound, PreconditionFailed, and Conflict if another holds it or it is not open.
        """

        def step(_: Connection, row: Row[Any]) -> StepTaken:
            refuse_unless_open(row)
            refuse_others(row, who, now)
            return claim_for(who, lease_s, now)

        return self._do(review_id, expected, step, now)

    def claim_next(self, rule: str | None, who: Reviewer, lease_s: int, now: float) -> Done | None:
        """Claim the most urgent review that nobody holds; None if there is none."""
        with self._database.write() as connection:
            row = connection.execute(build_queue("open", rule, now).limit(1)).first()
            if row is None:
                return None
            entry = apply(connection, row, claim_for(who, lease_s, now), now)
            return Done(read_review(get_row(connection, row.id), now), entry)

    def skip(
        self,
        review_id: str,
        who: Reviewer,
        expected: frozenset[str] | None,
        reason: str | None,
        now: float,
    ) -> Done:
        """Put a review behind the others of its urgency and end the claim. Raises as `claim` does."""

        def step(_: Connection, row: Row[Any]) -> StepTaken:
            refuse_unless_open(row)
            refuse_others(row, who, now)
            new_entry = NewEntry("skipped", who.name, who.owner, {"reason": reason})
            return {**FREE, "skips": row.skips + 1}, new_entry, "review.skipped"

        return self._do(review_id, expected, step, now)

    def release(self, review_id: str, who: Reviewer, expected: frozenset[str] | None, now: float) -> Done:
        """End a claim. Raises as `claim` does, and Conflict if there is none."""

        def step(_: Connection, row: Row[Any]) -> StepTaken:
            refuse_unless_open(row)
            refuse_others(row, who, now)
            if row.leased_until <= now:
                raise Conflict("nobody has claimed this review")
            return FREE, NewEntry("released", who.name, who.owner), "review.released"

        return self._do(review_id, expected, step, now)

    def decide(
        self,
        review_id: str,
        who: Reviewer,
        expected: frozenset[str] | None,
        decision: Decision,
        now: float,
    ) -> Done:
        """Record a decision. The same decision of the same person again changes nothing.

        Raises NotFound, PreconditionFailed, Conflict if another holds the review or it is decided or
        superseded, and InvalidInput if the evidence refers to a quote that is not stored.
        """
        with self._database.write() as connection:
            row = get_row(connection, review_id)
            if is_repeated(row, who, decision):
                return Done(read_review(row, now), None)
            check_revision(row, expected)
            refuse_unless_open(row)
            refuse_others(row, who, now)
            refuse_unknown_quotes(connection, decision)
            values = describe_decision(decision, who, now)
            new_entry = NewEntry("decided", who.name, who.owner, decision.members())
            entry = apply(connection, row, (values, new_entry, "review.decided"), now)
            return Done(read_review(get_row(connection, review_id), now), entry)

    def undo(
        self,
        review_id: str,
        who: Reviewer,
        expected: frozenset[str] | None,
        reason: str | None,
        now: float,
    ) -> Done:
        """Undo a decision: one's own, or any as an administrator. It stays in the record.

        The review is open again, or superseded if the article has changed. Raises NotFound,
        PreconditionFailed, and Conflict if it is not decided, or by another person.
        """

        def step(connection: Connection, row: Row[Any]) -> StepTaken:
            if row.state != "decided":
                raise Conflict("this review is not decided, so there is nothing to undo")
            if row.decided_key != who.owner and not who.is_admin:
                raise Conflict(f"this was decided by {row.decided_by}, who can undo it, or an administrator")
            holds = still_holds(connection, row)
            values = {**UNDECIDED, "state": "open" if holds else "superseded"}
            new_entry = NewEntry("reopened", who.name, who.owner, {"reason": reason, "holds": int(holds)})
            return values, new_entry, "review.reopened" if holds else "review.superseded"

        return self._do(review_id, expected, step, now)

    def find_decided(self, subject: str) -> ReviewRecord | None:
        """The newest decided review of a subject (see `name_subject`)."""
        wanted = build_reviews().where(reviews.c.subject == subject, reviews.c.state == "decided")
        with self._database.read() as connection:
            row = connection.execute(wanted.order_by(reviews.c.decided_at.desc()).limit(1)).first()
        return read_review(row, 0.0) if row else None

    def find_decided_of(self, article_id: str) -> list[tuple[str, ReviewRecord]]:
        """An article's decided reviews with the subject of each, the oldest decision first."""
        wanted = build_reviews().where(reviews.c.article_id == article_id, reviews.c.state == "decided")
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(reviews.c.decided_at)).all()
        return [(row.subject, read_review(row, 0.0)) for row in rows]

    def find_of(self, article_id: str, now: float) -> list[tuple[str, ReviewRecord]]:
        """An article's reviews, not superseded ones, with the subject of each; the oldest first."""
        wanted = build_reviews().where(reviews.c.article_id == article_id, reviews.c.state != "superseded")
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(reviews.c.number)).all()
        return [(row.subject, read_review(row, now)) for row in rows]

    def count(self, since: date | None, until: date | None) -> list[Tally]:
        """Decisions that stand, counted by day, rules and verdicts."""
        kinds = [reviews.c[name] for name in TALLIED]
        wanted = select(*kinds, func.count().label("count")).where(reviews.c.state == "decided")
        if since:
            wanted = wanted.where(reviews.c.decided_on >= since)
        if until:
            wanted = wanted.where(reviews.c.decided_on <= until)
        with self._database.read() as connection:
            rows = connection.execute(wanted.group_by(*kinds).order_by(*kinds)).all()
        return [Tally(**dict(row._mapping) | {"rules": tuple(row.rules.split())}) for row in rows]

    def _do(self, review_id: str, expected: frozenset[str] | None, step: Step, now: float) -> Done:
        with self._database.write() as connection:
            row = get_row(connection, review_id)
            check_revision(row, expected)
            entry = apply(connection, row, step(connection, row), now)
            return Done(read_review(get_row(connection, review_id), now), entry)


TALLIED: Final = (
    "decided_on", "rules", "machine_fidelity", "machine_attribution", "human_fidelity", "human_attribution",
)  # fmt: skip
UNDECIDED: Final[Mapping[str, Any]] = {
    "human_fidelity": None,
    "human_attribution": None,
    "decision": None,
    "decided_by": None,
    "decided_key": None,
    "decided_at": None,
    "decided_on": None,
}


def claim_for(who: Reviewer, lease_s: int, now: float) -> StepTaken:
    """The step that claims a review for `lease_s` seconds."""
    values = {"holder": who.owner, "holder_name": who.name, "leased_until": now + lease_s}
    return values, NewEntry("claimed", who.name, who.owner, {"seconds": lease_s}), "review.claimed"


def apply(
    connection: Connection,
    row: Row[Any],
    done: StepTaken,
    now: float,
) -> HistoryEntry:
    """Change a review, add the entry to the record and publish the event."""
    values, new_entry, event = done
    change(connection, row, values)
    entry = add_entry(connection, row.id, new_entry, now)
    data = build_event_data(row._asdict()) | {
        "by": new_entry.by,
        "entry": {"number": entry.number, "hash": entry.hash},
    }
    if event == "review.decided":
        data["decided"] = {"fidelity": values["human_fidelity"], "attribution": values["human_attribution"]}
    publish_event(connection, event, data, now)
    return entry


def describe_decision(decision: Decision, who: Reviewer, now: float) -> dict[str, Any]:
    """The columns of a review that hold its decision."""
    return {
        "state": "decided",
        **FREE,
        "human_fidelity": decision.verdict.fidelity,
        "human_attribution": decision.verdict.attribution,
        "decision": json.dumps(decision.members(), ensure_ascii=False),
        "decided_by": who.name,
        "decided_key": who.owner,
        "decided_at": now,
        "decided_on": datetime.fromtimestamp(now, UTC).date(),
    }
