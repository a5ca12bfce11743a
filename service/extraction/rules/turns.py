"""Turns of transcripts and interviews: a name or Q and A before what is said, without marks.

"SANDERS: …", "Ruth Adler: …", "[00:01:12] HOST: …", "Q: … A: …", and names in bold before a turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.extraction.models import Attribution
from service.extraction.thresholds import LEAST_LABELS, MOST_BETWEEN
from service.names.given_names import is_surname, read_given_name
from service.text.document import Block
from service.text.span import Span

_TIME: Final = r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?(?: ?[-–—])?\s{1,3})?"
_CAPITALS: Final = re.compile(
    _TIME + r"[\"“”‘«]?(?P<name>(?:[A-Z][A-Z.'’-]{0,20} ){0,4}[A-Z][A-Z.'’-]{1,20})"
    r"(?: \([^()\n]{1,40}\))?(?:, [A-Z][A-Z .,'’&()/-]{1,80})?(?: [\[(]\d{1,2}:\d{2}(?::\d{2})?[\])])?"
    r"(?P<cue>:) *(?=\S)"
)
_NAMED: Final = re.compile(
    _TIME + r"(?P<name>[A-Z][\w.'’-]{0,20}"
    r"(?: (?:(?:de|la|del|der|van|von|bin|al|el) ){0,2}[A-Z][\w.'’-]{0,20}){0,4})"
    r"(?: [\[(]\d{1,2}:\d{2}(?::\d{2})?[\])]| \([^()\n]{1,40}\))?(?P<cue>:) *(?=[^\s\"“‘'«])"
)
_REMARK: Final = re.compile(r"[\"“]?\s{0,3}[(\[][^()\[\]\n]{0,60}[)\]]\s{0,3}")  # (CROSSTALK), [Applause]
_QUESTION: Final = re.compile(r"[\"“]?(?:Q|Question)\s?\d{0,2}\s?[.:]\s?")
_ANSWER: Final = re.compile(r"(?P<name>A|Answer)\s?\d{0,2}\s?(?P<cue>[.:]) *(?=\S)")
ASKER: Final = re.compile(
    r"(?:the )?(?:host|interviewer|moderator|presenter|anchor|reporter|question|speaker|audience|editor|"
    r"chair|chairman|chairwoman|judge|prosecutor|narrator|q|a)(?: \d)?",
    re.IGNORECASE,
)
_CLOSING: Final = '"”’»“'


@dataclass(frozen=True, slots=True)
class Label:
    """A label before a turn: in which paragraph, the name, its colon, where the words begin."""

    paragraph: int
    name: Span
    cue: Span
    words: int
    certain: bool  # in capitals, as no other line begins


def find_turns(text: str, paragraphs: Sequence[Span], blocks: Sequence[Block] = ()) -> list[Attribution]:
    """The turns of transcripts, each up to the next label; remarks in brackets are left out.

    A label in capitals belongs to a transcript if another stands at most MOST_BETWEEN paragraphs from it;
    other names only where they come again and again.
    """
    asked = [number for number, span in enumerate(paragraphs) if _QUESTION.match(text, *span)]
    bold = {
        block.start: block.emphasis_end for block in blocks if block.start < block.emphasis_end < block.end
    }
    labels = [
        label
        for number, span in enumerate(paragraphs)
        if number not in asked and (label := _read_label(text, number, span, bool(asked), bold)) is not None
    ]
    if not labels:
        return []
    closed = {*asked, *_headings(paragraphs, blocks)}
    if asked:
        return list(_turns(text, paragraphs, labels, closed))
    known = _known_labels(text, labels)
    runs = _runs([label for label in labels if label.certain or label.name.of(text) in known])
    runs = [run for run in runs if _is_dialogue(text, [label.name.of(text) for label in run])]
    return [turn for run in runs for turn in _turns(text, paragraphs, run, closed)]


def _read_label(text: str, number: int, span: Span, asked: bool, bold: dict[int, int]) -> Label | None:
    found = _CAPITALS.match(text, *span) or (_ANSWER.match(text, *span) if asked else None)
    if found is not None:
        return Label(number, Span(*found.span("name")), Span(*found.span("cue")), found.end(), True)
    found = _NAMED.match(text, *span)
    if found is None:
        return None
    in_bold = bold.get(span.start, 0) in range(found.end("name"), found.end("cue") + 2)
    return Label(number, Span(*found.span("name")), Span(*found.span("cue")), found.end(), in_bold)


def _headings(paragraphs: Sequence[Span], blocks: Sequence[Block]) -> Iterator[int]:
    """The paragraphs that are headings or bold from end to end: a turn ends before them."""
    starts = {block.start for block in blocks if block.kind == "heading" or block.is_emphasised}
    return (number for number, span in enumerate(paragraphs) if span.start in starts)


def _known_labels(text: str, labels: Sequence[Label]) -> set[str]:
    """The names in small letters that are speakers: one comes again, and half of them name people."""
    named = [label.name.of(text) for label in labels if not label.certain]
    if len(set(named)) in {1, len(named)}:  # none, one, or each once
        return set()
    people = {name for name in set(named) if _names_person(text, name)}
    return set(named) if 2 * len(people) >= len(set(named)) else people


def _names_person(text: str, name: str) -> bool:
    """Whether a label is a role that speaks, or a name that the text has elsewhere in a longer one."""
    if ASKER.fullmatch(name):
        return True
    last = re.escape(name.rsplit(maxsplit=1)[-1])
    within = rf"(?:\b[A-Z][\w’'-]+ {last}\b|\b{last} [A-Z][\w’'-]+\b)(?!:)"
    return re.search(within, text) is not None or (" " in name and text.count(name) > 1)


def _is_dialogue(text: str, names: Sequence[str]) -> bool:
    """Whether labels are speakers, not notices such as "WHERE" and "WHEN": one recurs, or half are people."""
    different = set(names)
    if len(different) < len(names):
        return True
    people = sum(_names_person(text, name) or _begins_as_name(text, name) for name in different)
    return 2 * people >= len(different)


def _begins_as_name(text: str, name: str) -> bool:
    """Whether a label is a surname, has a given name first, or ends in a word that the text has as a name."""
    first, *_, last = name.title().split() * 2
    known = read_given_name(first) is not None if " " in name else is_surname(name)
    return known or re.search(rf"[a-z,’'] {re.escape(last)}\b", text) is not None


def _runs(labels: Sequence[Label]) -> list[list[Label]]:
    runs: list[list[Label]] = []
    for label in labels:
        if runs and label.paragraph - runs[-1][-1].paragraph <= MOST_BETWEEN + 1:
            runs[-1].append(label)
        else:
            runs.append([label])
    return [run for run in runs if len(run) >= LEAST_LABELS]


def _turns(
    text: str, paragraphs: Sequence[Span], labels: Sequence[Label], closed: set[int]
) -> Iterator[Attribution]:
    for at, label in enumerate(labels):
        until = labels[at + 1].paragraph if at + 1 < len(labels) else label.paragraph + 1
        spans = [Span(label.words, paragraphs[label.paragraph].end)]
        for number in range(label.paragraph + 1, until):
            if number in closed:
                break
            spans.append(paragraphs[number])
        content = tuple(_without_marks(text, kept) for span in spans if (kept := _without_remark(text, span)))
        content = tuple(span for span in content if span.start < span.end and text[span.start] != "@")
        if content:
            yield Attribution(content, (label.cue,), (label.name,), verbatim=True, act="speech")


def _without_remark(text: str, span: Span) -> Span | None:
    """A turn's paragraph without the remark before its words; None if it is nothing else."""
    remark = _REMARK.match(text, *span)
    start = remark.end() if remark else span.start
    return Span(start, span.end) if start < span.end else None


def _without_marks(text: str, span: Span) -> Span:
    """A turn's paragraph without the mark that opens or closes the transcript around it."""
    start, end = span
    if text[start] in '"“' and text[start + 1 : end].count('"') % 2 == 0:
        start += 1
    elif end - start > 1 and text[end - 1] in _CLOSING and not re.search(r"[\"“]", text[start : end - 1]):
        end -= 1
    return Span(start, end)
