"""A text that may repeat a claim, made ready for the search."""

from __future__ import annotations

from dataclasses import dataclass

from service.claims.drafting import Encoder
from service.claims.encoder import Floats
from service.claims.terms import clean_text, encode_term, read_stems


@dataclass(frozen=True, slots=True)
class Query:
    """The words and the meaning of a text."""

    text: str
    stems: tuple[str, ...]  # in order, with repeats
    vector: Floats  # [384], of length one

    @property
    def terms(self) -> list[int]:
        """The numbers of its words, each once."""
        return [encode_term(stem) for stem in dict.fromkeys(self.stems)]


def read_query(text: str, encoder: Encoder) -> Query:
    """Read a text with the encoder."""
    return Query(clean_text(text), tuple(read_stems(text)), encoder.encode([text])[0])
