"""Check a selection, from the bookmarklet or a form. Nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Any, Final

from flask import Response, request
from marshmallow import ValidationError

from schemas.check import CheckInputSchema
from schemas.validation_errors import find_faults
from service.usecases.articles.analysis import CheckRequest
from service.web.dashboard.form_input import place_faults
from service.web.dashboard.page import blueprint, page, render
from service.web.services import services

MOST_QUOTE: Final = 5_000  # characters of one selection, as in the browser extension
MOST_ADDRESS: Final = 2_000
TITLE: Final = "Who said this?"
FIELDS: Final = ("quote", "speaker", "date")


@dataclass(frozen=True, slots=True)
class Lookup:
    """The request, its result, and its faults: sentences by the name of the field."""

    quote: str = ""
    speaker: str = ""
    date: str = ""
    url: str = ""
    found: Mapping[str, Any] | None = None  # as POST /v1/check answers
    faults: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/lookup")
@page("check")
def show_lookup() -> Response:
    """A selection in the address, as the bookmarklet sends it, or the form."""
    asked = read_lookup(request.args)
    return look_up(asked) if asked.quote.strip() else present(asked)


@blueprint.post("/lookup")
@page("check")
def send_lookup() -> Response:
    """A selection in the form; sent by POST so that its words are in no address or history."""
    return look_up(read_lookup(request.form))


def read_lookup(given: Mapping[str, str]) -> Lookup:
    """The request as it was sent."""
    quote, speaker, day = (given.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS)
    return Lookup(quote, speaker, day, given.get("url", "").strip()[:MOST_ADDRESS])


def look_up(asked: Lookup) -> Response:
    """The page with the verdict or the faults."""
    too_long = len(asked.quote) - MOST_QUOTE
    if too_long > 0:
        text = f"At most {MOST_QUOTE:,} characters; these are {len(asked.quote):,}. Check an article instead."
        return refuse(asked, {"quote": text})
    members = {name: getattr(asked, name) for name in FIELDS if name == "quote" or getattr(asked, name)}
    try:
        checked: CheckRequest = CheckInputSchema().load(members)
    except ValidationError as error:
        return refuse(asked, place_faults(find_faults(error.messages)))
    found = json.loads(services().checker.check(checked).value)
    return present(Lookup(asked.quote, asked.speaker, asked.date, asked.url, found))


def refuse(asked: Lookup, faults: Mapping[str, str]) -> Response:
    """The form again, with its faults. A text that is too long is cut."""
    kept = Lookup(asked.quote[:MOST_QUOTE], asked.speaker, asked.date, asked.url, None, faults)
    return present(kept, HTTPStatus.UNPROCESSABLE_ENTITY)


def present(asked: Lookup, status: int = HTTPStatus.OK) -> Response:
    """The HTML page."""
    today = date.today().isoformat()
    return render(
        "dashboard/lookup.html", title=TITLE, section="check", status=status, asked=asked, today=today
    )
