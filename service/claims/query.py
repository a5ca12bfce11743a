"""The query of a text that may repeat a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from service.claims.drafting import Encoder
from service.claims.encoder import QUERY_PIECES, Floats
from service.claims.rarity import load_rarity
from service.claims.terms import clean_text, encode_term, read_stems

LEAST_WEIGHT: Final = 1.5  # a word that a fifth of all claims have


@dataclass(frozen=True, slots=True)
class Query:
    """The words and the meaning of a text."""

    text: str
    stems: tuple[str, ...]  # in order, with repeats
    vector: Floats  # [384], of length one

    @property
    def terms(self) -> list[int]:
        """The numbers of its words, each once, without those that every other claim has."""
        rarity = load_rarity()
        return [encode_term(stem) for stem in dict.fromkeys(self.stems) if rarity[stem] >= LEAST_WEIGHT]

    @property
    def weight(self) -> float:
        """The weight of its words, each once."""
        return sum(map(load_rarity().__getitem__, set(self.stems)))


def read_query(text: str, encoder: Encoder) -> Query:
    """Read a text with the encoder."""
    return Query(clean_text(text), tuple(read_stems(text)), encoder.encode([text], QUERY_PIECES)[0])
