"""What pictures are drawn on: elements that escape what they are given, a title and a description."""

from __future__ import annotations

import re
from itertools import count
from typing import Final
from xml.etree import ElementTree  # nosec B405  writes only, reads nothing

from flask import g, has_request_context
from markupsafe import Markup

Element = ElementTree.Element
Number = float | int

#: What XML cannot hold, and what nobody can see.
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def begin(width: Number, height: Number, title: str, description: str, look: str = "") -> Element:
    """An empty picture of so many units, which fills the width it is given and can be no wider than that."""
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
    for tag, name, told in (("title", names[0], title), ("desc", names[1], description)):
        say(add(svg, tag, id=name), told)
    return svg


def next_number() -> int:
    """A number that no other picture of the page has."""
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
    """Words at a place."""
    return say(add(parent, "text", look, x=x, y=y), text)


def explain(parent: Element, text: str) -> Element:
    """What is told of a part of the picture to whoever points at it."""
    return say(add(parent, "title"), text)


def say(element: Element, text: str) -> Element:
    """Put words into an element, in place of what it says."""
    element.text = _UNPRINTABLE.sub(" ", text)
    return element


def write(value: str | Number) -> str:
    """An attribute's value; numbers with a decimal at most."""
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def finish(svg: Element) -> Markup:
    """The picture, to be put into a page."""
    # Everything in it was escaped as it was written; nothing of it is a string that came from outside.
    return Markup(ElementTree.tostring(svg, encoding="unicode"))  # noqa: S704  # nosec B704
