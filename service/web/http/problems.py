"""RFC 9457 problem details as responses, and the conversion of all errors into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from schemas.problems import describe_problem, present_faults, status_of
from service.errors import InvalidInput, MigrationDue, Overloaded, StoreUnavailable, VerbatimError
from service.telemetry import metrics

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 5

#: Messages for clients where an error's own message is for the operator.
PUBLIC_DETAIL: Mapping[type[VerbatimError], str] = {
    Overloaded: "There is more to do than can be done at the moment; nothing of this request was kept.",
    StoreUnavailable: "The store does not answer at the moment; nothing of this request was kept.",
    MigrationDue: "The store is being brought up to date; nothing of this request was kept.",
}

log = structlog.get_logger(__name__)


def problem(
    status: int,
    detail: str,
    errors: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem+json response. `errors` hold `pointer` or `parameter`, and `detail`."""
    response = Response(describe_problem(status, detail, errors), status=status, content_type=CONTENT_TYPE)
    response.headers.update(headers or {})
    return response


def answer_verbatim_error(error: VerbatimError) -> Response:
    """The answer to a VerbatimError, with the status for its class."""
    status = status_of(error)
    headers = {}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        if isinstance(error, Overloaded):  # counted, not logged: a line for each would add load
            metrics.SHED.labels(request.url_rule.rule if request.url_rule else "unmatched").inc()
        else:
            log.warning("request_refused", reason=type(error).__name__, detail=str(error))
        headers["Retry-After"] = str(RETRY_AFTER_S)
    faults = error.faults if isinstance(error, InvalidInput) else ()
    detail = PUBLIC_DETAIL.get(type(error), str(error))
    # A request without a body can only be wrong in its parameters.
    return problem(status, detail, present_faults(faults, request.method == "GET"), headers)


def answer_http_error(error: HTTPException) -> Response:
    """An error of the web framework: unknown address, wrong method, body too large."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    detail = error.description or HTTPStatus(status).phrase
    if isinstance(error, RequestEntityTooLarge):
        detail = "The request is larger than this server takes; its limit is set by MAX_BODY_BYTES."
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return problem(status, detail, headers=kept)


def answer_unforeseen(error: Exception) -> Response:
    """An unexpected error: 500. The log gets the traceback, the client no details."""
    log.error("unforeseen_error", error=type(error).__name__, exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "The server failed; the operator's log says why.")


def register_errors(app: Flask) -> None:
    """Make every error of the app a problem+json."""
    app.register_error_handler(VerbatimError, answer_verbatim_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(Exception, answer_unforeseen)
