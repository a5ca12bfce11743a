"""Hold a draft against sources, with a store of earlier quotes or without one. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from service.errors import StoreUnavailable
from service.extraction import extract
from service.matching.models import Evidence, Searched
from service.store.factchecks.search import FactcheckStore
from service.usecases.articles.analysis import AnalysedQuote, Analysis, Article
from service.usecases.articles.article_limits import ArticleLimits
from service.usecases.articles.given_sources import GivenSources
from service.usecases.articles.judge_quotes import Judging, JudgingStore, SpeakerRegistry, said_on

UNSTORED: Final = "none"  # the generation of an analysis that no store took part in


class NoPeople:
    """Nobody is known."""

    def registry(self) -> SpeakerRegistry | None:
        """None: names are all there is to tell people by."""
        return None


class NoStore:
    """What looking up asks of a store, where there is none: nothing is found, and nothing was searched."""

    people = NoPeople()

    @property
    def factchecks(self) -> FactcheckStore:
        """Raises StoreUnavailable; nobody asks, since `searched` counts none."""
        raise StoreUnavailable("there is no store")

    def searched(self) -> Searched:
        """No quotes and no fact-checks: nothing is stored."""
        return Searched(0, None)

    def find_own_sources(self, uri: str, text: str | None = None) -> frozenset[int]:
        """No sources: nothing is stored."""
        return frozenset()

    def find_evidence(
        self,
        text: str,
        *,
        speaker: str | None = None,
        as_of: date | None = None,
        excluded: frozenset[int] | None = None,
    ) -> list[Evidence]:
        """No evidence: nothing is stored."""
        return []

    def find_statements(
        self,
        text: str,
        speakers: Iterable[str],
        said_on: date | None = None,
        *,
        as_of: date | None = None,
        excluded: frozenset[int] | None = None,
    ) -> list[Evidence]:
        """No evidence: nothing is stored."""
        return []


def begin_check(
    store: JudgingStore, draft: Article, given: GivenSources, limits: ArticleLimits | None = None
) -> Judging:
    """Find the quotations of a draft; iterating over the answer judges them one by one.

    Raises InvalidInput where the draft holds no text, or too much.
    """
    limits = limits or ArticleLimits()
    document = limits.read(draft.body, draft.format, draft.language)
    registry = store.people.registry()
    extraction = extract(document, registry=registry, on=said_on(draft))
    judging = Judging.of(store, limits, draft, document.text, extraction)
    judging.given = given
    return judging


def rank_from_worst(analysis: Analysis) -> list[AnalysedQuote]:
    """The quotations of an analysis, the worst first, else in the order of the text."""
    return sorted(analysis.quotes, key=lambda quote: -quote.verdict.severity)
