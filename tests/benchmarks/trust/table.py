"""The rows of the table: what each figure is, what is to reach, and how to print it beside the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `limit` is to be reached: at most it, or at least it where more is better."""

    key: str
    title: str
    limit: float | None = None
    goal: float | None = None
    more_is_better: bool = False
    unit: str = "%"

    def is_reached(self, value: float) -> bool | None:
        """Whether a value reaches the limit; None where there is none."""
        if self.limit is None:
            return None
        return value >= self.limit if self.more_is_better else value <= self.limit


ROWS = (
    Row("unrelated", "unrelated news: quotations something is said of", 1, 0.3),
    Row("unrelated_accused", "unrelated news: accused of misattribution", 0.1, 0),
    Row("paper_first", "newspaper, first 100 articles: a verdict without a repeat", 1, 0.3),
    Row("paper_last", "newspaper, last 100 articles: a verdict without a repeat", 1, 0.3),
    Row("paper_repeats", "newspaper, all articles: real repeats found", None, None, True, "quotations"),
    Row("paper_first_accused", "newspaper, first 100 articles: accused", 0.15, 0),
    Row("paper_last_accused", "newspaper, last 100 articles: accused", 0.15, 0),
    Row("reported_precision", "reported speech, pairs of a reader: precision of `supported`", 95, 98, True),
    Row("reported_recall", "reported speech, pairs of a reader: recall of `supported`", 60, 80, True),
    Row("own_precision", "reported speech, own pairs: precision of `supported`", 95, 98, True),
    Row("own_recall", "reported speech, own pairs: recall of `supported`", 60, 80, True),
    Row("copies_confirmed", "copied misquotations called confirmed", 0, 0),
    Row("copies_missed", "copied misquotations not called what they are"),
    Row("cases", "720 labelled cases, right on every axis, mean over kinds", 98, None, True),
    Row("genuine", "genuine sentences of interviews: confirmed or context", 97, 99, True),
    Row("genuine_confirmed", "genuine sentences of interviews: confirmed", None, None, True),
    Row("genuine_pairs", "two neighbouring sentences: confirmed or context", 97, 99, True),
    Row("debates", "quotations of the 2016 debates in the news: right", 95, None, True),
    Row("debates_others", "the same news: other quotations something is said of"),
    Row("check_p50", "a check, CPU, p50", unit="ms"),
    Row("check_p95", "a check, CPU, p95", unit="ms"),
)


def show(value: float | None, row: Row) -> str:
    """A value with its unit; a dash where it was not measured."""
    return "-" if value is None else f"{value:.2f} {row.unit}"


def render(columns: Mapping[str, Figures], judged: str) -> str:
    """A Markdown table: a line for each figure, a column for each who was measured.

    Figures of the column `judged` that do not reach their limit are marked with an exclamation mark.
    """
    lines = [line_of(["", *columns, "to reach", "goal"]), line_of(["---"] * (len(columns) + 3))]
    for row in ROWS:
        values = {name: figures.get(row.key) for name, figures in columns.items()}
        if all(value is None for value in values.values()):
            continue
        shown = [show(value, row) + mark(value, row, name == judged) for name, value in values.items()]
        lines.append(line_of([row.title, *shown, bound(row, row.limit), bound(row, row.goal)]))
    return "\n".join(lines)


def mark(value: float | None, row: Row, is_judged: bool) -> str:
    """An exclamation mark behind a figure that does not reach its limit."""
    missed = is_judged and value is not None and row.is_reached(value) is False
    return " !" if missed else ""


def bound(row: Row, value: float | None) -> str:
    """A limit as it is read."""
    return "" if value is None else f"{'>=' if row.more_is_better else '<='} {value:g} {row.unit}"


def line_of(cells: Sequence[str]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(cells)} |"
