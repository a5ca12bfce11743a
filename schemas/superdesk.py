"""ninjs as Superdesk's HTTP push sends it, and as IPTC has it: versions 1, 2 and 3.

Superdesk's own is ninjs 1 with `guid` for `uri`. ninjs 2 has lists of headlines and bodies, each with a role;
ninjs 3 is ninjs 2 with its names in camel case. So names are compared without case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from schemas.pushes import Push, build_push, expect_object, first_text, join_names, line, read_moment, refuse

TEXTUAL: Final = ("text", "preformatted")
#: What takes an article back. IPTC's are "withheld" and "canceled"; Superdesk says "withhold".
WITHDRAWN: Final = ("canceled", "cancelled", "withheld", "withhold", "recalled")


def read_ninjs(given: Any) -> Push:
    """A ninjs item. Raises ValidationError if it has no identity, or a member that cannot be used."""
    item = lower_names(expect_object(given))
    uri = first_text(item.get("guid"), item.get("uri"))
    if uri is None:
        refuse("guid" if "guid" in item else "uri", "Must name the item.")
    status = item.get("pubstatus", "usable")
    if status in WITHDRAWN:
        return Push(uri, changed_at=find_change(item))
    if (kind := item.get("type", "text")) not in TEXTUAL:
        return Push(uri, ignored=f"it is not a text but of type {str(kind)[:40]}")
    name, body = find_body(item)
    if body is None:
        return Push(uri, ignored="it has no body")
    members = {
        name: body,
        "headline": line(first_text(item.get("headline"), find_main(item.get("headlines")))),
        "byline": line(first_text(item.get("byline"), item.get("by"), join_names(item.get("authors")))),
        "publisher": line(first_text(item.get("source"), item.get("copyrightholder"))),
        "published_at": find_moment(item),
        "language": read_language(item.get("language")),
    }
    return build_push(uri, members, find_change(item))


def find_change(item: Mapping[str, Any]) -> datetime | None:
    """When this version was made."""
    return read_moment(first_text(item.get("versioncreated")))


def lower_names(item: Mapping[str, Any]) -> dict[str, Any]:
    """An object with its names in lower case."""
    return {name.lower(): value for name, value in item.items()}


def read_language(given: Any) -> str | None:
    """A language's tag, also where it was written as a locale."""
    tag = first_text(given)
    return None if tag is None else tag.replace("_", "-")


def find_body(item: Mapping[str, Any]) -> tuple[str, str | None]:
    """The best body, and which member of an article it is: marked up before plain, main before others."""
    if html := first_text(item.get("body_html"), item.get("body_xhtml")):
        return "body_html", html
    given = item.get("bodies")
    bodies = (
        [lower_names(body) for body in given if isinstance(body, Mapping)] if isinstance(given, list) else []
    )
    bodies.sort(key=lambda body: body.get("role") != "main")  # stable: else in the order they came
    marked = [body for body in bodies if "html" in str(body.get("contenttype", "")).lower()]
    if html := first_text(*(body.get("value") for body in marked)):
        return "body_html", html
    return "body_text", first_text(*(body.get("value") for body in bodies), item.get("body_text"))


def find_main(headlines: Any) -> str | None:
    """The main one of a list of headlines, else the first."""
    if not isinstance(headlines, list):
        return None
    given = [lower_names(one) for one in headlines if isinstance(one, Mapping)]
    given.sort(key=lambda one: one.get("role") != "main")
    return first_text(*(one.get("value") for one in given))


def find_moment(item: Mapping[str, Any]) -> str | None:
    """When it was first published, as far as the item says."""
    names = ("firstpublished", "contentcreated", "firstcreated", "versioncreated")
    return first_text(*(item.get(name) for name in names))
