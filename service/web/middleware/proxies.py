"""Trusted proxies: X-Forwarded-For and X-Forwarded-Proto count only from configured addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from werkzeug.middleware.proxy_fix import ProxyFix

from service.telemetry.correlation import EVERYBODY, TrustedPeers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_PROXIES: Final = 5


class TrustedProxies:
    """Sets REMOTE_ADDR and the scheme from X-Forwarded-For and X-Forwarded-Proto where a trusted peer sent
    them.

    Each proxy appends the address of its client, so the list is read from its end, skipping trusted
    proxies: what a client wrote into the header itself is never used.
    """

    def __init__(self, app: WSGIApplication, listed: str) -> None:
        """`listed` as for TrustedPeers. With `*`, every peer is trusted, for the last address only."""
        self._app: Final = app
        self._peers: Final = TrustedPeers(listed)
        named = [name for name in listed.split(",") if name.strip() != EVERYBODY]
        self._proxies: Final = TrustedPeers(",".join(named))
        self._behind: Final = [
            ProxyFix(app, x_for=hops, x_proto=1, x_host=0) for hops in range(1, MOST_PROXIES)
        ]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        forwarded = environ.get("HTTP_X_FORWARDED_FOR")
        if not forwarded or not self._peers.holds(environ.get("REMOTE_ADDR")):
            return self._app(environ, start_response)
        addresses = [address.strip() for address in forwarded.split(",")]
        hops = 1
        while hops < min(len(addresses), len(self._behind)) and self._is_proxy(addresses[-hops]):
            hops += 1
        return self._behind[hops - 1](environ, start_response)

    def _is_proxy(self, address: str) -> bool:
        return bool(address) and self._proxies.holds(address)
