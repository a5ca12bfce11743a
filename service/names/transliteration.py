"""Names written in more than one way in Latin letters: umlauts written out, other scripts, slips."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

_SHORTEST: Final = 4  # letters of a name that are compared by sound; shorter ones must be the same
_SIMILAR: Final = 0.8  # of the longer name's letters: one of six may differ, as in "Gaddafi" and "Qaddafi"

# Ways to write one sound, applied in order to a folded name (lower case, no marks).
_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^ye(?=[a-z])", "e"),  # Yeltsin, Eltsin
        (r"aa", "a"),  # Haakon, Håkon
        (r"(?<=[^aeiou])ue(?=[a-z])|^ue", "u"),  # Mueller, Müller
        (r"(?<=[^aeiou])oe(?=[a-z])|^oe", "o"),
        (r"(?<=[^aeiou])ae(?=[a-z])|^ae", "a"),
        (r"ou|oo", "u"),
        (r"ee", "i"),
        (r"sch|sh|sz", "s"),
        (r"tch|tsch|cz|ch", "c"),
        (r"tz|ts|zz", "z"),
        (r"kh|q", "k"),
        (r"gh|dh", lambda match: match[0][0]),
        (r"ph", "f"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"ck", "k"),
        (r"[yj]", "i"),
        (r"(.)\1+", r"\1"),
        (r"i+", "i"),
    )
)


@lru_cache(maxsize=16_384)
def sound_key(name: str) -> str:
    """A folded name by its sounds, the same for "mueller" and "muller", "qaddafi" and "kaddafi"."""
    for pattern, sound in _SOUNDS:
        name = pattern.sub(sound, name)
    return name


def are_spellings_of_one(a: str, b: str) -> bool:
    """Whether two folded names of one word or more are one name, written in two ways."""
    return min(len(a), len(b)) >= _SHORTEST and sound_key(a) == sound_key(b)


def are_similar(a: str, b: str) -> bool:
    """Whether two folded names are so near that one may be a slip for the other."""
    if min(len(a), len(b)) < _SHORTEST:
        return False
    return Levenshtein.normalized_similarity(sound_key(a), sound_key(b)) >= _SIMILAR
