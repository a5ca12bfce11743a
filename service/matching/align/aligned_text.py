"""A text for alignment: words, keys, and the mapping between them and the raw text."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import Final

from service.matching.normalise.canonical_tokens import Keys

_SENTENCE_END: Final = re.compile(r"[.!?…]")
_CLAUSE_END: Final = re.compile(r"[.!?…,;:()—–]|(?:^|\s)--?(?:\s|$)")
_ABBREVIATED: Final = frozenset({"mr", "mrs", "ms", "dr", "sen", "gov", "rep", "gen", "st", "jr", "vs"})


class Side:
    """The words and keys of a text, and the mapping between them."""

    raw: str
    folded: str  # level N3 as one string
    forms: list[str]  # level N3

    def span_of(self, word: int) -> tuple[int, int]:
        """The place of a word in `raw`."""
        raise NotImplementedError

    @cached_property
    def keys(self) -> Keys:
        """Level N4, over the words."""
        raise NotImplementedError

    @cached_property
    def key_forms(self) -> list[str]:
        """The keys' forms, for the aligner."""
        return self.keys.forms

    @cached_property
    def unified(self) -> str:
        """Level N4 as one string."""
        return " ".join(self.key_forms)

    def keys_between(self, first: int, last: int) -> list[str]:
        """Forms of the keys made of words [first, last)."""
        starts = self.keys.first
        return self.keys.forms[bisect_left(starts, first) : bisect_left(starts, last)]

    def key_index(self, word: int) -> int:
        """The first key that starts at or after a word."""
        return bisect_left(self.keys.first, word)

    def divides_word(self, key: int) -> bool:
        """Whether a key and the one before it are of one word: "it" and "is" of "it's"."""
        first = self.keys.first
        return 0 < key < len(first) and first[key] == first[key - 1]

    def are_words(self, start: int, end: int) -> bool:
        """Whether each of the keys [start, end) is one word, and no two the same."""
        first, size = self.keys.first[start], end - start
        return (
            list(self.keys.first[start:end]) == list(range(first, first + size))
            and list(self.keys.last[start:end]) == list(range(first + 1, first + size + 1))
        )  # fmt: skip

    def is_contracted(self, key: int) -> bool:
        """Whether a key is one of several that a contraction was taken apart into."""
        return "'" in self.forms[self.keys.first[key]]

    def text_after(self, word: int) -> str:
        """The spaces and punctuation between a word and the next."""
        end = self.span_of(word + 1)[0] if word + 1 < len(self.forms) else len(self.raw)
        return self.raw[self.span_of(word)[1] : end]

    def ends_sentence(self, word: int) -> bool:
        """Whether a sentence ends after this word."""
        if word + 1 >= len(self.forms):
            return True
        after = self.text_after(word)
        if not _SENTENCE_END.search(after):
            return False
        return not (after[0] == "." and self.forms[word] in _ABBREVIATED)

    def ends_clause(self, word: int) -> bool:
        """Whether punctuation divides this word from the next."""
        return word + 1 >= len(self.forms) or bool(_CLAUSE_END.search(self.text_after(word)))

    def capitals_between(self, first: int, last: int) -> list[int]:
        """The words in [first, last) that begin with a capital."""
        raise NotImplementedError

    def starts_sentence(self, word: int) -> bool:
        """Whether a sentence starts with this word."""
        return word == 0 or self.ends_sentence(word - 1)

    def raw_word(self, word: int) -> str:
        """A word as it was written."""
        start, end = self.span_of(word)
        return self.raw[start:end]
