"""How much CPU time a check takes among many stored quotes, of one or more checkouts by turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.bench_match import make_queries, percentile, read_quotes, read_sentences
from tests.benchmarks.trust.checkout import Checkout
from tests.benchmarks.trust.corpora import Record

ROUNDS = 3
WARMING = 100  # queries before anything is measured
TURN = 90  # queries that one checkout is asked before it is the next one's turn


def quote_lines(count: int) -> Iterator[Record]:
    """The first sentences of the bulk file, as `verbatim import quotes` takes them."""
    for quote in read_quotes(count):
        source = quote.source
        day = source.published_at.isoformat() if source.published_at else None
        told = {"uri": source.uri, "title": source.title, "publisher": source.publisher}
        yield {
            "text": quote.text,
            "speaker": quote.speaker,
            "source": {**told, "published_at": day, "kind": source.kind},
        }


def measure_speed(checkouts: Sequence[Checkout], size: int, folder: Path) -> dict[str, tuple[float, float]]:
    """CPU milliseconds, p50 and p95, of a check among `size` sentences, by the checkout's name.

    Stores that stand in `folder` from an earlier run are used again.
    """
    queries = [
        query.text for query in make_queries(read_sentences(0, size), read_sentences(size, size + 10_000))
    ]
    times: dict[str, list[float]] = {checkout.name: [] for checkout in checkouts}
    with ExitStack() as stack:
        services = {}
        for checkout in checkouts:
            database = folder / f"{checkout.name.replace(' ', '-')}-{size}.sqlite3"
            if not database.exists():
                checkout.load(database, "quotes", quote_lines(size))
            services[checkout.name] = stack.enter_context(checkout.serving_from(database))
            services[checkout.name].ask("cpu-of-checks", queries[:WARMING])
        for _ in range(ROUNDS):
            for start in range(0, len(queries), TURN):
                for name, service in services.items():
                    times[name] += service.ask("cpu-of-checks", queries[start : start + TURN])
    return {name: (percentile(spent, 0.5), percentile(spent, 0.95)) for name, spent in times.items()}
