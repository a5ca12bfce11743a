"""Whether a reported clause states anything: "their plan for the harbour wall" only names a subject."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from service.english.irregular_forms import AUXILIARIES, VERBS
from service.english.word_classes import FUNCTION_WORDS, MODALS, word_set

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
_OPEN_AN_OBJECT: Final = word_set("a an the his her their its our my your")
_PLURAL_DETERMINERS: Final = word_set("some these those both")
_PLURALS: Final = word_set("people men women children")
_CONTRACTED: Final = ("n't", "'re", "'ll", "'ve", "'d", "'m")


@lru_cache(maxsize=8_192)
def states_nothing(clause: str) -> bool:
    """Whether a clause begins as a noun phrase does, or with a preposition, and no verb follows.

    A verb in the present that looks as a noun does ("the city needs money") is only seen after a plural, or
    before "the" and its like ("the city needs the money"). Where it is not, nothing is claimed of the report,
    which is the safer fault.
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
    if words[0] in _SUBJECTS or words[0] == "to" or _has_plural_subject(words):
        return True
    return any(
        word in _VERBS
        or word in _SUBJECTS
        or word.endswith(_CONTRACTED)
        or (word.endswith("ed") and len(word) > 4 and before not in _DETERMINERS)
        or (word in _OPEN_AN_OBJECT and _ends_in_s(before))
        for before, word in pairwise(words)
    )


def _has_plural_subject(words: list[str]) -> bool:
    """Whether a plural is followed by what may be its verb: "some people contribute code".

    Before another noun a noun is hardly ever plural, and the verb of a plural has no ending of its own.
    """
    if words[0] not in _DETERMINERS:
        return False
    for noun, verb in pairwise(words[1:5]):
        if noun in _PREPOSITIONS or noun in FUNCTION_WORDS:
            return False
        if noun in _PLURALS or (words[0] in _PLURAL_DETERMINERS and _ends_in_s(noun)):
            return verb not in FUNCTION_WORDS and not verb.endswith(("s", "ing", "ed", "ly"))
    return False


def _ends_in_s(word: str) -> bool:
    """Whether a word may be a plural, or the third person of a verb."""
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
