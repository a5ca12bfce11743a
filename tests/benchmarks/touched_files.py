"""Files of the service that requests run code of: `python -m tests.benchmarks.touched_files`.

Counts distinct files under `service` and `schemas` in which a function was called, in all threads, for the second
article and check (models are loaded then), their repetitions, which come from the cache, and a health check.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from service.app import create_app
from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TEXT = (
    "The harbour of Port Ellis will stay closed until May, the council said on Monday. “We will not open it before the "
    "wall is safe,” said Ann Marlow, the mayor. Ms. Marlow said that the work would cost {cost} million pounds. “Nobody "
    "asked us,” Peter Vane, a fisherman, told reporters."
)


def count_files(act: Any) -> int:
    """How many files of this program have a function that was called during `act`."""
    touched: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        touched.add(frame.f_code.co_filename)

    sys.settrace(note)
    threading.settrace(note)
    try:
        act()
    finally:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]
    parts = [Path(name).resolve() for name in touched if not name.startswith("<")]
    inside = [path.relative_to(ROOT).parts[0] for path in parts if path.is_relative_to(ROOT)]
    return sum(folder in ("service", "schemas") for folder in inside)


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as folder:
        client = create_app(
            Settings(database_url=f"sqlite:///{folder}/store.sqlite3", access="open")
        ).test_client()

        def post(address: str, body: dict[str, Any]) -> None:
            answer = client.post(address, json=body)
            assert answer.status_code == 200, answer.text

        def article(cost: int) -> dict[str, Any]:
            return {"body_text": TEXT.format(cost=cost), "uri": f"https://example.org/{cost}"}

        quotation = {"quote": "We will not open it before the wall is safe.", "speaker": "Ann Marlow"}
        post("/v1/articles", article(1))
        post("/v1/check", quotation)
        post("/v1/articles", article(2))
        post("/v1/articles", article(2))  # into the memory of this process
        rows = {
            "POST /v1/articles, not cached": lambda: post("/v1/articles", article(3)),
            "POST /v1/articles, repeated": lambda: post("/v1/articles", article(3)),
            "POST /v1/articles, repeated again": lambda: post("/v1/articles", article(3)),
            "POST /v1/check, not cached": lambda: post("/v1/check", quotation | {"speaker": "Peter Vane"}),
            "POST /v1/check, repeated": lambda: post("/v1/check", quotation | {"speaker": "Peter Vane"}),
            "POST /v1/check, repeated again": lambda: post(
                "/v1/check", quotation | {"speaker": "Peter Vane"}
            ),
            "GET /livez": lambda: client.get("/livez"),
        }
        for name, act in rows.items():
            print(f"| {name} | {count_files(act)} |")


if __name__ == "__main__":
    main()
