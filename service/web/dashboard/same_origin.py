"""Where a request to the dashboard comes from: the dashboard's own pages, or somebody else's.

Beside the token in every form. A browser says it in headers that no page can set: Sec-Fetch-Site over https
and on this machine, Origin everywhere.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import request

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def is_own() -> bool:
    """Whether no other page had a hand in the request, as far as the browser says.

    Other pages may link to the dashboard; nothing else of it is theirs to load, and nothing to send to.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if request.method in SAFE_METHODS:
        return site in (None, "same-origin", "none") or is_followed_link()
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin is None or _host_of(origin) == request.host


def is_followed_link() -> bool:
    """Whether somebody came by a link on another page. The browser then keeps the session's cookie back."""
    headers = request.headers
    return (
        request.method == "GET"
        and headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
        and headers.get("Sec-Fetch-Mode") == "navigate"
        and headers.get("Sec-Fetch-Dest", "document") == "document"
    )


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None
