"""The parts of an analysis. Schemas turn them into JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from service.claims.ranking import RankedFactcheck
from service.extraction.models import Act, Acts, Quotation, QuotationType, Speaker
from service.matching.labels import Summary, summarise
from service.matching.models import Claim, Match, Searched, Verdict
from service.store.records import ArticleStatus
from service.store.sources.records import UNKNOWN_ACTOR, Actor
from service.text.document import Format
from service.text.selectors import select
from service.text.span import Span, join_spans
from service.usecases.articles.given_sources import SentSource


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its sender described it; `body` is in `format`."""

    body: str
    format: Format
    uri: str | None = None
    headline: str | None = None
    byline: str | None = None
    publisher: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    store: bool = True  # it is kept, and once published its quotations are earlier ones for later articles
    status: ArticleStatus = "published"  # a draft is never evidence
    sources: tuple[SentSource, ...] = ()  # that its quotations are held against first
    keep_sources: bool = False  # they are stored with it; else nothing of them is kept
    actor: Actor = UNKNOWN_ACTOR  # in whose name they are stored
    acts: Acts = "reported"  # "all": passages that report no words are given too, and never stored


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of the text and their spans; several if the words are split."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class QuoteSelector:
    """W3C TextQuoteSelector: the words and up to 32 code points on either side."""

    exact: str
    prefix: str
    suffix: str
    type: str = "TextQuoteSelector"


@dataclass(frozen=True, slots=True)
class PositionSelector:
    """W3C TextPositionSelector: the place in the answer's text."""

    start: int
    end: int
    type: str = "TextPositionSelector"


@dataclass(frozen=True, slots=True)
class LocatedQuote:
    """A quotation with its words, their position and the speaker."""

    type: QuotationType
    act: Act
    content: Excerpt
    passages: tuple[Span, ...]  # the marked words inside the content, marks left out
    cue: Excerpt | None
    source: Excerpt | None
    speaker: Speaker
    via: Speaker | None
    selector: tuple[
        QuoteSelector, PositionSelector
    ]  # both span from the first word of the content to its last


@dataclass(frozen=True, slots=True)
class AnalysedQuote(LocatedQuote):
    """A quotation with its verdict."""

    id: str
    verdict: Verdict
    matches: tuple[Match, ...]
    factchecks: tuple[RankedFactcheck, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """The whole answer to an article."""

    id: str
    article: Article
    uri: str | None
    text: str
    language: str | None
    notes: tuple[str, ...]
    quotes: tuple[AnalysedQuote, ...]
    engine: str
    policy: str
    generation: str
    searched: Searched
    source_notes: tuple[str, ...] = ()  # on the sources that came with it
    private: frozenset[int] = frozenset()  # numbers of those of them that are stored nowhere

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes on the article, then those on its sources."""
        return (*self.notes, *self.source_notes)

    @property
    def summary(self) -> Summary:
        """The counts of labels and the worst severity, of what reports words."""
        return summarise(
            (quote.verdict.label, quote.verdict.severity) for quote in self.quotes if quote.act != "none"
        )

    def only_reported(self) -> Analysis:
        """The analysis as with `acts` "reported"."""
        return replace(
            self,
            article=replace(self.article, acts="reported"),
            quotes=tuple(quote for quote in self.quotes if quote.act != "none"),
        )


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """A claim to look up; with `as_of`, as if nothing later had been said.

    Words that stand on the page `url` are not proven by that page.
    """

    claim: Claim
    as_of: date | None = None
    url: str | None = None
    sources: tuple[SentSource, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """The answer to the check of a quotation."""

    claim: Claim
    verdict: Verdict
    matches: tuple[Match, ...]
    generation: str
    factchecks: tuple[RankedFactcheck, ...] = ()


def locate_quote(text: str, quotation: Quotation) -> LocatedQuote:
    """A quotation with the words at its spans; every string is derived from the offsets."""
    hull = Span(quotation.content[0].start, quotation.content[-1].end)
    words = select(text, hull)
    return LocatedQuote(
        type=quotation.type,
        act=quotation.act,
        content=Excerpt(join_spans(text, quotation.content), quotation.content),
        passages=quotation.passages,
        cue=excerpt(text, quotation.cue),
        source=excerpt(text, quotation.source),
        speaker=quotation.speaker,
        via=quotation.via,
        selector=(
            QuoteSelector(words.exact, words.prefix, words.suffix),
            PositionSelector(hull.start, hull.end),
        ),
    )


def excerpt(text: str, spans: Sequence[Span]) -> Excerpt | None:
    """The words at the spans, None if there are no spans."""
    return Excerpt(join_spans(text, spans), tuple(spans)) if spans else None
