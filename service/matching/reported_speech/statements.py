"""Whether a reported clause states anything: "their plan for the harbour wall" only names a subject."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from service.english.irregular_forms import AUXILIARIES, VERBS
from service.english.word_classes import MODALS, word_set

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'-]*")
_DETERMINERS: Final = word_set(
    "a an the this that these those his her their its our my your some any each every both"
)
_PREPOSITIONS: Final = word_set("of on at for with about from by over in into against as during")
_SUBJECTS: Final = word_set("i he she they we it you there who nobody everybody someone everyone anyone")
_SAME_IN_THE_PAST: Final = word_set("put cut set hit let shut cost hurt split spread quit beat bet burst lay")
_VERBS: Final = (
    frozenset({*AUXILIARIES, *VERBS, "be", "am", "do", "have", "cannot"}) | MODALS | _SAME_IN_THE_PAST
)
_CONTRACTED: Final = ("n't", "'re", "'ll", "'ve", "'d", "'m")


@lru_cache(maxsize=8_192)
def states_nothing(clause: str) -> bool:
    """Whether a clause begins as a noun phrase does, or with a preposition, and no verb follows.

    A verb in the present that looks as a noun does ("the city needs money") is not seen: then nothing is
    claimed of the report, which is the safer fault.
    """
    words = _WORD.findall(clause.replace("’", "'"))
    if len(words) < 2 or (words[0].lower() == "that" and _begins_a_phrase(words[1:])):
        return False
    return _begins_a_phrase(words) and not _has_verb([word.lower() for word in words])


def _begins_a_phrase(words: list[str]) -> bool:
    first = words[0].lower()
    owned = any(word.endswith(("'s", "s'")) for word in words[:3])
    return first in _DETERMINERS or first in _PREPOSITIONS or owned


def _has_verb(words: list[str]) -> bool:
    if words[0] in _SUBJECTS or words[0] == "to":
        return True
    return any(
        word in _VERBS
        or word in _SUBJECTS
        or word.endswith(_CONTRACTED)
        or (word.endswith("ed") and len(word) > 4 and before not in _DETERMINERS)
        for before, word in pairwise(words)
    )
