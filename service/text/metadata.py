"""What an article's page or file says of itself: JSON-LD of schema.org, and front matter of Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

ARTICLE: Final = re.compile(r"\w{0,40}(?:Article|Posting|Review|Report)")  # NewsArticle, BlogPosting, …
LONGEST_DATA: Final = 1_000_000  # characters of one script
MOST_NODES: Final = 1_000  # of a page's data that are looked at
LONGEST_VALUE: Final = 500  # characters of a headline or an author
_UNSTORABLE: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # no words of anybody
_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_FRONT: Final = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(.{0,20000}?)\r?\n\1[ \t]*(?:\r?\n|$)", re.DOTALL)
_MEMBER: Final = re.compile(r"(\w[\w-]{0,40})\s*[:=]\s*(.{1,1000})")
_AUTHORS: Final = ("author", "authors", "byline")
_TITLES: Final = ("headline", "title")
_DAYS: Final = ("datePublished", "published_at", "published", "pubdate", "date")
_LANGUAGES: Final = ("language", "lang")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The headline, the authors as a byline, the day of publication, the language as a tag; None if unknown.

    `body` is the text of the article where the page repeats it in its data.
    """

    headline: str | None = None
    byline: str | None = None
    published: date | None = None
    language: str | None = None
    body: str | None = None


NOTHING: Final = Metadata()


def read_page_data(parser: LexborHTMLParser) -> Metadata:
    """The metadata of a page: the first article in its JSON-LD. Never raises."""
    for script in parser.css('script[type="application/ld+json"]'):
        words = script.text() or ""
        if len(words) > LONGEST_DATA:
            continue
        try:
            data = json.loads(words, strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            if any(ARTICLE.fullmatch(kind) for kind in _texts(node.get("@type"))):
                return Metadata(
                    headline=_first(node.get("headline")),
                    byline=_byline(node.get("author")),
                    published=read_day(_first(node.get("datePublished"))),
                    language=_first(node.get("inLanguage")),
                    body=node["articleBody"] if isinstance(node.get("articleBody"), str) else None,
                )
    return NOTHING


def split_front_matter(body: str) -> tuple[Metadata, str]:
    """The metadata of a Markdown file that begins with front matter (YAML or TOML), and the rest of it."""
    found = _FRONT.match(body)
    if found is None:
        return NOTHING, body
    members = {}
    for line in found[2].splitlines():
        member = _MEMBER.fullmatch(_UNSTORABLE.sub("", line).strip()) if not line[:1].isspace() else None
        if member is not None:
            members[member[1]] = _unquoted(member[2])
    if not members:
        return NOTHING, body
    chosen = [
        next((members[name] for name in names if members.get(name)), None)
        for names in (_TITLES, _AUTHORS, _DAYS, _LANGUAGES)
    ]
    return Metadata(chosen[0], chosen[1], read_day(chosen[2]), chosen[3]), body[found.end() :]


def read_day(value: str | None) -> date | None:
    """The day of an ISO 8601 date or date-time; None if it is none."""
    found = _DAY.match(value or "")
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """The objects of some data, `@graph` and lists opened, in order."""
    waiting, left = [data], MOST_NODES
    while waiting and left:
        left -= 1
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting = node[:MOST_NODES] + waiting
        elif isinstance(node, dict):
            yield node
            waiting += [node[name] for name in ("@graph", "mainEntity") if name in node]


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _first(value: Any) -> str | None:
    texts = [_UNSTORABLE.sub("", each).strip() for each in _texts(value)]
    return next((each for each in texts if 0 < len(each) <= LONGEST_VALUE), None)


def _byline(value: Any) -> str | None:
    """The names of the authors, who are objects, names or lists of either."""
    authors = value if isinstance(value, list) else [value]
    names = [_first(author.get("name") if isinstance(author, dict) else author) for author in authors[:20]]
    return ", ".join(name for name in names if name) or None


def _unquoted(value: str) -> str:
    """A scalar without its quotation marks or its comment; of a list on one line, its members."""
    value = value.strip()
    if value[:1] == "[" and value[-1:] == "]":
        return ", ".join(filter(None, (_unquoted(each) for each in value[1:-1].split(","))))
    if value[:1] in {'"', "'"} and value.find(value[0], 1) > 0:
        return value[1 : value.find(value[0], 1)]
    return value.split(" #")[0].strip()[:LONGEST_VALUE]
