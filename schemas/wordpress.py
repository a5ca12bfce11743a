"""Posts as WordPress's REST API shows them, and as webhook plugins send them.

The REST object has `title.rendered` and `content.rendered`; plugins send it bare or in an envelope (`post`,
`data`, …), or the fields of PHP's WP_Post (`post_title`, `post_content`), or plain `title` and `content`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from schemas.pushes import (
    Push,
    build_push,
    expect_object,
    first_text,
    join_names,
    line,
    plain_text,
    read_moment,
    refuse,
)

ENVELOPES: Final = ("post", "data", "object", "payload", "body")
PUBLISHED: Final = ("publish", "published")
TYPES: Final = ("post", "page")
#: Ends of an event's name that take a post back, as in "post.trashed", "wp_trash_post", "delete_post".
WITHDRAWING: Final = re.compile(r"(?i)(^|[._\-/])(trash(ed)?|delete[d]?|unpublish(ed)?)([._\-/]|$)")
UNDATED: Final = "0000-00-00"
TRASHED: Final = re.compile(r"__trashed(-\d+)?/?$")


def read_post(given: Any) -> Push:
    """A post. Raises ValidationError if it has no identity, or a member that cannot be used."""
    outer = expect_object(given)
    post = unwrap(outer)
    uri = find_uri(post)
    if uri is None:
        refuse("link", "Must name the post: its guid, or its id and link.")
    status = first_text(post.get("status"), post.get("post_status"))
    if is_withdrawn(outer) or (status is not None and status not in PUBLISHED):
        return Push(uri, changed_at=find_change(post))
    kind = first_text(post.get("type"), post.get("post_type"))
    if kind is not None and kind not in TYPES:
        return Push(uri, ignored=f"it is not a post but of type {kind[:40]}")
    content = read_text(post, "content", "post_content")
    if is_protected(post):
        return Push(uri, ignored="it is protected by a password")
    if content is None:
        return Push(uri, ignored="it has no content")
    members = {
        "body_html": content,
        "headline": line(plain_text(read_text(post, "title", "post_title"))),
        "byline": line(plain_text(find_author(post))),
        "publisher": line(plain_text(find_site(outer) or find_site(post))),
        "published_at": find_moment(post),
    }
    return build_push(uri, members, find_change(post))


def unwrap(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The post itself, taken out of an envelope or two."""
    for _ in range(2):
        inner = next((given[name] for name in ENVELOPES if isinstance(given.get(name), Mapping)), None)
        if inner is None or "title" in given or "post_title" in given:
            return given
        given = {**{name: given[name] for name in CARRIED if name in given}, **inner}
    return given


#: What plugins put beside the post and not into it.
CARRIED: Final = ("post_permalink", "permalink", "post_id", "site", "_embedded")


def read_text(post: Mapping[str, Any], *names: str) -> str | None:
    """A text that stands as it is, or as `rendered` of an object."""
    found = []
    for name in names:
        value = post.get(name)
        found += [value.get("rendered"), value.get("raw")] if isinstance(value, Mapping) else [value]
    return first_text(*found)


def is_protected(post: Mapping[str, Any]) -> bool:
    """Whether only readers with a password may see it. PHP's objects carry the content all the same."""
    content = post.get("content")
    marked = isinstance(content, Mapping) and bool(content.get("protected"))
    return marked or first_text(post.get("post_password"), post.get("password")) is not None


def find_change(post: Mapping[str, Any]) -> datetime | None:
    """When it was changed last, in UTC where the post says so."""
    names = ("modified_gmt", "post_modified_gmt", "modified", "post_modified")
    found = first_text(*(post.get(name) for name in names))
    return None if found is None or found.startswith(UNDATED) else read_moment(found.replace(" ", "T"))


def find_uri(post: Mapping[str, Any]) -> str | None:
    """What stays the same when a post gets another address or is thrown away.

    That is its guid, which WordPress makes `https://site/?p=ID` and never changes; where it was not sent, the
    same is made of id and link; else it is the link.
    """
    guid = read_text(post, "guid")
    if guid is not None and guid.startswith(("https://", "http://")):
        return guid.replace("&#038;", "&").replace("&amp;", "&")
    link = first_text(*(post.get(name) for name in ("link", "permalink", "post_permalink", "url")))
    if link is None or not link.startswith(("https://", "http://")):
        return None
    number = next((post[name] for name in ("id", "ID", "post_id") if is_number(post.get(name))), None)
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if number is not None and parts.netloc:
        return f"{parts.scheme}://{parts.netloc}/?p={int(number)}"
    return TRASHED.sub("/", link)


def is_number(value: Any) -> bool:
    """Whether this is the number of a post."""
    if isinstance(value, str):
        return value.isascii() and value.isdigit() and len(value) < 20
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def is_withdrawn(outer: Mapping[str, Any]) -> bool:
    """Whether the envelope names an event that takes the post back."""
    event = first_text(*(outer.get(name) for name in ("event", "action", "hook", "trigger", "topic")))
    return event is not None and WITHDRAWING.search(event) is not None


def find_author(post: Mapping[str, Any]) -> str | None:
    """The author's name; the REST object has it only where it was asked to embed it."""
    embedded, author = post.get("_embedded"), post.get("author")
    if isinstance(embedded, Mapping) and (names := join_names(embedded.get("author"))):
        return names
    if isinstance(author, Mapping):
        return first_text(author.get("name"), author.get("display_name"))
    named = first_text(author, post.get("author_name"), post.get("post_author_name"))
    return None if named is None or named.isdigit() else named


def find_site(given: Mapping[str, Any]) -> str | None:
    """The name of the site, where the plugin tells it."""
    site = given.get("site")
    return first_text(site.get("name"), site.get("title")) if isinstance(site, Mapping) else None


def find_moment(post: Mapping[str, Any]) -> str | None:
    """When it was published, in UTC where the post says so."""
    date = post.get("date")
    local = [date.get("raw")] if isinstance(date, Mapping) else [date, post.get("post_date")]
    found = first_text(post.get("date_gmt"), post.get("post_date_gmt"), *local)
    return None if found is None or found.startswith(UNDATED) else found
