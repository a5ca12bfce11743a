"""Ids that connect the log lines and spans of one request across proxies, processes and jobs."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

import structlog

#: https://www.w3.org/TR/trace-context/: version, trace, parent, flags. A later version may append more.
TRACEPARENT: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[!-~]{0,200})?")
#: Covers UUIDs, ULIDs and what nginx, Envoy, HAProxy, Heroku and AWS send (`Root=1-…;Parent=…` it does not).
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+=/@-]{0,127}")
EVERYBODY: Final = "*"


@dataclass(frozen=True, slots=True)
class Correlation:
    """The id of a request, and the trace that its sender named, if any."""

    request_id: str
    traceparent: str | None = None

    def within(self, traceparent: str) -> Correlation:
        """A copy for the same request within a span of this service."""
        return Correlation(self.request_id, traceparent)

    def logged(self) -> dict[str, str]:
        """The members of its log lines."""
        logged = {"request_id": self.request_id}
        return logged | {"trace_id": self.traceparent[3:35]} if self.traceparent else logged

    def carried(self) -> dict[str, str]:
        """The form that a job stores and `resume` reads."""
        carried = {"request_id": self.request_id}
        return carried | {"traceparent": self.traceparent} if self.traceparent else carried


def begin(request_id: str | None, traceparent: str | None, is_trusted: bool) -> Correlation:
    """The correlation of a request. Headers of untrusted peers and malformed ones are ignored."""
    if not is_trusted:
        return Correlation(new_request_id())
    known = request_id if request_id and REQUEST_ID.fullmatch(request_id) else new_request_id()
    return Correlation(known, read_traceparent(traceparent))


_current: ContextVar[Correlation | None] = ContextVar("correlation", default=None)


def enter(correlation: Correlation) -> None:
    """Set the correlation of the current thread: of its log lines and of the jobs it accepts."""
    _current.set(correlation)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**correlation.logged())


def carry() -> str | None:
    """The correlation of the current request as a job stores it; None outside of a request."""
    correlation = _current.get()
    return json.dumps(correlation.carried()) if correlation is not None else None


def new_request_id() -> str:
    """A new id, 16 hexadecimal digits. The system's generator would release the interpreter lock."""
    return f"{random.getrandbits(64):016x}"


def resume(carried: Mapping[str, object]) -> Correlation:
    """The correlation that a job stores; a new one if it has none."""
    request_id, traceparent = carried.get("request_id"), carried.get("traceparent")
    return begin(
        request_id if isinstance(request_id, str) else None,
        traceparent if isinstance(traceparent, str) else None,
        is_trusted=True,
    )


def read_traceparent(header: str | None) -> str | None:
    """The header in the form of version 00, None if it is not valid."""
    found = TRACEPARENT.fullmatch(header) if header else None
    if found is None:
        return None
    version, trace, parent, flags, rest = found.groups()
    if version == "ff" or set(trace) == {"0"} or set(parent) == {"0"} or (version == "00" and rest):
        return None
    return f"00-{trace}-{parent}-{flags}"


class TrustedPeers:
    """Peers whose headers are trusted: addresses and networks; `*` for all."""

    def __init__(self, listed: str) -> None:
        """Raises ValueError for anything but an address, a network or `*`."""
        names = [name.strip() for name in listed.split(",") if name.strip()]
        self._everybody = EVERYBODY in names
        self._networks: list[IPv4Network | IPv6Network] = [
            ip_network(name) for name in names if name != EVERYBODY
        ]
        self._known: dict[str, bool] = {}

    def holds(self, address: str | None) -> bool:
        """Whether a peer is trusted. One without address uses a Unix socket, hence this machine."""
        if self._everybody or not address:
            return True
        known = self._known.get(address)
        if known is None:
            known = self._look_up(address)
            if len(self._known) < 1000:
                self._known[address] = known
        return known

    def _look_up(self, address: str) -> bool:
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(peer, "ipv4_mapped", None) or peer
        return any(mapped in network for network in self._networks)
