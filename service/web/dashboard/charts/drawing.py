"""SVG elements with escaped content, a title and a description."""

from __future__ import annotations

import re
from itertools import count
from typing import Final
from xml.etree import ElementTree  # nosec B405  writes only, reads nothing

from flask import g, has_request_context
from markupsafe import Markup

Element = ElementTree.Element
Number = float | int

#: Characters that XML cannot contain, and invisible ones.
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def begin(width: Number, height: Number, title: str, description: str, look: str = "") -> Element:
    """An empty picture of this size in units, scaled to the available width."""
    number = next_number()
    names = f"chart{number}-title", f"chart{number}-desc"
    svg = Element(
        "svg",
        {
            "class": f"chart {look}".strip(),
            "viewBox": f"0 0 {write(width)} {write(height)}",
            "role": "img",
            "aria-labelledby": names[0],
            "aria-describedby": names[1],
            "focusable": "false",
        },
    )
    for tag, name, text in (("title", names[0], title), ("desc", names[1], description)):
        say(add(svg, tag, id=name), text)
    return svg


def next_number() -> int:
    """A number that is unique within the page."""
    if not has_request_context():
        return 1
    if "charts" not in g:
        g.charts = count(1)
    number: int = next(g.charts)
    return number


def add(parent: Element, tag: str, look: str = "", **attributes: str | Number) -> Element:
    """A new element in another; underscores in the names of attributes stand for hyphens."""
    given = {name.replace("_", "-"): write(value) for name, value in attributes.items()}
    if look:
        given["class"] = look
    return ElementTree.SubElement(parent, tag, given)


def label(parent: Element, x: Number, y: Number, text: str, look: str = "") -> Element:
    """A text at a position."""
    return say(add(parent, "text", look, x=x, y=y), text)


def explain(parent: Element, text: str) -> Element:
    """A tooltip for a part of the picture."""
    return say(add(parent, "title"), text)


def say(element: Element, text: str) -> Element:
    """Set the text of an element."""
    element.text = _UNPRINTABLE.sub(" ", text)
    return element


def write(value: str | Number) -> str:
    """The value of an attribute; numbers have at most one decimal."""
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def finish(svg: Element) -> Markup:
    """The picture as markup for a page."""
    # xml.etree has escaped everything in it.
    return Markup(ElementTree.tostring(svg, encoding="unicode"))  # noqa: S704  # nosec B704
