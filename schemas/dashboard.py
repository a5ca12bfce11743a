"""Queries of the dashboard's pages. Empty fields are removed first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from schemas.events import EventSearchSchema
from schemas.fields import StrictDate, text_field


class PageSchema(Schema):
    """Base of the queries of pages: unknown parameters are ignored."""

    class Meta:
        unknown = EXCLUDE


class RangeSchema(PageSchema):
    """Words, and a range of days."""

    q = text_field()
    since = StrictDate(data_key="from")
    until = StrictDate(data_key="to")
    cursor = text_field()

    @validates_schema
    def dates_are_in_order(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a range that ends before it begins."""
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            raise ValidationError("Must not be earlier than the first day.", "to")


class SearchPageSchema(RangeSchema):
    """Query of `/search`; `only` is the group to page through."""

    speaker = text_field()
    group = fields.String(data_key="only", validate=validate.OneOf(("quotes", "speakers", "factchecks")))


class LineagePageSchema(PageSchema):
    """Query of `/quotes/{id}`."""

    as_of = StrictDate()


class FinderPageSchema(PageSchema):
    """Query of `/speakers`."""

    q = text_field()
    cursor = text_field()


class SourcesPageSchema(FinderPageSchema):
    """Query of `/sources`; with a publisher its sources are listed, without one the publishers."""

    publisher = text_field(blank=True)
    kind = text_field()
    listed = fields.String(data_key="list", validate=validate.OneOf(("publishers", "sources")))


class SourcePageSchema(PageSchema):
    """Query of `/sources/{id}`: words to find in it, or the first turn to show."""

    q = text_field()
    first = fields.Integer(validate=validate.Range(min=1, max=10_000_000))


class ArticlesPageSchema(FinderPageSchema):
    """Query of `/articles`."""

    status = fields.String(validate=validate.OneOf(("draft", "published")))
    whose = fields.String(validate=validate.OneOf(("mine", "all")), load_default="all")
    points = fields.String(validate=validate.OneOf(("open", "any")), load_default="any")
    sort = fields.String(
        validate=validate.OneOf(("updated", "open", "severity", "headline")), load_default="updated"
    )


class OverviewPageSchema(PageSchema):
    """Query of the overview."""

    reach = fields.String(validate=validate.OneOf(("day", "fortnight")), load_default="fortnight")


class FollowSchema(EventSearchSchema):
    """Query of the dashboard's events."""

    class Meta:
        unknown = EXCLUDE


def filled(fields_given: Mapping[str, str], *kept: str) -> dict[str, str]:
    """The fields of a form that are not blank, stripped; those `kept` are unchanged."""
    return {name: value.strip() for name, value in fields_given.items() if value.strip() or name in kept}
