"""Cached answers by the bytes of the request, before Flask: no JSON is parsed and no cache key computed.

An answer from the cache is kept in this process by the kind of view, the body and the store's generation,
and sent again as long as these are the same (docs/adr/0009-observing.md). It is sent before Flask, which
takes longer than all the rest. Authentication, logs and metrics are the same as for any
other hit. Requests with special headers, and refused ones, are processed by Flask.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import Flask, Response, current_app, g, request

from service.cache import CacheAnswer, CacheStatus
from service.cache.cached_answer import count
from service.cache.recent_answers import RecentAnswers
from service.errors import VerbatimError
from service.usecases.api_keys import Scope
from service.web.http.authentication import Asking, Authenticator
from service.web.http.rate_limits import describe_standings
from service.web.http.scopes import ASKED, FAILED
from service.web.http.scopes import EXTENSION as AUTHENTICATOR
from service.web.middleware.request_log import ROUTE
from service.web.services import EXTENSION, services

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])
JSON: Final = "application/json"
NAME: Final = "verbatim.answer_name"
MAX_BODY: Final = 256 * 1024  # bytes; larger bodies are seldom repeated
#: Headers that may change the answer, or with which the length of the body is not known.
PARTICULAR: Final = (
    "HTTP_CONTENT_ENCODING",
    "HTTP_IDEMPOTENCY_KEY",
    "HTTP_ORIGIN",
    "HTTP_PREFER",
    "HTTP_TRANSFER_ENCODING",
)


def answered_from_memory(kind: str) -> Callable[[View], View]:
    """Put above `arguments` of a view that answers a JSON body from the cache, and from nothing else.

    `kind` is that of its cache keys. The answer may depend on the body, on the store's generation and on what
    is fixed in a process, not on the caller or on headers.
    """

    def remember(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Response:
            if not is_plain(request.environ):
                return current_app.make_response(view(*args, **kwargs))
            served = services()
            name = request.environ.get(NAME) or served.recent.name(kind, request.get_data(cache=True))
            response = current_app.make_response(view(*args, **kwargs))
            cached: CacheAnswer | None = g.pop("cache_answer", None)
            if response.status_code == 200 and cached is not None and cached.status is CacheStatus.HIT:
                headers = tuple((k, v) for k, v in response.headers if k != "Cache-Status")
                served.recent.keep(name, response.get_data(), headers, cached.ttl_s or 0)
            return response

        answer.memory_kind = kind  # type: ignore[attr-defined]
        return answer  # type: ignore[return-value]

    return remember


def is_plain(environ: WSGIEnvironment) -> bool:
    """Whether the answer depends on nothing but the body."""
    length = environ.get("CONTENT_LENGTH", "")
    return (
        environ.get("CONTENT_TYPE") == JSON
        and length.isdecimal()
        and len(length) < 7
        and 0 < int(length) <= MAX_BODY
        and not environ.get("QUERY_STRING")
        and not any(name in environ for name in PARTICULAR)
    )


@dataclass(frozen=True, slots=True)
class RememberedView:
    """A view whose answers are kept: the kind of its cache keys, the scope that it requires, and the one
    that some bodies require too. Callers without both are handled by Flask."""

    kind: str
    scope: Scope
    also: Scope | None


def find_remembered_views(app: Flask) -> Mapping[str, RememberedView]:
    """The views of an app whose answers are kept, by address."""
    found = {}
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions[rule.endpoint]
        kind = getattr(view, "memory_kind", None)
        if kind is not None and not rule.arguments:
            found[rule.rule] = RememberedView(kind, view.required_scope, getattr(view, "also_required", None))
    return found


class RecentAnswerMiddleware:
    """Answers repeated requests from memory; passes all others on."""

    def __init__(self, app: Flask) -> None:
        self._app: Final[WSGIApplication] = app.wsgi_app
        self._views: Final = find_remembered_views(app)
        self._recent: Final[RecentAnswers] = app.extensions[EXTENSION].recent
        self._authenticator: Final[Authenticator] = app.extensions[AUTHENTICATOR]
        self._most: Final = min(MAX_BODY, int(app.config["MAX_CONTENT_LENGTH"] or MAX_BODY))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        view = self._views.get(environ.get("PATH_INFO", ""))
        if view is not None and environ["REQUEST_METHOD"] == "POST" and is_plain(environ):
            try:
                answer = self._find_answer(view, environ, start_response)
            except VerbatimError as error:  # Flask answers with the error, without another attempt
                environ[FAILED] = error
            else:
                if answer is not None:
                    return answer
        return self._app(environ, start_response)

    def _find_answer(
        self, view: RememberedView, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes] | None:
        """The kept answer, with the seconds it is still fresh; None if there is none."""
        if int(environ["CONTENT_LENGTH"]) > self._most:
            return None
        environ[ROUTE] = environ["PATH_INFO"]
        admission = environ[ASKED] = self._authenticator.admit(Asking(environ, view.scope, environ[ROUTE]))
        caller = admission.principal
        if admission.refusal is not None or caller is None or (view.also and not caller.may(view.also)):
            return None
        body = read_body(environ)
        if body is None:
            return None
        name = environ[NAME] = self._recent.name(view.kind, body)
        found = self._recent.find(name)
        if found is None:
            return None
        recent, ttl_s = found
        answer = CacheAnswer(recent.body, CacheStatus.HIT, ttl_s)
        count(view.kind, answer)
        standings = describe_standings(admission.standings)
        start_response("200 OK", [*recent.headers, ("Cache-Status", answer.header), *standings])
        return (recent.body,)


def read_body(environ: WSGIEnvironment) -> bytes | None:
    """The body of a request, which can be read again; None if the client disconnected or sent too little."""
    length = int(environ["CONTENT_LENGTH"])
    try:
        body: bytes = environ["wsgi.input"].read(length)
    except OSError:
        return None
    environ["wsgi.input"] = io.BytesIO(body)
    return body if len(body) == length else None
