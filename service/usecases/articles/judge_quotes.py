"""An article's quotations looked up one by one, for who wants all of them and for who wants each at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from service.claims.ranking import RankedFactcheck
from service.extraction.models import Extraction
from service.matching import POLICY
from service.matching.models import Claim, Judgement, Searched
from service.store import Store
from service.store.records import article_id, article_source_uri, quote_id
from service.usecases.articles.analysis import AnalysedQuote, Analysis, Article, LocatedQuote
from service.usecases.articles.article_limits import ArticleLimits
from service.usecases.articles.locate_quotes import locate_quote
from service.usecases.articles.quote_claims import build_claim, judge_claim
from service.usecases.find_factchecks import FactcheckFinder


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of an article before anything is looked up: its text, and what was found in it.

    `quotes` pairs the id of each quotation with it, in the order of the text.
    """

    id: str
    article: Article
    text: str
    language: str | None
    notes: tuple[str, ...]
    quotes: tuple[tuple[str, LocatedQuote], ...]


@dataclass(slots=True)
class Judging:
    """The search and judgement for one article. Iterate once: each step judges a quotation."""

    store: Store
    limits: ArticleLimits
    article: Article
    text: str
    extraction: Extraction
    searched: Searched
    own_sources: frozenset[int]  # it proves nothing for itself, nor does what copies it
    located: tuple[tuple[str, LocatedQuote], ...]  # the quotations with their ids
    unjudged: int = 0

    @classmethod
    def of(
        cls, store: Store, limits: ArticleLimits, article: Article, text: str, extraction: Extraction
    ) -> Judging:
        """The looking up of an article whose quotations were found."""
        own_uri = article_source_uri(article.uri, text)
        located = tuple(
            (quote_id(own_uri, position, found.content.text), found)
            for position, found in enumerate(locate_quote(text, each) for each in extraction.quotations)
        )
        own_sources = store.find_own_sources(own_uri, text)
        return cls(store, limits, article, text, extraction, store.searched(), own_sources, located)

    def outline(self) -> Outline:
        """What there is to show before the first verdict."""
        return Outline(
            id=article_id(self.article.uri, self.text),
            article=self.article,
            text=self.text,
            language=self.extraction.language,
            notes=self.extraction.notes,
            quotes=self.located,
        )

    def __iter__(self) -> Iterator[AnalysedQuote]:
        """Every quotation with its verdict, in the order of the text, leaving out the article's own words."""
        day = said_on(self.article)
        searched = self.searched
        # An article may repeat a quotation, a hostile one thousands of times.
        judged: dict[Claim, Judgement] = {}
        finder, reviewed = FactcheckFinder(self.store.factchecks), dict[str, tuple[RankedFactcheck, ...]]()
        for quotation, (name, located) in zip(self.extraction.quotations, self.located, strict=True):
            claim = build_claim(self.text, quotation, day)
            if claim not in judged and len(judged) < self.limits.max_judged:
                judged[claim] = judge_claim(self.store, claim, searched, self.own_sources)
                if searched.factchecks and claim.text not in reviewed:
                    reviewed[claim.text] = finder.find(claim.text)
            judgement = judged.get(claim) or self.limits.pass_over(claim, searched)
            self.unjudged += claim not in judged
            yield AnalysedQuote(
                **members_of(located),
                id=name,
                verdict=judgement.verdict,
                matches=judgement.matches,
                factchecks=reviewed.get(claim.text, ()),
            )

    def conclude(self, quotes: Iterable[AnalysedQuote], generation: str) -> Analysis:
        """The whole answer, of all that the iteration gave."""
        return Analysis(
            id=article_id(self.article.uri, self.text),
            article=self.article,
            uri=self.article.uri,
            text=self.text,
            language=self.extraction.language,
            quotes=tuple(quotes),
            notes=(*self.extraction.notes, *self.limits.explain(self.unjudged)),
            engine=self.extraction.engine,
            policy=POLICY,
            generation=generation,
            searched=self.searched,
        )


def members_of(located: LocatedQuote) -> dict[str, Any]:
    """What a quotation is made of, for one that says more."""
    return {field.name: getattr(located, field.name) for field in fields(located)}


def said_on(article: Article) -> date | None:
    """The day its quotations are taken to have been said, as far as the article goes."""
    return article.published_at.date() if article.published_at else None
