"""One resource in several forms: which one a request asks for (RFC 9110, 12), and answers in it."""

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
from service.web.http.buffered_stream import Outlet, client_socket
from service.web.http.conditions import answer_tagged
from service.web.http.parsing import StrictBlueprint, refuse

log = structlog.get_logger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
#: What OpenAPI is told of forms that no schema of ours describes.
DESCRIBED: Final[Mapping[str, Mapping[str, Any]]] = {
    "application/ld+json": {"type": "object", "description": "JSON-LD; docs/standards.md has an example."},
    "application/provenance+json": {"type": "object", "description": "W3C PROV-JSON."},
    "text/csv": {"type": "string", "description": "RFC 4180, UTF-8 with byte order mark, a header first."},
    "text/plain": {"type": "string", "description": "The text that offsets count in, in UTF-8."},
}


def offers(*offered: Representation) -> Callable[[View], View]:
    """Document which forms a view answers in; `choose` then says which one a request asks for."""

    content = {one.media_type: {"schema": dict(DESCRIBED[one.media_type])} for one in offered if one != JSON}
    described: Callable[[View], View] = StrictBlueprint.doc(
        responses={"406": "NOT_ACCEPTABLE", 200: {"content": content}}
    )
    return described


def choose(query: Mapping[str, Any], *offered: Representation) -> Representation:
    """The form that the request asks for, by `format` in its query, else by Accept. The first goes for any.

    Answers 406, naming the forms, where it wants none of them.
    """
    if name := query.get("format"):
        return next(one for one in offered if one.name == name)
    if not request.accept_mimetypes:
        return offered[0]
    # A profile or charset that is asked for narrows nothing: there is one form of each type.
    ranges = [(value.partition(";")[0].strip(), weight) for value, weight in request.accept_mimetypes]
    best = MIMEAccept(ranges).best_match([one.media_type for one in offered])
    if best is None:
        forms = ", ".join(one.media_type for one in offered)
        refuse(406, f"This can be had as {forms}; Accept rules all of that out.")
    return next(one for one in offered if one.media_type == best)


def addresses() -> Addresses:
    """Where this service is, as the client reached it. Answers 400 where the header Host is no host."""
    root = request.url_root
    if as_web_address(root) is None:
        refuse(400, "The header Host names no host.")
    return Addresses(root)


def answer_form(body: str, form: Representation, *offered: Representation) -> WerkzeugResponse:
    """A tagged answer of a ready-made text, with the other forms there are in `Link`."""
    response = answer_tagged(body)
    response.headers["Content-Type"] = form.content_type
    return tell_forms(response, form, offered)


def answer_document(
    document: Mapping[str, Any], form: Representation, *offered: Representation
) -> WerkzeugResponse:
    """A tagged answer of a JSON document."""
    return answer_form(encode_json(document).decode(), form, *offered)


def tell_forms(
    response: WerkzeugResponse, form: Representation, offered: Iterable[Representation]
) -> WerkzeugResponse:
    """Say that Accept was heeded, and what else there is."""
    response.vary.add("Accept")
    for other in offered:
        if other != form:
            link = f'<{quote(request.path)}?format={other.name}>; rel="alternate"; type="{other.media_type}"'
            response.headers.add("Link", link)
    return response


def name_file(response: WerkzeugResponse, filename: str) -> WerkzeugResponse:
    """Let a browser keep the answer as a file."""
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def stream_table(columns: Sequence[str], rows: Iterator[Sequence[Sequence[Any]]], filename: str) -> Response:
    """A CSV file that is sent as it comes, in pieces of some rows each.

    Where the store goes away the connection is cut, so that nobody takes what is there for all.
    """
    outlet = Outlet(client_socket(), most_aside=0)
    response = outlet.respond(encode_table(columns, rows), CSV.content_type)
    response.vary.add("Accept")
    name_file(response, filename)
    return response


def encode_table(columns: Sequence[str], rows: Iterator[Sequence[Sequence[Any]]]) -> Iterator[bytes]:
    """The pieces of a CSV file. Raises BrokenPipeError where the store goes away."""
    yield "".join(present_table(columns, ())).encode()
    try:
        for some in rows:
            yield "".join(map(present_line, some)).encode()
    except StoreUnavailable as error:
        log.warning("table_broke_off", reason=type(error).__name__)
        raise BrokenPipeError(errno.EPIPE, "the store does not answer any more") from error
