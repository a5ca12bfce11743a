"""A page on how often people agree with verdicts over time: a chart, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Response

from schemas.reviews import AgreementSearchSchema
from service.usecases.reviews.agreement import Span
from service.web.dashboard.form_input import read_query
from service.web.dashboard.page import blueprint, page, render
from service.web.dashboard.review import labels
from service.web.services import services

WIDTH: Final = 640
HEIGHT: Final = 240
LEFT: Final = 48  # width of the percentages
TOP: Final = 16
FLOOR: Final = 200  # y of 0 %
MOST_SHOWN: Final = 52  # periods, the newest
MOST_LABELS: Final = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A period in the chart: its share, the confidence interval, and the label below."""

    x: float
    y: float
    low: float
    high: float
    label: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Picture:
    """Coordinates in an SVG of `width` by `height`."""

    marks: tuple[Mark, ...]
    line: str  # points of a polyline through the shares
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    ticks: tuple[tuple[int, float], ...] = ()


@blueprint.get("/review/agreement")
@page("review")
def show_agreement() -> Response:
    """The chart and table, by day, week or month."""
    search = read_query(AgreementSearchSchema(), ("by", "from", "to"), "no such figures")
    found = services().reviews.measure_agreement(search.get("since"), search.get("until"), search["by"])
    return render(
        "dashboard/agreement.html",
        title="Agreement",
        section="review",
        found=found,
        search=search,
        picture=draw(found.periods[-MOST_SHOWN:]),
        said=labels,
    )


def draw(spans: Sequence[Span]) -> Picture:
    """The periods with decisions, in order and evenly spaced."""
    step = (WIDTH - LEFT) / max(len(spans), 1)
    every = -(-len(spans) // MOST_LABELS) or 1
    marks = tuple(
        Mark(
            x=round(LEFT + step * (place + 0.5), 1),
            y=height_of(span.figure.share or 0.0),
            low=height_of(span.figure.low or 0.0),
            high=height_of(span.figure.high or 0.0),
            label=name_day(span.start) if place % every == 0 else None,
            span=span,
        )
        for place, span in enumerate(spans)
    )
    ticks = tuple((percent, height_of(percent / 100)) for percent in (0, 25, 50, 75, 100))
    return Picture(marks, " ".join(f"{mark.x},{mark.y}" for mark in marks), ticks=ticks)


def height_of(share: float) -> float:
    """The y coordinate of a share: 1 at the top, 0 at the bottom."""
    return round(FLOOR - share * (FLOOR - TOP), 1)


def name_day(day: date) -> str:
    """A day as a label of the axis."""
    return f"{day.day} {day:%b}"
