"""How fast, how small and how sure the store is, on real sentences, beside rapidfuzz over a list in memory.

    python -m tests.benchmarks.bench_match [--sizes 100000,300000,1000000] [--databases sqlite,postgresql]

Builds a store of each size on each database from the bulk sentences, asks the same queries of each, and prints
a table. SQLite is measured in CPU time of this process; PostgreSQL, which works in another, by the clock. A
query is right when the first window holds it as well as the best of all stored sentences would: for words
copied from a stored sentence, all of them, in order and together.
"""

from __future__ import annotations

import argparse
import gzip
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from rapidfuzz import fuzz, process
from sqlalchemy import create_engine, text

from service.matching import Claim, judge
from service.matching.models import Evidence
from service.matching.retrieval.fingerprints import split_words
from service.store import QuoteImport, SourceRecord, Store, open_store
from tests.benchmarks.corpora import find_corpus
from tests.benchmarks.growth_plot import Series, draw_growth
from tests.servers import running_postgres

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = "bulk/sentences.tsv.gz"
PLOT = ROOT / "docs/figures/matching-growth.svg"
SIZES = (100_000, 300_000, 1_000_000)
QUERIES_PER_KIND = 90
BASELINE_QUERIES = 4
LONG_ENOUGH = 10  # words of a sentence that queries are made from
SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Query:
    """A text to check, of a kind, and the words that the first window should hold together, if any."""

    kind: str
    text: str
    held: tuple[str, ...] = ()


@dataclass(slots=True)
class Measured:
    """What one store of one size came to."""

    database: str
    size: int
    import_rate: float  # quotes a second, by the clock
    import_cpu_s: float
    megabytes: float
    find_ms: list[float] = field(default_factory=list)
    check_ms: list[float] = field(default_factory=list)
    right: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    baseline_ms: float | None = None


def read_quotes(count: int) -> Iterator[QuoteImport]:
    """The first sentences of the bulk file; a document is a source."""
    sources: dict[str, SourceRecord] = {}
    with gzip.open(find_corpus(SENTENCES), "rt") as lines:
        for line in islice(lines, 1, count + 1):
            sentence, speaker, _, document = line.rstrip("\n").split("\t")
            source = sources.get(document)
            if source is None:
                year = document[-4:]
                day = date(int(year), 9, 20) if year.isdigit() else None
                uri = f"urn:un:general-debate:{document}"
                source = sources[document] = SourceRecord(uri, document, "United Nations", day, "transcript")
            yield QuoteImport(sentence, speaker, None, source)


def read_sentences(first: int, last: int) -> list[str]:
    """Sentences of the bulk file by their number."""
    with gzip.open(find_corpus(SENTENCES), "rt") as lines:
        return [line.split("\t", 1)[0] for line in islice(lines, first + 1, last + 1)]


def make_queries(stored: list[str], absent: list[str]) -> list[Query]:
    """Queries of nine kinds from random stored sentences, and from sentences that are not stored."""
    chance = random.Random(SEED)
    long_enough = [sentence for sentence in stored if len(sentence.split()) >= LONG_ENOUGH]
    makers: dict[str, Callable[[list[str]], str]] = {
        "whole": " ".join,
        "typography": lambda words: " ".join(words).upper().replace("'", "’") + "!",
        "half": lambda words: " ".join(words[: len(words) // 2]),
        "fragment of 7-9": lambda words: cut(words, chance.randint(7, 9), chance),
        "fragment of 4-6": lambda words: cut(words, chance.randint(4, 6), chance),
    }
    queries = []
    for kind, make in makers.items():
        for sentence in chance.sample(long_enough, QUERIES_PER_KIND):
            made = make(sentence.split())
            queries.append(Query(kind, made, tuple(split_words(made))))
    for sentence in chance.sample(long_enough, QUERIES_PER_KIND):
        words = sentence.split()
        place = chance.randrange(1, len(words))
        queries.append(
            Query("one word changed", " ".join([*words[:place], "marmalade", *words[place + 1 :]]))
        )
        middle = len(words) // 2
        queries.append(Query("elided", " ".join([*words[: middle - 2], "…", *words[middle + 2 :]])))
        other = chance.choice(long_enough).split()
        queries.append(Query("spliced", " ".join([*words[:middle], "…", *other[len(other) // 2 :]])))
    queries += [Query("absent", sentence) for sentence in chance.sample(absent, QUERIES_PER_KIND)]
    chance.shuffle(queries)
    return queries


def cut(words: list[str], size: int, chance: random.Random) -> str:
    """So many words in a row."""
    start = chance.randrange(len(words) - size + 1)
    return " ".join(words[start : start + size])


def build_store(url: str, size: int) -> tuple[Store, Measured]:
    """A store of the first `size` sentences."""
    store = open_store(url, migrate=True)
    started, cpu_started = time.perf_counter(), time.process_time()
    report = store.import_quotes(read_quotes(size))
    seconds, cpu_s = time.perf_counter() - started, time.process_time() - cpu_started
    assert report.quotes_added == size, report
    database = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    return store, Measured(database, size, size / seconds, cpu_s, measure_disk(url))


def measure_disk(url: str) -> float:
    """Megabytes (10**6 bytes) on disk, all included."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*")) / 1e6
    engine = create_engine(url)
    with engine.connect() as connection:
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    engine.dispose()
    return float(size) / 1e6


def ask(store: Store, measured: Measured, queries: list[Query]) -> None:
    """Find and judge all queries, warm, and note how long that took and what came first."""
    clock = time.process_time if measured.database == "SQLite" else time.perf_counter
    searched = store.searched()
    for query in queries[:100]:
        store.find_evidence(query.text)
    for query in queries:
        started = clock()
        evidence = store.find_evidence(query.text)
        found = clock()
        judge(Claim(query.text), evidence, searched)
        measured.check_ms.append(1000 * (clock() - started))
        measured.find_ms.append(1000 * (found - started))
        if query.held:
            measured.right[query.kind].append(bool(evidence) and holds_together(evidence[0], query.held))


def holds_together(evidence: Evidence, words: tuple[str, ...]) -> bool:
    """Whether one of the window's hits has the words in a row."""
    wanted = f" {' '.join(words)} "
    hits = [one.text for one in evidence.utterances if one.position in evidence.hits]
    return any(wanted in f" {' '.join(split_words(hit))} " for hit in hits)


def time_baseline(stored: list[str], queries: list[Query]) -> float:
    """Median CPU milliseconds of `process.extract` with `token_set_ratio` over the list."""
    times = []
    for query in queries[:BASELINE_QUERIES]:
        started = time.process_time()
        process.extract(query.text, stored, scorer=fuzz.token_set_ratio, limit=5)
        times.append(1000 * (time.process_time() - started))
    return statistics.median(times)


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of all are below."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def print_table(rows: list[Measured]) -> None:
    """The figures, a line for each store, then recall and ratios."""
    header = (
        "database",
        "quotes",
        "find p50/p95",
        "check p50/p95 ms",
        "import/s",
        "cpu s",
        "MB",
        "MB/million",
    )
    print("\n" + " | ".join(header))
    for row in rows:
        find, check = row.find_ms, row.check_ms
        print(
            f"{row.database} | {row.size:,} | {percentile(find, 0.5):.2f} / {percentile(find, 0.95):.2f} | "
            f"{percentile(check, 0.5):.2f} / {percentile(check, 0.95):.2f} | {row.import_rate:,.0f} | "
            f"{row.import_cpu_s:.0f} | {row.megabytes:.0f} | {row.megabytes * 1e6 / row.size:.0f}"
        )
    for row in rows:
        shares = ", ".join(
            f"{kind} {100 * statistics.mean(right):.1f} %" for kind, right in row.right.items()
        )
        print(f"recall@1, {row.database}, {row.size:,}: {shares}")
    for row in rows:
        if row.baseline_ms:
            ratio = row.baseline_ms / percentile(row.find_ms, 0.5)
            print(
                f"token_set_ratio over {row.size:,}: {row.baseline_ms:,.0f} ms; the store is {ratio:,.0f} times faster"
            )
    for database in dict.fromkeys(row.database for row in rows):
        mine = [row for row in rows if row.database == database]
        growth = percentile(mine[-1].find_ms, 0.95) / percentile(mine[0].find_ms, 0.95)
        print(f"growth of p95 from {mine[0].size:,} to {mine[-1].size:,} on {database}: {growth:.2f}x")
    print(f"most memory held: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def draw(rows: list[Measured]) -> str:
    """The growth of p95 and of the baseline as SVG."""
    lines = defaultdict[str, list[tuple[float, float]]](list)
    for row in rows:
        unit = "CPU" if row.database == "SQLite" else "by the clock"
        lines[f"{row.database}, p95 ({unit})"].append((row.size, percentile(row.find_ms, 0.95)))
        if row.baseline_ms:
            lines["rapidfuzz token_set_ratio, median (CPU)"].append((row.size, row.baseline_ms))
    series = [Series(name, tuple(points)) for name, points in lines.items()]
    return draw_growth("Finding a quote among so many", "quotes", "milliseconds", series)


def main() -> None:
    """Build, measure, print, draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--plot", type=Path, default=PLOT)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    queries = make_queries(read_sentences(0, min(sizes)), read_sentences(1_000_000, 1_010_000))
    rows: list[Measured] = []
    for database in options.databases.split(","):
        for size in sizes:
            with ExitStack() as stack:
                directory = stack.enter_context(tempfile.TemporaryDirectory())
                url = f"sqlite:///{directory}/store.sqlite3"
                if database == "postgresql":
                    url = stack.enter_context(running_postgres()).url
                store, measured = build_store(url, size)
                stack.callback(store.close)
                ask(store, measured, queries)
            if database == "sqlite":
                measured.baseline_ms = time_baseline(read_sentences(0, size), queries)
            rows.append(measured)
            print(f"{measured.database}, {size:,} quotes: done", file=sys.stderr, flush=True)
    print_table(rows)
    options.plot.parent.mkdir(parents=True, exist_ok=True)
    options.plot.write_text(draw(rows))


if __name__ == "__main__":
    main()
