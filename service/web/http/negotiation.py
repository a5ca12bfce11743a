"""Content negotiation (RFC 9110, 12): a resource in several formats."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import quote

import structlog
from flask import Response, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.answers import encode_json
from schemas.standards.nodes import Addresses, as_web_address
from schemas.standards.representations import CSV, JSON, Representation
from schemas.standards.spreadsheets import present_line, present_table
from service.errors import StoreUnavailable
from service.web.http.buffered_stream import BufferedStream, client_socket
from service.web.http.conditions import answer_tagged
from service.web.http.parsing import StrictBlueprint, refuse

log = structlog.get_logger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
#: OpenAPI descriptions of formats without a schema of this package.
DESCRIBED: Final[Mapping[str, Mapping[str, Any]]] = {
    "application/ld+json": {"type": "object", "description": "JSON-LD; docs/standards.md has an example."},
    "application/provenance+json": {"type": "object", "description": "W3C PROV-JSON."},
    "text/csv": {"type": "string", "description": "RFC 4180, UTF-8 with byte order mark, a header first."},
    "text/plain": {"type": "string", "description": "The text that offsets count in, in UTF-8."},
}


def offers(*offered: Representation) -> Callable[[View], View]:
    """Document the formats of a view; `choose` returns the one that a request asks for."""

    content = {one.media_type: {"schema": dict(DESCRIBED[one.media_type])} for one in offered if one != JSON}
    described: Callable[[View], View] = StrictBlueprint.doc(
        responses={"406": "NOT_ACCEPTABLE", 200: {"content": content}}
    )
    return described


def choose(query: Mapping[str, Any], *offered: Representation) -> Representation:
    """The format that the request asks for, by `format`, else by Accept. The first is the default.

    Answers 406 with the formats if it accepts none of them.
    """
    if name := query.get("format"):
        return next(one for one in offered if one.name == name)
    if not request.accept_mimetypes:
        return offered[0]
    # Profiles and charsets are ignored: there is one format of each type.
    ranges = [(value.partition(";")[0].strip(), weight) for value, weight in request.accept_mimetypes]
    best = MIMEAccept(ranges).best_match([one.media_type for one in offered])
    if best is None:
        forms = ", ".join(one.media_type for one in offered)
        refuse(406, f"Available formats: {forms}. The header Accept allows none of them.")
    return next(one for one in offered if one.media_type == best)


def addresses() -> Addresses:
    """The addresses of this service as the client reached it. Answers 400 for an invalid header Host."""
    root = request.url_root
    if as_web_address(root) is None:
        refuse(400, "The header Host names no host.")
    return Addresses(root)


def answer_form(body: str, form: Representation, *offered: Representation) -> WerkzeugResponse:
    """An answer with this text and its ETag, and with the other formats in `Link`."""
    response = answer_tagged(body)
    response.headers["Content-Type"] = form.content_type
    return add_alternates(response, form, offered)


def answer_document(
    document: Mapping[str, Any], form: Representation, *offered: Representation
) -> WerkzeugResponse:
    """An answer with a JSON document and its ETag."""
    return answer_form(encode_json(document).decode(), form, *offered)


def add_alternates(
    response: WerkzeugResponse, form: Representation, offered: Iterable[Representation]
) -> WerkzeugResponse:
    """Add `Vary: Accept`, and the other formats in `Link`."""
    response.vary.add("Accept")
    for other in offered:
        if other != form:
            link = f'<{quote(request.path)}?format={other.name}>; rel="alternate"; type="{other.media_type}"'
            response.headers.add("Link", link)
    return response


def name_file(response: WerkzeugResponse, filename: str) -> WerkzeugResponse:
    """Give the answer a file name, so that browsers download it."""
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def stream_table(columns: Sequence[str], rows: Iterator[Sequence[Sequence[Any]]], filename: str) -> Response:
    """A CSV file that is sent as it is produced, some rows at a time.

    If the store fails, the connection is cut, so that nobody takes the beginning for the whole.
    """
    stream = BufferedStream(client_socket(), most_aside=0)
    response = stream.respond(encode_table(columns, rows), CSV.content_type)
    response.vary.add("Accept")
    name_file(response, filename)
    return response


def encode_table(columns: Sequence[str], rows: Iterator[Sequence[Sequence[Any]]]) -> Iterator[bytes]:
    """The pieces of a CSV file. Raises BrokenPipeError if the store fails."""
    yield "".join(present_table(columns, ())).encode()
    try:
        for some in rows:
            yield "".join(map(present_line, some)).encode()
    except StoreUnavailable as error:
        log.warning("table_broke_off", reason=type(error).__name__)
        raise BrokenPipeError(errno.EPIPE, "the store does not answer any more") from error
