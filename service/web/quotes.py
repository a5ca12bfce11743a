"""Stored quotes: earlier quotations and sentences of transcripts."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.answers import present
from schemas.quotes import LineageSchema, QuotePageSchema, StoredQuoteSchema
from schemas.searches import ProvenanceSearchSchema, QuoteSearchSchema
from service.store.records import Lineage, Page
from service.web.access import requires
from service.web.conditions import answer_tagged, conditional_read
from service.web.overload import searching
from service.web.parsing import StrictBlueprint
from service.web.services import services

blueprint = StrictBlueprint("quotes", __name__, url_prefix="/v1/quotes", description=__doc__ or "")


@blueprint.get("")
@requires("read")
@searching
@blueprint.arguments(QuoteSearchSchema, location="query")
@blueprint.response(200, QuotePageSchema)
def find_quotes(search: dict[str, Any]) -> Page:
    """Search stored quotes by words, speaker and date."""
    return services().store.find_quotes(
        search.get("q"),
        speaker=search.get("speaker"),
        since=search.get("since"),
        until=search.get("until"),
        cursor=search.get("cursor"),
        limit=search["limit"],
    )


@blueprint.get("/<string:quote_id>")
@requires("read")
@conditional_read
@blueprint.response(200, StoredQuoteSchema)
@blueprint.alt_response(304, description="The quote is the one whose ETag was sent.")
def get_quote(quote_id: str) -> WerkzeugResponse:
    """Read one stored quote with its source."""
    return answer_tagged(present(StoredQuoteSchema(), services().store.get_quote(quote_id)).decode())


@blueprint.get("/<string:quote_id>/provenance")
@requires("read")
@searching
@blueprint.arguments(ProvenanceSearchSchema, location="query")
@blueprint.response(200, LineageSchema)
def get_provenance(search: dict[str, Any], quote_id: str) -> Lineage:
    """Follow a quote through time: first sighting, repeats, and variants with what each changed."""
    return services().store.provenance(quote_id, as_of=search.get("as_of"))
