"""How a line of a transcript can begin: with a label, a time, both, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from service.sources.lines import Line
from service.sources.times import CLOCK, SPAN, read_span
from service.sources.transcripts.labels import LONGEST_LABEL, could_be_label

_NAME: Final = rf"\A(?P<name>[^:\n\t]{{1,{LONGEST_LABEL}}}?)"
_TIME: Final = re.compile(rf"(?:\(?{SPAN}\)?)[ ]*(?:[-–—|·•][ ]*)?(?=\S|$)")
_ONLY_TIME: Final = re.compile(rf"\A\W*+{SPAN}\W*+")
_BRACKETED: Final = rf"[\[(<]{CLOCK}[^\[\]()<>\n]{{0,30}}[\])>]"
#: "Name:", "Name (00:01):", "Name [00:01:02]: words", "Name - 0:12: words"
_COLON: Final = re.compile(
    rf"{_NAME}[ ]*+(?:[-–—|·,]?[ ]*+(?P<time>{_BRACKETED}|{SPAN}))?[ ]*+:(?!\d|//)[ ]*+"
)
#: "Name  0:49", "Name | 00:01:02 - 00:01:09": words follow on the next line
_NAME_TIME: Final = re.compile(rf"{_NAME}[ ]*+[-–—|·,•]?[ ]*+(?P<time>{SPAN})[ ]*+$")
_NAME_BRACKETED: Final = re.compile(
    rf"{_NAME}[ ]*+(?P<time>[\[(]{SPAN}[\])]|[\[(]{CLOCK}[\])])[ ]*+[-–—]?[ ]*+"
)
_QA: Final = re.compile(
    r"(?P<name>Q|A|Question|Answer|QUESTION|ANSWER)(?:[ ]?\d{1,3})?[ ]*[.)\]:—–-][ ]*(?=\S|$)"
)
#: The record of the United States Congress: "Mr. HALE. I thank", "The CHAIRMAN. Without", "Ms. WU of Ohio. I"
_RECORD: Final = re.compile(
    r"(?P<name>(?:Mr|Ms|Mrs|Miss|Dr|Sen|Rep|Senator|Representative|Chairman|Chairwoman|Secretary|General|The)\.?"
    r" [A-Z][A-Z'’-]+(?: of [A-Z][a-z]+)?)\.[ ]+(?=[A-Z\"“])"
)
_CHEVRONS: Final = re.compile(r"[>»]{2,3}[ ]*")
_BRACKETED_NAME: Final = re.compile(r"[\[<]([^\[\]<>:\n]{1,60})[\]>][ ]*:?[ ]*")
_ENDS: Final = (".", "!", "?", "…", ",", ";")  # of what is no name on its own
_NAME_DASH: Final = re.compile(rf"{_NAME}[ ]++[-–—][ ]++(?=\S)")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a line begins with, and what is left of it with and without its label.

    `sign` is what sets the label off: "colon", "time", "bracket", "cell", "bold", "alone" or "dash";
    "change" where a mark without a name tells that another speaks; "" where there is none.
    """

    label: str | None
    rest: Line
    start_s: float | None = None
    end_s: float | None = None
    sign: str = ""
    whole: Line | None = None  # without the time, with the label
    bare_time: Line | None = None  # the line as it is, where it begins with a time without brackets

    def as_words(self) -> Opening:
        """A copy without a label: the label is part of the words."""
        return replace(self, label=None, rest=self.whole or self.rest, sign="")


def read_opening(line: Line) -> Opening:
    """The label and the time that a line begins with, and the rest of it."""
    if len(line.cells) > 1 and (opening := _read_cells(line)) is not None:
        return replace(opening, whole=line)
    if _ONLY_TIME.fullmatch(line.text[:80]) and len(line.text) < 80:
        start, end = read_span(line.text)
        return Opening(None, line.without(len(line.text)), start, end, "time")
    chevrons = _CHEVRONS.match(line.text)
    rest = line.without(chevrons.end()) if chevrons else line
    timed = _TIME.match(rest.text)
    start, end = read_span(timed[0]) if timed is not None else (None, None)
    if timed is not None:
        rest = rest.without(timed.end())
    bare = line if timed is not None and timed[0][0].isdigit() else None
    opening = _read_label(rest, start, end, timed is not None)
    if opening is None:
        return Opening(None, rest, start, end, "change" if chevrons else "", rest, bare)
    return replace(opening, whole=rest, bare_time=bare)


def _read_label(line: Line, start: float | None, end: float | None, timed: bool) -> Opening | None:
    head = "" if line.is_heading else line.text[: LONGEST_LABEL + 60]
    if found := _QA.match(head) or _RECORD.match(head):
        return Opening(found["name"], line.without(found.end()), start, end, "colon")
    if (found := _COLON.match(head)) and could_be_label(found["name"].strip(" *_[]<>-–—|·")):
        own = read_span(found["time"] or "")
        rest = line.without(found.end())
        behind = _TIME.match(rest.text)
        if own[0] is None and start is None and behind is not None:
            own, rest = read_span(behind[0]), rest.without(behind.end())
        return Opening(found["name"], rest, *_first((start, end), own), "colon")
    for pattern in (_NAME_TIME, _NAME_BRACKETED):
        if start is None and (found := pattern.match(head)) and could_be_label(found["name"].strip(" *_[]|")):
            return Opening(found["name"], line.without(found.end()), *read_span(found["time"]), "time")
    if (found := _BRACKETED_NAME.match(head)) and could_be_label(found[1]):
        return Opening(found[1], line.without(found.end()), start, end, "bracket")
    if timed and len(line.text) <= LONGEST_LABEL and could_be_label(line.text):
        return Opening(line.text, line.without(len(line.text)), start, end, "time")
    return _read_bold(line, start, end)


def _read_bold(line: Line, start: float | None, end: float | None) -> Opening | None:
    """A name in bold type before words, or alone on its line; or a name alone in capitals."""
    name = line.text[: line.bold].strip()
    if name and could_be_label(name) and not name.endswith(_ENDS) and not line.is_heading:
        return Opening(name, line.without(line.bold), start, end, "bold")
    alone = line.text if len(line.text) <= LONGEST_LABEL else ""
    if alone and line.gap and could_be_label(alone) and not alone.endswith(_ENDS):
        return Opening(alone, line.without(len(alone)), start, end, "alone")
    if (found := _NAME_DASH.match(line.text[: LONGEST_LABEL + 10])) and could_be_label(found["name"]):
        return Opening(found["name"], line.without(found.end()), start, end, "dash")
    return None


def _read_cells(line: Line) -> Opening | None:
    """A row of a table: time, name and words in any order of the first two."""
    cells = list(line.cells)
    start = end = None
    label: str | None = None
    while len(cells) > 1 and (start is None or label is None):
        if start is None and _ONLY_TIME.fullmatch(cells[0]):
            start, end = read_span(cells.pop(0))
        elif label is None and could_be_label(cells[0].rstrip(":")):
            label = cells.pop(0).rstrip(":")
        else:
            break
    if start is None and label is None:
        return None
    if len(cells) == 1 and label is None and could_be_label(cells[0]) and start is not None:
        return Opening(cells[0], Line("", gap=line.gap), start, end, "time")
    if len(cells) == 1 and _ONLY_TIME.fullmatch(cells[0]) and start is None:
        return Opening(label, Line("", gap=line.gap), *read_span(cells[0]), "time")
    return Opening(label, Line(" ".join(cells), gap=line.gap), start, end, "cell")


def _first(
    one: tuple[float | None, float | None], other: tuple[float | None, float | None]
) -> tuple[float | None, float | None]:
    return one if one[0] is not None else other
