"""Stored quotes: earlier quotations and sentences of transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from flask import Response
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.answers import encode_json, present
from schemas.quotes import LineageSchema, QuotePageSchema
from schemas.review_answers import ReviewedStoredQuoteSchema, present_reviewed, present_reviewed_quote
from schemas.searches import ProvenanceSearchSchema, QuoteSearchSchema
from schemas.standards.prov_json import present_provenance
from schemas.standards.representations import CSV, JSON, JSON_LD, PROV_JSON, format_query
from schemas.standards.schema_org import present_quotation
from schemas.standards.spreadsheets import STORED_COLUMNS, stored_row
from service.store import Page, Store
from service.usecases.search.describe_quote import find_lineage_runs, find_speaker_kind
from service.web.http.conditions import conditional_read
from service.web.http.negotiation import (
    addresses,
    answer_document,
    answer_form,
    choose,
    offers,
    stream_table,
    tell_forms,
)
from service.web.http.overload import lasting, searching
from service.web.http.parsing import StrictBlueprint
from service.web.http.scopes import requires
from service.web.services import answer_json, services

PAGE: Final = 20  # quotes, unless the search says otherwise
READ_AT_ONCE: Final = 100  # quotes of a table
SEARCH_FORMS: Final = (JSON, CSV)
QUOTE_FORMS: Final = (JSON, JSON_LD)
LINEAGE_FORMS: Final = (JSON, PROV_JSON)

blueprint = StrictBlueprint("quotes", __name__, url_prefix="/v1/quotes", description=__doc__ or "")


@blueprint.get("")
@requires("read")
@searching
@offers(*SEARCH_FORMS)
@blueprint.arguments(QuoteSearchSchema, location="query")
@blueprint.response(200, QuotePageSchema)
def find_quotes(search: dict[str, Any]) -> Response:
    """Search stored quotes by words, speaker and date.

    As CSV, all results are streamed in one answer, from the cursor on if there is one.
    """
    store = services().store
    if choose(search, *SEARCH_FORMS) == CSV:
        return stream_found(store, search)
    response = answer_json(present(QuotePageSchema(), find_page(store, search, search.get("limit", PAGE))))
    response.vary.add("Accept")
    return response


def find_page(store: Store, search: dict[str, Any], limit: int) -> Page:
    """A page of what a search finds."""
    return store.find_quotes(
        search.get("q"),
        speaker=search.get("speaker"),
        since=search.get("since"),
        until=search.get("until"),
        cursor=search.get("cursor"),
        limit=limit,
    )


@lasting
def stream_found(store: Store, search: dict[str, Any]) -> Response:
    """All that a search finds, as a table."""
    first = find_page(store, search, search.get("limit", READ_AT_ONCE))  # refuses what cannot be asked
    return stream_table(STORED_COLUMNS, found_rows(store, search, first), "verbatim-quotes.csv")


def found_rows(store: Store, search: dict[str, Any], page: Page) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a page and of all behind it."""
    while True:
        yield [stored_row(quote) for quote in page.items]
        if page.next_cursor is None:
            return
        page = find_page(store, search | {"cursor": page.next_cursor}, READ_AT_ONCE)


@blueprint.get("/<string:quote_id>")
@requires("read")
@conditional_read
@offers(*QUOTE_FORMS)
@blueprint.arguments(format_query("QuoteForm", *QUOTE_FORMS), location="query")
@blueprint.response(200, ReviewedStoredQuoteSchema)
@blueprint.alt_response(304, description="The quote is the one whose ETag was sent.")
def get_quote(query: dict[str, Any], quote_id: str) -> WerkzeugResponse:
    """Read one stored quote with its source. As JSON-LD it is a schema.org Quotation.

    If a person has decided on its verdict in its article, the decision is included as `review`.
    """
    form = choose(query, *QUOTE_FORMS)
    quote = services().store.get_quote(quote_id)
    review = services().reviews.find_decided_of_quote(quote)
    if form == JSON:
        return answer_form(present_reviewed_quote(quote, review).decode(), form, *QUOTE_FORMS)
    node = present_quotation(
        quote,
        addresses(),
        kind=find_speaker_kind(services().store, quote),
        review=present_reviewed(review) if review else None,
    )
    return answer_document(node, form, *QUOTE_FORMS)


@blueprint.get("/<string:quote_id>/provenance")
@requires("read")
@searching
@offers(*LINEAGE_FORMS)
@blueprint.arguments(ProvenanceSearchSchema, location="query")
@blueprint.response(200, LineageSchema)
def get_provenance(search: dict[str, Any], quote_id: str) -> WerkzeugResponse:
    """Read the history of a quote: first sighting, repeats, and variants with what each changed.

    As PROV-JSON: sources, speakers, and the analyses that found each quote, with their engine and policy.
    """
    form = choose(search, *LINEAGE_FORMS)
    lineage = services().store.provenance(quote_id, as_of=search.get("as_of"))
    if form == JSON:
        response: WerkzeugResponse = answer_json(present(LineageSchema(), lineage))
    else:
        runs = find_lineage_runs(services().store, lineage)
        response = answer_json(encode_json(present_provenance(lineage, runs, addresses())))
        response.headers["Content-Type"] = form.content_type
    return tell_forms(response, form, LINEAGE_FORMS)
