"""Links to words in a page: URL fragment text directives (WICG scroll-to-text-fragment)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urlsplit

DIRECTIVE: Final = ":~:"
WHOLE: Final = 10  # words; of a longer text the first and the last few are named, and a browser finds between
ENDS: Final = 5
WORD: Final = re.compile(r"\S+")


def link_words(address: str, words: str) -> str | None:
    """A page's address with a directive to its words; None for what is no address of the web.

    Percent-encodes the characters that divide a directive, comma, dash and ampersand, and all that is not
    plain in a URL. A fragment that the address has is kept, a directive in it is not.
    """
    if not is_web_address(address):
        return None
    base, _, fragment = address.partition("#")
    fragment = fragment.partition(DIRECTIVE)[0]
    found = WORD.findall(words)
    if not found:
        return address
    if len(found) <= WHOLE:
        directive = encode(" ".join(found))
    else:
        directive = f"{encode(' '.join(found[:ENDS]))},{encode(' '.join(found[-ENDS:]))}"
    return f"{base}#{fragment}{DIRECTIVE}text={directive}"


def encode(words: str) -> str:
    """Percent-encoded words for a text directive."""
    return quote(words, safe="", errors="replace").replace("-", "%2D")


def is_web_address(address: object) -> bool:
    """Whether it is a web address: http or https, with a host."""
    if not isinstance(address, str) or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
