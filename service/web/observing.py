"""Each request from its arrival to its answer: its correlation, its log line, its metrics, its span."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Final

import structlog
from flask import Flask, Response, g, request

from service.telemetry import metrics
from service.telemetry.correlation import TrustedPeers, begin
from service.telemetry.tracing import start_root

log = structlog.get_logger("verbatim.access")
UNMATCHED: Final = "unmatched"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Asked every few seconds by machines; their lines would bury the others.
QUIET: Final = frozenset({"/livez", "/readyz", "/metrics"})


def observe_requests(app: Flask, forwarded_allow_ips: str) -> None:
    """Watch every request of the app. To be registered before all else, so that refusals are seen too."""
    peers = TrustedPeers(forwarded_allow_ips)

    def start_request() -> None:
        g.started = time.perf_counter()
        environ = request.environ
        # Where X-Forwarded-For was believed, the address is the client's; the peer is who spoke to us.
        peer = environ.get("werkzeug.proxy_fix.orig", environ).get("REMOTE_ADDR")
        given = environ.get("HTTP_X_REQUEST_ID"), environ.get("HTTP_TRACEPARENT")
        correlation = begin(*given, is_trusted=peers.holds(peer))
        root = start_root("request", correlation.traceparent)
        if root is not None:
            correlation = correlation.within(root.traceparent)
        g.correlation, g.root = correlation, root
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(**correlation.logged())
        metrics.REQUESTS_UNDER_WAY.inc()

    app.before_request(start_request)
    app.after_request(tell_request)
    app.teardown_request(end_request)


def tell_request(response: Response) -> Response:
    """Log and count the request by its route, never by its path or content."""
    rule = request.url_rule
    route = rule.rule if rule is not None else UNMATCHED
    status = response.status_code
    seconds = time.perf_counter() - g.started
    method = request.method if request.method in METHODS else "other"
    counted(method, route, status).inc()
    clock(route).observe(seconds)
    response.headers["X-Request-Id"] = g.correlation.request_id
    g.told = {"http.request.method": method, "http.route": route, "http.response.status_code": status}
    if status >= 500 or route not in QUIET:
        log.info(
            "request",
            method=method,
            route=route,
            status=status,
            duration_ms=round(1000 * seconds, 1),
            cache=response.headers.get("Cache-Status"),
        )
    return response


def end_request(_error: BaseException | None) -> None:
    """The request is over, however it went."""
    if "correlation" not in g:  # it failed before it was seen
        return
    metrics.REQUESTS_UNDER_WAY.dec()
    if g.root is not None:
        told = g.get("told", {})
        name = f"{told.get('http.request.method', 'other')} {told.get('http.route', UNMATCHED)}"
        g.root.end(name, told, failed=told.get("http.response.status_code", 500) >= 500)


@lru_cache(maxsize=2048)
def counted(method: str, route: str, status: int) -> metrics.Counter:
    """The counter of such requests; finding it by its labels takes longer than counting."""
    return metrics.REQUESTS.labels(method, route, str(status))


@lru_cache(maxsize=512)
def clock(route: str) -> metrics.Histogram:
    """The histogram of a route's times."""
    return metrics.REQUEST_SECONDS.labels(route)
