"""Base forms of English verbs and nouns, well enough to compare a cue's words with one another."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from service.english.irregular_forms import AUXILIARIES, VERBS
from service.english.word_lists import read_word_lists

_IRREGULAR: Final = {**VERBS, **AUXILIARIES}
_VERBS_IN_E: Final = read_word_lists("service.english", "verbs_in_e.txt")["verbs"]


@lru_cache(maxsize=4096)
def base_form(word: str) -> str:
    """The base form of a word in lower case, or the word where no ending is known: "said" and "says" are
    "say".
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if (word.endswith("ies") and len(word) > 4) or (word.endswith("ied") and len(word) > 4):
        return word[:-3] + "y"
    for ending in ("ing", "ed", "es", "s"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) > 2 and not word.endswith(("ss", "us", "is")):
            return _restore(stem, ending)
    return word


def _restore(stem: str, ending: str) -> str:
    """The word of a stem that lost its ending."""
    if stem + "e" in _VERBS_IN_E:
        return stem + "e"
    if ending == "s":
        return stem
    if ending == "es":
        return stem if stem.endswith(("sh", "ch", "x", "ss", "z", "o")) else stem + "e"
    if stem[-1] == stem[-2] and stem[-1] not in "sl":
        return stem[:-1]
    return stem
