"""Claims in memory, found as the store finds them: for training and for measuring without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.claims.drafting import Encoder, FactcheckDraft, draft_factchecks
from service.claims.encoder import Bytes, sign_codes
from service.claims.factcheck import Factcheck
from service.claims.index import ID_BITS, ClaimIndex, IndexedClaim, find_best, weigh_term
from service.claims.query import Query

BY_MEANING = 120


@dataclass(frozen=True, slots=True)
class Held:
    """A candidate and its place among the claims."""

    factcheck: Factcheck
    vectors: Bytes
    lexical: float
    place: int


class Library:
    """Claims that can be searched."""

    def __init__(self, claims: Sequence[Factcheck], encoder: Encoder) -> None:
        self.drafts = draft_factchecks(claims, [None] * len(claims), encoder)
        self.index = ClaimIndex.empty().updated(
            [
                IndexedClaim(number, draft.length, 0, 0, 0, 0, draft.codes)
                for number, draft in enumerate(self.drafts, start=1)
            ]
        )
        self.postings = collect_postings(self.drafts)

    def find(
        self, query: Query, left_out: frozenset[int] = frozenset(), limit: int = BY_MEANING
    ) -> list[Held]:
        """Candidates as `FactcheckStore.find_candidates` has them, without the places left out."""
        having = [
            np.array(self.postings[term], dtype=np.uint32) for term in query.terms if term in self.postings
        ]
        lexical = self.index.weigh_words((weigh_term(len(self.drafts), len(one)), one) for one in having)
        mask = self.index.numbers[0] > 0
        mask[list(left_out)] = False
        unlike = self.index.count_unlike(sign_codes(query.vector)).astype(np.int32)
        places = {*find_best(lexical, mask & (lexical > 0), limit // 2).tolist()}
        places |= {*find_best(-unlike, mask, limit).tolist()}
        return [
            Held(self.drafts[place].factcheck, self.drafts[place].vectors, float(lexical[place]), place)
            for place in sorted(places)
        ]


def collect_postings(drafts: Sequence[FactcheckDraft]) -> dict[int, list[int]]:
    """For each term the claims that have it, as the index reads them."""
    postings: dict[int, list[int]] = defaultdict(list)
    for number, draft in enumerate(drafts, start=1):
        for term, times in draft.terms.items():
            postings[term].append(times << ID_BITS | number)
    return dict(postings)
