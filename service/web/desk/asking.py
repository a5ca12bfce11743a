"""Reading what a page's form asks for: values, or what is wrong with them, field by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import request
from marshmallow import Schema, ValidationError

from schemas.desk import filled
from schemas.faults import find_faults


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as it was sent: `given` to be shown again, `values` as they were read, `faults` by field."""

    given: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """Of the page: 422 where something is wrong with what was asked, as everywhere in this service."""
        return 422 if self.faults else 200

    def address(self, path: str, **changed: str | int | None) -> str:
        """The address of a page that asks for the same but for what is changed; None takes a field out."""
        asked = {**self.given, **changed}
        query = {name: str(value) for name, value in asked.items() if value is not None}
        return f"{path}?{urlencode(query)}" if query else path


def read_asked(schema: Schema, *kept: str) -> Asked:
    """What the request's query asks for; fields named in `kept` may be empty."""
    known = {one.data_key or name for name, one in schema.fields.items()}
    given = {name: value for name, value in filled(request.args.to_dict(), *kept).items() if name in known}
    try:
        return Asked(given, schema.load(given))
    except ValidationError as error:
        faults = find_faults(error.messages)
        return Asked(given, faults={fault.pointer.strip("/"): fault.detail for fault in reversed(faults)})
