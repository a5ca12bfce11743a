"""What the members of requests and answers mean, for the OpenAPI description.

A name means the same in most schemas, so it is described once; `NAME:SCHEMA` where it means something
else. A field with a description of its own keeps that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def read_property_descriptions() -> Mapping[str, str]:
    """The descriptions by name, and by name and schema."""
    found: dict[str, str] = json.loads(
        files("schemas").joinpath("property_descriptions.json").read_text(encoding="utf-8")
    )
    return found
