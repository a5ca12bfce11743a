"""A checked draft as one page that needs nothing else: to be sent to an editor, or printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from service.cli.drafts.draft_rows import Row, count_labels, list_rows
from service.usecases.articles.analysis import Analysis

TEMPLATE: Final = "draft_page.html"
TONES: Final = ("good", "look", "mend", "stop")  # by severity


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the draft: words of the quotations numbered so, or of none."""

    text: str
    numbers: tuple[int, ...]
    severity: int
    begins: tuple[int, ...]  # quotations whose first words these are


def render_page(analysis: Analysis) -> str:
    """The page: quotations with the differences word by word, the worst first, then the draft with marks."""
    rows = list_rows(analysis)
    return load_template().render(
        title=analysis.article.headline or "Draft",
        rows=rows,
        counts=count_labels(analysis),
        notes=analysis.all_notes,
        stretches=list(divide_text(analysis.text, rows)),
        language=analysis.language or "en",
        tones=TONES,
    )


@cache
def load_template() -> Template:
    """The template; everything put into it is escaped."""
    environment = Environment(
        loader=PackageLoader("service.cli"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(TEMPLATE)


def divide_text(text: str, rows: list[Row]) -> Iterator[Stretch]:
    """The draft in stretches, divided where a quotation begins or ends."""
    spans = [(start, end, row) for row in rows for start, end in row.spans]
    cuts = sorted({0, len(text), *(cut for start, end, _ in spans for cut in (start, end))})
    seen: set[int] = set()
    for start, end in pairwise(cuts):
        over = [row for first, last, row in spans if first <= start and end <= last]
        numbers = tuple(sorted({row.number for row in over}))
        begins = tuple(number for number in numbers if number not in seen)
        seen.update(begins)
        yield Stretch(text[start:end], numbers, max((row.severity for row in over), default=0), begins)
