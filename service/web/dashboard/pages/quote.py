"""The page of a stored quote: its source and its lineage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response
from markupsafe import Markup
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.answers import encode_json
from schemas.dashboard import LineagePageSchema
from schemas.standards.prov_json import present_provenance
from schemas.standards.representations import CSV, JSON_LD, PROV_JSON
from schemas.standards.spreadsheets import STORED_COLUMNS, present_table, stored_row
from service.errors import InvalidInput
from service.store.records import Lineage
from service.usecases.search.wordings import Wording, find_wordings
from service.web.api.quotes import build_quotation
from service.web.dashboard.charts.lineage import MOST_LANES, Lane, draw_lineage, draw_sample, letter_of
from service.web.dashboard.form_input import Asked, read_asked
from service.web.dashboard.labels import CHANGES
from service.web.dashboard.page import blueprint, page, render
from service.web.dashboard.template_filters import day_in_words
from service.web.http.negotiation import addresses, answer_document, answer_form, name_file
from service.web.http.overload import searching
from service.web.services import services


@blueprint.get("/quotes/<string:quote_id>")
@page("read")
@searching
def show_quote(quote_id: str) -> Response:
    """The quote with its lineage, optionally as it was known on a day."""
    asked = read_asked(LineagePageSchema())
    lineage = services().quotes.trace(quote_id, asked.values.get("as_of"))
    wordings = find_wordings(lineage)
    letters = {id(one): letter_of(number) for number, each in enumerate(wordings) for one in each.sightings}
    return render(
        "dashboard/quote.html",
        title="Quote",
        section="search",
        status=asked.status,
        asked=asked,
        quote=lineage.quote,
        lineage=lineage,
        wordings=[(letter_of(number), wording) for number, wording in enumerate(wordings)],
        letters=[letters[id(one)] for one in lineage.sightings],
        description=describe(lineage, wordings),
        picture=draw_wordings(lineage, wordings) if wordings else None,
        samples=draw_samples(wordings),
        review=services().reviews.find_decided_of_quote(lineage.quote),
    )


def draw_wordings(lineage: Lineage, wordings: Sequence[Wording]) -> Markup:
    """The chart of a lineage."""
    lanes = [
        Lane(letter_of(number), name_lane(number, one), one.days, len(one.sightings) - len(one.days))
        for number, one in enumerate(wordings)
    ]
    return draw_lineage("Where and when these words were seen", describe(lineage, wordings), lanes)


def draw_samples(wordings: Sequence[Wording]) -> list[tuple[Markup, str]]:
    """The legend of the chart: marks and their meanings."""
    if not wordings:
        return []
    samples = [(draw_sample(0, is_first=True), "first sighting")]
    if len(wordings[0].sightings) > 1:
        samples.append((draw_sample(0), "the same words again"))
    for number in range(1, min(len(wordings), MOST_LANES)):
        samples.append((draw_sample(number), f"wording {letter_of(number)}"))
    return samples


def name_lane(number: int, wording: Wording) -> str:
    """The name of a wording: what was changed in it."""
    if number == 0:
        days = wording.days
        return f"first wording, first seen {write_day(days[0])}" if days else "first wording"
    if wording.changes:
        return f"changed: {', '.join(CHANGES[change] for change in wording.changes)}"
    return "nearly the same words" if wording.fidelity else "other words"


def describe(lineage: Lineage, wordings: Sequence[Wording]) -> str:
    """The lineage in sentences, for screen readers."""
    if not wordings:
        return "Nothing of this quote was seen by that day."
    seen = lineage.total
    days = sorted(day for wording in wordings for day in wording.days)
    sources = len({sighting.quote.origin.uri for sighting in lineage.sightings})
    text = f"Seen {count(seen, 'time')} in {count(sources, 'source')}"
    if days:
        text += f", first on {write_day(days[0])}" + (
            f", last on {write_day(days[-1])}" if days[-1] != days[0] else ""
        )
    text += f". {count(len(wordings), 'wording')}"
    if len(lineage.sightings) < seen:
        text += f"; the first {len(lineage.sightings)} sightings are shown"
    return f"{text}."


def count(number: int, thing: str) -> str:
    """A number with its noun, in the plural if necessary."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def write_day(day: date) -> str:
    """A day in words."""
    return day_in_words(day.isoformat())


@blueprint.get("/quotes/<string:quote_id>/quote.jsonld")
@page("read")
def export_quote(quote_id: str) -> WerkzeugResponse:
    """The quote as schema.org's Quotation."""
    described = services().quotes.describe(quote_id)
    return name_file(answer_document(build_quotation(described), JSON_LD), f"{described.quote.id}.jsonld")


@blueprint.get("/quotes/<string:quote_id>/lineage.prov.json")
@page("read")
@searching
def export_provenance(quote_id: str) -> WerkzeugResponse:
    """The lineage as W3C PROV-JSON."""
    lineage = services().quotes.trace(quote_id, read_as_of())
    body = encode_json(present_provenance(lineage, services().quotes.find_runs(lineage), addresses()))
    return name_file(answer_form(body.decode(), PROV_JSON), f"{lineage.quote.id}.prov.json")


@blueprint.get("/quotes/<string:quote_id>/lineage.csv")
@page("read")
@searching
def export_sightings(quote_id: str) -> WerkzeugResponse:
    """The sightings as a table."""
    lineage = services().quotes.trace(quote_id, read_as_of())
    rows: list[tuple[Any, ...]] = [
        (sighting.relation, *stored_row(sighting.quote)) for sighting in lineage.sightings
    ]
    table = "".join(present_table(("relation", *STORED_COLUMNS), rows))
    return name_file(answer_form(table, CSV), f"{lineage.quote.id}-lineage.csv")


def read_as_of() -> date | None:
    """The day that an export is restricted to. Raises InvalidInput."""
    asked: Asked = read_asked(LineagePageSchema())
    if asked.faults:
        raise InvalidInput(f"as_of: {asked.faults['as_of']}")
    found: date | None = asked.values.get("as_of")
    return found
