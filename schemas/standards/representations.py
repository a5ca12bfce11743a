"""The forms that a resource may be asked for in, by `?format=` or by `Accept`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from marshmallow import Schema, fields, validate


@dataclass(frozen=True, slots=True)
class Representation:
    """A form of a resource: its name in `?format=`, its media type, and that type as it is sent."""

    name: str
    media_type: str
    content_type: str


JSON: Final = Representation("json", "application/json", "application/json")
JSON_LD: Final = Representation("jsonld", "application/ld+json", "application/ld+json")
ANNOTATIONS: Final = Representation(
    "jsonld", "application/ld+json", 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
)
#: The submission names no media type of its own; this one is made as the registered provenance+xml is.
PROV_JSON: Final = Representation("prov", "application/provenance+json", "application/provenance+json")
CSV: Final = Representation("csv", "text/csv", "text/csv; charset=utf-8; header=present")
TEXT: Final = Representation("text", "text/plain", "text/plain; charset=utf-8")


def format_field(*offered: Representation) -> fields.String:
    """The query parameter that asks for one of these forms."""
    forms = ", ".join(f"{one.name} ({one.media_type})" for one in offered)
    return fields.String(
        validate=validate.OneOf([one.name for one in offered]),
        metadata={"description": f"The form of the answer: {forms}. Goes before the header Accept."},
    )


def format_query(name: str, *offered: Representation) -> type[Schema]:
    """The query of a resource of which nothing but the form is asked."""
    return Schema.from_dict({"format": format_field(*offered)}, name=name)
