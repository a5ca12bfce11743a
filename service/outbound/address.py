"""Checks a URL that a user gave, and resolves it to the one address to connect to."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from service.outbound.allowed_addresses import Address, Network, is_allowed, is_public, read_address
from service.outbound.time_limit import call_within

PORTS: Final = (443, 8443)  # of public hosts; other services do not listen there
MAX_URL: Final = 2_000
LOOK_UP_S: Final = 5.0  # for the system's resolver, which may try for half a minute
LABEL: Final = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
HOST: Final = re.compile(rf"(?=.{{1,253}}\Z){LABEL}(\.{LABEL})*")
STRAY: Final = frozenset('\\"<>^`{|}\x7f') | {chr(code) for code in range(0x21)}
NUMERIC: Final = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)\Z")  # an address to some resolvers: 0x7f.1, 2130706433

Resolve = Callable[[str, int], Sequence[Address]]


class Forbidden(Exception):
    """A URL to which no request is sent. The message says why, for the user who gave it."""


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a URL. `literal` is its host if that is an address."""

    secure: bool
    host: str  # in ASCII, without brackets
    port: int
    path: str  # with the query
    literal: Address | None

    def locate(self, networks: Sequence[Network], resolve: Resolve | None = None) -> Address:
        """The address to connect to. Raises Forbidden if any of the host's addresses is not allowed.

        Connect to this address and do not resolve the name again, which may give another one.
        """
        found = [self.literal] if self.literal is not None else (resolve or look_up)(self.host, self.port)
        for address in found:
            self.check(address, networks)
        if not found:
            raise Forbidden("its host has no address")
        return found[0]

    def check(self, address: Address, networks: Sequence[Network]) -> None:
        """Raise Forbidden if a request to the address is not allowed."""
        if is_allowed(address, networks):
            return
        if not is_public(address):
            raise Forbidden("its host is a private or special address")
        if not self.secure:
            raise Forbidden("it must start with https://")
        if self.port not in PORTS:
            raise Forbidden(f"its port must be one of {', '.join(map(str, PORTS))}")


def read_target(url: str) -> Target:
    """Parse a URL. Raises Forbidden if no request may be sent to it.

    Names are resolved later, by `locate`, for each request.
    """
    if len(url) > MAX_URL or not url.isascii() or STRAY.intersection(url):
        raise Forbidden("it is not a URL in ASCII, or too long")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").lower()
    except ValueError as error:
        raise Forbidden("it is not a URL") from error
    if parts.scheme not in ("http", "https"):
        raise Forbidden("it must start with https://")
    if "@" in parts.netloc or "#" in url:
        raise Forbidden("it must hold no user, password or fragment")
    literal = read_address(host)
    if literal is None and (not HOST.fullmatch(host) or NUMERIC.search(host)):
        raise Forbidden("its host is neither a name nor an address")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, host, port if port is not None else 443 if secure else 80, path, literal)


def look_up(host: str, port: int, limit_s: float = LOOK_UP_S) -> list[Address]:
    """The addresses of a host name. Raises Forbidden if none is found within `limit_s` seconds."""

    def ask() -> list[Any]:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)

    try:
        found = call_within(limit_s, ask)
    except TimeoutError as error:
        raise Forbidden(f"its host was not found within {limit_s:g} s") from error
    except (OSError, UnicodeError) as error:
        raise Forbidden("its host has no address") from error
    addresses = [read_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    return list(dict.fromkeys(address for address in addresses if address is not None))
