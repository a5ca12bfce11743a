"""Bar charts over time: stacked bars with patterns as well as colours, and rows of small bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from service.web.dashboard.charts.drawing import Element, add, begin, explain, finish, label, next_number
from service.web.dashboard.charts.scale import round_up

WIDTH: Final = 720
HEIGHT: Final = 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 28
LINES: Final = 4  # of the grid
#: How each part is filled: lines and dots that can be distinguished in black and white.
PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "plain": (),
    "rising": ("M-2 2l4-4M0 8l8-8M6 10l4-4",),
    "crossed": ("M0 0l8 8M8 0l-8 8",),
    "dotted": ("M2 2h.1M6 6h.1",),
    "level": ("M0 2h8M0 6h8",),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of every stack: its name, its tone, and its pattern of `PATTERNS`."""

    name: str
    tone: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The bar of one period: the label of the axis ("" for none), and the size of each part."""

    name: str
    tick: str
    sizes: tuple[int, ...]


def draw_stacks(title: str, description: str, parts: Sequence[Part], stacks: Sequence[Stack]) -> Markup:
    """Stacked bars, the first part at the bottom."""
    svg = begin(WIDTH, HEIGHT, title, description)
    number = next_number()
    define_patterns(svg, parts, number)
    most = round_up(max((sum(stack.sizes) for stack in stacks), default=0))
    draw_grid(svg, most)
    room = (WIDTH - LEFT - RIGHT) / max(1, len(stacks))
    for place, stack in enumerate(stacks):
        x = LEFT + place * room
        draw_stack(svg, stack, parts, number, (x + room * 0.14, room * 0.72, most))
        if stack.tick:
            label(svg, x + room / 2, HEIGHT - 9, stack.tick, "tick middle")
    return finish(svg)


def define_patterns(svg: Element, parts: Sequence[Part], number: int) -> None:
    """Define the patterns of the parts."""
    defs = add(svg, "defs")
    for place, part in enumerate(parts):
        pattern = add(
            defs, "pattern", f"fill-{part.tone}", id=f"part{number}-{place}", width=8, height=8,
            patternUnits="userSpaceOnUse",
        )  # fmt: skip
        add(pattern, "rect", "pattern-background", width=8, height=8)
        for lines in PATTERNS[part.pattern]:
            add(pattern, "path", "lines", d=lines)


def draw_grid(svg: Element, most: int) -> None:
    """Horizontal lines with their values."""
    steps = most if most < LINES else LINES
    for step in range(steps + 1):
        value = most * step / steps
        y = level(value, most)
        add(svg, "line", "grid", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y)
        if value == int(value):
            label(svg, LEFT - 6, y + 4, f"{int(value):,}", "tick end")


def draw_stack(
    svg: Element, stack: Stack, parts: Sequence[Part], number: int, box: tuple[float, float, int]
) -> None:
    """One bar; `box` is its x, its width, and the value at the top of the grid."""
    x, width, most = box
    group = add(svg, "g")
    sizes = (
        ", ".join(f"{part.name} {size}" for part, size in zip(parts, stack.sizes, strict=True) if size)
        or "none"
    )
    explain(group, f"{stack.name}: {sizes}")
    below = 0
    for place, (part, size) in enumerate(zip(parts, stack.sizes, strict=True)):
        if size:
            top, bottom = level(below + size, most), level(below, most)
            add(
                group, "rect", f"part edge-{part.tone}", x=x, width=width, y=top, height=bottom - top,
                fill=f"url(#part{number}-{place})",
            )  # fmt: skip
        below += size


def level(value: float, most: int) -> float:
    """The y coordinate of a value."""
    return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM)


def draw_key(part: Part) -> Markup:
    """A swatch for the legend, which has the part's name beside it."""
    number = next_number()
    svg = begin(16, 16, part.name, "", "swatch")
    svg.attrib = {
        "class": "chart swatch",
        "viewBox": "0 0 16 16",
        "aria-hidden": "true",
        "focusable": "false",
    }
    for child in list(svg):
        svg.remove(child)
    define_patterns(svg, [part], number)
    add(svg, "rect", f"part edge-{part.tone}", x=1, y=1, width=14, height=14, fill=f"url(#part{number}-0)")
    return finish(svg)


def draw_sparks(title: str, values: Sequence[tuple[str, int]]) -> Markup:
    """A row of small bars with the number on each; `values` are names and sizes."""
    wide, high = 22, 44
    description = ", ".join(f"{name} {size}" for name, size in values if size) or "none"
    svg = begin(wide * len(values), high, title, description, "sparks")
    most = max((size for _, size in values), default=0) or 1
    for place, (_, size) in enumerate(values):
        x = place * wide
        tall = (high - 16) * size / most
        add(svg, "rect", "spark" if size else "spark none", x=x + 2, width=wide - 4,
            y=high - max(tall, 1), height=max(tall, 1))  # fmt: skip
        if size:
            label(svg, x + wide / 2, high - tall - 4, str(size), "tick middle")
    return finish(svg)
