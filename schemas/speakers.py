"""The registry of speakers: records in, by file or by request, and people out."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from schemas.fields import OutputSchema, StrictDate, text_field
from schemas.jobs import Instant
from schemas.quotes import one_of
from service.extraction.speakers import DatedRole
from service.people.person import Person
from service.people.resolving import HOW
from service.store.people.records import (
    ImportedPerson,
    JournalEntry,
    StoredPerson,
)

MAX_NAME = 200  # code points
MAX_TITLE = 300
MAX_ALIASES = 200
MAX_ROLES = 200
MAX_NOTE = 2_000
WIKIDATA = re.compile(r"Q[1-9][0-9]{0,15}", re.ASCII)
OPERATIONS = ("created", "imported", "updated", "removed", "merged", "split", "undone")


def refuse_no_wikidata(value: str) -> None:
    """Refuse what is no Wikidata item."""
    if not WIKIDATA.fullmatch(value):
        raise ValidationError("Not a Wikidata item: Q and a number.")


def wikidata_field(**kwargs: Any) -> fields.String:
    """A field for the id of a Wikidata item, such as Q76."""
    kwargs["metadata"] = {**kwargs.get("metadata", {}), "pattern": "^Q[1-9][0-9]{0,15}$"}
    return fields.String(validate=refuse_no_wikidata, **kwargs)


class RoleSchema(Schema):
    """A post and when it was held, both days included; an open end is null or left out."""

    title = text_field(most=MAX_TITLE, required=True)
    since = StrictDate(data_key="from", allow_none=True, load_default=None)
    until = StrictDate(data_key="to", allow_none=True, load_default=None)

    @validates_schema
    def days_are_in_order(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a post that ended before it began."""
        since, until = data.get("since"), data.get("until")
        if isinstance(since, date) and isinstance(until, date) and until < since:
            raise ValidationError("Must not be earlier than from.", "to")

    @post_load
    def to_role(self, data: dict[str, Any], **_: Any) -> DatedRole:
        """The role as the registry takes it."""
        return DatedRole(data["title"], data["since"], data["until"])


class PersonIdsSchema(Schema):
    """The ids of a person in other registers."""

    wikidata = wikidata_field(allow_none=True, load_default=None)


class SpeakerInputSchema(Schema):
    """A person: the name in use, other names, posts with their dates, and ids."""

    name = text_field(most=MAX_NAME, required=True)
    aliases = fields.List(
        text_field(most=MAX_NAME), load_default=list, validate=validate.Length(max=MAX_ALIASES)
    )
    roles = fields.List(fields.Nested(RoleSchema), load_default=list, validate=validate.Length(max=MAX_ROLES))
    ids = fields.Nested(PersonIdsSchema, load_default=dict)

    @post_load
    def to_person(self, data: dict[str, Any], **_: Any) -> Person:
        """The person as the registry takes it."""
        wikidata = data["ids"].get("wikidata")
        return Person(data["name"], tuple(data["aliases"]), tuple(data["roles"]), wikidata).tidied()


class MergeSchema(Schema):
    """The speaker to merge into the one in the address."""

    speaker = text_field(most=40, required=True, metadata={"description": "Id of the other speaker."})
    wikidata = wikidata_field(metadata={"description": "Where each has one: which of the two stays."})
    note = text_field(most=MAX_NOTE, metadata={"description": "Why; kept in the history."})


class SplitSchema(SpeakerInputSchema):
    """The other person: a name, and the aliases and roles to move, exactly as they are stored."""

    note = text_field(most=MAX_NOTE, metadata={"description": "Why; kept in the history."})

    @post_load
    def to_person(self, data: dict[str, Any], **_: Any) -> tuple[Person, str | None]:
        """The person to split off, and the note."""
        note = data.pop("note", None)
        wikidata = data["ids"].get("wikidata")
        return Person(data["name"], tuple(data["aliases"]), tuple(data["roles"]), wikidata), note


class UndoSchema(Schema):
    """The operation to undo; without a number, the last one that is not undone."""

    operation = fields.Integer(strict=True, validate=validate.Range(min=1, max=2**53))
    note = text_field(most=MAX_NOTE, metadata={"description": "Why; kept in the history."})


class SpeakerSearchSchema(Schema):
    """Query of `GET /v1/speakers`."""

    q = text_field(metadata={"description": "Words of names and roles; the last may be a beginning."})
    wikidata = wikidata_field(metadata={"description": "The one with this Wikidata id."})
    cursor = text_field(metadata={"description": "`next` of the page before."})
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))


class ResolveSchema(Schema):
    """Query of `GET /v1/speakers:resolve`."""

    name = text_field(
        most=MAX_NAME, required=True, metadata={"description": "As written: “President Bush”, “Ms. Clinton”."}
    )
    on = StrictDate(data_key="date", metadata={"description": "The day it was written or said."})


class HistorySearchSchema(Schema):
    """Query of `GET /v1/speakers/{id}/history`."""

    before = fields.Integer(
        validate=validate.Range(min=1, max=2**31 - 1),
        metadata={"description": "Where the page begins: `next` of the page before."},
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))


class RoleAnswerSchema(OutputSchema):
    """A post and when it was held; an open or unknown end is null."""

    title = fields.String(required=True)
    since = fields.Date(required=True, allow_none=True, data_key="from")
    until = fields.Date(required=True, allow_none=True, data_key="to")


class PersonIdsAnswerSchema(OutputSchema):
    """The ids of a person in other registers."""

    wikidata = fields.String(required=True, allow_none=True)


class PersonSchema(OutputSchema):
    """Names, posts and ids of a person."""

    name = fields.String(required=True)
    aliases = fields.List(fields.String(), required=True)
    roles = fields.List(fields.Nested(RoleAnswerSchema), required=True)
    ids = fields.Nested(PersonIdsAnswerSchema, required=True)


class KnownSpeakerSchema(PersonSchema):
    """A speaker of the registry. A merged one names the speaker it was merged into."""

    class Meta:
        fields = (
            "id", "name", "aliases", "roles", "ids", "status", "merged_into", "version", "created_at",
            "updated_at",
        )  # fmt: skip

    id = fields.String(required=True)
    status = one_of("active", "merged", "removed", required=True)
    merged_into = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class SpeakerPageSchema(OutputSchema):
    """A page of speakers; `next` is the cursor of the page after it, or null."""

    speakers = fields.List(fields.Nested(KnownSpeakerSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class ChangedSpeakersSchema(OutputSchema):
    """All speakers that an operation changed, in their new state."""

    speakers = fields.List(fields.Nested(KnownSpeakerSchema), required=True)


class ResolvedSchema(OutputSchema):
    """The speaker that a name means, or null; `how` says why, `candidates` are those it may mean."""

    speaker = fields.Nested(KnownSpeakerSchema, required=True, allow_none=True)
    how = one_of(*HOW, required=True)
    candidates = fields.List(fields.Nested(KnownSpeakerSchema), required=True)


class HistoryEntrySchema(OutputSchema):
    """A state of a speaker, and the operation that led to it."""

    operation = fields.Integer(required=True)
    version = fields.Integer(required=True)
    action = one_of(*OPERATIONS, required=True)
    actor = fields.String(required=True, metadata={"description": "Name of the key that did it."})
    note = fields.String(required=True, allow_none=True)
    undoes = fields.Integer(required=True, allow_none=True)
    at = Instant(required=True)
    status = one_of("active", "merged", "removed", required=True)
    merged_into = fields.String(required=True, allow_none=True)
    person = fields.Nested(PersonSchema, required=True)


class HistorySchema(OutputSchema):
    """A speaker's states, the newest first; `next` is the `before` of the page after it, or null."""

    entries = fields.List(fields.Nested(HistoryEntrySchema), required=True)
    next = fields.Integer(required=True, allow_none=True)


def describe_person(person: Person) -> dict[str, Any]:
    """A person's members, for the schemas."""
    return {
        "name": person.name,
        "aliases": person.aliases,
        "roles": person.roles,
        "ids": {"wikidata": person.wikidata},
    }


def describe_speaker(stored: StoredPerson) -> dict[str, Any]:
    """A stored person's members, for the schemas."""
    return describe_person(stored.person) | {
        "id": stored.id,
        "status": stored.state.status,
        "merged_into": stored.state.merged_into,
        "version": stored.version,
        "created_at": stored.created_at,
        "updated_at": stored.updated_at,
    }


def describe_entry(entry: JournalEntry) -> dict[str, Any]:
    """A journal entry's members, for the schemas."""
    return {
        "operation": entry.operation,
        "version": entry.version,
        "action": entry.action,
        "actor": entry.actor,
        "note": entry.note,
        "undoes": entry.undoes,
        "at": entry.at,
        "status": entry.state.status,
        "merged_into": entry.state.merged_into,
        "person": describe_person(entry.state.person),
    }


def explain_ambiguous(imported: ImportedPerson) -> str:
    """Why a record was not imported."""
    return f"several known speakers may be meant: {', '.join(imported.ids)}; give a wikidata id or a role"
