"""What SYNCHRONOUS=full costs beside normal: an import, and writes of one quote each, on SQLite.

Run as `python -m tests.benchmarks.bench_synchronous`. The two settings take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from service.settings import SYNCHRONOUS, Synchronous
from service.store import Store, open_store
from service.store.records import QuoteImport, SourceRecord

IMPORTED = 10_000  # quotes
SINGLE = 100  # writes
ROUNDS = 3


def make_quotes(name: str, count: int) -> list[QuoteImport]:
    source = SourceRecord(
        uri=f"urn:bench:{name}", title=name, published_at=date(2026, 1, 2), publisher="Bench", kind="article"
    )
    return [
        QuoteImport(f"We counted {i} ships in harbour {i % 97} of {name}", f"Ann Lee{i % 50}", None, source)
        for i in range(count)
    ]


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(store: Store, name: str) -> dict[str, float]:
    quotes = make_quotes(name, IMPORTED)
    started, used = time.monotonic(), cpu_s()
    store.import_quotes(quotes)
    imported = time.monotonic() - started, cpu_s() - used
    singles = []
    with store.import_session() as session:
        for quote in make_quotes(f"{name}-single", SINGLE):
            before = time.monotonic()
            session.add_quotes([quote])
            singles.append(time.monotonic() - before)
    return {
        "import_s": imported[0],
        "import_cpu_s": imported[1],
        "write_ms": 1000 * statistics.median(singles),
    }


def main() -> None:
    """Print the median of each figure for each setting, and the ratio."""
    found: dict[Synchronous, list[dict[str, float]]] = {synchronous: [] for synchronous in SYNCHRONOUS}
    with tempfile.TemporaryDirectory() as folder:
        stores = {
            synchronous: open_store(
                f"sqlite:///{Path(folder) / synchronous}.sqlite3", migrate=True, synchronous=synchronous
            )
            for synchronous in SYNCHRONOUS
        }
        for turn in range(ROUNDS):
            for synchronous, store in stores.items():
                found[synchronous].append(measure(store, f"round {turn}"))
        for store in stores.values():
            store.close()
    for figure in found["full"][0]:
        full, normal = (
            statistics.median(each[figure] for each in found[synchronous]) for synchronous in SYNCHRONOUS
        )
        print(f"{figure:<14} full {full:8.2f}  normal {normal:8.2f}  ratio {full / normal:.2f}")


if __name__ == "__main__":
    main()
