"""Published fact-checks: import them, and search them as in Google's Fact Check Tools API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final, NoReturn

import marshmallow as ma
import structlog
from flask import Request, Response, abort, request

from schemas.bulk import present_summary
from schemas.factchecks import (
    ClaimPageSchema,
    ClaimReviewLineSchema,
    ClaimSearchSchema,
    FactcheckImportSchema,
    present_imported,
    present_page,
)
from schemas.problems import GoogleProblemSchema, present_faults
from schemas.validation_errors import find_faults
from service.usecases.find_factchecks import FactcheckImporter, FactcheckSearch
from service.usecases.import_records import Line, Summary
from service.web.http.buffered_stream import BufferedStream
from service.web.http.idempotency import idempotent
from service.web.http.line_streams import NDJSON, NDJSON_TYPES, read_bounded_body, read_lines
from service.web.http.ndjson_body import load_line
from service.web.http.overload import lasting, searching
from service.web.http.parsing import StrictBlueprint, StrictParser, refuse
from service.web.http.problems import CONTENT_TYPE, problem
from service.web.http.scopes import requires
from service.web.services import answer_json, services

JSON_TYPES: Final = ("application/json", "application/ld+json")

log = structlog.get_logger(__name__)


class GoogleParser(StrictParser):
    """Errors as problem details with the member `error` that Google's clients read."""

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        """Answer 400, as Google does."""
        [(_, messages)] = error.normalized_messages().items()  # type: ignore[no-untyped-call]
        faults = present_faults(find_faults(messages), parameter=True)
        response = problem(400, "The request is not valid.", faults)
        message = " ".join(f"{fault['parameter'] or 'query'}: {fault['detail']}" for fault in faults)
        body = json.loads(response.get_data())
        body["error"] = {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
        response.set_data(json.dumps(body))
        abort(response)


class FactcheckBlueprint(StrictBlueprint):
    """A blueprint with Google's format of errors."""

    ARGUMENTS_PARSER = GoogleParser()


blueprint = FactcheckBlueprint("factchecks", __name__, description=__doc__ or "")


@blueprint.post("/v1/factchecks:import")
@requires("write")
@idempotent
@lasting
@blueprint.response(200, FactcheckImportSchema, content_type=NDJSON)
@blueprint.doc(
    requestBody={
        "required": True,
        "content": {
            NDJSON: {"schema": {"type": "string", "format": "binary"}},
            "application/ld+json": {"schema": {"type": "object"}},
        },
        "description": "A schema.org ClaimReview a line; or one document: a ClaimReview, a list, a DataFeed.",
    }
)
def import_factchecks() -> Response:
    """Import fact-checks and return a result for each line.

    A fact-check is identified by its address: the same one again changes nothing, a newer version replaces
    it. Missing and non-standard fields are accepted where their meaning is clear; a review without an address
    or a claim is refused with the reason.
    """
    if request.mimetype not in (*NDJSON_TYPES, *JSON_TYPES):
        refuse(415, f"Send ClaimReviews as {NDJSON}, one a line, or as application/ld+json.")
    services().imports.check_store()  # while the status can still say so
    lines: Iterator[Line | None]
    if request.mimetype in JSON_TYPES:
        body = b"".join(block or b"" for block in read_bounded_body())
        lines, stream = iter([load_line(1, body, ClaimReviewLineSchema())]), BufferedStream(None)
    else:
        lines, stream = read_lines(ClaimReviewLineSchema())
    return stream.respond(import_stream(services().factcheck_imports, lines), NDJSON)


def import_stream(importer: FactcheckImporter, lines: Iterator[Line | None]) -> Iterator[bytes]:
    """The lines of the answer, as they are produced."""
    summary = Summary()
    for results in importer.import_lines(lines, summary):
        yield b"".join(map(present_imported, results))
    log.info("factcheck_import_ended", **asdict(summary))
    yield present_summary(summary)


# Also under Google's own path, so that its clients need only another host.
@blueprint.get("/v1/factcheck/claims:search")
@requires("read")
@searching
@blueprint.arguments(ClaimSearchSchema, location="query")
@blueprint.response(200, ClaimPageSchema)
@blueprint.alt_response(
    400, schema=GoogleProblemSchema, content_type=CONTENT_TYPE, description="The query is not valid."
)
def search_claims(search: FactcheckSearch) -> Response:
    """Search reviewed claims by words and meaning, as in Google's Fact Check Tools API.

    Takes Google's parameters and returns Google's format, so that its clients work; `key` may carry the API
    key. Without a query, returns the newest reviews of a site.
    """
    page = services().factchecks.search(search, datetime.now(UTC).date())
    return answer_json(present_page(page))


search_claims.key_parameter = True
blueprint.add_url_rule("/v1alpha1/claims:search", endpoint="search_claims_google", view_func=search_claims)
