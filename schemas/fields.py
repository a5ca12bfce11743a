"""Field types shared by the schemas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:$|[T ])", re.ASCII)  # not 2025-W14, not 20250331
MAX_LINE = 2_000  # code points in a title, a name or a URI
MAX_QUOTE = 50_000  # code points in one quotation


def refuse_unstorable(value: str) -> None:
    """Refuse characters that a database or UTF-8 cannot hold, with their position."""
    if (place := value.find("\x00")) >= 0:
        raise ValidationError(f"Contains the character U+0000 at position {place}.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValidationError(f"Contains half of a surrogate pair at position {error.start}.") from error


def refuse_blank(value: str) -> None:
    """Refuse a text without a single visible character."""
    if not value.strip():
        raise ValidationError("Must not be empty.")


def text_field(*, most: int = MAX_LINE, blank: bool = False, **kwargs: Any) -> fields.String:
    """A string that can be stored, of at most `most` code points, and not blank unless allowed to be."""
    checks: list[Callable[[str], Any]] = [validate.Length(max=most), refuse_unstorable]
    if not blank:
        checks.append(refuse_blank)
    return fields.String(validate=checks, **kwargs)


class Moment(fields.DateTime):
    """An ISO 8601 date or date-time; a bare date is its midnight, and a time without zone is taken as UTC."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        if isinstance(value, str) and len(value) == len("2025-03-31"):
            try:
                return datetime.combine(date.fromisoformat(value), time(), UTC)
            except ValueError as error:
                raise ValidationError("Not a valid date: use YYYY-MM-DD.") from error
        moment = super()._deserialize(value, attr, data, **kwargs)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        try:
            moment.astimezone(UTC)
        except OverflowError as error:  # such as 0001-01-01T00:00:00+14:00
            raise ValidationError("Lies outside of the years 1 to 9999 in UTC.") from error
        return moment


class StrictDate(fields.Date):
    """An ISO 8601 calendar date, YYYY-MM-DD; of a date-time the day, in its own time zone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> date:
        if isinstance(value, str) and DAY.match(value):
            try:
                return datetime.fromisoformat(value).date()
            except ValueError:
                pass
        raise ValidationError("Not a valid date: use YYYY-MM-DD.")


class OutputSchema(Schema):
    """Base of all answers."""
