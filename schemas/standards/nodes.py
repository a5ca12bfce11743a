"""What the nodes of linked data have in common: members that are known, and names that are IRIs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

# RFC 3987, less what only a parser could tell: no blanks, no controls, none of <>"{}|\^`[], no stray percent.
_IRI: Final = re.compile(
    r"\A[A-Za-z][A-Za-z0-9+.\-]*:(?://\[[0-9A-Fa-f:.]+\])?"
    r"(?:[^\x00-\x20<>\"{}|\\^`%\[\]\x7f-\xa0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    r"\ud800-\uf8ff\ufeff\ufff0-\uffff]|%[0-9A-Fa-f]{2})+"
)
_WEB: Final = re.compile(
    r"https?://(?:\[[0-9A-Fa-f:.]+\]|[^/?#@:]+)(?::\d{1,5})?(?:[/?#].*)?", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of resources, by the address `root` at which the client reached the service."""

    root: str  # ends with a slash

    def quote(self, quote_id: str) -> str:
        """A stored quote."""
        return f"{self.root}v1/quotes/{quote(quote_id, safe='')}"

    def article(self, article_id: str) -> str:
        """An article's analysis."""
        return f"{self.root}v1/articles/{quote(article_id, safe='')}"

    def text(self, article_id: str, version: int) -> str:
        """The text that the offsets of a version of an article count in; it never changes."""
        return f"{self.article(article_id)}/versions/{version}?format=text"

    def annotations(self, article_id: str) -> str:
        """The annotations of an article."""
        return f"{self.article(article_id)}/annotations"

    def review(self, review_id: str) -> str:
        """A review."""
        return f"{self.root}v1/reviews/{quote(review_id, safe='')}"


def as_iri(name: str | None) -> str | None:
    """The name where it is an absolute IRI, else None: what senders call a URI may be any words."""
    return name if name and _IRI.fullmatch(name) else None


def as_web_address(name: str | None) -> str | None:
    """The name where it is the address of something on the web, else None."""
    return name if as_iri(name) and name and _WEB.fullmatch(name) else None


def given(members: dict[str, Any]) -> dict[str, Any]:
    """The members that say something: none that is None, an empty text or an empty list."""
    return {key: value for key, value in members.items() if value is not None and value not in ("", [], {})}
