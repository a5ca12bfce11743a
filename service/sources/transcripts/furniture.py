"""What stands in a transcript's file around the words: head, page numbers, rules, who transcribed it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.english.calendar import MONTHS
from service.sources.lines import Line

_FURNITURE: Final = re.compile(
    r"\A(?:\W*+page \d{1,4}(?: ?(?:of|/) ?\d{1,4})?\W*+"
    r"|[-–—*_=~#.·• ]{2,}"
    r"|\W*+(?:the )?end(?:s|ed)?\W*+(?:of (?:the )?"
    r"(?:transcript(?:ion)?|recording|interview|audio|tape|session)\W*+)?"
    r"|\W*+(?:recording|transcript(?:ion)?|audio|tape) (?:start(?:s|ed)?|begins?|end(?:s|ed)?|stopped)\W*+"
    r"|\W*+(?:transcribed|transcript(?:ion)? (?:by|was)|transcript exported"
    r"|this (?:editable )?transcript (?:was|is|may)"
    r"|automatically transcribed)\b.{0,200}"
    r"|https?://\S+|©.{0,100}|WEBVTT\b.{0,40}|Kind: captions|Language: [a-z-]{2,8}"
    r"|started transcription|stopped transcription|.{0,60} (?:started|stopped) transcription)",
    re.IGNORECASE,
)
_MONTH: Final = "|".join(f"{month[:3]}(?:{month[3:]})?" if month[3:] else month for month in MONTHS)
_YEAR: Final = r"(?:19|20)\d\d"
_DATES: Final = (
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?(?P<name>{_MONTH})\b\.?,? (?P<year>{_YEAR})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<name>{_MONTH})\b\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>(?:19|20)\d\d)\b", re.I
    ),
)
_TITLE: Final = re.compile(
    r"(?:title|topic|subject|meeting|episode|interview)[ ]*:[ ]*(?P<title>\S.*)", re.IGNORECASE
)
_LONGEST_TITLE: Final = 150
_SHOWN: Final = 80  # characters of what is left out that a note shows


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the first speaker."""

    title: str | None = None
    day: date | None = None
    notes: tuple[str, ...] = ()


def is_furniture(text: str) -> bool:
    """Whether a line is a page number, a rule, or a program's note about the transcript."""
    return len(text) <= 300 and _FURNITURE.fullmatch(text.strip()) is not None


def read_head(lines: Sequence[Line]) -> Head:
    """Title and day of what stands before the first speaker; a note where more than these is left out."""
    title = next((line.text for line in lines if line.is_heading), None)
    day = None
    others = []
    for line in lines:
        named = _TITLE.match(line.text)
        found = read_date(line.text)
        day = day or found
        if named is not None:
            title = title or named["title"]
        elif title is None and found is None and len(line.text) <= _LONGEST_TITLE and ":" not in line.text:
            title = line.text
        elif line.text != title and found is None:
            others.append(line.text)
    left_out = " ".join(others)
    if left_out.count(" ") < 7:
        return Head(title, day)
    shown = left_out if len(left_out) <= _SHOWN else left_out[:_SHOWN].rsplit(" ", 1)[0] + "…"
    return Head(title, day, (f"Left out before the first speaker: “{shown}”",))


def read_date(text: str) -> date | None:
    """The first day in a text that is written so that it can mean one day only."""
    for pattern in _DATES:
        found = pattern.search(text[:500])
        if found is None:
            continue
        fields = found.groupdict()
        month = int(fields["month"]) if "month" in fields else _month_of(fields["name"])
        try:
            return date(int(fields["year"]), month, int(fields["day"]))
        except ValueError:
            continue
    return None


def _month_of(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, start=1) if month.startswith(name[:3].lower()))
