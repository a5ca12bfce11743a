"""Observation of requests, to the last byte of the answer: ids, log line, metrics and span."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import structlog
from flask import Flask, request
from prometheus_client import Counter, Histogram

from service.telemetry import metrics
from service.telemetry.correlation import TrustedPeers, begin, enter
from service.telemetry.tracing import RootSpan, start_root
from service.web.http.authentication import KEY_ID

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger("verbatim.access")
ROUTE: Final = "verbatim.route"
UNMATCHED: Final = "unmatched"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Requested every few seconds by machines: counted but not logged.
QUIET: Final = frozenset({"/livez", "/readyz", "/metrics"})


def observe_requests(app: Flask, forwarded_allow_ips: str) -> None:
    """Observe every request of the app. Call it last, so that all other middleware is inside."""
    app.before_request_funcs.setdefault(None, []).insert(0, note_route)
    app.wsgi_app = Observed(app.wsgi_app, forwarded_allow_ips)  # type: ignore[method-assign]


def note_route() -> None:
    """Record the route of the request: its template, never the path."""
    rule = request.url_rule
    if rule is not None:
        request.environ[ROUTE] = rule.rule


@dataclass(slots=True)
class Exchange:
    """A request that is being processed."""

    environ: WSGIEnvironment
    request_id: str
    root: RootSpan | None
    started: float
    status: int = 500  # until it is known: that of an application that raised
    cache: str | None = None
    is_broken: bool = False  # the answer began and failed before its end

    def end(self) -> None:
        """Count and log the request at its end."""
        seconds = time.perf_counter() - self.started
        method = self.environ["REQUEST_METHOD"]
        method = method if method in METHODS else "other"
        route = self.environ.get(ROUTE, UNMATCHED)
        metrics.REQUESTS_UNDER_WAY.dec()
        counter(method, route, self.status).inc()
        clock(route).observe(seconds)
        if self.status >= 500 or route not in QUIET:
            log.info(
                "request",
                method=method,
                route=route,
                status=self.status,
                duration_ms=round(1000 * seconds, 1),
                address=self.environ.get("REMOTE_ADDR"),  # the client's own, behind trusted proxies too
                key=self.environ.get(KEY_ID),
                cache=self.cache,
                **({"broken": True} if self.is_broken else {}),
            )
        if self.root is not None:
            attributes = {
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": self.status,
            }
            self.root.end(f"{method} {route}", attributes, failed=self.status >= 500)


class Answer:
    """The parts of an answer; when the server closes it, the request ends."""

    def __init__(self, parts: Iterable[bytes], exchange: Exchange) -> None:
        self._all: Final = parts
        self._parts: Final = iter(parts)
        self._exchange: Final = exchange

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._parts)
        except StopIteration:
            raise
        except BaseException:
            self._exchange.is_broken = True
            raise

    def close(self) -> None:
        """Called by the server once, also after an error."""
        try:
            close = getattr(self._all, "close", None)
            if close is not None:
                close()
        finally:
            self._exchange.end()


class Observed:
    """Middleware that observes the application."""

    def __init__(self, app: WSGIApplication, forwarded_allow_ips: str) -> None:
        self._app: Final = app
        self._peers: Final = TrustedPeers(forwarded_allow_ips)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        exchange = self._begin(environ)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            exchange.status = int(status[:3])
            exchange.cache = next((value for name, value in headers if name == "Cache-Status"), None)
            headers.append(("X-Request-Id", exchange.request_id))
            return start_response(status, headers, exc_info)

        try:
            answer = self._app(environ, start)
        except BaseException:
            exchange.end()
            raise
        return Answer(answer, exchange)

    def _begin(self, environ: WSGIEnvironment) -> Exchange:
        """Set the ids of the request for its log lines, jobs and spans."""
        started = time.perf_counter()
        # This runs before X-Forwarded-For is applied: the address is that of the peer.
        is_trusted = self._peers.holds(environ.get("REMOTE_ADDR"))
        ids = begin(environ.get("HTTP_X_REQUEST_ID"), environ.get("HTTP_TRACEPARENT"), is_trusted)
        root = start_root("request", ids.traceparent)
        if root is not None:
            ids = ids.within(root.traceparent)
        enter(ids)
        metrics.REQUESTS_UNDER_WAY.inc()
        return Exchange(environ, ids.request_id, root, started)


@lru_cache(maxsize=2048)
def counter(method: str, route: str, status: int) -> Counter:
    """The counter of such requests; cached, since finding it by labels takes longer than counting."""
    return metrics.REQUESTS.labels(method, route, str(status))


@lru_cache(maxsize=512)
def clock(route: str) -> Histogram:
    """The histogram of a route's durations."""
    return metrics.REQUEST_SECONDS.labels(route)
