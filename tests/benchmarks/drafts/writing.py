"""Quotations put into the text of an article, with the attributions that journalists write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.text.span import Span
from tests.benchmarks.drafts.planted import Planted

#: {quote} ends with the comma or point that the place asks for.
_AFTER: Final = (
    "“{comma}” {last} said.",
    "“{comma}” said {last}.",
    "“{comma}” {full} said in the interview.",
    "“{comma}” {last} told the programme.",
    "“{comma}” {last} added.",
)
_BEFORE: Final = (
    "{last} said: “{point}”",
    "Asked about it, {last} said, “{point}”",
    "According to {last}, “{point}”",
)
_FRAGMENT: Final = (
    "{last} said that it was a matter of “{bare}” and left it at that.",
    "{last} spoke of “{bare}” in the interview.",
)
_SPLIT_EVERY: Final = 5  # paragraphs, of which one has its attribution within the quotation
_LEAST_HEAD: Final = 3  # words on either side of it
_OPENING: Final = (
    "The recording runs for more than an hour.",
    "The conversation came back to this point more than once.",
    "There was some laughter before the next question.",
    "The subject had come up earlier in the year.",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of an article, and where in it the words of each planted quotation stand."""

    interview: str
    text: str
    places: tuple[tuple[Planted, Span], ...]


def write_draft(interview: str, names: Sequence[str], planted: Sequence[Planted]) -> Draft:
    """An article: who spoke, then a paragraph for each quotation."""
    outsiders = list(dict.fromkeys(one.speaker for one in planted if one.speaker not in names))
    paragraphs = [
        f"{_list(names)} talked for an hour about software and the people who make it.",
        *(f"{name} has followed the debate for years." for name in outsiders),
    ]
    text = "\n\n".join(paragraphs)
    places: list[tuple[Planted, Span]] = []
    for number, one in enumerate(planted):
        if number % 7 == 3:
            text += f"\n\n{_OPENING[number % len(_OPENING)]}"
        paragraph, start = _write_paragraph(one, number)
        start += len(text) + 2
        text += f"\n\n{paragraph}"
        places.append((one, Span(start, start + len(one.words.rstrip(".!?,")))))
    return Draft(interview, text, tuple(places))


def _write_paragraph(one: Planted, number: int) -> tuple[str, int]:
    """A paragraph and where the words begin in it."""
    is_fragment = one.words[0].islower()
    if number % _SPLIT_EVERY == 1 and (split := _write_split(one)):
        return split
    forms = _FRAGMENT if is_fragment else (*_AFTER, *_BEFORE)
    form = forms[number % len(forms)]
    bare = one.words.rstrip(".,")
    keeps_mark = bare[-1] in "!?…"
    paragraph = form.format(
        comma=bare if keeps_mark else f"{bare},",
        point=bare if keeps_mark else f"{bare}.",
        bare=bare,
        last=one.speaker.split()[-1],
        full=one.speaker,
    )
    return paragraph, paragraph.index(bare)


def _write_split(one: Planted) -> tuple[str, int] | None:
    """“The first words,” Hale said, “and the rest.” None where there is no comma to divide them at."""
    head, comma, tail = one.words.partition(", ")
    if not comma or len(head.split()) < _LEAST_HEAD or len(tail.split()) < _LEAST_HEAD:
        return None
    end = tail if tail[-1] in ".!?…" else f"{tail}."
    return f"“{head},” {one.speaker.split()[-1]} said, “{end}”", 1


def _list(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
