"""The quotations of a checked draft as a table or a page shows them, the worst first."""

from __future__ import annotations

from dataclasses import dataclass

from service.matching.labels import LABEL_TEXTS, LABELS
from service.matching.models import AlignmentStep, Match
from service.usecases.articles.analysis import AnalysedQuote, Analysis
from service.usecases.articles.check_draft import rank_from_worst


@dataclass(frozen=True, slots=True)
class Row:
    """One quotation: what the draft has, what was said, and where."""

    number: int  # in the order of the draft, from 1
    label: str
    severity: int
    quote: str
    speaker: str | None  # as the draft has it
    said: str | None
    said_by: str | None
    where: str | None  # source and time
    explanation: str
    is_unclear: bool  # a person has to compare: the explanation says what
    correction: str | None
    steps: tuple[
        AlignmentStep, ...
    ]  # how the two differ word by word; () where they do not, or nothing is found
    spans: tuple[tuple[int, int], ...]  # in the draft


def list_rows(analysis: Analysis) -> list[Row]:
    """The rows of an analysis, the worst first."""
    numbers = {quote.id: number for number, quote in enumerate(analysis.quotes, 1)}
    return [_build_row(quote, numbers[quote.id]) for quote in rank_from_worst(analysis)]


def _build_row(quote: AnalysedQuote, number: int) -> Row:
    verdict = quote.verdict
    match = quote.matches[0] if quote.matches else None
    said = verdict.said
    return Row(
        number=number,
        label=LABEL_TEXTS[verdict.label],
        severity=verdict.severity,
        quote=quote.content.text,
        speaker=quote.speaker.name,
        said=said.text if said else match.text if match else None,
        said_by=said.speaker if said else match.speaker if match else None,
        where=describe_place(match) if match else None,
        explanation=verdict.explanation,
        is_unclear=verdict.label == "unclear",
        correction=verdict.correction,
        steps=_list_steps(match) if match and verdict.label != "not_in_sources" else (),
        spans=tuple((span.start, span.end) for span in quote.content.spans),
    )


def _list_steps(match: Match) -> tuple[AlignmentStep, ...]:
    return match.alignment if any(step.op != "keep" for step in match.alignment) else ()


def describe_place(match: Match) -> str:
    """A source and where in it: its title, and the time where it has one."""
    origin = match.origin
    title = origin.title or origin.uri
    kept = "" if origin.given else " (stored)"
    time = f", {show_clock(match.start_s)}" if match.start_s is not None else ""
    return f"{title}{kept}{time}"


def show_clock(seconds: float) -> str:
    """A time of a recording: 0:49, 12:04, 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def count_labels(analysis: Analysis) -> str:
    """How many quotations have which label: "2 changed, 1 confirmed"."""
    counts = analysis.summary.counts
    return ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in LABELS if name in counts)
