"""Codes of a text's words, for tests."""

from __future__ import annotations

from service.matching.retrieval.fingerprints import encode_word, split_words


def encode_text(text: str) -> list[int]:
    """The codes of a text's words, in order."""
    return [encode_word(word) for word in split_words(text)]
