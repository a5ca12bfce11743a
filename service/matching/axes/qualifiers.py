"""Whether a quotation leaves out words that qualify what it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from service.english.word_classes import CONDITIONS, CONTRASTS, FILLER_PHRASES, FILLERS, NEGATIONS
from service.english.word_lists import read_word_lists
from service.matching.align.passage import Passage
from service.matching.thresholds import (
    NEGATION_REACH,
    QUALIFIER_REACH_BACK,
    QUALIFIER_REACH_ON,
    TAKES_BACK_WITHIN,
)

_WORDS: Final = read_word_lists("service.matching", "words.txt")
_AT_CLAUSE_START_ONLY: Final = frozenset({"yet", "providing", "provided", "assuming"})
_EXCEPTIONS: Final = frozenset({"except", "unless"})
_OPENS_NEXT_SENTENCE: Final = frozenset({"but", "however", "except", "unless"})
_JOINS_CLAUSES: Final = _WORDS["joins_clauses"]
_NOT_A_CONTRAST_AFTER: Final = frozenset(
    {"all", "nothing", "anything", "none", "last", "next", "cannot", "not"}
)
_BEFORE_CONTRAST: Final = frozenset({"and", "well", "so", "yes"})
_CONNECTIVES: Final = CONDITIONS | CONTRASTS


class CutQualifier(NamedTuple):
    """A word left out that qualifies a quotation, and whether it stands in the same sentence."""

    word: str
    in_sentence: bool


def find_cut_qualifier(passage: Passage, first: int, last: int) -> CutQualifier | None:
    """The qualifier that belongs to words [first, last) and stands just outside; None if none does."""
    word = _find_after(passage, last) or _find_before(passage, first)
    if word is not None:
        return CutQualifier(word, in_sentence=True)
    word = _find_in_next_sentence(passage, last)
    return CutQualifier(word, in_sentence=False) if word else None


def _same_speech(passage: Passage, a: int, b: int) -> bool:
    return passage.utterance_of(a).speaker == passage.utterance_of(b).speaker


def _find_after(passage: Passage, last: int) -> str | None:
    if last >= len(passage.forms) or not _same_speech(passage, last - 1, last):
        return None
    if passage.ends_sentence(last - 1):
        return None
    negation_holds = not passage.ends_clause(last - 1)
    for at in range(last, min(len(passage.forms), last + QUALIFIER_REACH_ON)):
        form = passage.forms[at]
        if is_connective(passage, at) or (
            at == last and form == "but"
        ):  # "nothing [but]" is cut to its reverse
            return form
        negation_holds = negation_holds and form not in _JOINS_CLAUSES and at < last + NEGATION_REACH
        if negation_holds and is_negation(form):
            return form
        if passage.ends_sentence(at):
            return None
        negation_holds = negation_holds and not passage.ends_clause(at)
    return None


def _find_in_next_sentence(passage: Passage, last: int) -> str | None:
    """A contrast that opens the next sentence and takes something back from this one.

    Speakers open every twentieth sentence with "But", most of them to go on to another matter. One takes
    something back if it denies or sets a condition at once ("But only if …", "But we will not …"), or if it
    is an exception by its first word ("Unless …").
    """
    is_next = last < len(passage.forms) and passage.ends_sentence(last - 1)
    if not is_next or not _same_speech(passage, last - 1, last):
        return None
    at = last
    while at < last + 2 and at < len(passage.forms) and passage.forms[at] in _BEFORE_CONTRAST:
        at += 1
    if at >= len(passage.forms) or passage.forms[at] not in _OPENS_NEXT_SENTENCE:
        return None
    word = passage.forms[at]
    return word if word in _EXCEPTIONS or _takes_back(passage, at) else None


def _takes_back(passage: Passage, at: int) -> bool:
    """Whether a sentence that opens with a contrast denies or limits within its first few words."""
    for next_at in range(at + 1, min(len(passage.forms), at + 1 + TAKES_BACK_WITHIN)):
        form = passage.forms[next_at]
        if form in CONDITIONS or form == "only" or is_negation(form):
            return True
        if passage.ends_clause(next_at) and next_at > at + 1:
            return False
    return False


def _find_before(passage: Passage, first: int) -> str | None:
    """A negation that governs the quotation, or the condition it hangs on, cut off at its start."""
    governs = True
    for at in range(first - 1, max(-1, first - 1 - QUALIFIER_REACH_BACK), -1):
        if passage.ends_sentence(at) or not _same_speech(passage, at, first):
            return None
        governs = governs and first - at <= NEGATION_REACH and not passage.ends_clause(at)
        form = passage.forms[at]
        if governs and is_negation(form):
            return form
        if form in CONDITIONS and (passage.starts_sentence(at) or governs) and is_connective(passage, at):
            return form
    return None


def is_negation(form: str) -> bool:
    """Whether a word (level N3) denies: "not", "never", "don't"."""
    return form in NEGATIONS or form.endswith("n't") or form == "cannot"


def is_connective(passage: Passage, at: int) -> bool:
    """Whether a word opens a condition or contrast, and is not part of a set phrase ("nothing but")."""
    form = passage.forms[at]
    if form not in _CONNECTIVES:
        return False
    before = passage.forms[at - 1] if at else ""
    if form in ("though", "although") or before == "even":
        return not passage.ends_clause(at)
    if form in _AT_CLAUSE_START_ONLY:
        return at == 0 or passage.ends_clause(at - 1)
    if form == "but":
        return before not in _NOT_A_CONTRAST_AFTER
    return not (form == "if" and before == "as")


def find_dropped_qualifier(passage: Passage, first: int, last: int) -> str | None:
    """The negation, condition or contrast within dropped words that bears on what is kept around them.

    Whole sentences may be left out unless they open with a contrast; of a sentence that is partly kept,
    nothing that qualifies may be.
    """
    sentence_is_kept = not (first and passage.ends_sentence(first - 1))
    at_sentence_start = not sentence_is_kept
    last_sentence = _start_of_last_sentence(passage, first, last)
    for at in range(first, last):
        form = passage.forms[at]
        partly_kept = sentence_is_kept or at >= last_sentence
        if partly_kept and (is_negation(form) or is_connective(passage, at)):
            return form
        if at_sentence_start and at == first and form in _OPENS_NEXT_SENTENCE:
            return form
        if passage.ends_sentence(at):
            sentence_is_kept, at_sentence_start = False, True
    return None


def _start_of_last_sentence(passage: Passage, first: int, last: int) -> int:
    """The start of the sentence that the quotation continues; `last` if it starts a new one."""
    at = last
    while at > first and not passage.ends_sentence(at - 1):
        at -= 1
    return at


def fillers_in(passage_words: Iterable[str]) -> Iterator[bool]:
    """For each word (level N3), whether it only fills a pause: "uh", "well", "you know"."""
    forms = list(passage_words)
    filler = [form in FILLERS for form in forms]
    for at in range(len(forms) - 1):
        if (forms[at], forms[at + 1]) in FILLER_PHRASES:
            filler[at] = filler[at + 1] = True
    return iter(filler)
