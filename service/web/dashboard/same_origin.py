"""Whether a request to the dashboard comes from its own pages or from another site.

In addition to the token in every form. Browsers send headers that no page can set: Sec-Fetch-Site over https
and on this machine, Origin everywhere.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import request

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def is_own() -> bool:
    """Whether the request was made by a page of the dashboard or by the user, by the browser's headers.

    Other pages may only link to the dashboard.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if request.method in SAFE_METHODS:
        return site in (None, "same-origin", "none") or is_followed_link()
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin is None or _host_of(origin) == request.host


def is_followed_link() -> bool:
    """Whether a link on another site was followed. The browser then withholds the session's cookie."""
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
