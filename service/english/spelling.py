"""Level N4, spelling: British and American forms of one word get one key."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from service.english.word_classes import SPELLINGS
from service.english.word_lists import read_word_lists

_SHORTEST: Final = 5
_LONGEST: Final = 30  # no English word is longer; hostile "words" are not worth a rule

_STEMS: Final = {
    rule: "|".join(sorted(stems))
    for rule, stems in read_word_lists("service.english", "spelling_stems.txt").items()
}

# Stems that take -our in Britain and -or in America; listed, because "four", "hour" and "tour" do not.
_OUR: Final = re.compile(
    rf"^(dis|mis|un)?({_STEMS['our']})our(?=$|s$|ed$|ing$|able|ably|er|hood|ite|ful|less|y$)"
)

# -yse/-yze and -ise/-ize. Words in which the s belongs to the stem keep it in both countries.
_KEEPS_ISE: Final = re.compile(
    rf"^(?:.*wise|(?:re|un|dis|over|out|pre|equi)?(?:{_STEMS['keeps_ise']}))(?:s|d|r|rs)?$"
)
_KEEPS_ISING: Final = re.compile(
    rf"^(?:re|un|dis|over|out|up|pre)?(?:{_STEMS['keeps_ise'].replace('e|', '|').removesuffix('e')})ing$"
)
_ISE: Final = re.compile(r"(?<=[a-z]{3})is(e|es|ed|er|ers)$")
_ISING: Final = re.compile(r"(?<=[a-z]{3})ising$")
_ISATION: Final = re.compile(r"(?<=[a-z]{2})isation(s|al)?$")
_YSE: Final = re.compile(rf"({_STEMS['yse']})ys(e|ed|es|er|ers|ing)$")
_TRE: Final = re.compile(rf"^(.*(?:{_STEMS['re']}))re(s|d)?$")
_DOUBLED_L: Final = re.compile(rf"^({_STEMS['double_l']})ll(ed|ing|er|ers|ous)$")

# What a word has that any of the rules above changes: looked for once, and most words are done.
_VARIED: Final = re.compile(r"our|ys[ei]|isation|is(?:e|es|ed|er|ers|ing)$|re[sd]?$|ll(?:ed|ing|er|ers|ous)$")

# How each of the rules above leaves a word.
_UNIFIED: Final = re.compile(r"or|iz|yz|er(?:s|ed)?$|l(?:ed|ing|ous)$")
_LISTED: Final = frozenset(SPELLINGS.values())


def may_have_variants(word: str) -> bool:
    """Whether another spelling may be unified to this one; never False if one is."""
    return word in _LISTED or _UNIFIED.search(word) is not None


@lru_cache(maxsize=65_536)
def unify_spelling(word: str) -> str:
    """The American form of `word` (level N3) where a declared list or rule knows one, else `word` itself."""
    listed = SPELLINGS.get(word)
    if listed is not None:
        return listed
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isascii() or not _VARIED.search(word):
        return word
    word = _OUR.sub(lambda m: f"{m[1] or ''}{m[2]}or", word)
    word = _YSE.sub(r"\1yz\2", word)
    word = _ISATION.sub(r"ization\1", word)
    if not _KEEPS_ISE.match(word):
        word = _ISE.sub(r"iz\1", word)
    if not _KEEPS_ISING.match(word):
        word = _ISING.sub("izing", word)
    word = _TRE.sub(_to_er, word)
    return _DOUBLED_L.sub(r"\1l\2", word)


def _to_er(match: re.Match[str]) -> str:
    ending = {"s": "ers", "d": "ered"}.get(match[2] or "", "er")
    return f"{match[1]}{ending}"
