"""How often people agree with the machine, over time: a page with a figure, and the same in a table."""

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
from service.web.dashboard.review import labels as review_words
from service.web.services import services

WIDTH: Final = 640
HEIGHT: Final = 240
LEFT: Final = 48  # for the percentages
TOP: Final = 16
FLOOR: Final = 200  # where 0 % lies
MOST_SHOWN: Final = 52  # periods, the newest
MOST_LABELS: Final = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A period in the figure: its share, the interval about it, and what is written beneath."""

    x: float
    y: float
    low: float
    high: float
    label: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Picture:
    """Places in an SVG of `width` by `height`."""

    marks: tuple[Mark, ...]
    line: str  # points of a polyline through the shares
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    ticks: tuple[tuple[int, float], ...] = ()


@blueprint.get("/review/agreement")
@page("review")
def show_agreement() -> Response:
    """The figures, by day, week or month."""
    search = read_query(AgreementSearchSchema(), ("by", "from", "to"), "no such figures")
    found = services().reviews.measure_agreement(search.get("since"), search.get("until"), search["by"])
    return render(
        "dashboard/agreement.html",
        title="Agreement",
        section="review",
        found=found,
        search=search,
        picture=draw(found.periods[-MOST_SHOWN:]),
        said=review_words,
    )


def draw(spans: Sequence[Span]) -> Picture:
    """The periods in their order, evenly spaced: one without a decision has no place."""
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
    """Where a share lies: 1 at the top, 0 on the floor."""
    return round(FLOOR - share * (FLOOR - TOP), 1)


def name_day(day: date) -> str:
    """A day as it is written beneath the figure."""
    return f"{day.day} {day:%b}"
