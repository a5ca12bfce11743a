"""Claims in memory, found as the store finds them: for training and for measuring without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.claims.drafting import Encoder, FactcheckDraft, draft_factchecks
from service.claims.encoder import Bytes
from service.claims.factcheck import Factcheck
from service.claims.index import ID_BITS, ClaimIndex, IndexedClaim, Posting, weigh_term
from service.claims.query import Query
from service.claims.ranking import SHORTLIST


@dataclass(frozen=True, slots=True)
class Held:
    """A candidate and its index among the claims."""

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
        mask = self.index.there.copy()
        mask[list(left_out)] = False
        places = self.index.retrieve(self.find_postings(query), query.vector, mask, count)
        return [
            Held(self.drafts[place].factcheck, self.drafts[place].vectors, place) for place in places.tolist()
        ]

    def find_postings(self, query: Query) -> list[Posting]:
        """IDF and entries of each of a query's words that a claim has."""
        having = (self.postings[term] for term in query.terms if term in self.postings)
        return [
            (weigh_term(len(self.drafts), len(entries)), np.array(entries, np.uint32)) for entries in having
        ]


def collect_postings(drafts: Sequence[FactcheckDraft]) -> dict[int, list[int]]:
    """For each term the claims that have it, as the index reads them."""
    postings: dict[int, list[int]] = defaultdict(list)
    for number, draft in enumerate(drafts, start=1):
        for term, times in draft.terms.items():
            postings[term].append(times << ID_BITS | number)
    return dict(postings)
