"""The chart of a lineage: a line for each wording, a mark for each day of a sighting.

The first wording is the main line; later ones branch off at their first day, on dashed lines. A star
marks the first sighting, circles repeats of its words; other wordings have other shapes, and a letter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from service.web.dashboard.charts.drawing import Element, add, begin, explain, finish, label
from service.web.dashboard.charts.scale import Days

WIDTH: Final = 760
LANE: Final = 58
LEFT, RIGHT, TOP, BOTTOM = 40, 30, 30, 34
UNDATED: Final = 84  # units at the right for undated sightings
MOST_LANES: Final = 9  # if there are more, they share the last lane
MOST_NAME: Final = 76  # characters of a lane's name


@dataclass(frozen=True, slots=True)
class Lane:
    """A wording: its letter and name, the days of its sightings, and how many have none."""

    letter: str
    name: str
    days: tuple[date, ...]
    undated: int = 0


def letter_of(number: int) -> str:
    """The letter of a wording: A, B, … Z, AA, …"""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def draw_lineage(title: str, description: str, lanes: Sequence[Lane]) -> Markup:
    """The lanes over one axis of days, the first wording on top."""
    lanes = gather_lanes(lanes)
    days = [day for lane in lanes for day in lane.days]
    margin = UNDATED if any(lane.undated for lane in lanes) and days else 0
    height = TOP + LANE * len(lanes) + BOTTOM
    svg = begin(WIDTH, height, title, description, "lineage")
    axis = Days(min(days), max(days), LEFT, WIDTH - RIGHT - margin) if days else None
    if axis is not None:
        draw_axis(svg, axis, height)
    for number in range(len(lanes)):
        draw_lane(svg, axis, lanes, number)
    if margin:
        add(svg, "line", "fence", x1=WIDTH - margin, x2=WIDTH - margin, y1=TOP - 14, y2=height - BOTTOM)
        label(svg, WIDTH - margin / 2, height - 12, "undated", "tick middle")
    return finish(svg)


def gather_lanes(lanes: Sequence[Lane]) -> list[Lane]:
    """At most `MOST_LANES` lanes; all later wordings share the last."""
    if len(lanes) <= MOST_LANES:
        return list(lanes)
    shown, others = list(lanes[: MOST_LANES - 1]), lanes[MOST_LANES - 1 :]
    days = tuple(sorted(day for lane in others for day in lane.days))
    letters = f"{others[0].letter}–{others[-1].letter}"
    undated = sum(lane.undated for lane in others)
    return [*shown, Lane(letters, f"{len(others)} other wordings", days, undated)]


def draw_axis(svg: Element, axis: Days, height: float) -> None:
    """The axis of days, with vertical lines."""
    foot = height - BOTTOM
    add(svg, "line", "axis", x1=axis.left - 12, x2=axis.right + 12, y1=foot, y2=foot)
    for day in axis.ticks():
        x = axis.place(day)
        add(svg, "line", "grid", x1=x, x2=x, y1=TOP - 14, y2=foot)
        label(svg, x, height - 12, axis.write(day), "tick middle")


def draw_lane(svg: Element, axis: Days | None, lanes: Sequence[Lane], number: int) -> None:
    """A wording's line, name and marks."""
    lane = lanes[number]
    y = lane_level(number)
    if axis is not None and lane.days:
        start, end = axis.place(lane.days[0]), axis.place(lane.days[-1])
        if number:
            x = min(start, axis.place(lanes[0].days[0]) if lanes[0].days else start)
            path = f"M{x:.1f} {lane_level(0):.1f}V{y - 10:.1f}Q{x:.1f} {y:.1f} {x + 8:.1f} {y:.1f}"
            add(svg, "path", "branch", d=f"{path}H{max(start, x + 8):.1f}")
        add(svg, "line", "main-line" if number == 0 else "branch", x1=start, x2=end, y1=y, y2=y)
    name = lane.name if len(lane.name) <= MOST_NAME else f"{lane.name[: MOST_NAME - 1]}…"
    label(svg, LEFT + (14 if number else 0), y - 14, f"{lane.letter} · {name}", "lane")
    for place, (day, seen) in enumerate(sorted(Counter(lane.days).items())):
        x = axis.place(day) if axis is not None else LEFT
        mark = add(svg, "g")
        explain(mark, f"{lane.letter}, {day.isoformat()}: {times(seen)}")
        is_first = number == 0 and place == 0
        draw_mark(mark, number, is_first, x, y)
        if seen > 1:
            label(svg, x + 10, y + 5, f"×{seen}", "count")
    if lane.undated:
        x = WIDTH - UNDATED / 2 if axis is not None else LEFT + 12
        draw_mark(svg, number, False, x - 8, y)
        label(svg, x + 4, y + 5, f"?×{lane.undated}", "count")


def lane_level(number: int) -> float:
    """The y coordinate of a lane."""
    return TOP + LANE * number + 24


def times(count: int) -> str:
    """The number of sightings in words."""
    return "once" if count == 1 else f"{count} times"


#: Outlines of the marks of wordings after the first, in turn.
SHAPES: Final = (
    "M-6-6h12v12h-12z",  # a square
    "M0-8L8 6H-8z",  # a triangle
    "M0-8L8 0 0 8-8 0z",  # a diamond
    "M-7-3h4v-4h6v4h4v6h-4v4h-6v-4h-4z",  # a cross
    "M0 8L8-6H-8z",  # a triangle that stands on its tip
    "M-4-7h8l4 7-4 7h-8l-4-7z",  # a hexagon
    "M-8-5h16v10h-16z",  # a bar
    "M-7-7L7 7M7-7L-7 7",  # a saltire
)
STAR: Final = (
    "M0-10l2.9 6.900 7.100.5-5.400 4.600 1.700 7-6.300-3.800-6.300 3.800 1.700-7-5.400-4.600 7.100-.5z"
)


def draw_mark(parent: Element, number: int, is_first: bool, x: float, y: float) -> None:
    """One mark of the lane with this number."""
    if is_first:
        add(parent, "path", "mark first", d=STAR, transform=f"translate({x:.1f} {y:.1f})")
    elif number == 0:
        add(parent, "circle", "mark same", cx=x, cy=y, r=6)
    else:
        shape = SHAPES[(number - 1) % len(SHAPES)]
        add(parent, "path", "mark other", d=shape, transform=f"translate({x:.1f} {y:.1f})")


def draw_sample(number: int, is_first: bool = False) -> Markup:
    """A sighting's mark as an SVG image of its own, for the legend of the chart.

    `number` chooses the shape and colour, `is_first` that of the first sighting.
    """
    svg = Element(
        "svg",
        {"class": "chart swatch", "viewBox": "-11 -11 22 22", "aria-hidden": "true", "focusable": "false"},
    )
    draw_mark(svg, number, is_first, 0, 0)
    return finish(svg)
