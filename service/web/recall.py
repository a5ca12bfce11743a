"""A hit found by the very bytes that were sent: no JSON is read, no schema applied, no key made of it.

An answer from the cache is remembered, in this process, by the address, the body and the store's generation,
and given again while all three are the same (docs/adr/0009-observing.md). Access and limits come before it,
logs and metrics see it as any other hit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from flask import Response, current_app, g, request

from service.cache import CacheAnswer, CacheStatus
from service.cache.metered import count
from service.web.services import services

View = TypeVar("View", bound=Callable[..., Any])
JSON: Final = "application/json"
MAX_BODY: Final = 256 * 1024  # bytes; what is larger is not sent again and again


def recalled(kind: str) -> Callable[[View], View]:
    """Put above `arguments` of a view that answers a JSON body from the cache, and from nothing else.

    `kind` is that of its cache keys. The answer may depend on the body, on the store's generation and on what
    is fixed in a process, and not on who asks: a request with a preference goes the long way.
    """

    def remember(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Response:
            if not is_plain():
                return current_app.make_response(view(*args, **kwargs))
            served = services()
            body = request.get_data(cache=True)
            name = kind, served.store.generation(), hashlib.sha256(body).digest()
            if found := served.recent.find(name):
                recent, ttl_s = found
                return give_again(kind, recent.body, recent.headers, ttl_s)
            response = current_app.make_response(view(*args, **kwargs))
            cached: CacheAnswer | None = g.pop("cache_answer", None)
            if response.status_code == 200 and cached is not None and cached.status is CacheStatus.HIT:
                headers = tuple((k, v) for k, v in response.headers if k != "Cache-Status")
                served.recent.keep(name, response.get_data(), headers, cached.ttl_s or 0)
            return response

        return answer  # type: ignore[return-value]

    return remember


def is_plain() -> bool:
    """Whether nothing but the body can bear on the answer."""
    environ = request.environ
    length = request.content_length
    return (
        environ.get("CONTENT_TYPE") == JSON
        and length is not None
        and length <= MAX_BODY
        and not environ.get("QUERY_STRING")
        and "HTTP_PREFER" not in environ
        and "HTTP_CONTENT_ENCODING" not in environ
    )


def give_again(kind: str, body: bytes, headers: tuple[tuple[str, str], ...], ttl_s: int) -> Response:
    """The answer as it was, and how fresh it still is."""
    answer = CacheAnswer(body, CacheStatus.HIT, ttl_s)
    count(kind, answer)
    return Response(body, headers=[*headers, ("Cache-Status", answer.header)])
