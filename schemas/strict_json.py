"""JSON as the standard has it: what Python would add is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final, NoReturn

MAX_DEPTH: Final = 64  # nothing that is sent here needs ten

HALF_PAIR: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text. Raises ValueError if it is none, RecursionError where it is too deep."""
    value = json.loads(text, parse_constant=_refuse_constant)
    refuse_depth(value)
    return value


def refuse_depth(value: Any) -> None:
    """Raises RecursionError if arrays and objects lie in each other more than `MAX_DEPTH` deep."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _members(outer) if isinstance(inner, dict | list)]
        if not level:
            return
    raise RecursionError(f"nested more than {MAX_DEPTH} deep")


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def read_line(line: bytes) -> Any:
    """The value of a line of NDJSON, in UTF-8.

    Raises ValueError if it is no JSON or cannot be encoded as UTF-8, RecursionError if it is too
    deep.
    """
    value = read_json(line.decode("utf-8-sig"))
    if HALF_PAIR.search(line):  # an escape may name half of a surrogate pair, which no answer could hold
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(f"{name} is not JSON")
