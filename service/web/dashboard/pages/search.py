"""The search page: quotes, speakers and fact-checks."""

from __future__ import annotations

from typing import Any

from flask import Response

from schemas.dashboard import SearchPageSchema
from service.errors import InvalidInput
from service.usecases.search.search_site import Search, SearchResults
from service.usecases.search.stored_quotes import QuoteSearch
from service.web.api.quotes import stream_found
from service.web.dashboard.form_input import Asked, read_asked
from service.web.dashboard.highlighting import mark_claim, mark_person, mark_quote
from service.web.dashboard.page import blueprint, page, render
from service.web.http.overload import searching
from service.web.services import services

MARKS = {"quote": mark_quote, "claim": mark_claim, "person": mark_person}


@blueprint.get("/search")
@page("read")
@searching
def show_search() -> Response:
    """The results in three groups, or the pages of one group."""
    asked = read_asked(SearchPageSchema())
    found = SearchResults()
    if not asked.faults:
        try:
            found = services().site_search.search(read_search(asked.values))
        except InvalidInput as error:
            asked = Asked(
                asked.given, faults={"cursor": error.faults[0].detail if error.faults else str(error)}
            )
    return render(
        "dashboard/search.html",
        title="Search",
        section="search",
        status=asked.status,
        asked=asked,
        search=read_search(asked.values),
        found=found,
        marks=MARKS,
        highest=services().site_search.count_searched(),
    )


def read_search(values: dict[str, Any]) -> Search:
    """The search that a form asks for."""
    return Search(
        values.get("q"),
        values.get("speaker"),
        values.get("since"),
        values.get("until"),
        values.get("group"),
        values.get("cursor"),
    )


@blueprint.get("/search/quotes.csv")
@page("read")
def export_search() -> Response:
    """All quotes that a search finds, as a table."""
    asked = read_asked(SearchPageSchema())
    if asked.faults:
        raise InvalidInput(f"{next(iter(asked.faults))}: {next(iter(asked.faults.values()))}")
    search = read_search(asked.values)
    return stream_found(QuoteSearch(search.words, search.speaker, search.since, search.until))
