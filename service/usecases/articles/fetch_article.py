"""An article fetched from its address, for a user who gives that instead of its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Final

import service
from service.errors import Fault, InvalidInput, Overloaded
from service.outbound import Forbidden, Limits, Network, Page, Unreachable, fetch
from service.sources.reading import read_draft
from service.text.charset import decode_page
from service.text.document import Format

TOTAL_S: Final = 10.0
MOST_AT_ONCE: Final = 4  # a process's; each holds a thread while the other side answers
HEADERS: Final = {
    "User-Agent": f"Verbatim/{service.__version__}",
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9",
}
FORMATS: Final[dict[str, Format]] = {"text/plain": "plain", "text/markdown": "markdown"}


@dataclass(frozen=True, slots=True)
class FetchedArticle:
    """The text or markup of an article, and where it was found."""

    uri: str
    body: str = field(repr=False)
    format: Format = "html"


@dataclass(slots=True)
class ArticleFetcher:
    """Fetches articles. `networks` are allowed although they are not public."""

    is_allowed: bool
    networks: Sequence[Network] = ()
    slots: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(MOST_AT_ONCE))

    def fetch(self, url: str) -> FetchedArticle:
        """The article at an address; an http:// address that is public is asked for by https://.

        Raises InvalidInput, the fault under `/address`, and Overloaded.
        """
        if not self.is_allowed:
            raise refuse("Fetching is switched off on this server; paste the text.")
        limits = Limits(TOTAL_S, self.networks)
        with self._slot():
            try:
                return read_article(self._fetch(url.strip(), limits))
            except Forbidden as error:
                raise refuse(f"This address is not fetched: {error}.") from error
            except Unreachable as error:
                raise refuse(f"The page could not be fetched: {error}. Paste its text.") from error

    @staticmethod
    def _fetch(url: str, limits: Limits) -> Page:
        try:
            return fetch(url, HEADERS, limits)
        except Forbidden:
            if not url.startswith("http://"):
                raise
            return fetch("https://" + url.removeprefix("http://"), HEADERS, limits)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self.slots.acquire(blocking=False):
            raise Overloaded("too many pages are being fetched; try again in a moment")
        try:
            yield
        finally:
            self.slots.release()


def read_article(page: Page) -> FetchedArticle:
    """The article of a page. Raises InvalidInput where it cannot be read as text."""
    format = FORMATS.get(page.content_type, "html")
    try:
        body = decode_page(page.data, page.charset)
    except UnicodeDecodeError:
        body = guess_text(page, format)
    return FetchedArticle(page.url, body, format)


def guess_text(page: Page, format: Format) -> str:
    """The text of a page that is in no encoding which it or its server names. Raises InvalidInput."""
    try:
        return read_draft(page.data, name="page.txt" if format == "plain" else "page.html").body
    except InvalidInput as error:
        raise refuse(f"The page could not be read: {error}") from error


def refuse(told: str) -> InvalidInput:
    """Why nothing was fetched."""
    return InvalidInput("the article cannot be fetched", (Fault("/address", told),))
