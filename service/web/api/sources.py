"""Stored sources: transcripts, interviews, statements and other texts that quotations are held against."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from flask import Response, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.answers import encode_json, present
from schemas.stored_sources import (
    ChangedSourceSchema,
    HistorySearchSchema,
    NewSourceSchema,
    ReasonSchema,
    RemarkSchema,
    RemovalQuerySchema,
    RemovedSourceSchema,
    SourceChangeSchema,
    SourceFormSchema,
    SourceHistoryEntrySchema,
    SourceHistorySchema,
    SourcePageSchema,
    SourceSearchSchema,
    StoredSourceSchema,
    TouchedSchema,
    describe_line,
    describe_stored,
)
from schemas.validation_errors import find_faults
from service.errors import Fault, InvalidInput
from service.store.records import entity_tag
from service.store.sources.records import Actor, Changed, HistoryEntry, SourceChange, StoredSource, Touched
from service.usecases.stored_sources import MAX_FILE_BYTES, SourceFile, StoredSources, parse_turns
from service.web.http.body_limits import takes_body_of
from service.web.http.conditions import answer_tagged, conditional_change, conditional_read, read_precondition
from service.web.http.idempotency import idempotent
from service.web.http.overload import costly, searching
from service.web.http.parsing import StrictBlueprint
from service.web.http.scopes import principal, requires
from service.web.services import answer_json, services

FORM: Final = "multipart/form-data"
MOST_OF_FORM: Final = 100_000  # bytes of a form beside its file

blueprint = StrictBlueprint("stored_sources", __name__, url_prefix="/v1/sources", description=__doc__ or "")
STORED = StoredSourceSchema()
CHANGED = ChangedSourceSchema()


@blueprint.post("")
@requires("sources")
@takes_body_of(lambda: MAX_FILE_BYTES + MOST_OF_FORM)
@idempotent
@costly
@blueprint.response(201, ChangedSourceSchema)
@blueprint.alt_response(
    200, schema=ChangedSourceSchema, description="It was stored already, or replaced what was at its address."
)
@blueprint.doc(
    requestBody={
        "required": True,
        "content": {
            "application/json": {"schema": NewSourceSchema},
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "title": {"type": "string"},
                        "kind": {"type": "string"},
                        "published_at": {"type": "string", "format": "date"},
                        "uri": {"type": "string"},
                        "publisher": {"type": "string"},
                        "format": {"type": "string"},
                        "machine": {"type": "boolean"},
                        "speaker": {"type": "array", "items": {"type": "string", "example": "OLD=NEW"}},
                    },
                }
            },
        },
    }
)
def add_source() -> Response:
    """Store a source from a file (multipart) or as JSON with its text or turns.

    Its sentences are evidence from then on, by its kind. Without an address its words identify it: the same
    again changes nothing. Another text at the address of a stored source replaces it; the history keeps what
    was there, and reviews are opened of the verdicts that rest on it. Takes plain text with speaker labels,
    Markdown, HTML, SRT, WebVTT, Whisper's JSON, DOCX, ODT, RTF, PDF with a text layer, and e-mails.
    """
    actor, sources = find_actor(), services().stored_sources
    if request.mimetype == FORM:
        file, facts = read_form()
        changed = sources.add_file(file, facts, actor)
    else:
        schema = NewSourceSchema()
        data = blueprint.ARGUMENTS_PARSER.parse(schema, request, location="json")
        facts = schema.read_facts(data)
        if "text" in data:
            file = SourceFile(data["text"], None, data["format"], "/text")
            changed = sources.add_file(file, facts, actor)
        else:
            changed = sources.add(parse_turns(map(asdict, data["turns"]), facts.machine), facts, actor)
    response = answer_changed(changed)
    response.status_code = 201 if changed.created else 200
    response.headers["Location"] = url_for("stored_sources.get_source", source_id=changed.id)
    return response


def read_form() -> tuple[SourceFile, Any]:
    """The file of a form, and what its fields say of it. Raises InvalidInput."""
    given: dict[str, Any] = request.form.to_dict()
    if "speaker" in given:
        given["speaker"] = request.form.getlist("speaker")
    unknown = sorted(set(request.files) - {"file"})
    faults = [Fault(f"/{name}", "Unknown field.") for name in unknown]
    files = request.files.getlist("file")
    if len(files) != 1:
        faults.append(Fault("/file", "Send one file in this field."))
    schema = SourceFormSchema()
    try:
        data = schema.load(given)
    except ValidationError as error:
        faults += find_faults(error.messages)
    if faults:
        raise InvalidInput("The request is not valid.", tuple(faults))
    name = (files[0].filename or "").replace("\\", "/").rpartition("/")[2] or None
    return SourceFile(files[0].read(), name, data["format"]), schema.read_facts(data)


@blueprint.get("")
@requires("read")
@searching
@blueprint.arguments(SourceSearchSchema, location="query")
@blueprint.response(200, SourcePageSchema)
def list_sources(search: dict[str, Any]) -> Response:
    """List stored sources, imported ones too, the newest first. Articles are not among them.

    A page may be short, even empty, while there is a `next`: then much was read through and little fits.
    """
    wanted = SourceSearchSchema.to_search(search)
    page = services().stored_sources.find_page(wanted, search.get("cursor"), search["limit"])
    return answer_json(present(SourcePageSchema(), page))


@blueprint.get("/<string:source_id>")
@requires("read")
@searching
@conditional_read
@blueprint.response(200, StoredSourceSchema)
@blueprint.alt_response(304, description="The source is the one whose ETag was sent.")
def get_source(source_id: str) -> WerkzeugResponse:
    """Read a stored source: its turns with speakers and times, and what is known of it."""
    source = services().stored_sources.get(source_id)
    body = encode_json(STORED.dump(describe_stored(source))).decode()
    return answer_tagged(body, tag_of(source, body))


@blueprint.patch("/<string:source_id>")
@requires("sources")
@conditional_change
@blueprint.arguments(SourceChangeSchema)
@blueprint.response(200, ChangedSourceSchema)
def change_source(change: SourceChange, source_id: str) -> Response:
    """Rename speakers in all turns, or change title, kind, day, address, publisher or `machine`.

    The history keeps who changed it, when, and what it was before. `touched` are the stored verdicts that
    rest on the source; where speakers, kind or day changed, reviews of them are opened.
    """
    changed = services().stored_sources.change(source_id, change, find_actor(), read_precondition())
    return answer_changed(changed)


@blueprint.delete("/<string:source_id>")
@requires("sources")
@conditional_change
@blueprint.arguments(RemovalQuerySchema, location="query")
@blueprint.response(200, RemovedSourceSchema)
def remove_source(query: dict[str, Any], source_id: str) -> Response:
    """Delete a source with all its words, those in its history too, and open reviews of what rests on it.

    Who deleted it, when and why stays in its history. To take words out of evidence and still show them,
    retract the source instead.
    """
    removed = services().stored_sources.remove(source_id, query["reason"], find_actor(), read_precondition())
    return answer_json(present(RemovedSourceSchema(), removed))


@blueprint.post("/<string:source_id>/retract")
@requires("sources")
@conditional_change
@idempotent
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, ChangedSourceSchema)
def retract_source(asked: dict[str, Any], source_id: str) -> Response:
    """Retract a source: its words are no evidence any more, and are found by no search.

    It can still be read here, with the reason. Reviews are opened of the stored verdicts that rest on it, and
    an import does not bring it back.
    """
    changed = services().stored_sources.retract(source_id, asked["reason"], find_actor(), read_precondition())
    return answer_changed(changed)


@blueprint.post("/<string:source_id>/reinstate")
@requires("sources")
@conditional_change
@idempotent
@blueprint.arguments(RemarkSchema)
@blueprint.response(200, ChangedSourceSchema)
def reinstate_source(asked: dict[str, Any], source_id: str) -> Response:
    """Undo the retraction of a source. Quotes that were retracted by themselves stay out."""
    stored = services().stored_sources
    return answer_changed(stored.reinstate(source_id, asked["reason"], find_actor(), read_precondition()))


@blueprint.get("/<string:source_id>/verdicts")
@requires("read")
@searching
@blueprint.response(200, TouchedSchema)
def get_verdicts(source_id: str) -> Touched:
    """Read which stored verdicts rest on a source: those of analyses that show it among their matches."""
    return services().stored_sources.find_touched(source_id)


@blueprint.get("/<string:source_id>/history")
@requires("read")
@blueprint.arguments(HistorySearchSchema, location="query")
@blueprint.response(200, SourceHistorySchema)
def get_source_history(search: dict[str, Any], source_id: str) -> dict[str, Any]:
    """Read what was done to a source, by whom and when, and what it was before; of a deleted one too."""
    page = services().stored_sources.list_history(
        source_id, before=search.get("before"), limit=search["limit"]
    )
    return {"entries": [describe_line(entry) for entry in page.items], "next": page.next_before}


@blueprint.get("/<string:source_id>/history/<int:number>")
@requires("read")
@blueprint.response(200, SourceHistoryEntrySchema)
def get_history_entry(source_id: str, number: int) -> HistoryEntry:
    """Read one change of a source, with the turns that were there before it."""
    return services().stored_sources.get_history_entry(source_id, number)


def find_actor() -> Actor:
    """Who asks, as the history of a source names them."""
    asking = principal()
    return Actor(asking.name, asking.key_id)


def tag_of(source: StoredSource, body: str) -> str:
    """The entity tag: the revision that a writer may send, then a hash of the answer."""
    return f"{source.revision}.{entity_tag(body)[:16]}"


def answer_changed(changed: Changed) -> Response:
    """A source as it is after a change, with the verdicts that it touches."""
    stored: StoredSources = services().stored_sources
    source = stored.get(changed.id)
    members = describe_stored(source)
    response = answer_json(encode_json(CHANGED.dump({**members, "touched": changed.touched})))
    response.set_etag(tag_of(source, encode_json(STORED.dump(members)).decode()))
    return response
