"""Stored quotes: earlier quotations and sentences of transcripts."""

from __future__ import annotations

from collections.abc import Mapping
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
from schemas.stored_sources import ReasonSchema, RemarkSchema, RetractedSchema
from service.usecases.search.stored_quotes import DescribedQuote, QuoteSearch
from service.web.api.sources import find_actor
from service.web.http.conditions import conditional_read
from service.web.http.idempotency import idempotent
from service.web.http.negotiation import (
    add_alternates,
    addresses,
    answer_document,
    answer_form,
    choose,
    offers,
    stream_table,
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
    wanted = read_search(search)
    if choose(search, *SEARCH_FORMS) == CSV:
        return stream_found(wanted, search.get("limit", READ_AT_ONCE))
    page = services().quotes.search(wanted, search.get("limit", PAGE))
    response = answer_json(present(QuotePageSchema(), page))
    response.vary.add("Accept")
    return response


def read_search(values: Mapping[str, Any]) -> QuoteSearch:
    """The search that query parameters ask for."""
    names = ("q", "speaker", "since", "until", "cursor")
    return QuoteSearch(*(values.get(name) for name in names))


@lasting
def stream_found(wanted: QuoteSearch, limit: int = READ_AT_ONCE) -> Response:
    """All results of a search as a table. The first page has `limit` quotes."""
    found = services().quotes
    first = found.search(wanted, limit)  # before the answer begins: it may raise InvalidInput
    rows = (
        [stored_row(quote) for quote in page.items]
        for page in found.iterate_pages(wanted, first, READ_AT_ONCE)
    )
    return stream_table(STORED_COLUMNS, rows, "verbatim-quotes.csv")


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
    if form == JSON:
        body = present_reviewed_quote(*services().quotes.get(quote_id))
        return answer_form(body.decode(), form, *QUOTE_FORMS)
    return answer_document(build_quotation(services().quotes.describe(quote_id)), form, *QUOTE_FORMS)


def build_quotation(described: DescribedQuote) -> dict[str, Any]:
    """A stored quote as a schema.org Quotation."""
    review = present_reviewed(described.review) if described.review else None
    return present_quotation(described.quote, addresses(), kind=described.kind, review=review)


@blueprint.post("/<string:quote_id>/retract")
@requires("sources")
@idempotent
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, RetractedSchema)
def retract_quote(asked: dict[str, Any], quote_id: str) -> dict[str, Any]:
    """Retract one quote: it is no evidence any more, is found by no search, and no import brings it back.

    Reviews are opened of the stored verdicts that rest on it. A quotation of an article cannot be retracted
    by itself; withdraw the article.
    """
    changed = services().stored_sources.retract_quote(quote_id, asked["reason"], find_actor())
    return {"id": quote_id, "source_id": changed.id, "touched": changed.touched}


@blueprint.post("/<string:quote_id>/reinstate")
@requires("sources")
@idempotent
@blueprint.arguments(RemarkSchema)
@blueprint.response(200, RetractedSchema)
def reinstate_quote(asked: dict[str, Any], quote_id: str) -> dict[str, Any]:
    """Undo the retraction of one quote."""
    changed = services().stored_sources.reinstate_quote(quote_id, asked["reason"], find_actor())
    return {"id": quote_id, "source_id": changed.id, "touched": changed.touched}


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
    lineage = services().quotes.trace(quote_id, search.get("as_of"))
    if form == JSON:
        response: WerkzeugResponse = answer_json(present(LineageSchema(), lineage))
    else:
        runs = services().quotes.find_runs(lineage)
        response = answer_json(encode_json(present_provenance(lineage, runs, addresses())))
        response.headers["Content-Type"] = form.content_type
    return add_alternates(response, form, LINEAGE_FORMS)
