"""The page of a stored source: its turns, to be read and searched, and what may be done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Response, redirect, request, url_for
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.dashboard import SourcePageSchema
from schemas.stored_sources import ReasonSchema, RemarkSchema, SourceChangeSchema
from schemas.validation_errors import find_faults
from service.errors import Conflict, InvalidInput, PreconditionFailed
from service.matching.retrieval.fingerprints import split_words
from service.matching.sources import KINDS
from service.sources.models import SourceTurn
from service.store.records import Precondition
from service.store.sources.records import Actor, Changed, SourceChange, StoredSource
from service.usecases.stored_sources import StoredSources
from service.web.dashboard.form_input import place_faults, read_asked
from service.web.dashboard.highlighting import Pieces, mark_quote
from service.web.dashboard.page import blueprint, page, render
from service.web.http.overload import searching
from service.web.http.scopes import principal
from service.web.services import services

SHOWN: Final = 400  # turns on a page
MOST_FOUND: Final = 200  # turns of a search
HISTORY_SHOWN: Final = 20  # entries

Act = Callable[[StoredSources, Actor, Precondition | None], Changed]


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn with its number, from 1, and its words in pieces, each with whether it was asked for."""

    number: int
    turn: SourceTurn
    pieces: Pieces
    is_retracted: bool


@dataclass(frozen=True, slots=True)
class TurnsView:
    """The turns on a page: from the number `first` on, or those that have the words that were asked for."""

    turns: Sequence[TurnView]
    first: int
    total: int
    found: int | None = None  # turns with the words, where words were asked for

    @property
    def before(self) -> int | None:
        """The first turn of the page before this one."""
        return max(1, self.first - SHOWN) if self.found is None and self.first > 1 else None

    @property
    def behind(self) -> int | None:
        """The first turn of the page behind this one."""
        following = self.first + SHOWN
        return following if self.found is None and following <= self.total else None


@blueprint.get("/sources/<string:source_id>")
@page("read")
@searching
def show_source(source_id: str) -> Response:
    """A stored source, its history, and the verdicts that rest on it."""
    return present_source(source_id)


@blueprint.get("/quotes/<string:quote_id>/place")
@page("read")
def show_place(quote_id: str) -> WerkzeugResponse:
    """Go to the turn of its source that a quote stands in."""
    source_id, turn = services().stored_sources.find_place(quote_id)
    first = turn // SHOWN * SHOWN + 1
    query: dict[str, Any] = {"first": first} if first > 1 else {}
    return redirect(
        url_for("dashboard.show_source", source_id=source_id, _anchor=f"t{turn + 1}", **query),
        HTTPStatus.SEE_OTHER,
    )


@blueprint.post("/sources/<string:source_id>/change")
@page("sources")
def change_source(source_id: str) -> WerkzeugResponse:
    """Rename speakers, or change title, kind, day and address."""
    return act(
        source_id,
        lambda stored, actor, seen: stored.change(source_id, read_change(request.form), actor, seen),
    )


@blueprint.post("/sources/<string:source_id>/retract")
@page("sources")
def retract_source(source_id: str) -> WerkzeugResponse:
    """Take a source out of evidence."""
    return act(
        source_id,
        lambda stored, actor, seen: stored.retract(source_id, read_reason(ReasonSchema()), actor, seen),
    )


@blueprint.post("/sources/<string:source_id>/reinstate")
@page("sources")
def reinstate_source(source_id: str) -> WerkzeugResponse:
    """Undo a retraction."""
    return act(
        source_id,
        lambda stored, actor, seen: stored.reinstate(source_id, read_reason(RemarkSchema()), actor, seen),
    )


@blueprint.post("/sources/<string:source_id>/remove")
@page("sources")
def remove_source(source_id: str) -> WerkzeugResponse:
    """Delete a source; then the list of sources is shown."""
    stored, seen = services().stored_sources, read_seen()
    try:
        stored.remove(source_id, read_reason(RemarkSchema()), find_actor(), seen)
    except (Conflict, PreconditionFailed) as error:
        return present_source(source_id, refusal=str(error), status=HTTPStatus.CONFLICT)
    except InvalidInput as error:
        return present_invalid(source_id, error)
    return redirect("/sources?list=sources", HTTPStatus.SEE_OTHER)


@blueprint.post("/quotes/<string:quote_id>/retract")
@page("sources")
def retract_quote(quote_id: str) -> WerkzeugResponse:
    """Take one quote out of evidence, and show its source."""
    stored = services().stored_sources
    source_id, turn = stored.find_place(quote_id)
    try:
        stored.retract_quote(quote_id, read_reason(ReasonSchema()), find_actor())
    except Conflict as error:
        return present_source(source_id, refusal=str(error), status=HTTPStatus.CONFLICT)
    except InvalidInput as error:
        return present_invalid(source_id, error)
    return redirect(
        url_for("dashboard.show_source", source_id=source_id, _anchor=f"t{turn + 1}"), HTTPStatus.SEE_OTHER
    )


def act(source_id: str, do: Act) -> WerkzeugResponse:
    """Change a source as it was when it was read; show it again, or why nothing was changed."""
    try:
        changed = do(services().stored_sources, find_actor(), read_seen())
    except (Conflict, PreconditionFailed) as error:
        return present_source(source_id, refusal=str(error), status=HTTPStatus.CONFLICT)
    except InvalidInput as error:
        return present_invalid(source_id, error)
    told: dict[str, Any] = {"done": changed.touched.verdicts} if changed.changed else {}
    return redirect(url_for("dashboard.show_source", source_id=source_id, **told), HTTPStatus.SEE_OTHER)


def present_invalid(source_id: str, error: InvalidInput) -> Response:
    """The page with what is wrong in its form."""
    faults = place_faults(error.faults) or {"": str(error)}
    return present_source(source_id, faults=faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def present_source(
    source_id: str, *, faults: Mapping[str, str] | None = None, refusal: str | None = None, status: int = 200
) -> Response:
    """The page of a source."""
    stored = services().stored_sources
    asked = read_asked(SourcePageSchema())
    source = stored.get(source_id)
    return render(
        "dashboard/source.html",
        title=source.origin.title or "Source",
        section="sources",
        status=status if status != HTTPStatus.OK else asked.status,
        source=source,
        asked=asked,
        view=lay_out_turns(source, asked.values.get("q"), asked.values.get("first", 1)),
        touched=stored.find_touched(source_id),
        history=stored.list_history(source_id, before=None, limit=HISTORY_SHOWN),
        faults=faults or {},
        refusal=refusal,
        kinds=KINDS,
    )


def lay_out_turns(source: StoredSource, words: str | None, first: int) -> TurnsView:
    """The turns on the page that begins with the turn `first`, or the turns with all of the words."""
    retracted = {quote.turn for quote in source.retracted_quotes}
    numbered = list(enumerate(source.turns, 1))
    wanted = set(split_words(words or ""))
    if not wanted:
        shown = [
            TurnView(number, turn, [(turn.text, False)], number - 1 in retracted)
            for number, turn in numbered[first - 1 : first - 1 + SHOWN]
        ]
        return TurnsView(shown, first, len(numbered))
    having = [(number, turn) for number, turn in numbered if wanted <= set(split_words(turn.text))]
    shown = [
        TurnView(number, turn, mark_quote(turn.text, words), number - 1 in retracted)
        for number, turn in having[:MOST_FOUND]
    ]
    return TurnsView(shown, 1, len(numbered), len(having))


def read_change(form: MultiDict[str, str]) -> SourceChange:
    """What a form asks to change. A field as it was changes nothing. Raises InvalidInput."""
    members: dict[str, Any] = {
        name: form[name].strip()
        for name in ("title", "kind", "published_at", "uri")
        if form.get(name, "").strip()
    }
    if "published_at" in form and "published_at" not in members:
        members["published_at"] = None
    renamed = zip(form.getlist("old"), form.getlist("new"), strict=False)
    members["speakers"] = {old: new.strip() for old, new in renamed if new.strip() != old}
    try:
        change: SourceChange = SourceChangeSchema().load(members)
    except ValidationError as error:
        raise InvalidInput("the change is not complete", tuple(find_faults(error.messages))) from None
    return change


def read_reason(schema: ReasonSchema | RemarkSchema) -> Any:
    """The reason of a form. Raises InvalidInput."""
    given = request.form.get("reason", "").strip()
    try:
        return schema.load({"reason": given} if given else {})["reason"]
    except ValidationError as error:
        raise InvalidInput("a reason is missing", tuple(find_faults(error.messages))) from None


def read_seen() -> Precondition | None:
    """The revision of the source that the form was made of."""
    seen = request.form.get("seen", "")
    return Precondition(frozenset({seen})) if seen else None


def find_actor() -> Actor:
    """The signed-in user, as histories name them."""
    visitor = principal()
    return Actor(visitor.name, visitor.key_id)
