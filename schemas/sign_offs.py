"""Sign-offs: what a person says of a quotation, and how answers show it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, get_args

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from schemas.fields import OutputSchema, text_field
from schemas.jobs import Instant
from schemas.quotes import LABELS, QuoteSchema, SpanSchema, one_of
from schemas.reviews import MAX_EVIDENCE, MAX_NOTE, MAX_REASON, refuse_other_schemes
from service.store.reviews.audit import HistoryEntry
from service.store.sign_offs.records import (
    CorrectedSpan,
    CorrectedSpeaker,
    Correction,
    Evidence,
    Passage,
    SignOff,
    SignOffStatus,
    Statement,
)
from service.usecases.reviews.sign_offs import SignedArticle, SignedQuote

STATUSES: Final = get_args(SignOffStatus)
KINDS_OF_EVIDENCE: Final = ("url", "quote_id", "file_id", "passage")
MAX_PASSAGE: Final = 10_000


class PassageSchema(Schema):
    """Words of a source, copied: of an interview that is not stored, say."""

    source = text_field(required=True)
    text = text_field(most=MAX_PASSAGE, required=True)

    @post_load
    def to_passage(self, data: dict[str, Any], **_: Any) -> Passage:
        """The record as the store keeps it."""
        return Passage(**data)


class SignOffEvidenceSchema(Schema):
    """One piece of evidence: a web address, a stored quote, a file of the article, or words of a source."""

    url = fields.String(validate=[validate.Length(max=2_000), refuse_other_schemes], allow_none=True)
    quote_id = text_field(most=32, allow_none=True)
    file_id = text_field(most=32, allow_none=True)
    passage = fields.Nested(PassageSchema, allow_none=True)
    note = text_field(most=MAX_NOTE, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def names_one_thing(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse evidence that is nowhere, or in two places."""
        if sum(bool(data.get(name)) for name in KINDS_OF_EVIDENCE) != 1:
            raise ValidationError(f"Give one of {', '.join(KINDS_OF_EVIDENCE)}.")

    @post_load
    def to_evidence(self, data: dict[str, Any], **_: Any) -> Evidence:
        """The record as the store keeps it."""
        return Evidence(**data)


class CorrectedSpeakerSchema(Schema):
    """The speaker, as it should be; `name` is null where the article names nobody."""

    name = text_field(most=500, required=True, allow_none=True)

    @post_load
    def to_speaker(self, data: dict[str, Any], **_: Any) -> CorrectedSpeaker:
        """The record as the store keeps it."""
        name = " ".join(data["name"].split()) if data["name"] is not None else None
        return CorrectedSpeaker(name)


class CorrectedSpanSchema(Schema):
    """The words of the quotation, as they should be: code points in the article's text, half-open."""

    start = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    end = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))

    @post_load
    def to_span(self, data: dict[str, Any], **_: Any) -> CorrectedSpan:
        """The record as the store keeps it."""
        return CorrectedSpan(**data)


class CorrectionInputSchema(Schema):
    """What the machine read wrongly: the speaker, the words or both. Leave out what it read rightly."""

    speaker = fields.Nested(CorrectedSpeakerSchema, allow_none=True)
    span = fields.Nested(CorrectedSpanSchema, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def corrects_something(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a correction of nothing."""
        if not data.get("speaker") and not data.get("span"):
            raise ValidationError("Give the speaker, the span or both.")

    @post_load
    def to_correction(self, data: dict[str, Any], **_: Any) -> Correction:
        """The record as the store keeps it."""
        return Correction(**data)


class SignOffInputSchema(Schema):
    """All that a person says of a quotation, in place of what was said before.

    Without a `status`, a quotation that was corrected is not signed off yet.
    """

    status = one_of(*STATUSES, allow_none=True, load_default=None)
    note = text_field(most=MAX_REASON, allow_none=True, load_default=None)
    evidence = fields.List(
        fields.Nested(SignOffEvidenceSchema), load_default=list, validate=validate.Length(max=MAX_EVIDENCE)
    )
    correction = fields.Nested(CorrectionInputSchema, allow_none=True, load_default=None)

    @validates_schema(skip_on_field_errors=True)
    def says_something(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a note or evidence without a status or a correction that it belongs to."""
        if data.get("status") is None and data.get("correction") is None:
            raise ValidationError("Give a status, a correction or both.", "status")

    @post_load
    def to_statement(self, data: dict[str, Any], **_: Any) -> Statement:
        """The record as the store keeps it."""
        note = data["note"].strip() if data["note"] else None
        return Statement(data["status"], note, tuple(data["evidence"]), data["correction"])


class GivenPassageSchema(OutputSchema):
    """Words of a source, copied by a person."""

    source = fields.String(required=True)
    text = fields.String(required=True)


class GivenSignOffEvidenceSchema(OutputSchema):
    """A piece of evidence."""

    url = fields.String(required=True, allow_none=True)
    quote_id = fields.String(required=True, allow_none=True)
    file_id = fields.String(required=True, allow_none=True)
    passage = fields.Nested(GivenPassageSchema, required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class GivenSpeakerSchema(OutputSchema):
    """The speaker as a person corrected it."""

    name = fields.String(required=True, allow_none=True)


class GivenCorrectionSchema(OutputSchema):
    """What a person corrected; null for what stands as the machine read it."""

    speaker = fields.Nested(GivenSpeakerSchema, required=True, allow_none=True)
    span = fields.Nested(SpanSchema, required=True, allow_none=True)


class MachineReadingSchema(OutputSchema):
    """How the machine read a quotation that was signed off or corrected."""

    speaker = fields.String(required=True, allow_none=True)
    spans = fields.List(fields.Nested(SpanSchema), required=True)
    label = one_of(*LABELS, required=True, allow_none=True)


class SignOffSchema(OutputSchema):
    """What a person said of a quotation, who and when. `version` is that of the article it was said of."""

    id = fields.String(required=True)
    status = one_of(*STATUSES, required=True, allow_none=True, attribute="statement.status")
    note = fields.String(required=True, allow_none=True, attribute="statement.note")
    evidence = fields.List(
        fields.Nested(GivenSignOffEvidenceSchema), required=True, attribute="statement.evidence"
    )
    correction = fields.Nested(
        GivenCorrectionSchema, required=True, allow_none=True, attribute="statement.correction"
    )
    machine = fields.Nested(MachineReadingSchema, required=True)
    version = fields.Integer(required=True)
    signed_by = fields.String(required=True, attribute="by")
    signed_at = Instant(required=True, attribute="at")


class SignedCountSchema(OutputSchema):
    """How many of an article's quotations are signed off."""

    signed = fields.Integer(required=True)
    quotes = fields.Integer(required=True)


class SignedQuoteSchema(OutputSchema):
    """A quotation and its sign-off. `quote` is as a person corrected it where somebody did."""

    number = fields.Integer(required=True, metadata={"description": "In the order of the text, from 1."})
    quote = fields.Nested(QuoteSchema, required=True)
    sign_off = fields.Nested(SignOffSchema, required=True, allow_none=True)


class SignedLineSchema(OutputSchema):
    """A quotation in the list of sign-offs."""

    number = fields.Integer(required=True, metadata={"description": "In the order of the text, from 1."})
    quote_id = fields.String(required=True)
    text = fields.String(required=True)
    speaker = fields.String(required=True, allow_none=True)
    sign_off = fields.Nested(SignOffSchema, required=True, allow_none=True)


class SignOffsSchema(SignedCountSchema):
    """The sign-offs of an article: the count, and every quotation with what was said of it, or null."""

    lines = fields.List(fields.Nested(SignedLineSchema), required=True)


class EvidenceFileSchema(OutputSchema):
    """A file that is kept as evidence."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "In bytes."})
    digest = fields.String(required=True, metadata={"description": "SHA-256 in hexadecimal."})
    added_by = fields.String(required=True, attribute="by")
    added_at = Instant(required=True, attribute="at")


class EvidenceUploadSchema(Schema):
    """The form with a file."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


SIGN_OFF: Final = SignOffSchema()


def present_sign_off(sign_off: SignOff | None) -> dict[str, Any] | None:
    """A sign-off as answers show it."""
    if sign_off is None:
        return None
    shown: dict[str, Any] = SIGN_OFF.dump(sign_off)
    return shown


def present_line(quote: SignedQuote) -> dict[str, Any]:
    """A quotation in the list of sign-offs."""
    return {
        "number": quote.number,
        "quote_id": quote.quote["id"],
        "text": quote.quote["content"]["text"],
        "speaker": quote.quote["speaker"]["name"],
        "sign_off": present_sign_off(quote.sign_off),
    }


def present_sign_offs(article: SignedArticle) -> dict[str, Any]:
    """The sign-offs of an article."""
    lines = [present_line(quote) for quote in article.quotes]
    return {"signed": article.signed, "quotes": len(article.quotes), "lines": lines}


def present_signed_quote(quote: SignedQuote) -> dict[str, Any]:
    """A quotation with its sign-off."""
    return {
        "number": quote.number,
        "quote": dict(quote.quote),
        "sign_off": present_sign_off(quote.sign_off),
    }


def add_sign_offs(article: SignedArticle, quotes: list[dict[str, Any]]) -> dict[str, Any]:
    """An analysis with what people said of its quotations; `quotes` are these with their reviews, if any."""
    shown = []
    for one, reviewed in zip(article.quotes, quotes, strict=True):
        members = dict(one.quote) | {name: reviewed[name] for name in ("review",) if name in reviewed}
        shown.append(members | ({"sign_off": present_sign_off(one.sign_off)} if one.sign_off else {}))
    count = {"signed": article.signed, "quotes": len(article.quotes)}
    return dict(article.analysis) | {"quotes": shown, "signed_off": count}


def read_entry(entry: HistoryEntry) -> Mapping[str, Any]:
    """The members of an entry of the record."""
    members: Mapping[str, Any] = json.loads(entry.entry)
    return members
