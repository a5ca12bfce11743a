"""The registry of speakers: names, aliases and dated posts, and what each said when."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.answers import present
from schemas.speakers import (
    ChangedSpeakersSchema,
    HistorySchema,
    HistorySearchSchema,
    KnownSpeakerSchema,
    MergeSchema,
    ResolvedSchema,
    ResolveSchema,
    SpeakerInputSchema,
    SpeakerPageSchema,
    SpeakerSearchSchema,
    SplitSchema,
    UndoSchema,
    describe_entry,
    describe_speaker,
)
from schemas.timelines import TimelineSchema, TimelineSearchSchema, describe_timeline
from service.errors import NotFound, PreconditionFailed
from service.people.person import Person
from service.store.people.records import StoredPerson
from service.store.records import entity_tag
from service.usecases.search.timeline import TimelineSearch
from service.usecases.speaker_registry import Editor
from service.web.http.conditions import answer_tagged, conditional_read, conditional_write, read_precondition
from service.web.http.idempotency import idempotent
from service.web.http.overload import searching
from service.web.http.parsing import StrictBlueprint
from service.web.http.scopes import principal, requires
from service.web.services import answer_json, services

blueprint = StrictBlueprint("speakers", __name__, url_prefix="/v1", description=__doc__ or "")
SPEAKER = KnownSpeakerSchema()


@blueprint.post("/speakers")
@requires("write")
@idempotent
@blueprint.arguments(SpeakerInputSchema)
@blueprint.response(201, KnownSpeakerSchema)
def post_speaker(person: Person) -> WerkzeugResponse:
    """Add a speaker. 409 if another speaker has the Wikidata id."""
    return answer_speaker(services().speakers.add(person, editor()), 201)


@blueprint.get("/speakers")
@requires("read")
@searching
@blueprint.arguments(SpeakerSearchSchema, location="query")
@blueprint.response(200, SpeakerPageSchema)
def find_speakers(search: dict[str, Any]) -> dict[str, Any]:
    """Search known speakers by words of their names and posts."""
    page = services().speakers.search(
        search.get("q"), search.get("wikidata"), search.get("cursor"), search["limit"]
    )
    return {"speakers": [describe_speaker(one) for one in page.items], "next": page.next_cursor}


@blueprint.get("/speakers:resolve")
@requires("read")
@blueprint.arguments(ResolveSchema, location="query")
@blueprint.response(200, ResolvedSchema)
def resolve_speaker(query: dict[str, Any]) -> dict[str, Any]:
    """Find the speaker that a name in an article means on a day.

    Posts and dates distinguish people of the same name. If they do not, no speaker is returned and
    `candidates` lists the possible ones.
    """
    found = services().speakers.resolve(query["name"], query.get("on"))
    return {
        "speaker": describe_speaker(found.speaker) if found.speaker else None,
        "how": found.how,
        "candidates": [describe_speaker(one) for one in found.candidates],
    }


@blueprint.get("/speakers/<string:speaker_id>")
@requires("read")
@conditional_read
@blueprint.response(200, KnownSpeakerSchema)
@blueprint.alt_response(304, description="The speaker is the one whose ETag was sent.")
@blueprint.alt_response(307, schema=KnownSpeakerSchema, description="Merged into the one at `Location`.")
def get_speaker(speaker_id: str) -> WerkzeugResponse:
    """Read a known speaker. A merged speaker redirects to the one it was merged into."""
    stored = services().speakers.get(speaker_id)
    if stored.state.status == "merged":
        return redirect_merged(stored, "speakers.get_speaker")
    refuse_removed(stored)
    return answer_speaker(stored)


@blueprint.put("/speakers/<string:speaker_id>")
@requires("write")
@conditional_write
@blueprint.arguments(SpeakerInputSchema)
@blueprint.response(200, KnownSpeakerSchema)
@blueprint.alt_response(412, description="Another version is stored than If-Match names.")
def put_speaker(person: Person, speaker_id: str) -> WerkzeugResponse:
    """Replace the names, posts and ids of a speaker. 409 if the speaker was merged."""
    return answer_speaker(services().speakers.replace(speaker_id, person, editor(), check_precondition))


@blueprint.delete("/speakers/<string:speaker_id>")
@requires("write")
@conditional_write
@blueprint.response(204)
def delete_speaker(speaker_id: str) -> None:
    """Remove a speaker from the registry. The history is kept, and removal can be undone."""
    services().speakers.remove(speaker_id, editor(), check_precondition)


@blueprint.post("/speakers/<string:speaker_id>:merge")
@requires("write")
@idempotent
@blueprint.arguments(MergeSchema)
@blueprint.response(200, ChangedSpeakersSchema)
def merge_speaker(merge: dict[str, Any], speaker_id: str) -> dict[str, Any]:
    """Merge another speaker into this one, with all names and posts. The other's id redirects here.

    409 if both have a Wikidata id, unless `wikidata` says which one to keep.
    """
    who = editor(merge.get("note"))
    return present_changed(
        services().speakers.merge(speaker_id, merge["speaker"], merge.get("wikidata"), who)
    )


@blueprint.post("/speakers/<string:speaker_id>:split")
@requires("write")
@idempotent
@blueprint.arguments(SplitSchema)
@blueprint.response(200, ChangedSpeakersSchema)
def split_speaker(taken: tuple[Person, str | None], speaker_id: str) -> dict[str, Any]:
    """Split a speaker who is two people: the given aliases and posts move to a new speaker."""
    person, note = taken
    return present_changed(services().speakers.split(speaker_id, person, editor(note)))


@blueprint.post("/speakers/<string:speaker_id>:undo")
@requires("write")
@idempotent
@blueprint.arguments(UndoSchema)
@blueprint.response(200, ChangedSpeakersSchema)
def undo_speaker(undo: dict[str, Any], speaker_id: str) -> dict[str, Any]:
    """Undo an operation on a speaker: the last one that is not undone, or the one that is named.

    A merge or a split is undone for both speakers. An undo can be undone by naming it. 409 if one of the
    speakers was changed since.
    """
    who = editor(undo.get("note"))
    return present_changed(services().speakers.undo(speaker_id, undo.get("operation"), who))


@blueprint.get("/speakers/<string:speaker_id>/history")
@requires("read")
@blueprint.arguments(HistorySearchSchema, location="query")
@blueprint.response(200, HistorySchema)
def get_speaker_history(search: dict[str, Any], speaker_id: str) -> dict[str, Any]:
    """List every state of a speaker, newest first, with who made the change and why."""
    page = services().speakers.list_history(speaker_id, search.get("before"), search["limit"])
    return {"entries": [describe_entry(entry) for entry in page.items], "next": page.next_before}


@blueprint.get("/speakers/<string:speaker_id>/timeline")
@requires("read")
@searching
@blueprint.arguments(TimelineSearchSchema, location="query")
@blueprint.response(200, TimelineSchema)
@blueprint.alt_response(307, schema=KnownSpeakerSchema, description="Merged into the one at `Location`.")
def get_timeline(search: TimelineSearch, speaker_id: str) -> Any:
    """List what a speaker said, newest first, in all sources and under all their names.

    Each statement has the speaker's own words that repeat it, with what changed, and those that differ from
    it only in a negation, a number or a modality. Quotes that may be by another person of the name are left
    out.
    """
    stored = services().speakers.get(speaker_id)
    if stored.state.status == "merged":
        return redirect_merged(stored, "speakers.get_timeline")
    refuse_removed(stored)
    return describe_timeline(services().speakers.trace_timeline(stored, search))


def editor(note: str | None = None) -> Editor:
    """The caller as an editor of the registry."""
    return Editor(principal().name, note)


def present_changed(changed: list[StoredPerson]) -> dict[str, Any]:
    """The speakers that an operation changed."""
    return {"speakers": [describe_speaker(one) for one in changed]}


def speaker_body(stored: StoredPerson) -> str:
    """A speaker as JSON; the ETag is computed from it."""
    return present(SPEAKER, describe_speaker(stored)).decode()


def answer_speaker(stored: StoredPerson, status: int = 200) -> WerkzeugResponse:
    """A speaker with its ETag; with the status 201, also its address."""
    if status == 200:
        return answer_tagged(speaker_body(stored))
    body = speaker_body(stored)
    response = answer_json(body.encode())
    response.status_code = status
    response.set_etag(entity_tag(body))
    response.headers["Location"] = url_for("speakers.get_speaker", speaker_id=stored.id)
    return response


def redirect_merged(stored: StoredPerson, endpoint: str) -> Response:
    """307 to the speaker into which this one was merged; the body is this one."""
    final = services().speakers.follow(stored.id)
    response = answer_json(speaker_body(stored).encode())
    response.status_code = 307
    # Not by url_for, which would interpret `_scheme` and `_anchor` of the query.
    query = urlencode(request.args.to_dict(flat=False), doseq=True)
    address = url_for(endpoint, speaker_id=final.id)
    response.headers["Location"] = f"{address}?{query}" if query else address
    return response


def refuse_removed(stored: StoredPerson) -> None:
    """Raise NotFound for a speaker that was removed from the registry."""
    if stored.state.status == "removed":
        raise NotFound(f"the speaker was removed; POST /v1/speakers/{stored.id}:undo brings it back")


def check_precondition(stored: StoredPerson) -> None:
    """Raise PreconditionFailed if the request expects another version."""
    if not read_precondition().holds(entity_tag(speaker_body(stored))):
        raise PreconditionFailed("another version is stored by now; read it and try again")
