"""How many examples a property is tried with, where they take over a second: some for each change, many in `.ci/run`."""

from __future__ import annotations

import os

MANY = os.environ.get("VERBATIM_EXAMPLES") == "many"


def examples(some: int, many: int) -> int:
    """The one or the other."""
    return many if MANY else some
