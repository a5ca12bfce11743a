"""An article's quotations looked up one by one, for who wants all of them and for who wants each at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import count
from typing import Any, Protocol

from service.claims.ranking import RankedFactcheck
from service.extraction.models import Extraction, Quotation
from service.extraction.speakers import Registry
from service.matching import POLICY
from service.matching.models import Claim, Judgement, Searched
from service.people.agreement import NameRegistry
from service.store import StoredArticle
from service.store.factchecks.search import FactcheckStore
from service.store.records import article_id, article_source_uri, quote_id
from service.usecases.articles.analysis import AnalysedQuote, Analysis, Article, LocatedQuote, locate_quote
from service.usecases.articles.article_limits import ArticleLimits
from service.usecases.articles.given_sources import GivenSources
from service.usecases.articles.quote_claims import Library, Scope, build_claim, judge_claim, names_of
from service.usecases.find_factchecks import FactcheckFinder


class SpeakerRegistry(NameRegistry, Registry, Protocol):
    """Known speakers, as extraction and matching ask for them."""


class KnownPeople(Protocol):
    """Gives the registry of known speakers as it is now."""

    def registry(self) -> SpeakerRegistry | None:
        """The registry; None while nobody is known."""


class JudgingStore(Library, Protocol):
    """What looking the quotations of an article up needs of a store."""

    @property
    def people(self) -> KnownPeople:
        """The known speakers."""

    @property
    def factchecks(self) -> FactcheckStore:
        """The published fact-checks."""

    def searched(self) -> Searched:
        """What there is to look through."""

    def find_own_sources(self, uri: str, text: str | None = None) -> frozenset[int]:
        """The sources of an article itself, and of what copies its text."""


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

    store: JudgingStore
    limits: ArticleLimits
    article: Article
    text: str
    extraction: Extraction
    searched: Searched
    own_sources: frozenset[int]  # it proves nothing for itself, nor does what copies it
    located: tuple[tuple[str, LocatedQuote], ...]  # the quotations with their ids
    given: GivenSources | None = None
    unjudged: int = 0

    @classmethod
    def of(
        cls, store: JudgingStore, limits: ArticleLimits, article: Article, text: str, extraction: Extraction
    ) -> Judging:
        """The looking up of an article whose quotations were found."""
        own_uri = article_source_uri(article.uri, text)
        located = tuple(
            (quote_id(own_uri, position, found.content.text), found)
            for position, found in zip(
                number_quotations(extraction.quotations),
                (locate_quote(text, each) for each in extraction.quotations),
                strict=True,
            )
        )
        own_sources = store.find_own_sources(own_uri, text)
        return cls(store, limits, article, text, extraction, store.searched(), own_sources, located)

    def outline(self) -> Outline:
        """The article and its quotations, before the first verdict."""
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
        scope = Scope(self.searched, self.own_sources, given=self.given)
        searched = scope.counted
        # An article may repeat a quotation, a hostile one thousands of times.
        judged: dict[Claim, Judgement] = {}
        finder = FactcheckFinder(self.store.factchecks) if searched.factchecks else None
        reviewed: dict[str, tuple[RankedFactcheck, ...]] = {}
        speakers = names_of(self.extraction.quotations)
        for quotation, (name, located) in zip(self.extraction.quotations, self.located, strict=True):
            claim = build_claim(self.text, quotation, day, speakers)
            if claim not in judged and len(judged) < self.limits.max_judged:
                judged[claim] = judge_claim(self.store, claim, scope)
                if finder and claim.text not in reviewed:
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
        """The whole answer, after the iteration."""
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
            searched=Scope(self.searched, given=self.given).counted,
            source_notes=self.given.notes if self.given else (),
            private=self.given.private if self.given else frozenset(),
        )


def number_quotations(quotations: Sequence[Quotation]) -> list[int]:
    """The position of each quotation; with `acts` "all", reported words keep theirs."""
    reported = count(0)
    others = count(sum(quotation.act != "none" for quotation in quotations))
    return [next(others if quotation.act == "none" else reported) for quotation in quotations]


def members_of(located: LocatedQuote) -> dict[str, Any]:
    """The members of a located quotation, for one with a verdict."""
    return {field.name: getattr(located, field.name) for field in fields(located)}


def said_on(article: Article | StoredArticle) -> date | None:
    """The day its quotations are taken to have been said, as far as the article goes."""
    return article.published_at.date() if article.published_at else None
