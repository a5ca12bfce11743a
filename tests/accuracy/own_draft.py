"""The invented interview and the draft written from it, in `tests/accuracy/drafts`.

A paragraph of the draft ends with the labels that an editor who has the interview would allow for its quotation.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from service.text.span import Span
from tests.accuracy.own_news import Expected, read_paragraphs

HERE: Final = Path(__file__).with_name("drafts")
DAY: Final = date(2024, 6, 2)


def read_own_interview() -> str:
    """The interview, in Markdown."""
    return (HERE / "interview.md").read_text(encoding="utf-8")


def read_own_draft() -> tuple[str, tuple[Expected, ...]]:
    """The draft without its labels, and what is expected where."""
    return read_paragraphs((HERE / "draft.txt").read_text(encoding="utf-8").strip())


def marked_words(text: str, paragraph: Expected) -> Span:
    """From the first to the last quotation mark of a paragraph."""
    start = text.index("“", paragraph.start) + 1
    return Span(start, text.rindex("”", start, paragraph.end))
