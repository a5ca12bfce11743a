"""Queries of the dashboard's pages: their values, or the faults by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import request
from marshmallow import Schema, ValidationError

from schemas.dashboard import filled
from schemas.validation_errors import find_faults
from service.errors import Fault, InvalidInput


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: `given` as it was sent, `values` as validated, `faults` by field."""

    given: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The status of the page: 422 if the query has faults."""
        return 422 if self.faults else 200

    def address(self, path: str, **changed: str | int | None) -> str:
        """The address of a page that asks for the same except what is changed; None takes a field out."""
        asked = {**self.given, **changed}
        query = {name: str(value) for name, value in asked.items() if value is not None}
        return f"{path}?{urlencode(query)}" if query else path


def place_faults(faults: Iterable[Fault], name_of: Callable[[str], str] = str) -> dict[str, str]:
    """Sentences by the field that they belong to, the first one of each; `name_of` makes the name of a field
    of a pointer without its first slash."""
    placed: dict[str, str] = {}
    for fault in faults:
        placed.setdefault(name_of(fault.pointer.strip("/")), fault.detail)
    return placed


def read_query(schema: Schema, names: Iterable[str], refusal: str) -> dict[str, Any]:
    """What of the request's query is asked for; what is empty or unknown is not. Raises InvalidInput for the
    rest, which says `refusal`."""
    known = {name: request.args[name] for name in names if request.args.get(name)}
    try:
        asked: dict[str, Any] = schema.load(known)
    except ValidationError as error:
        raise InvalidInput(refusal, tuple(find_faults(error.messages))) from None
    return asked


def read_asked(schema: Schema, *kept: str) -> Asked:
    """The request's query; fields named in `kept` may be empty."""
    known = {one.data_key or name for name, one in schema.fields.items()}
    given = {name: value for name, value in filled(request.args.to_dict(), *kept).items() if name in known}
    try:
        return Asked(given, schema.load(given))
    except ValidationError as error:
        return Asked(given, faults=place_faults(find_faults(error.messages)))
