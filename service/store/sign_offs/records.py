"""Records of sign-offs: what a person says of a quotation, its evidence, and corrections."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from service.store.reviews.audit import HistoryEntry

SignOffStatus = Literal["right", "fix", "confirmed_by_phone", "cannot_be_confirmed", "ignore"]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a source, copied by a person: of an interview that is not stored, say."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: an address, a stored quote, a stored file or a passage, with a comment."""

    url: str | None = None
    quote_id: str | None = None
    file_id: str | None = None
    passage: Passage | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectedSpeaker:
    """The speaker as a person corrected it; `name` is None where the article names nobody."""

    name: str | None


@dataclass(frozen=True, slots=True)
class CorrectedSpan:
    """The words of the quotation as a person corrected them: code points in the article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What the machine read wrongly; None for what it read rightly. One of the two is given."""

    speaker: CorrectedSpeaker | None = None
    span: CorrectedSpan | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """All that a person says of a quotation. Without a status it is not signed off."""

    status: SignOffStatus | None
    note: str | None = None
    evidence: tuple[Evidence, ...] = ()
    correction: Correction | None = None

    def members(self) -> dict[str, Any]:
        """The members of its JSON, without what is not given."""
        members: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        members["evidence"] = [without_nulls(one) for one in members["evidence"]]
        if members["correction"]:
            members["correction"] = without_nulls(members["correction"])
        return members


@dataclass(frozen=True, slots=True)
class SignOff:
    """The statement on a quotation. `machine` is the machine's reading: speaker, spans, label.

    `corrected` is the quotation as corrected and judged again, as answers present it; its positions are in
    version `version` of the article.
    """

    id: str
    article_id: str
    subject: str
    version: int
    statement: Statement
    corrected: Mapping[str, Any] | None
    machine: Mapping[str, Any]
    by: str
    key_id: str
    at: float
    revision: int

    @property
    def tag(self) -> str:
        """The entity tag."""
        return f"{self.id}.{self.revision}"


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign-off after a change, and its entry in the record; None where nothing changed."""

    sign_off: SignOff
    entry: HistoryEntry | None


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that was kept as evidence, without its content."""

    id: str
    article_id: str
    name: str
    size: int
    digest: str
    by: str
    at: float


def without_nulls(members: Mapping[str, Any]) -> dict[str, Any]:
    """An object without the members that are null; an object within it is kept as it is."""
    return {name: value for name, value in members.items() if value is not None}


def read_statement(row: Any) -> Statement:
    """The statement in a row."""
    correction = json.loads(row.correction) if row.correction else None
    return Statement(
        row.status,
        row.note,
        tuple(map(read_evidence, json.loads(row.evidence))),
        read_correction(correction) if correction else None,
    )


def read_evidence(members: Mapping[str, Any]) -> Evidence:
    """A piece of evidence from JSON."""
    passage = members.get("passage")
    return Evidence(**{**members, "passage": Passage(**passage) if passage else None})


def read_correction(members: Mapping[str, Any]) -> Correction:
    """A correction from JSON."""
    speaker, span = members.get("speaker"), members.get("span")
    return Correction(
        CorrectedSpeaker(**speaker) if speaker is not None else None, CorrectedSpan(**span) if span else None
    )


def read_sign_off(row: Any) -> SignOff:
    """A row of `sign_offs` as a record."""
    return SignOff(
        id=row.id,
        article_id=row.article_id,
        subject=row.subject,
        version=row.version,
        statement=read_statement(row),
        corrected=json.loads(row.corrected) if row.corrected else None,
        machine=json.loads(row.machine),
        by=row.by,
        key_id=row.key_id,
        at=row.at,
        revision=row.revision,
    )
