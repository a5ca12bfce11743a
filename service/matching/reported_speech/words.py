"""The content words of a text as reported speech is compared: stems with their rarity, numbers, names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from service.english.numerals import is_number_key
from service.english.stems import stem_word
from service.english.word_classes import FILLERS, FUNCTION_WORDS, MODALS, NEGATIONS, word_set
from service.english.word_frequency import load_word_bits
from service.matching.normalise.levels import NormalisedText, normalise
from service.matching.thresholds import NUMBER_BITS

_NO_CONTENT: Final = (
    FUNCTION_WORDS
    | FILLERS
    | NEGATIONS
    | MODALS
    | word_set("is has would said say says tell told going got get just really very also thing things s")
)


@dataclass(frozen=True, slots=True)
class WordSet:
    """The words of a text. `content` maps the stem of each content word to the word (level N4)."""

    keys: tuple[str, ...]
    content: dict[str, str]
    numbers: frozenset[str]
    forms: frozenset[str]  # level N3, possessives as the bare word too
    names: frozenset[str]


def bits_of(word: str) -> float:
    """The surprise of one word (level N4)."""
    return NUMBER_BITS if is_number_key(word) else load_word_bits()[word]


@lru_cache(maxsize=8_192)
def read_content(text: str) -> dict[str, str]:
    """The stem of each content word of a text, with the word (level N4), in order. Not to be changed."""
    content: dict[str, str] = {}
    for key in normalise(text).keys.forms:
        if key not in _NO_CONTENT:
            content.setdefault(stem_word(key), key)
    return content


@lru_cache(maxsize=8_192)
def read_words(text: str) -> WordSet:
    """Read a text; the same sentences come back with many claims."""
    read = normalise(text)
    keys = tuple(read.keys.forms)
    forms = frozenset(read.forms) | {form.partition("'")[0] for form in read.forms}
    numbers = frozenset(key for key in keys if is_number_key(key) and key != "#1")
    return WordSet(keys, read_content(text), numbers, forms, frozenset(_find_names(text, read)))


def _find_names(text: str, read: NormalisedText) -> set[str]:
    """Words with a capital that no sentence's beginning explains."""
    names = set()
    for at in read.capitals:
        form = read.forms[at].partition("'")[0]
        before = text[: read.spans[at][0]].rstrip()
        opens = not before or before[-1] in '.!?:;…"“”‘'
        if not opens and len(form) > 1 and form not in FUNCTION_WORDS and form not in FILLERS:
            names.add(form)
    return names
