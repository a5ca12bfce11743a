"""Validation errors of marshmallow as JSON pointers and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.errors import Fault


def find_faults(messages: Any, place: str = "") -> list[Fault]:
    """marshmallow's nested messages as a flat list of JSON pointers and sentences, in a stable order."""
    if isinstance(messages, Mapping):
        faults: list[Fault] = []
        for name, inner in messages.items():
            step = "" if name == "_schema" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            faults += find_faults(inner, place + step)
        return faults
    if isinstance(messages, list):
        return [fault for message in messages for fault in find_faults(message, place)]
    return [Fault(place, str(messages))]
