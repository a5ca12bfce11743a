"""Claims in memory, found as the store finds them: for training and for measuring without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.claims.drafting import Encoder, FactcheckDraft, draft_factchecks
from service.claims.encoder import Bytes, restore_vectors, sign_codes
from service.claims.factcheck import Factcheck
from service.claims.index import ID_BITS, ClaimIndex, IndexedClaim, find_best, shortlist, weigh_term
from service.claims.query import Query
from service.claims.ranking import SHORTLIST

BY_MEANING = 120


@dataclass(frozen=True, slots=True)
class Held:
    """A candidate and its place among the claims."""

    factcheck: Factcheck
    vectors: Bytes
    place: int


class Library:
    """Claims that can be searched."""

    def __init__(
        self, claims: Sequence[Factcheck], encoder: Encoder, known: Sequence[bytes | None] | None = None
    ) -> None:
        self.drafts = draft_factchecks(claims, known or [None] * len(claims), encoder)
        self.index = ClaimIndex.empty().updated(
            [
                IndexedClaim(number, draft.length, 0, 0, 0, 0, draft.codes)
                for number, draft in enumerate(self.drafts, start=1)
            ]
        )
        self.postings = collect_postings(self.drafts)

    def find(
        self, query: Query, left_out: frozenset[int] = frozenset(), count: int = SHORTLIST
    ) -> list[Held]:
        """Candidates as `FactcheckStore.find_candidates` has them, without the places left out."""
        having = (self.postings[term] for term in query.terms if term in self.postings)
        postings = [np.array(entries, dtype=np.uint32) for entries in having]
        lexical = self.index.weigh_words((weigh_term(len(self.drafts), len(one)), one) for one in postings)
        mask = self.index.numbers[0] > 0
        mask[list(left_out)] = False
        unlike = self.index.count_unlike(sign_codes(query.vector)).astype(np.int32)
        nearest = find_best(-unlike, mask, BY_MEANING)
        places = np.union1d(find_best(lexical, mask & (lexical > 0), BY_MEANING // 2), nearest)
        vectors = restore_vectors(np.stack([self.drafts[place].vectors for place in places]))
        best = shortlist(lexical[places], (vectors @ query.vector).max(axis=1), count)
        return [
            Held(self.drafts[place].factcheck, self.drafts[place].vectors, int(place))
            for place in places[best]
        ]


def collect_postings(drafts: Sequence[FactcheckDraft]) -> dict[int, list[int]]:
    """For each term the claims that have it, as the index reads them."""
    postings: dict[int, list[int]] = defaultdict(list)
    for number, draft in enumerate(drafts, start=1):
        for term, times in draft.terms.items():
            postings[term].append(times << ID_BITS | number)
    return dict(postings)
