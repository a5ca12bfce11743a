"""Stored sources: the requests that store and change them, and the answers."""

from __future__ import annotations

import json
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from schemas.fields import OutputSchema, StrictDate, refuse_blank, refuse_unstorable, text_field
from schemas.imports import KindField, TurnSchema
from schemas.quotes import one_of
from service.matching.sources import EVIDENCE_CLASSES, KINDS
from service.sources.models import MAX_SOURCE_BYTES, MAX_TURNS
from service.store.quotes.sources import MOST_COUNTED, SourceSearch
from service.store.sources.records import MAX_REASON, HistoryEntry, SourceChange, StoredSource
from service.usecases.stored_sources import SourceFacts

FORMATS: Final = (
    "auto", "text", "markdown", "html", "srt", "vtt", "whisper", "docx", "odt", "rtf", "pdf", "eml", "turns",
)  # fmt: skip
MAX_SPEAKERS: Final = 500
CLASSES: Final = tuple(dict.fromkeys(EVIDENCE_CLASSES.values()))
ARROW: Final = "="


def reason_field(**kwargs: Any) -> fields.String:
    """Why something is retracted or removed."""
    described = {"description": "Kept in the history of the source."}
    return text_field(most=MAX_REASON, metadata=described, **kwargs)


class SpeakersField(fields.Dict):
    """Names as the source has them, each with the right one. "" stands for turns without a speaker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            keys=text_field(blank=True),
            values=text_field(blank=True),
            validate=validate.Length(max=MAX_SPEAKERS),
            metadata={"description": SpeakersField.__doc__, "example": {"Speaker 1": "Tomas Hale"}},
            **kwargs,
        )


class FactsSchema(Schema):
    """What its sender says of a source. What is left out is taken from the file."""

    title = text_field(allow_none=True)
    kind = KindField(allow_none=True)
    published_at = StrictDate(allow_none=True, metadata={"description": "The day it was said or published."})
    uri = text_field(allow_none=True, metadata={"description": "Its address; the same again replaces it."})
    publisher = text_field(allow_none=True, blank=True)
    format = fields.String(load_default="auto", validate=validate.OneOf(FORMATS))
    machine = fields.Boolean(
        allow_none=True, truthy={True}, falsy={False}, metadata={"description": "Transcribed by a machine."}
    )

    def read_facts(self, data: dict[str, Any]) -> SourceFacts:
        """The facts as the use case takes them."""
        names = ("title", "kind", "published_at", "uri", "publisher", "machine", "speakers")
        return SourceFacts(**{name: data[name] for name in names if name in data})


class NewSourceSchema(FactsSchema):
    """A source to store, as a text or as turns."""

    speakers = SpeakersField(load_default=dict)
    text = fields.String(
        validate=[refuse_unstorable, refuse_blank],
        metadata={"description": f"In `format`; at most {MAX_SOURCE_BYTES // 1_000_000} MB."},
    )
    turns = fields.List(fields.Nested(TurnSchema), validate=validate.Length(min=1, max=MAX_TURNS))

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def has_one_content(self, _data: dict[str, Any], original: Any, **_: Any) -> None:
        """Refuse a source without content, or with two that might differ."""
        if not isinstance(original, dict):
            return
        given = [name for name in ("text", "turns") if name in original]
        if not given:
            raise ValidationError("Give the text or the turns of the source, or send it as a file.")
        if len(given) > 1:
            raise ValidationError("Give the text or the turns, not both.", "turns")


class SourceFormSchema(FactsSchema):
    """The fields of a form that sends a file. `speaker` is `OLD=NEW`, and may be there several times."""

    machine = fields.Boolean(allow_none=True)
    speakers = fields.Raw(load_default=dict)
    speaker = fields.List(text_field())

    @post_load
    def join_speakers(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The renamings of both fields as one."""
        renamed = dict(read_speakers(data["speakers"]))
        for place, written in enumerate(data.pop("speaker", ())):
            old, found, new = written.partition(ARROW)
            if not found or not new.strip():
                raise ValidationError({"speaker": {place: ["Must be OLD=NEW."]}})
            renamed[old.strip()] = new.strip()
        return data | {"speakers": renamed}


def read_speakers(written: Any) -> dict[str, str]:
    """Renamings that were sent as the JSON text of an object."""
    if isinstance(written, dict):
        return written
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        found = None
    try:
        read: dict[str, str] = SpeakersField().deserialize(found)
    except ValidationError as error:
        raise ValidationError({"speakers": ["Must be a JSON object of names."]}) from error
    return read


class SourceChangeSchema(Schema):
    """What is to change of a source; what is left out stays."""

    title = text_field()
    kind = KindField()
    published_at = StrictDate(allow_none=True, metadata={"description": "null: the day is not known."})
    uri = text_field()
    publisher = text_field(blank=True)
    machine = fields.Boolean(truthy={True}, falsy={False})
    speakers = SpeakersField()

    @post_load
    def to_change(self, data: dict[str, Any], **_: Any) -> SourceChange:
        """The record as the use case takes it."""
        clears = "published_at" in data and data["published_at"] is None
        return SourceChange(**data, clears_date=clears)


class ReasonSchema(Schema):
    """Why something is retracted."""

    reason = reason_field(required=True)


class RemarkSchema(Schema):
    """Why a retraction is undone, if anybody says so."""

    reason = reason_field(load_default=None, allow_none=True)


class RemovalQuerySchema(Schema):
    """Query of `DELETE /v1/sources/{id}`."""

    reason = reason_field(load_default=None)


class SourceSearchSchema(Schema):
    """Query of `GET /v1/sources`."""

    q = text_field(metadata={"description": "Words of the title or the address."})
    kind = KindField()
    evidence_class = fields.String(data_key="class", validate=validate.OneOf(CLASSES))
    publisher = text_field(blank=True)
    since = StrictDate(data_key="from", metadata={"description": "Published on this day or later."})
    until = StrictDate(data_key="to", metadata={"description": "Published on this day or earlier."})
    retracted = fields.Boolean()
    cursor = text_field(metadata={"description": "`next` of the page before."})
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))

    @validates_schema
    def dates_are_in_order(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a range that nothing can lie in."""
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            raise ValidationError("Must not be earlier than from.", "to")

    @staticmethod
    def to_search(data: dict[str, Any]) -> SourceSearch:
        """The search as the use case takes it."""
        names = ("publisher", "kind", "evidence_class", "since", "until", "retracted")
        wanted = {name: data[name] for name in names if name in data}
        return SourceSearch(words=data.get("q"), with_articles=False, **wanted)


class HistorySearchSchema(Schema):
    """Query of `GET /v1/sources/{id}/history`."""

    before = fields.Integer(
        validate=validate.Range(min=1, max=2**31 - 1),
        metadata={"description": "Entries below this number: `next` of the page before."},
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))


class RetractionSchema(OutputSchema):
    """Since when something is no evidence any more, who decided that, and why."""

    at = fields.DateTime(required=True)
    by = fields.String(required=True, metadata={"description": "Name of the key."})
    reason = fields.String(required=True)


class RetractedQuoteSchema(OutputSchema):
    """A quote of the source that was retracted by itself."""

    id = fields.String(required=True)
    text = fields.String(required=True)
    speaker = fields.String(required=True, allow_none=True)
    turn = fields.Integer(required=True)
    retraction = fields.Nested(RetractionSchema, required=True)


class CueSchema(OutputSchema):
    """Words of a turn with a time of their own: from `offset`, in code points, to the next one."""

    offset = fields.Integer(required=True)
    start_s = fields.Float(required=True)
    end_s = fields.Float(required=True, allow_none=True)


class StoredTurnSchema(OutputSchema):
    """What one speaker says without a break. `is_question` where the interviewer asks."""

    speaker = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    start_s = fields.Float(required=True, allow_none=True)
    end_s = fields.Float(required=True, allow_none=True)
    is_question = fields.Boolean(required=True)
    cues = fields.List(fields.Nested(CueSchema), required=True)


class SpeakerCountSchema(OutputSchema):
    """A speaker as the source names them, null where it names nobody, and how many turns are theirs."""

    name = fields.String(required=True, allow_none=True)
    turns = fields.Integer(required=True)


class SourceLineSchema(OutputSchema):
    """A stored source in a list. `quotes` are its sentences or quotations, counted up to `MOST_COUNTED`."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    kind = one_of(*KINDS, required=True)
    evidence_class = one_of(*CLASSES, required=True, data_key="class")
    publisher = fields.String(required=True)
    published_at = fields.Date(required=True, allow_none=True)
    uri = fields.String(required=True, metadata={"description": "Without an address, `urn:sha256:…`."})
    format = fields.String(required=True, allow_none=True, metadata={"description": "null: imported."})
    machine = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True, allow_none=True)
    updated_at = fields.DateTime(required=True, allow_none=True)
    retraction = fields.Nested(RetractionSchema, required=True, allow_none=True)


class ListedSourceSchema(SourceLineSchema):
    """A stored source in a list."""

    quotes = fields.Function(
        lambda source: min(source.quotes, MOST_COUNTED),
        deserialize=int,
        required=True,
        metadata={"type": "integer", "description": f"Its sentences; at most {MOST_COUNTED:,} are counted."},
    )


class SourcePageSchema(OutputSchema):
    """A page of stored sources, the newest first. A page may be short while there is a `next`."""

    sources = fields.List(fields.Nested(ListedSourceSchema), required=True, attribute="items")
    next = fields.String(required=True, allow_none=True, attribute="next_cursor")


class StoredSourceSchema(SourceLineSchema):
    """A stored source with its turns."""

    added_by = fields.String(required=True, allow_none=True, metadata={"description": "Name of the key."})
    words = fields.Integer(required=True)
    speakers = fields.List(fields.Nested(SpeakerCountSchema), required=True)
    notes = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What was left out or guessed when the file was read."},
    )
    retracted_quotes = fields.List(fields.Nested(RetractedQuoteSchema), required=True)
    article_id = fields.String(
        required=True, allow_none=True, metadata={"description": "The article whose quotations these are."}
    )
    turns = fields.List(fields.Nested(StoredTurnSchema), required=True)
    has_more = fields.Boolean(required=True, metadata={"description": "These are the first of its turns."})


class TouchedArticleSchema(OutputSchema):
    """An article whose analysis shows the source, and its quotations that do."""

    id = fields.String(required=True)
    uri = fields.String(required=True, allow_none=True)
    headline = fields.String(required=True, allow_none=True)
    quotes = fields.List(fields.String(), required=True, metadata={"description": "Ids of quotations."})
    href = fields.Function(
        lambda article: f"/v1/articles/{article.id}",
        deserialize=str,
        required=True,
        metadata={"type": "string"},
    )


class TouchedSchema(OutputSchema):
    """The stored verdicts that rest on a source: their number, and the first hundred articles.

    `reviews` were opened for them by this change.
    """

    verdicts = fields.Integer(required=True)
    article_count = fields.Integer(required=True)
    articles = fields.List(fields.Nested(TouchedArticleSchema), required=True)
    reviews = fields.Integer(required=True)


class ChangedSourceSchema(StoredSourceSchema):
    """A stored source after a change, and the verdicts that the change touches."""

    touched = fields.Nested(TouchedSchema, required=True)


class RemovedSourceSchema(OutputSchema):
    """A source that was deleted, and the verdicts that rested on it."""

    id = fields.String(required=True)
    touched = fields.Nested(TouchedSchema, required=True)


class RetractedSchema(OutputSchema):
    """A quote whose standing changed, its source, and the verdicts that rested on it."""

    id = fields.String(required=True)
    source_id = fields.String(required=True)
    touched = fields.Nested(TouchedSchema, required=True)


class SourceHistoryEntrySchema(OutputSchema):
    """A change of a source: what was done, when and by whom, and the changed members as they were before.

    In a list, `former.turns` is the number of turns; the entry itself has them all.
    """

    number = fields.Integer(required=True)
    action = fields.String(required=True)
    at = fields.DateTime(required=True)
    by = fields.String(required=True, metadata={"description": "Name of the key, or of who ran a command."})
    key = fields.String(required=True, allow_none=True, attribute="key_id")
    reason = fields.String(required=True, allow_none=True)
    former = fields.Dict(required=True)
    verdicts = fields.Integer(required=True, metadata={"description": "Stored verdicts that rested on it."})


class SourceHistorySchema(OutputSchema):
    """A page of the changes of a source, the newest first; `next` is the `before` of the page after it."""

    entries = fields.List(fields.Nested(SourceHistoryEntrySchema), required=True)
    next = fields.Integer(required=True, allow_none=True)


def describe_stored(source: StoredSource) -> dict[str, Any]:
    """A source as `StoredSourceSchema` takes it."""
    origin = source.origin
    members = {name: getattr(source, name) for name in StoredSource.__dataclass_fields__}
    return members | {
        "title": origin.title,
        "kind": origin.kind,
        "evidence_class": origin.evidence_class,
        "publisher": origin.publisher,
        "published_at": origin.published_at,
        "uri": origin.uri,
        "words": source.words,
        "speakers": [{"name": name, "turns": turns} for name, turns in source.speakers.items()],
    }


def describe_line(entry: HistoryEntry) -> dict[str, Any]:
    """An entry of a list, without the turns that were there before."""
    members = {name: getattr(entry, name) for name in HistoryEntry.__dataclass_fields__}
    former = dict(entry.former)
    if isinstance(former.get("turns"), list):
        former["turns"] = len(former["turns"])
    return members | {"former": former}
