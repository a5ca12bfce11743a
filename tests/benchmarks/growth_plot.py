"""A plot of growth on two logarithmic axes, as SVG, by nothing but string formatting."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 40, 50
COLOURS = ("#0b6e4f", "#c8553d", "#3a5a9b", "#7a4b94")


@dataclass(frozen=True, slots=True)
class Series:
    """A named line through (x, y) points, all positive."""

    name: str
    points: tuple[tuple[float, float], ...]


def draw_growth(title: str, x_name: str, y_name: str, series: Sequence[Series]) -> str:
    """The plot as an SVG document. Raises ValueError without a point."""
    points = [point for line in series for point in line.points]
    x_low, x_high = decades(x for x, _ in points)
    y_low, y_high = decades(y for _, y in points)

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - x_low) / (x_high - x_low)
        up = (math.log10(y) - y_low) / (y_high - y_low)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="22" font-size="15">{escape(title)}</text>',
        f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">{escape(x_name)}</text>',
        f'<text x="16" y="{HEIGHT / 2:.0f}" text-anchor="middle" transform="rotate(-90 16 {HEIGHT / 2:.0f})">'
        f"{escape(y_name)}</text>",
    ]
    for exponent in range(x_low, x_high + 1):
        x, y = place(10**exponent, 10**y_low)
        parts.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{10**exponent:,}</text>')
    for exponent in range(y_low, y_high + 1):
        x, y = place(10**x_low, 10**exponent)
        parts.append(f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{10.0**exponent:g}</text>')
    for number, line in enumerate(series):
        parts += draw_line(line, [place(*point) for point in line.points], number)
    return "\n".join([*parts, "</svg>", ""])


def draw_line(line: Series, places: Sequence[tuple[float, float]], number: int) -> list[str]:
    """A line with its points, and its name in the legend."""
    colour = COLOURS[number % len(COLOURS)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    drawn = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']
    for (x, y), (_, value) in zip(places, line.points, strict=True):
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>')
        drawn.append(
            f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle" fill="{colour}">{value:,.3g}</text>'
        )
    legend_y = TOP + 14 + 16 * number
    drawn.append(f'<text x="{LEFT + 12}" y="{legend_y}" fill="{colour}">{escape(line.name)}</text>')
    return drawn


def decades(values: Iterable[float]) -> tuple[int, int]:
    """The powers of ten that enclose all values."""
    logarithms = [math.log10(value) for value in values]
    low, high = math.floor(min(logarithms)), math.ceil(max(logarithms))
    return low, max(high, low + 1)
