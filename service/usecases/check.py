"""Check one selection: were those the words? Nothing of it is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.cache import Cache, CacheAnswer, cache_key
from service.matching import POLICY
from service.matching.evidence import Claim
from service.store import Store
from service.usecases.analysis import CheckAnswer
from service.usecases.claims import judge_claim

ANSWER_FORM = "1"  # raised when the same judgement would be written differently


@dataclass(frozen=True, slots=True)
class Checker:
    """The use case with what it works on. `present` turns an answer into bytes."""

    store: Store
    cache: Cache
    present: Callable[[CheckAnswer], bytes]

    def check(self, claim: Claim) -> CacheAnswer:
        """The answer to a claim, from the cache where the same was asked of the same store.

        Raises StoreUnavailable where the database is away.
        """
        generation = self.store.generation()
        parts = (claim.text, claim.speaker or "", str(claim.said_on or ""))
        key = cache_key("check", ANSWER_FORM, POLICY, generation, *parts)
        return self.cache.get_or_compute(key, lambda: self.present(self.answer(claim, generation)))

    def answer(self, claim: Claim, generation: str) -> CheckAnswer:
        """Judge the claim, whatever the cache holds."""
        judgement = judge_claim(self.store, claim, self.store.searched())
        return CheckAnswer(claim, judgement.verdict, judgement.matches, generation)
