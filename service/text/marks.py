"""Quotation marks in any style, paired into passages.

A paragraph's marks are read as a whole: of all ways to open, close and pass over them, the one that goes
least against typography is taken (`service.text.marking` prices each step, `service.text.pairing` searches).
So a stray mark costs itself, and does not turn every later pair inside out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from service.text.marking import Family, Mark, find_marks
from service.text.pairing import Pair, Pairing
from service.text.segments import find_paragraphs
from service.text.span import Span

NAME_LINE_WORDS = 10
# What says that a quotation is over although no mark closes it: "“We will rebuild, said Ruth Adler."
_VERB = r"(?:said|says|added|adds|asked|asks|told|wrote|writes|replied|insisted|warned|explained)"
_WHO = r"(?:he|she|they|it|[A-Z][\w’'-]{1,20}(?: [A-Z][\w’'-]{1,20}){0,2})"
BROKEN_OFF = re.compile(rf"(?<=[,!?])\s(?={_VERB} (?:[A-Z]|the )|{_WHO} {_VERB}\b)")
FOLLOWED_BY_CUE = re.compile(rf"\s(?:{_VERB} |{_WHO} {_VERB}\b)")
SENTENCE_BREAK = re.compile(r"[.!?]\s+[A-Z]")
HAND_BROKEN_LINE = 100  # characters; a longer line is a paragraph
MOST_HAND_BROKEN_LINES = 20


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in quotation marks, within one paragraph.

    `span` is the words, `outer` the same with the marks. A passage that is not `closed` runs to the end of
    its paragraph, or to where the next one opens. One that `continues` goes on with the quotation that the
    paragraph before left open. `depth` is 0 for the outermost.
    """

    span: Span
    outer: Span
    closed: bool
    continues: bool
    depth: int


@dataclass(slots=True)
class Reading:
    """One paragraph, its marks and what was made of them."""

    span: Span
    marks: list[Mark]
    pairs: list[Pair]
    strays: list[Mark]

    @property
    def begins_with(self) -> Family | None:
        """The family of the mark at the paragraph's very start, if it may go on with a quotation from above.

        In French a closing mark does: « Un. / » Deux. »
        """
        first = self.marks[0] if self.marks else None
        if first is None or first.start != self.span.start:
            return None
        return first.family if first.opens < 1 or first.form in "»›" else None

    @property
    def left_open(self) -> Family | None:
        """The family of the outermost mark that the end of the paragraph leaves open."""
        for pair in self.pairs:
            if pair.closing is None and pair.cut_at is None:
                return pair.opening.family if pair.depth == 0 else None
        return None

    @property
    def late_closing(self) -> Mark | None:
        """A stray closing mark before any other pair: it may close what an earlier paragraph left open."""
        for mark in self.strays:
            if mark.closes < 1 < mark.opens and mark.skips >= 1:
                alike = (pair.opening for pair in self.pairs if pair.opening.family == mark.family)
                return mark if all(opening.start > mark.start for opening in alike) else None
        return None


def find_passages(text: str) -> list[Passage]:
    """Every marked passage in text order, an outer one before those within it. Linear; raises on no text."""
    passages: list[Passage] = []
    readings = _read_paragraphs(text)
    carried = _carried_lines(text, readings)
    before: Family | None = None
    for index, reading in enumerate(readings):
        carried_to = -1
        if index in carried:
            closing = carried[index]
            carried_to = closing.start if closing is not None else reading.span.end
            passages.extend(_carried_passage(text, reading, closing))
        continues = before is not None and reading.begins_with == before
        for pair in reading.pairs:
            goes_on = continues and pair.opening.start == reading.span.start
            within = pair.opening.start < carried_to
            limit = carried_to if within else reading.span.end
            passages.extend(_passage(text, limit, pair, goes_on, int(within)))
        before = reading.left_open
    return passages


@lru_cache(maxsize=8)
def recall_passages(text: str) -> tuple[Passage, ...]:
    """As `find_passages`, for an article that is read for quotations and again for near copies of it."""
    return tuple(find_passages(text))


def _read_paragraphs(text: str) -> list[Reading]:
    marks = find_marks(text)
    readings: list[Reading] = []
    place = 0
    for paragraph in find_paragraphs(text):
        first = place
        while place < len(marks) and marks[place].start < paragraph.end:
            place += 1
        readings.append(Reading(paragraph, marks[first:place], [], []))
    pairing = Pairing()
    above: Family | None = None
    for reading, following in pairwise([*readings, None]):
        if reading is not None:
            reopens = following.begins_with if following is not None else None
            if above is not None and reading.begins_with == above:
                reading.marks[0].opens = 0
            reading.pairs, reading.strays = pairing.pair_marks(reading.marks, reopens)
            above = reading.left_open
    return readings


def _carried_lines(text: str, readings: list[Reading]) -> dict[int, Mark | None]:
    """Indices of lines quoted from their start although no mark opens there, and the mark that closes each.

    Lines broken by hand within a quotation look so: a stray mark below closes the one left open above them.
    """
    carried: dict[int, Mark | None] = {}
    for index, reading in enumerate(readings):
        family = reading.left_open
        if family is None:
            late = reading.late_closing
            lines = readings[max(0, index - MOST_HAND_BROKEN_LINES) : index]
            if (
                late is not None
                and all(line.left_open is None for line in lines)
                and is_opened_by_line(text, reading.span, late)
            ):
                carried[index] = late
            continue
        for below in range(index + 1, min(len(readings), index + MOST_HAND_BROKEN_LINES)):
            above, line = readings[below - 1].span, readings[below]
            late = line.late_closing
            if late is not None and late.family == family and not is_name_line(text, above, line.span, late):
                carried.update(dict.fromkeys(range(index + 1, below)))
                carried[below] = late
            marked = any(mark.family == family for mark in line.marks)
            if late is not None or marked or not is_broken_by_hand(text, above, line.span):
                break
    return carried


def is_opened_by_line(text: str, line: Span, late: Mark) -> bool:
    """Whether a closing mark ends the words that its line begins with, whose opening mark was forgotten."""
    words = text[line.start : late.start]
    return (
        late.family == "double"
        and words[-1:] in {",", "!", "?"}
        and SENTENCE_BREAK.search(words) is None
        and FOLLOWED_BY_CUE.match(text, late.end) is not None
    )


def is_broken_by_hand(text: str, above: Span, line: Span) -> bool:
    """Whether two lines are of one paragraph: no blank line between them, and both short."""
    longest = max(above.end - above.start, line.end - line.start)
    return longest <= HAND_BROKEN_LINE and text.count("\n", above.end, line.start) == 1


def is_name_line(text: str, above: Span, line: Span, late: Mark) -> bool:
    """Whether the late mark closes a line that names the speaker under a pull quote.

    The words above it are whole sentences, and the line is short and does not begin as a broken one would.
    """
    if late.end < line.end or text[above.end - 1] not in ".!?…" or not text[line.start].isupper():
        return False
    return len(text[line.start : late.start].split()) <= NAME_LINE_WORDS


def _carried_passage(text: str, reading: Reading, closing: Mark | None) -> Iterator[Passage]:
    start = reading.span.start
    end = closing.start if closing is not None else reading.span.end
    words = text[start:end].rstrip()
    if words:
        outer = Span(start, closing.end if closing is not None else end)
        yield Passage(Span(start, start + len(words)), outer, closing is not None, True, 0)


def _passage(text: str, limit: int, pair: Pair, continues: bool, within: int) -> Iterator[Passage]:
    """The words of a pair up to `limit`, without white space at their ends; nothing if there are no words.

    A pair that is closed beyond the limit counts as left open: what it lies in ends there.
    """
    start, end = pair.opening.end, limit
    closing = pair.closing if pair.closing is not None and pair.closing.start <= limit else None
    if closing is not None:
        end = closing.start
    elif pair.cut_at is not None:
        end = min(pair.cut_at, limit)
    if closing is None and (broken_off := BROKEN_OFF.search(text, start, end)) is not None:
        end = broken_off.start()
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end = start + len(words.strip())
    if start < end:
        outer = Span(pair.opening.start, closing.end if closing is not None else end)
        yield Passage(Span(start, end), outer, closing is not None, continues, pair.depth + within)
