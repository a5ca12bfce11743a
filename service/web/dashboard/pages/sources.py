"""The page of publishers and sources."""

from __future__ import annotations

from typing import Final

from flask import Response

from schemas.dashboard import SourcesPageSchema
from service.errors import InvalidInput
from service.store.quotes.sources import SourcePage, SourceSearch
from service.usecases.search.publishers import PublisherPage
from service.web.dashboard.form_input import Asked, read_asked
from service.web.dashboard.page import blueprint, page, render
from service.web.dashboard.pages.speaker import refused
from service.web.http.overload import searching
from service.web.services import services

SHOWN: Final = 25


@blueprint.get("/sources")
@page("read")
@searching
def show_sources() -> Response:
    """Publishers, or the sources of one or all of them."""
    asked = read_asked(SourcesPageSchema(), "publisher")
    publishers, sources = None, None
    if not asked.faults:
        try:
            if "publisher" in asked.values or asked.values.get("listed") == "sources":
                sources = find_sources(asked)
            else:
                publishers = find_publishers(asked)
        except InvalidInput as error:
            asked = refused(asked, error)
    return render(
        "dashboard/sources.html",
        title="Sources",
        section="sources",
        status=asked.status,
        asked=asked,
        publishers=publishers,
        sources=sources,
        searched=services().site_search.count_searched(),
    )


def find_publishers(asked: Asked) -> PublisherPage:
    """A page of publishers."""
    return services().publishers.find_page(asked.values.get("q"), asked.values.get("cursor"), SHOWN)


def find_sources(asked: Asked) -> SourcePage:
    """A page of sources."""
    wanted = asked.values
    search = SourceSearch(wanted.get("publisher"), wanted.get("kind"), wanted.get("q"))
    return services().publishers.find_sources(search, wanted.get("cursor"), SHOWN)
