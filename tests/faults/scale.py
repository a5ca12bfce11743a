"""How long and how often: the short form of `make test`, or the long one of `make soak`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, TypeVar

IS_LONG = os.environ.get("VERBATIM_FAULTS") == "long"
REPORT = os.environ.get("VERBATIM_FAULTS_REPORT")  # a file that takes a line of JSON for each figure

T = TypeVar("T")


def scaled(short: T, long: T) -> T:
    """The one or the other."""
    return long if IS_LONG else short


def report(name: str, **figures: Any) -> None:
    """Tell what was measured: to the test's output, and to the file of the run."""
    line = json.dumps({"name": name, "form": scaled("short", "long"), **figures}, default=str)
    print(line)
    if REPORT:
        with Path(REPORT).open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered) + 0.5) - 1))]
