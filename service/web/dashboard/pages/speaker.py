"""The pages of known speakers: the search, and what each said when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from flask import Response, redirect, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.dashboard import FinderPageSchema, RangeSchema
from service.errors import InvalidInput, NotFound
from service.store.people.records import PersonPage, StoredPerson
from service.usecases.search.timeline import Entry, Timeline, TimelineSearch
from service.web.dashboard.charts.sayings import draw_sayings
from service.web.dashboard.form_input import Asked, read_asked
from service.web.dashboard.highlighting import mark_person, mark_quote
from service.web.dashboard.page import blueprint, page, render
from service.web.http.overload import searching
from service.web.services import services

SHOWN: Final = 24  # people on a page
STATEMENTS: Final = 12  # on a page of a time line
REPEATED: Final = 6


@blueprint.get("/speakers")
@page("read")
@searching
def show_speakers() -> Response:
    """The known speakers, or those with the words in their name or posts."""
    asked, people = read_asked(FinderPageSchema()), PersonPage((), None)
    if not asked.faults:
        try:
            values = asked.values
            people = services().speakers.search(values.get("q"), None, values.get("cursor"), SHOWN)
        except InvalidInput as error:
            asked = refused(asked, error)
    return render(
        "dashboard/speakers.html",
        title="Speakers",
        section="speakers",
        status=asked.status,
        asked=asked,
        people=people,
        known=services().speakers.count(),
        mark=mark_person,
    )


@blueprint.get("/speakers/<string:speaker_id>")
@page("read")
@searching
def show_speaker(speaker_id: str) -> WerkzeugResponse:
    """A speaker: posts, names, statements, repeated statements and contradictions."""
    registry = services().speakers
    person = registry.get(speaker_id)
    if person.state.status == "merged":
        return redirect(url_for("dashboard.show_speaker", speaker_id=registry.follow(speaker_id).id))
    if person.state.status == "removed":
        raise NotFound("this speaker was removed from the registry")
    asked, timeline = read_timeline(person)
    dated = [entry.quote.said_at for entry in timeline.entries if entry.quote.said_at]
    return render(
        "dashboard/speaker.html",
        title=person.person.name,
        section="speakers",
        status=asked.status,
        asked=asked,
        person=person,
        timeline=timeline,
        picture=draw_timeline(person.person.name, timeline.entries) if dated else None,
        repeated=registry.find_own_repeats(person, REPEATED) if not asked.given else (),
        mark=mark_quote,
    )


def read_timeline(person: StoredPerson) -> tuple[Asked, Timeline]:
    """A page of the timeline; an empty one if the query has faults."""
    asked = read_asked(RangeSchema())
    if asked.faults:
        return asked, Timeline(person, (), (), None)
    values = asked.values
    search = TimelineSearch(
        values.get("q"), values.get("since"), values.get("until"), values.get("cursor"), STATEMENTS
    )
    try:
        return asked, services().speakers.trace_timeline(person, search)
    except InvalidInput as error:
        return refused(asked, error), Timeline(person, (), (), None)


def refused(asked: Asked, error: InvalidInput) -> Asked:
    """The query with the fault that the store found."""
    return Asked(asked.given, faults={"cursor": error.faults[0].detail if error.faults else str(error)})


def draw_timeline(name: str, entries: Sequence[Entry]) -> Markup:
    """The chart of the statements of a page."""
    days: list[date] = [entry.quote.said_at for entry in entries if entry.quote.said_at]
    opposed = [entry.quote.said_at for entry in entries if entry.contradictions and entry.quote.said_at]
    text = f"{len(days)} dated statements on {len(set(days))} days, listed below."
    if opposed:
        text += f" {len(opposed)} of them differ from other words of the same person, marked by a triangle."
    return draw_sayings(f"When {name} said what is listed", text, days, opposed)
