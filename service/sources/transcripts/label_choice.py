"""Which of the labels and times that lines could begin with are some, over a whole file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.english.word_classes import word_set
from service.sources.lines import Line
from service.sources.transcripts.label_lines import Opening
from service.sources.transcripts.labels import (
    bare_label,
    choose_labels,
    could_be_label,
    is_role,
    reads_as_name,
)

#: The signs that labels are set off by, and how much a line so labelled counts: names alone on a line are
#: labels only where hardly one is set off by more.
_SIGNS: Final = (
    (word_set("colon time bracket cell"), 3),
    (word_set("bold"), 2),
    (word_set("alone"), 1),
    (word_set("dash"), 1),
)
_LONGEST_NAME: Final = 5  # words
_LEAST_TIMED: Final = 0.3  # of the paragraphs begin with a time in digits alone: it is none of their words
_FULL_LINE: Final = 32  # characters; a shorter one was not wrapped
_FIELD: Final = re.compile(r"[A-Z][\w ]{1,20}:")
_ENDED: Final = re.compile(r"[.!?…:;—–\-\])][\"'”’»)\]]{0,7}$")  # searched in eight characters


def settle_openings(openings: Sequence[Opening]) -> list[Opening]:
    """The openings with what is no label and no time of the file taken for words."""
    chosen, signs = _choose(_well_placed(openings))
    settled = [
        opening if opening.label is None or _is_chosen(opening, chosen, signs) else opening.as_words()
        for opening in openings
    ]
    settled = [_with_name_behind_time(opening, chosen) for opening in settled]
    paragraphs = [opening for opening in settled if opening.rest.gap or opening.label is not None]
    timed = sum(1 for opening in paragraphs if opening.bare_time is not None)
    if timed >= _LEAST_TIMED * len(paragraphs):
        return settled
    return [_with_time_as_words(opening) for opening in settled]


def read_cast(openings: Sequence[Opening]) -> tuple[dict[str, str], int | None]:
    """Names that the head gives for roles and initials ("Interviewer: Anna Wu", "AW: Anna Wu"), and the place
    of the first turn, None where there is none.
    """
    names: dict[str, str] = {}
    for position, opening in enumerate(openings):
        if opening.label is None:
            continue
        value = opening.rest.text.strip(" .,")
        if _goes_on(openings[position + 1 : position + 2]) or not _stands_for(opening.label, value):
            return names, position
        names[bare_label(opening.label)] = value
    return names, None


def _goes_on(following: Sequence[Opening]) -> bool:
    """Whether the next line goes on with a turn: it is no label, no field of a head, no new paragraph."""
    return any(o.label is None and not o.rest.gap and not _FIELD.match(o.rest.text) for o in following)


def _stands_for(label: str, value: str) -> bool:
    """Whether a name is given for a role or for its initials."""
    if (
        not value
        or value.count(" ") > 4
        or "," in value
        or not could_be_label(value)
        or not reads_as_name(value)
    ):
        return False
    initials = "".join(word[0] for word in value.split() if word[0].isalpha()).casefold()
    return is_role(label) or bare_label(label).replace(".", "").replace(" ", "") == initials


def _well_placed(openings: Sequence[Opening]) -> list[Opening]:
    """The openings without labels that come once and break into a sentence of a full line."""
    counts = Counter(bare_label(opening.label) for opening in openings if opening.label is not None)
    placed = []
    before = ""
    for opening in openings:
        is_wrapped = len(before) >= _FULL_LINE and not _ENDED.search(before[-8:]) and not opening.rest.gap
        once = opening.label is not None and counts[bare_label(opening.label)] == 1
        if not (opening.sign == "colon" and once and is_wrapped):
            placed.append(opening)
        before = opening.rest.text
    return placed


def _choose(openings: Sequence[Opening]) -> tuple[frozenset[str], frozenset[str]]:
    """The labels of a file, and the signs by which they are set off."""
    best: tuple[int, frozenset[str], frozenset[str]] = (0, frozenset(), frozenset())
    for signs, weight in _SIGNS:
        found = [opening.label for opening in openings if opening.label is not None and opening.sign in signs]
        chosen = choose_labels(found)
        counts = Counter(bare for label in found if (bare := bare_label(label)) in chosen)
        if "colon" not in signs:
            chosen = frozenset(bare for bare, count in counts.items() if count > 1)
            counts = Counter({bare: counts[bare] for bare in chosen}) if len(chosen) > 1 else Counter()
        total = weight * counts.total()
        if total > best[0]:
            best = (total, chosen, signs)
    return best[1], best[2]


def _is_chosen(opening: Opening, chosen: frozenset[str], signs: frozenset[str]) -> bool:
    return opening.label is not None and opening.sign in signs and bare_label(opening.label) in chosen


def _with_name_behind_time(opening: Opening, chosen: frozenset[str]) -> Opening:
    """ "00:01:15 Anna Wu How is that": a row of a table that has lost its lines begins with a known name."""
    if opening.label is not None or opening.start_s is None or not opening.rest.text:
        return opening
    words = opening.rest.text.split(" ", _LONGEST_NAME + 1)
    for length in range(min(len(words), _LONGEST_NAME), 0, -1):
        name = " ".join(words[:length])
        if bare_label(name) in chosen:
            return replace(opening, label=name, rest=opening.rest.without(len(name)), sign="time")
    return opening


def _with_time_as_words(opening: Opening) -> Opening:
    """A time in digits that begins words without a label, in a file of few: one that was said."""
    line: Line | None = opening.bare_time
    if line is None or opening.label is not None or not opening.rest.text:
        return opening
    return replace(opening, rest=line, start_s=None, end_s=None)
