"""Queries that run for every check, compiled once for each database and not at each execution."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    CTE,
    Connection,
    Integer,
    Select,
    bindparam,
    column,
    exc,
    literal_column,
    values,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

SIZES: Final = (1, 2, 4, 8, 16, 24, 32, 50)  # of lists in queries; few, so that few statements are made

Build = Callable[[int], Select[Any]]


def run_compiled(
    connection: Connection, build: Build, size: int, parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """The raw rows of `build(size)`, without result processing: dates are ordinals.

    Uses the driver's cursor: SQLAlchemy's result processing takes as long as the search of a check.
    """
    dialect = connection.dialect
    sql, names, fixed = _compile(build, size, dialect)
    named = {**fixed, **parameters}
    values: Any = named if names is None else [named[name] for name in names]
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
    except dialect.loaded_dbapi.Error as error:
        raise exc.DBAPIError.instance(
            sql, None, error, dialect.loaded_dbapi.Error, dialect=dialect
        ) from error
    finally:
        cursor.close()


def number_list(prefix: str, items: Sequence[Any]) -> tuple[int, dict[str, Any]]:
    """The size of a list after padding it with its last item, and its items as parameters `prefix_0`, …"""
    size = next((size for size in SIZES if size >= len(items)), len(items))
    padded = [*items, *[items[-1]] * (size - len(items))]
    return size, {f"{prefix}_{number}": item for number, item in enumerate(padded)}


def number_ranges(ranges: Sequence[tuple[int, int]]) -> tuple[int, dict[str, int]]:
    """The size of a list of ranges padded with empty ones, and their ends as `first_0`, `last_0`, …"""
    size = next((size for size in SIZES if size >= len(ranges)), len(ranges))
    padded = [*ranges, *[(1, 0)] * (size - len(ranges))]
    parameters = {f"first_{number}": first for number, (first, _) in enumerate(padded)}
    return size, parameters | {f"last_{number}": last for number, (_, last) in enumerate(padded)}


def number_rows(name: str, size: int, **columns: type[TypeEngine[Any]]) -> CTE:
    """A table of `size` rows: `number`, from 0, and columns bound as `first_0`, `first_1`, …

    A statement over it is planned much faster than a UNION of `size` statements.
    """
    types = [column("number", Integer), *(column(key, kind()) for key, kind in columns.items())]
    rows = [
        (
            literal_column(str(number)),
            *(bindparam(f"{key}_{number}", type_=kind()) for key, kind in columns.items()),
        )
        for number in range(size)
    ]
    return values(*types).data(rows).cte(name)


@lru_cache(maxsize=512)
def _compile(build: Build, size: int, dialect: Dialect) -> tuple[str, list[str] | None, dict[str, Any]]:
    compiled = build(size).compile(dialect=dialect)
    names: list[str] | None = getattr(compiled, "positiontup", None)
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return str(compiled), list(names) if names is not None else None, fixed
