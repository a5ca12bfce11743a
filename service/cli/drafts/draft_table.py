"""A checked draft as a table for a terminal."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

import click

from service.cli.drafts.draft_rows import Row, count_labels, list_rows
from service.usecases.articles.analysis import Analysis

COLOURS: Final = ("green", None, "yellow", "red")  # by severity
HEADS: Final = ("verdict", "in the draft", "in the source", "where")
SHARES: Final = (0.2, 0.32, 0.32, 0.16)  # of the width
NARROWEST: Final = 80
WIDEST: Final = 200
GAP: Final = "  "


def build_table(analysis: Analysis, width: int) -> str:
    """The table, with the counts of the labels below it; coloured, for who shows colours."""
    rows = list_rows(analysis)
    if not rows:
        return "No quotations were found in the draft."
    lines = list(_lay_out(rows, min(max(width, NARROWEST), WIDEST)))
    told = f"{len(rows)} quotations: {count_labels(analysis)}"
    return "\n".join([*lines, told, *(f"note: {note}" for note in analysis.all_notes)])


def _lay_out(rows: list[Row], width: int) -> Iterator[str]:
    widths = [int(share * (width - len(GAP) * (len(SHARES) - 1))) for share in SHARES]
    yield click.style(_join(HEADS, widths), bold=True)
    yield GAP.join("─" * size for size in widths)
    for row in rows:
        cells = (_tell_verdict(row), f"{row.number}. {row.quote}", _tell_said(row), row.where or "–")
        wrapped = [_wrap(printable(cell), size) for cell, size in zip(cells, widths, strict=True)]
        for line in zip_longest(*wrapped, fillvalue=""):
            verdict, *others = (cell.ljust(size) for cell, size in zip(line, widths, strict=True))
            yield GAP.join([click.style(verdict, fg=COLOURS[row.severity]), *others]).rstrip()
        yield ""


def _tell_verdict(row: Row) -> str:
    return f"{row.label} (severity {row.severity})"


def _tell_said(row: Row) -> str:
    """What was said and by whom; where nothing was found, why not."""
    if row.said is None or row.is_unclear:
        return row.explanation
    return f"{row.said} ({row.said_by})" if row.said_by else row.said


def printable(text: str) -> str:
    """A text on one line, without what a terminal would take for a command."""
    return "".join(" " if unicodedata.category(char)[0] == "C" else char for char in " ".join(text.split()))


def _wrap(text: str, size: int) -> list[str]:
    return textwrap.wrap(text, size) or [""]


def _join(cells: tuple[str, ...], widths: list[int]) -> str:
    return GAP.join(cell.ljust(size) for cell, size in zip(cells, widths, strict=True)).rstrip()
