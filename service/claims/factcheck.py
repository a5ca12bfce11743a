"""A published fact-check: one review of one claim."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

MAX_URL: Final = 2_000  # code points
MAX_CLAIM: Final = 10_000


@dataclass(frozen=True, slots=True)
class Factcheck:
    """One review of one claim, as its publisher wrote it. What the publisher did not say is None.

    `url` is the page of the review. A page may review several claims: `number` counts them from 0.
    """

    url: str
    claim: str
    number: int = 0
    claimant: str | None = None
    claimed_on: date | None = None
    title: str | None = None
    publisher: str | None = None
    reviewed_on: date | None = None
    rating: str | None = None  # in the publisher's own words
    language: str | None = None  # BCP 47

    @property
    def site(self) -> str:
        """The host of the page, without `www.`."""
        return read_site(self.url)

    @property
    def id(self) -> str:
        """The public id: of the page's address and the claim's number on it."""
        return factcheck_id(self.url, self.number)


def factcheck_id(url: str, number: int = 0) -> str:
    """`f` and sixteen hex digits."""
    name = url if number == 0 else f"{url}\x00{number}"
    return "f" + hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).hexdigest()


def read_site(url: str) -> str:
    """The host of an address, lower case, without `www.`; "" where there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
