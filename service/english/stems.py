"""Stems of English words, by the Snowball stemmer (Porter 2)."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Final

import Stemmer

from service.english.irregular_forms import COMPARATIVES, NOUNS, VERBS

# Forms that the stemmer does not reduce. It leaves auxiliaries apart, which are function words.
_IRREGULAR: Final = {**VERBS, **NOUNS, **COMPARATIVES}


class _ThreadStemmer(threading.local):
    """A stemmer for each thread: it keeps state while it works."""

    def __init__(self) -> None:
        self.stem = Stemmer.Stemmer("english").stemWord


_stemmer: Final = _ThreadStemmer()


@lru_cache(maxsize=65_536)
def stem_word(form: str) -> str:
    """The stem of a word in lower case, the same for "promise", "promised" and "promises"."""
    form = _IRREGULAR.get(form, form)
    if not form.isascii() or form.startswith("#"):
        return form
    stem: str = _stemmer.stem(form)
    return stem
