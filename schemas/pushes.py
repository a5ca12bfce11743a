"""Pushes of a CMS: an article, its withdrawal, or something that is ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from marshmallow import ValidationError, fields
from selectolax.lexbor import LexborHTMLParser

from schemas.articles import ArticleInputSchema
from schemas.fields import MAX_LINE, Moment, OutputSchema
from schemas.quotes import one_of

ARTICLE = ArticleInputSchema()
MOMENT = Moment()


@dataclass(frozen=True, slots=True)
class Push:
    """An article as `POST /v1/articles` takes it; without one, it is to be deleted, unless `ignored`."""

    uri: str
    article: dict[str, Any] | None = None
    ignored: str | None = None  # why nothing is done
    changed_at: datetime | None = None  # by the CMS


class PushSchema(OutputSchema):
    """The outcome of a push: queued as a job, done immediately if there is no queue, or ignored."""

    outcome = one_of("queued", "analysed", "removed", "ignored", required=True)
    uri = fields.String(required=True)
    article = fields.String(required=True)
    job = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


def build_push(uri: str, members: Mapping[str, Any], changed_at: datetime | None) -> Push:
    """A push of an article. Members that are None are left out. Raises ValidationError."""
    article = {"uri": uri} | {name: value for name, value in members.items() if value is not None}
    ARTICLE.load(article)
    return Push(uri, article, changed_at=changed_at)


def read_moment(given: str | None) -> datetime | None:
    """The time of a change by the CMS; None if it is missing or invalid."""
    try:
        moment: datetime = MOMENT.deserialize(given)
    except ValidationError:
        return None
    return moment


def plain_text(markup: str | None) -> str | None:
    """A title or a name without its markup and with its character references decoded."""
    return LexborHTMLParser(markup).text().strip() or None if markup else None


def expect_object(given: Any) -> dict[str, Any]:
    """The value, an object. Raises ValidationError."""
    if not isinstance(given, dict):
        raise ValidationError("Must be a JSON object.")
    return given


def refuse(name: str, detail: str) -> NoReturn:
    """Raise ValidationError for a member."""
    raise ValidationError({name: [detail]})


def first_text(*candidates: Any) -> str | None:
    """The first value that is a non-blank string."""
    found = (value.strip() for value in candidates if isinstance(value, str))
    return next((text for text in found if text), None)


def line(text: str | None) -> str | None:
    """A text on one line and not longer than a headline or a name may be."""
    return " ".join(text.split())[:MAX_LINE] if text else None


def join_names(people: Any) -> str | None:
    """The names in a list of people."""
    if not isinstance(people, Iterable) or isinstance(people, str | bytes | Mapping):
        return None
    names = (first_text(one.get("name")) for one in people if isinstance(one, Mapping))
    return ", ".join(name for name in names if name) or None
