"""Level N4, spelling: British and American forms of one word get one key."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from service.english.word_classes import SPELLINGS

_SHORTEST: Final = 5
_LONGEST: Final = 30  # no English word is longer; hostile "words" are not worth a rule

# Stems that take -our in Britain and -or in America; declared, because "four", "hour" and "tour" do not.
_OUR_STEMS: Final = (
    "behavi|neighb|col|fav|flav|hon|hum|lab|harb|rum|vap|vig|arm|end|od|parl|ranc|rig|sav|splend|tum|val|cand"
    "|clam"
)
_OUR: Final = re.compile(
    rf"^(dis|mis|un)?({_OUR_STEMS})our(?=$|s$|ed$|ing$|able|ably|er|hood|ite|ful|less|y$)"
)

# -yse/-yze and -ise/-ize. Words in which the s belongs to the stem keep it in both countries.
_KEEPS_STEMS: Final = (
    "noise|poise|praise|raise|cruise|bruise|disguise|premise|promise|precise|concise|franchise|merchandise"
    "|enterprise|surprise|comprise|compromise|exercise|expertise|treatise|paradise|demise|devise|revise|advise"
    "|supervise|improvise|televise|despise|excise|incise|arise|rise|prise|vise|guise|chemise|tortoise|porpoise"
    "|turquoise|malaise|liaise|appraise|apprise|chastise|advertise|circumcise|anise|cerise|marquise|valise|braise"
    "|mayonnaise|reprise|counterpoise|sunrise|moonrise|enfranchise"
)
_KEEPS_ISE: Final = re.compile(
    rf"^(?:.*wise|(?:re|un|dis|over|out|pre|equi)?(?:{_KEEPS_STEMS}))(?:s|d|r|rs)?$"
)
_KEEPS_ISING: Final = re.compile(
    rf"^(?:re|un|dis|over|out|up|pre)?(?:{_KEEPS_STEMS.replace('e|', '|').removesuffix('e')})ing$"
)
_ISE: Final = re.compile(r"(?<=[a-z]{3})is(e|es|ed|er|ers)$")
_ISING: Final = re.compile(r"(?<=[a-z]{3})ising$")
_ISATION: Final = re.compile(r"(?<=[a-z]{2})isation(s|al)?$")
_YSE: Final = re.compile(r"(anal|paral|catal|dial|electrol)ys(e|ed|es|er|ers|ing)$")
_TRE: Final = re.compile(r"^(.*(?:cent|theat|lit|met|fib|lust|spect|somb|meag|och|calib|sab))re(s|d)?$")
_DOUBLED_L: Final = re.compile(
    r"^(trave|cance|labe|mode|signa|fue|counse|tota|leve|channe|dia|equa|marve|quarre|riva|jewe|initia|pane|tunne"
    r"|cruci|funne|shove|unrave|duel|penci)ll(ed|ing|er|ers|ous)$"
)

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
