"""Terms of retrieval: the stems of a text's words, as numbers that are the same in all processes."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from functools import lru_cache
from typing import Final

from service.matching.retrieval.fingerprints import split_words

# Posts glue addresses and hashtags to their words.
_ADDRESS: Final = re.compile(r"(?:https?://|pic\.twitter\.com/|www\.)\S+")
# "… — Name (@handle) January 6, 2020", as posts are embedded: the name says something, the rest does not.
_SIGNATURE: Final = re.compile(r"(?<= — )([^()\n]{1,80}) \(@\w{1,30}\) [A-Z][a-z]+ \d{1,2}, \d{4}\s*$")
_HUMP: Final = re.compile(r"[A-Z](?<=[a-z].)", re.DOTALL)
_ENDINGS: Final = ("ing", "ed", "ly")
MAX_WORDS: Final = 400  # of a text; what is longer is no claim any more
MAX_TIMES: Final = 15


def clean_text(text: str) -> str:
    """A text without web addresses and a post's handle and date, `#CamelCase` as words."""
    if "://" in text or "www." in text or "pic.tw" in text:  # far quicker than to look for the patterns
        text = _ADDRESS.sub(" ", text)
    if " — " in text:
        text = _SIGNATURE.sub(r"\1", text)
    return _HUMP.sub(r" \g<0>", text)


def stem_words(cleaned: str) -> list[str]:
    """The stems of a cleaned text's words, in order."""
    return [stem_word(word) for word in split_words(cleaned)[:MAX_WORDS]]


def read_stems(text: str) -> list[str]:
    """The stems of a text's words, in order."""
    return stem_words(clean_text(text))


@lru_cache(maxsize=65_536)
def stem_word(word: str) -> str:
    """A word without its inflection, roughly: plural, past and participle fall together.

    Errs on the side of leaving a word alone: what shares no stem is still found by its meaning.
    """
    if len(word) > 3 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) >= len(ending) + 3:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def encode_term(stem: str) -> int:
    """A stem's number, in 0 … 2**32 - 1."""
    return zlib.crc32(stem.encode("utf-8", "surrogatepass"))


def count_terms(text: str) -> dict[int, int]:
    """How often each term is in a text, at most `MAX_TIMES`."""
    counts = Counter(read_stems(text))
    return {encode_term(stem): min(times, MAX_TIMES) for stem, times in counts.items()}
