"""Fact-checks ready to store: terms, and vectors of claim and title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from service.claims.encoder import DIMENSIONS, MAX_PIECES, Bytes, Floats, quantise_vectors, sign_codes
from service.claims.factcheck import Factcheck
from service.claims.index import FIELDS
from service.claims.terms import count_terms


class Encoder(Protocol):
    """What making vectors needs."""

    @property
    def fingerprint(self) -> str:
        """Changes with the vectors that it makes."""

    def encode(self, texts: Sequence[str], most: int = MAX_PIECES) -> Floats:
        """Unit vectors [texts, 384] of the first `most` pieces of each."""


@dataclass(frozen=True, slots=True)
class FactcheckDraft:
    """A fact-check with all that it is found by."""

    factcheck: Factcheck
    terms: dict[int, int]  # how often claim and title have each term
    vectors: Bytes  # [2, 384]: claim, title

    @property
    def length(self) -> int:
        """Words of claim and title; at least 1, for 0 says that a claim is gone."""
        return max(sum(self.terms.values()), 1)

    @property
    def codes(self) -> bytes:
        """The signs of the vectors, bit by bit."""
        return sign_codes(self.vectors).astype("<u8").tobytes()


def texts_of(factcheck: Factcheck) -> tuple[str, str]:
    """What is read of a fact-check: its claim and its title; the claim again where it has none."""
    return factcheck.claim, factcheck.title or factcheck.claim


def draft_factchecks(
    factchecks: Sequence[Factcheck], known: Sequence[bytes | None], encoder: Encoder
) -> list[FactcheckDraft]:
    """Make fact-checks ready. `known` holds the vectors of those whose texts are stored already."""
    vectors = np.empty((len(factchecks), FIELDS, DIMENSIONS), dtype=np.int8)
    unknown = [number for number, stored in enumerate(known) if stored is None]
    for number, stored in enumerate(known):
        if stored is not None:
            vectors[number] = np.frombuffer(stored, dtype=np.int8).reshape(FIELDS, DIMENSIONS)
    if unknown:
        texts = [text for number in unknown for text in texts_of(factchecks[number])]
        made = quantise_vectors(encoder.encode(texts))
        vectors[unknown] = made.reshape(len(unknown), FIELDS, DIMENSIONS)
    return [
        FactcheckDraft(factcheck, count_terms(" ".join(texts_of(factcheck))), row)
        for factcheck, row in zip(factchecks, vectors, strict=True)
    ]
