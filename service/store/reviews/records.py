"""Records of reviews and decisions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from service.store.reviews.audit import HistoryEntry

ReviewState = Literal["open", "claimed", "decided", "superseded"]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """The person who acts: `owner` is the public id of the API key, `name` its name."""

    owner: str
    name: str
    is_admin: bool = False  # who may take back what others have decided


@dataclass(frozen=True, slots=True)
class HumanVerdict:
    """A person's verdict on a quotation. Only a person can say `fabricated`."""

    fidelity: str
    attribution: str
    changes: tuple[str, ...]
    time: str


@dataclass(frozen=True, slots=True)
class EvidenceLink:
    """Evidence of a decision: an address or a stored quote, with a comment."""

    url: str | None = None
    quote_id: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's verdict, with the reason and the evidence."""

    verdict: HumanVerdict
    reason: str
    evidence: tuple[EvidenceLink, ...] = ()

    def members(self) -> dict[str, Any]:
        """The members of its JSON."""
        members: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return members


@dataclass(frozen=True, slots=True)
class Decided(Decision):
    """A recorded decision. `at` is in seconds since 1970."""

    by: str = ""
    key: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """Metadata of a review's article. All are None if the article was deleted."""

    id: str
    version: int  # that the quotation was found in
    uri: str | None
    headline: str | None
    publisher: str | None


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A review of a quotation's verdict. Times are seconds since 1970."""

    id: str
    state: ReviewState
    article: ArticleLine
    quote_id: str
    rules: tuple[str, ...]  # the most urgent first
    urgency: int
    skips: int
    quote: Mapping[str, Any] | None  # as the article's answer had it; None if the article was deleted
    engine: str
    policy: str
    machine_fidelity: str
    machine_attribution: str
    holder: str | None
    holder_name: str | None
    leased_until: float
    decision: Decided | None
    revision: int
    opened_at: float

    @property
    def machine_label(self) -> str | None:
        """The label that the machine had given; None under policy 1, or where the article was deleted."""
        return self._verdict.get("label")

    @property
    def machine_severity(self) -> int | None:
        """How bad that is, 0 to 3; None if there is no label."""
        return self._verdict.get("severity")

    @property
    def _verdict(self) -> Mapping[str, Any]:
        return self.quote["verdict"] if self.quote else {}

    @property
    def tag(self) -> str:
        """The entity tag: revision and state. The state is needed since a claim can end by itself."""
        return f"{self.revision}.{self.state}"


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of reviews; `next_cursor` leads to the next one, None if there is none."""

    items: tuple[ReviewRecord, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of decisions of one kind on a day (UTC)."""

    decided_on: date
    rules: tuple[str, ...]
    machine_fidelity: str
    machine_attribution: str
    human_fidelity: str
    human_attribution: str
    count: int


@dataclass(frozen=True, slots=True)
class Done:
    """A changed review, and its entry in the record."""

    review: ReviewRecord
    entry: HistoryEntry | None


def read_review(row: Any, now: float) -> ReviewRecord:
    """A row of `build_reviews` as a record."""
    state: ReviewState = row.state
    if state == "open" and row.leased_until > now:
        state = "claimed"
    claimed = state == "claimed"
    return ReviewRecord(
        id=row.id,
        state=state,
        article=ArticleLine(row.article_id, row.article_version, row.uri, row.headline, row.publisher),
        quote_id=row.quote_id,
        rules=tuple(row.rules.split()),
        urgency=row.urgency,
        skips=row.skips,
        quote=json.loads(row.quote) if row.quote else None,
        engine=row.engine,
        policy=row.policy,
        machine_fidelity=row.machine_fidelity,
        machine_attribution=row.machine_attribution,
        holder=row.holder if claimed else None,
        holder_name=row.holder_name if claimed else None,
        leased_until=row.leased_until if claimed else 0.0,
        decision=read_decision(row) if row.state == "decided" else None,
        revision=row.revision,
        opened_at=row.opened_at,
    )


def read_decision(row: Any) -> Decided:
    """The decision in a row of reviews."""
    members = json.loads(row.decision)
    verdict = members["verdict"]
    return Decided(
        verdict=HumanVerdict(**verdict | {"changes": tuple(verdict["changes"])}),
        reason=members["reason"],
        evidence=tuple(EvidenceLink(**link) for link in members["evidence"]),
        by=row.decided_by,
        key=row.decided_key,
        at=row.decided_at,
    )
