"""Check one quotation. Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.cache import Cache, CacheAnswer, CacheStatus, cache_key
from service.claims import CLAIMS_ENGINE
from service.matching import POLICY
from service.store import Store
from service.usecases.articles.analysis import CheckAnswer, CheckRequest
from service.usecases.articles.given_sources import WITH_SOURCES, read_given
from service.usecases.articles.quote_claims import Scope, judge_claim
from service.usecases.find_factchecks import FactcheckFinder

ANSWER_FORM = "3"  # raised when the same judgement would be written differently


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks quotations against one store. `present` turns an answer into bytes."""

    store: Store
    cache: Cache
    present: Callable[[CheckAnswer], bytes]

    def check(self, request: CheckRequest) -> CacheAnswer:
        """The answer to a request, from the cache where the same was asked of the same store.

        With sources of its own, neither they nor the answer get into the cache. Raises InvalidInput where a
        source cannot be read, StoreUnavailable where the database is away.
        """
        generation = self.store.generation()
        if request.sources:
            answer = self.present(self.answer(request, generation))
            return CacheAnswer(answer, CacheStatus.BYPASS, detail=WITH_SOURCES)
        claim = request.claim
        days = str(claim.said_on or ""), str(request.as_of or "")
        parts = (claim.text, claim.speaker or "", *days, request.url or "")
        key = cache_key("check", ANSWER_FORM, POLICY, CLAIMS_ENGINE, generation, *parts)
        return self.cache.get_or_compute(key, lambda: self.present(self.answer(request, generation)))

    def answer(self, request: CheckRequest, generation: str) -> CheckAnswer:
        """Judge the claim without the cache."""
        given = read_given(request.sources, self.store.sources) if request.sources else None
        searched = self.store.searched()
        own = self.store.find_own_sources(request.url) if request.url else None
        scope = Scope(searched, own, request.as_of, given)
        judgement = judge_claim(self.store, request.claim, scope)
        finder = FactcheckFinder(self.store.factchecks)
        found = finder.find(request.claim.text, request.as_of) if searched.factchecks else ()
        return CheckAnswer(request.claim, judgement.verdict, judgement.matches, generation, found)
