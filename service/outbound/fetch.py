"""A page of text at an address that a user gave: fetched within limits of time, size and redirects."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.client import HTTPResponse
from time import monotonic
from typing import Final
from urllib.parse import urldefrag, urljoin

from service.outbound.address import Forbidden, read_target
from service.outbound.exchange import Limits, Request, Unreachable, exchange

MAX_REDIRECTS: Final = 5
MAX_PAGE: Final = 2_000_000  # bytes, unpacked
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
TEXTS: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})
PACKED: Final = frozenset({"gzip", "x-gzip", "deflate"})
ANY_HEADER: Final = 32 + zlib.MAX_WBITS  # gzip or zlib, told by the first bytes


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was sent. `url` is where it was found, after redirects."""

    url: str
    content_type: str  # without parameters
    charset: str | None  # as the head names it
    data: bytes = field(repr=False)


def fetch(url: str, headers: Mapping[str, str], limits: Limits) -> Page:
    """Fetch a page. Raises Forbidden and Unreachable.

    Each redirect is checked as the first address is, and all of them share the limit of time.
    """
    ends = monotonic() + limits.total_s
    for _ in range(MAX_REDIRECTS + 1):
        url = urldefrag(url).url
        request = Request("GET", {**headers, "Accept-Encoding": "gzip"})
        remaining = ends - monotonic()
        if remaining <= 0:
            raise Unreachable(f"no answer within {limits.total_s:g} s")
        with exchange(read_target(url), request, replace(limits, total_s=remaining)) as response:
            if response.status not in REDIRECTS:
                return read_page(url, response)
            url = follow(url, response.getheader("Location"))
    raise Unreachable(f"it redirects more than {MAX_REDIRECTS} times")


def follow(url: str, location: str | None) -> str:
    """Where a redirect leads. Raises Unreachable and Forbidden."""
    if not location:
        raise Unreachable("it redirects nowhere")
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise Forbidden("it redirects to what is no URL") from error


def read_page(url: str, response: HTTPResponse) -> Page:
    """The page in an answer. Raises Unreachable where there is none, or too large a one."""
    if response.status != 200:
        raise Unreachable(f"it answered with status {response.status}")
    content_type = response.headers.get_content_type()
    if content_type not in TEXTS:
        raise Unreachable("it is no page of text")
    data = response.read(MAX_PAGE + 1)
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding in PACKED:
        data = unpack(data)
    elif coding != "identity":
        raise Unreachable("it is packed in a way that was not asked for")
    if len(data) > MAX_PAGE:
        raise Unreachable(f"it is larger than {MAX_PAGE:,} bytes")
    return Page(url, content_type, response.headers.get_content_charset(), data)


def unpack(data: bytes) -> bytes:
    """At most one byte more than is taken, however much is packed. Raises Unreachable."""
    try:
        return zlib.decompressobj(ANY_HEADER).decompress(data, MAX_PAGE + 1)
    except zlib.error as error:
        raise Unreachable("what it sent is damaged") from error
