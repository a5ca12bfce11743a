"""Idempotent POST requests: the Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header)."""

from __future__ import annotations

import hashlib
import math
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any, Final, TypeVar

from flask import Response, current_app, g, request

from service.errors import StoreUnavailable
from service.store.idempotency import (
    LEASE_S,
    Begun,
    IdempotencyStore,
    KeptAnswer,
    Mismatched,
    Outcome,
    Replayed,
    UnderWay,
    name_request,
)
from service.web.http.openapi import document_parameter
from service.web.http.parsing import refuse
from service.web.http.problems import problem
from service.web.http.scopes import principal
from service.web.services import services

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
MAX_KEY: Final = 255
#: The draft requires quotation marks around a key, as for structured fields. Most clients omit them.
KEY: Final = re.compile(r'"(?P<quoted>[\x20\x21\x23-\x5b\x5d-\x7e]+)"|(?P<bare>[\x21\x23-\x5b\x5d-\x7e]+)')
#: The headers that are stored with an answer; others belong to the connection or to the moment.
KEPT_HEADERS: Final = (
    "Content-Type", "Location", "Content-Location", "ETag", "Last-Modified", "Link", "Preference-Applied",
)  # fmt: skip
RETRY_AFTER_S: Final = 5  # at most; a request seldom takes longer

View = TypeVar("View", bound=Callable[..., Any])

PARAMETER: Final[Mapping[str, Any]] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
    "description": (
        "A unique name for this request, such as a UUID. If the request is sent again within 24 hours with "
        "the same key and body, it gets the same answer, with `Idempotency-Replayed: true`, and nothing is "
        "done twice. The same key with another body is refused with 422; while the first request is "
        "processed, with 409 and `Retry-After`. Answers of 400 and above are not stored."
    ),
}


def idempotent(view: View) -> View:
    """Put under the route and `requires`, above `arguments`, of a view that writes by POST.

    Keys are separate for each caller. Answers below 400 are stored; after an error or a killed process
    the same request is processed again, so it must be safe to repeat, or be named by
    `request_name`.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        key = read_key()
        if key is None:
            return current_app.make_response(view(*args, **kwargs))
        caller = principal()
        store = services().store.idempotency
        name = caller.key_id or caller.name
        outcome = store.begin(name, key, fingerprint_request())
        if not isinstance(outcome, Begun):
            return answer_known(outcome)
        g.request_name = name_request(name, key)
        return answer_once(store, outcome, lambda: current_app.make_response(view(*args, **kwargs)))

    return document_parameter(answer, PARAMETER)  # type: ignore[return-value]


def request_name() -> str | None:
    """A name, of 64 hexadecimal digits, that this request has each time it is sent; None without a key.

    What a view creates, such as a batch, can use it as its identity: then a repetition after a
    process was killed finds what the first request created.
    """
    name: str | None = g.get("request_name")
    return name


def read_key() -> str | None:
    """The request's key, None if it has none. Answers 400 for an invalid key."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    found = KEY.fullmatch(given.strip())
    key = (found["quoted"] or found["bare"]) if found else ""
    if not 0 < len(key) <= MAX_KEY:
        refuse(400, f"{HEADER} must be 1 to {MAX_KEY} visible ASCII characters, such as a UUID.")
    return key


def fingerprint_request() -> str:
    """SHA-256 of method, address and body. The body is read, within the usual limit."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode("utf-8", "surrogatepass"))
    digest.update(request.get_data(cache=True))
    return digest.hexdigest()


def answer_known(outcome: Outcome) -> Response:
    """The answer to a request that was sent before, or with a key that is in use."""
    match outcome:
        case Replayed(kept):
            response = Response(kept.body, status=kept.status)
            response.headers.clear()
            response.headers.update({**kept.headers, REPLAYED: "true"})
            return response
        case UnderWay(seconds):
            wait_s = max(1, min(RETRY_AFTER_S, math.ceil(seconds)))
            detail = f"A request with this {HEADER} is still being worked on; ask again with the same key."
            return problem(409, detail, headers={"Retry-After": str(wait_s)})
        case Mismatched():
            detail = f"This {HEADER} was used for another request; give each request a key of its own."
            return problem(422, detail)
        case _:
            raise AssertionError(outcome)


def answer_once(store: IdempotencyStore, begun: Begun, answer: Callable[[], Response]) -> Response:
    """Process a request and store its answer; forget the request if it fails."""
    try:
        with renewing(store, begun):
            response = answer()
            body = response.get_data() if response.status_code < 400 else b""
    except BaseException:
        with suppress(StoreUnavailable):  # then the lease ends by itself
            store.release(begun)
        raise
    if response.status_code >= 400:
        with suppress(StoreUnavailable):
            store.release(begun)
        return response
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    with suppress(StoreUnavailable):  # the request was processed; a repetition processes it again
        store.complete(begun, KeptAnswer(response.status_code, headers, body))
    return response


@contextmanager
def renewing(store: IdempotencyStore, begun: Begun) -> Iterator[None]:
    """Renew the lease as long as the block runs."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(LEASE_S / 3):
            with suppress(StoreUnavailable):
                if not store.renew(begun):
                    return

    thread = threading.Thread(target=renew, name="idempotency-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
