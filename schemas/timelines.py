"""Timelines: what a speaker said over time."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from schemas.fields import OutputSchema, StrictDate, text_field
from schemas.quotes import CHANGES, AlignmentStepSchema, StoredQuoteSchema, one_of
from schemas.speakers import KnownSpeakerSchema, describe_speaker
from service.people.statements import OPPOSING, explain
from service.usecases.search.timeline import Counterpart, Entry, Timeline, TimelineSearch


class TimelineSearchSchema(Schema):
    """Query of `GET /v1/speakers/{id}/timeline`."""

    q = text_field(metadata={"description": "Words that the statements have."})
    since = StrictDate(data_key="from", metadata={"description": "Said on this day or later."})
    until = StrictDate(data_key="to", metadata={"description": "Said on this day or earlier."})
    cursor = text_field(metadata={"description": "`next` of the page before."})
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=50))

    @validates_schema
    def dates_are_in_order(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a range that ends before it begins."""
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            raise ValidationError("Must not be earlier than from.", "to")

    @post_load
    def to_search(self, data: dict[str, Any], **_: Any) -> TimelineSearch:
        """The search as the use case takes it."""
        words = data.pop("q", None)
        return TimelineSearch(words=words, **data)


class RepeatSchema(OutputSchema):
    """The same words at another time, or nearly the same; `alignment` goes from the earlier to the later."""

    relation = one_of("repeat", "variant", required=True)
    changes = fields.List(one_of(*CHANGES), required=True)
    quote = fields.Nested(StoredQuoteSchema, required=True)
    alignment = fields.List(fields.Nested(AlignmentStepSchema), required=True)


class ContradictionSchema(OutputSchema):
    """Words of another time that differ in a negation, a number or a modality.

    Whether the two contradict each other is for a person to decide.
    """

    differs_in = fields.List(one_of(*sorted(OPPOSING)), required=True)
    explanation = fields.String(required=True)
    quote = fields.Nested(StoredQuoteSchema, required=True)
    alignment = fields.List(fields.Nested(AlignmentStepSchema), required=True)


class TimelineEntrySchema(OutputSchema):
    """A statement, its most specific words, and the person's statements that repeat or contradict it."""

    quote = fields.Nested(StoredQuoteSchema, required=True)
    about = fields.List(fields.String(), required=True)
    repeats = fields.List(fields.Nested(RepeatSchema), required=True)
    contradictions = fields.List(fields.Nested(ContradictionSchema), required=True)


class TimelineSchema(OutputSchema):
    """A page of what a speaker said, the newest first, undated statements last."""

    speaker = fields.Nested(KnownSpeakerSchema, required=True)
    names = fields.List(
        fields.String(), required=True, metadata={"description": "The speaker's names in sources."}
    )
    statements = fields.List(fields.Nested(TimelineEntrySchema), required=True)
    next = fields.String(required=True, allow_none=True)


def describe_timeline(timeline: Timeline) -> dict[str, Any]:
    """A timeline's members, for the schema."""
    return {
        "speaker": describe_speaker(timeline.person),
        "names": timeline.names,
        "statements": [describe_timeline_entry(entry) for entry in timeline.entries],
        "next": timeline.next_cursor,
    }


def describe_timeline_entry(entry: Entry) -> dict[str, Any]:
    """A statement's members, for the schema."""
    return {
        "quote": entry.quote,
        "about": entry.about,
        "repeats": [describe_repeat(one) for one in entry.repeats],
        "contradictions": [describe_contradiction(one) for one in entry.contradictions],
    }


def describe_repeat(one: Counterpart) -> dict[str, Any]:
    """A repeat's members, for the schema."""
    relation = one.relation
    return {
        "relation": relation.kind,
        "changes": relation.changes,
        "quote": one.quote,
        "alignment": relation.alignment,
    }


def describe_contradiction(one: Counterpart) -> dict[str, Any]:
    """A contradiction's members, for the schema."""
    changes = one.relation.changes
    return {
        "differs_in": changes,
        "explanation": explain(changes),
        "quote": one.quote,
        "alignment": one.relation.alignment,
    }
