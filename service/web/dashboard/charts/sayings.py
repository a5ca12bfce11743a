"""The chart of a timeline: when a speaker said something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final

from markupsafe import Markup

from service.web.dashboard.charts.drawing import add, begin, explain, finish, label
from service.web.dashboard.charts.scale import Days, round_up

WIDTH: Final = 720
HEIGHT: Final = 130
LEFT, RIGHT, TOP, BOTTOM = 40, 24, 22, 26


def draw_sayings(title: str, description: str, days: Iterable[date], opposed: Iterable[date]) -> Markup:
    """A bar for each day with statements, and a triangle where one contradicts another."""
    counted, against = Counter(days), set(opposed)
    svg = begin(WIDTH, HEIGHT, title, description, "sayings")
    if not counted:
        return finish(svg)
    axis = Days(min(counted), max(counted), LEFT, WIDTH - RIGHT)
    foot = HEIGHT - BOTTOM
    most = round_up(max(counted.values()))
    add(svg, "line", "axis", x1=LEFT - 8, x2=WIDTH - RIGHT + 8, y1=foot, y2=foot)
    label(svg, LEFT - 14, TOP + 4, str(most), "tick end")
    add(svg, "line", "grid", x1=LEFT - 8, x2=WIDTH - RIGHT + 8, y1=TOP, y2=TOP)
    for day in axis.ticks():
        label(svg, axis.place(day), HEIGHT - 8, axis.write(day), "tick middle")
    for day, count in sorted(counted.items()):
        x, top = axis.place(day), foot - count / most * (foot - TOP)
        mark = add(svg, "g")
        explain(mark, f"{day.isoformat()}: {count}")
        add(mark, "line", "stem", x1=x, x2=x, y1=foot, y2=top)
        if day in against:
            add(mark, "path", "mark other", d="M0-8L7 5H-7z", transform=f"translate({x:.1f} {top:.1f})")
        else:
            add(mark, "circle", "mark same", cx=x, cy=top, r=4)
    return finish(svg)
