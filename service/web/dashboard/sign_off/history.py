"""The history of a sign-off in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.store.reviews.audit import HistoryEntry


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An entry: what was said, and how the machine had read the quotation."""

    action: str
    by: str
    at: datetime
    details: Mapping[str, Any]


def read_lines(histories: Mapping[str, Sequence[HistoryEntry]]) -> dict[str, list[HistoryLine]]:
    """The entries of sign-offs, by their ids, the newest first."""
    return {one: [read_line(entry) for entry in reversed(entries)] for one, entries in histories.items()}


def read_line(entry: HistoryEntry) -> HistoryLine:
    """An entry as it is shown."""
    members = json.loads(entry.entry)
    at = datetime.fromisoformat(members["at"])
    return HistoryLine(members["action"], members["by"], at, members["details"] or {})
