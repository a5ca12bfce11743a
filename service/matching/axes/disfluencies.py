"""What speech has and writing leaves out: fillers, words said twice, sentences that were begun anew.

Journalists leave these out without a mark. What is left out here loses no content: nothing that denies,
counts, names or limits is taken for a slip of the tongue unless it is said again at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from service.english.numerals import is_number_key
from service.english.word_classes import (
    CONDITIONS,
    CONTRASTS,
    FILLER_PHRASES,
    FILLERS,
    FUNCTION_WORDS,
    HESITATIONS,
    MODALS,
    NEGATIONS,
    PAUSED_FILLERS,
)
from service.english.word_lists import read_word_lists
from service.matching.align.aligned_text import Side
from service.matching.thresholds import LONGEST_DISFLUENCY, LONGEST_START, REACH_OF_START

_WORDS: Final = read_word_lists("service.matching", "words.txt")
_BREAK: Final = re.compile(r"…|\.\.|--|[—–]|(?:^|\s)-(?:\s|$)|-$")  # where a speaker breaks off
# After one of these nothing is finished: who breaks off there has given the sentence up.
_UNFINISHED: Final = _WORDS["unfinished"]
_CLAUSE_SUBJECTS: Final = _WORDS["clause_openings"]
_SUBJECTS: Final = _WORDS["subjects_and_auxiliaries"]
_CRITICAL: Final = NEGATIONS | MODALS | CONDITIONS | CONTRASTS


def is_disfluency(side: Side, first: int, last: int) -> bool:
    """Whether words [first, last) that were left out are only hesitation; no words are.

    They are fillers set off by a pause, words that are said again right there, or a start that was given up.
    """
    if first == last:
        return True
    if last - first > LONGEST_DISFLUENCY:
        return False
    return any(_loses_nothing(side, start, end) for start, end in _same_left_out(side, first, last))


def _same_left_out(side: Side, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The range, and those without which the same words are left: "form [of kind] of", "of [kind of]"."""
    forms, size = side.forms, last - first
    yield first, last
    for start in range(first - 1, max(-1, first - 1 - size), -1):
        if forms[start] != forms[start + size]:
            break
        yield start, start + size
    for start in range(first, min(first + size, len(forms) - size)):
        if forms[start] != forms[start + size]:
            break
        yield start + 1, start + 1 + size


def _loses_nothing(side: Side, first: int, last: int) -> bool:
    fills = find_fillers(side, first, last)
    rest = [word for word, is_filler in zip(range(first, last), fills, strict=True) if not is_filler]
    if not rest:
        return True
    return _is_cut_word(side, rest) or _is_said_again(side, rest) or _is_given_up(side, rest, last)


def find_fillers(side: Side, first: int, last: int) -> list[bool]:
    """For each of the words [first, last) whether it only fills a pause: "uh", "you know", ", like,"."""
    forms = side.forms[first:last]
    fills = [form in HESITATIONS for form in forms]
    for at in range(len(forms) - 1):
        if (forms[at], forms[at + 1]) in FILLER_PHRASES:
            fills[at] = fills[at + 1] = True
    for at, form in enumerate(forms):
        if form in FILLERS or form in PAUSED_FILLERS:
            fills[at] = fills[at] or _is_paused(side, first, last, first + at)
        if form == "like" and not fills[at]:
            fills[at] = _opens_clause(side, first + at)
    return fills


def _opens_clause(side: Side, word: int) -> bool:
    """Whether a "like" is followed by what it cannot govern: "I felt like I had", "it was like really hard".

    One that compares ("like a prison") or that is a verb ("you like it") stays.
    """
    before = side.forms[word - 1] if word else ""
    after = side.forms[word + 1] if word + 1 < len(side.forms) else ""
    return after in _CLAUSE_SUBJECTS and before not in _SUBJECTS and not before.endswith("n't")


def _is_paused(side: Side, first: int, last: int, word: int) -> bool:
    """Whether a pause sets the fillers off that a word belongs to, within what was left out."""
    start, end = word, word + 1
    while start > first and _may_fill(side, start - 1):
        start -= 1
    while end < last and _may_fill(side, end):
        end += 1
    return start == 0 or side.ends_clause(start - 1) or side.ends_clause(end - 1)


def _may_fill(side: Side, word: int) -> bool:
    form = side.forms[word]
    pairs = (tuple(side.forms[word - 1 : word + 1]), tuple(side.forms[word : word + 2]))
    return form in FILLERS or form in PAUSED_FILLERS or any(pair in FILLER_PHRASES for pair in pairs)


def _is_cut_word(side: Side, rest: Sequence[int]) -> bool:
    """A word broken off and said in full: "prob- problem"."""
    word = rest[0]
    if len(rest) > 1 or word + 1 >= len(side.forms) or not side.text_after(word).startswith("-"):
        return False
    return side.forms[word + 1].startswith(side.forms[word])


def _is_said_again(side: Side, rest: Sequence[int]) -> bool:
    """Whether each of the words is said again right there: "I think, I just think", "very, very".

    Of those left out the first stand again after them, and the others stood before them. Words and keys are
    looked at: "September, September 1st" says a word again that is part of a date's key.
    """
    size = len(rest)
    after = _fluent(side, range(rest[-1] + 1, len(side.forms)), size)
    before = _fluent(side, range(rest[0] - 1, -1, -1), size)[::-1]
    return _meets(*([side.forms[word] for word in words] for words in (before, rest, after))) or _meets(
        *(_keys_of(side, words) for words in (before, rest, after))
    )


def _meets(before: Sequence[str], dropped: Sequence[str], after: Sequence[str]) -> bool:
    size = len(dropped)
    return any(
        list(dropped[:cut]) == list(after[:cut])
        and list(dropped[cut:]) == list(before[len(before) - size + cut :])
        for cut in range(size + 1)
        if size - cut <= len(before)
    )


def _fluent(side: Side, words: range, count: int) -> list[int]:
    """The first words of a range that are no fillers, at most `count` of them."""
    found: list[int] = []
    for word in words[: 2 * count + 2]:
        if len(found) == count:
            break
        low, high = max(0, word - 1), min(len(side.forms), word + 2)
        if not find_fillers(side, low, high)[word - low]:
            found.append(word)
    return found


def _keys_of(side: Side, words: Sequence[int]) -> list[str]:
    return [key for word in words for key in side.keys_between(word, word + 1)]


def _is_given_up(side: Side, rest: Sequence[int], last: int) -> bool:
    """Whether a sentence was begun and given up: "it, it's", "the -- what we built", "I was at -- I ran"."""
    if last >= len(side.forms) or len(rest) > LONGEST_START:
        return False
    dropped = _keys_of(side, rest)
    following = _keys_of(side, _fluent(side, range(last, len(side.forms)), REACH_OF_START))
    if not following or not _loses_nothing_critical(side, rest, dropped, following):
        return False
    breaks_off = bool(_BREAK.search(side.text_after(last - 1)) or _BREAK.search(side.text_after(rest[-1])))
    pauses = breaks_off or side.ends_clause(last - 1) or side.ends_clause(rest[-1])
    is_grammar = FUNCTION_WORDS.issuperset(dropped)
    if dropped[0] == following[0]:
        return breaks_off or (pauses and is_grammar)
    return breaks_off and (
        is_grammar
        or dropped[-1] in _UNFINISHED
        or FUNCTION_WORDS.issuperset(_without_end(dropped, following))
    )


def _without_end(dropped: Sequence[str], following: Sequence[str]) -> Sequence[str]:
    """The words before those with which the speaker went on: "there were a lot of -- a lot of people"."""
    sizes = (size for size in range(len(dropped), 0, -1) if dropped[-size:] == following[:size])
    return dropped[: len(dropped) - next(sizes, 0)]


def _loses_nothing_critical(
    side: Side, rest: Sequence[int], dropped: Sequence[str], following: Sequence[str]
) -> bool:
    critical = {
        key for key in dropped if key in _CRITICAL or (is_number_key(key) and key not in ("#0", "#1"))
    }
    names = [word for word in side.capitals_between(rest[0], rest[-1] + 1) if not side.starts_sentence(word)]
    named = {key for key in _keys_of(side, names) if key not in FUNCTION_WORDS}
    return (critical | named).issubset(following)
