"""Stored quotes: search, one quote with what is known about it, its lineage, and the export of all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from service.errors import NotFound
from service.store import Page, Store, StoredQuote
from service.store.articles.analyses import AnalysisRun
from service.store.records import Lineage, article_id
from service.store.reviews.records import ReviewRecord
from service.usecases.reviews.reviews import ReviewService


@dataclass(frozen=True, slots=True)
class QuoteSearch:
    """The conditions of a search for quotes; None restricts nothing. `cursor` is where its page begins."""

    words: str | None = None
    speaker: str | None = None
    since: date | None = None
    until: date | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class DescribedQuote:
    """A quote, the kind of its speaker if an analysis tells it, and the newest decided review if any."""

    quote: StoredQuote
    kind: str | None
    review: ReviewRecord | None


@dataclass(frozen=True, slots=True)
class StoredQuotes:
    """The quotes of one store. Methods raise StoreUnavailable."""

    store: Store
    reviews: ReviewService

    def search(self, wanted: QuoteSearch, limit: int) -> Page:
        """A page of the quotes that fit, the newest first. Raises InvalidInput for a bad cursor."""
        return self.store.find_quotes(
            wanted.words,
            speaker=wanted.speaker,
            since=wanted.since,
            until=wanted.until,
            cursor=wanted.cursor,
            limit=limit,
        )

    def iterate_pages(self, wanted: QuoteSearch, first: Page, limit: int) -> Iterator[Page]:
        """The first page of a search and all that follow, the others of `limit` quotes."""
        page = first
        yield page
        while page.next_cursor is not None:
            page = self.search(replace(wanted, cursor=page.next_cursor), limit)
            yield page

    def get(self, quote_id: str) -> tuple[StoredQuote, ReviewRecord | None]:
        """A quote and its newest decided review. Raises NotFound."""
        quote = self.store.get_quote(quote_id)
        return quote, self.reviews.find_decided_of_quote(quote)

    def describe(self, quote_id: str) -> DescribedQuote:
        """A quote with its review and, from the analysis of its article, the kind of its speaker.

        Raises NotFound.
        """
        quote, review = self.get(quote_id)
        return DescribedQuote(quote, self._find_speaker_kind(quote), review)

    def trace(self, quote_id: str, as_of: date | None = None) -> Lineage:
        """The lineage of a quote, as it was known on a day. Raises NotFound."""
        return self.store.provenance(quote_id, as_of=as_of)

    def find_runs(self, lineage: Lineage) -> dict[str, AnalysisRun]:
        """The analyses that found the quotes of a lineage, by the URI of their source."""
        members = (lineage.quote, *(sighting.quote for sighting in lineage.sightings))
        return self.store.analyses.find_runs({member.origin.uri for member in members})

    def export(self, after: str | None = None) -> Iterator[StoredQuote]:
        """All quotes in the order they were stored, or those stored after one. Raises NotFound."""
        return self.store.export_quotes(after)

    def _find_speaker_kind(self, quote: StoredQuote) -> str | None:
        try:
            stored = self.store.get_article(article_id(quote.origin.uri, ""))
        except NotFound:
            return None
        for analysed in json.loads(stored.analysis)["quotes"]:
            if analysed["id"] == quote.id:
                kind: str = analysed["speaker"]["kind"]
                return kind
        return None
