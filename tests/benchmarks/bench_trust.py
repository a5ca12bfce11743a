"""How far a verdict can be trusted, on real news and real transcripts, beside rapidfuzz and beside policy 1.

    python -m tests.benchmarks.bench_trust [--full] [--only unrelated,copies] [--baseline CHECKOUT]

Needs the corpora (CORPORA names their folder, ../shared without it). Policy 1 is measured where --baseline names
a checkout of it, by turns with this one where time counts; without, its recorded figures are shown. What was
wrong goes to a file, a line each, for reading.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

from tests.benchmarks.bench_match import make_queries, read_sentences, time_baseline
from tests.benchmarks.corpora import find_corpus
from tests.benchmarks.trust.checkout import ROOT, Checkout
from tests.benchmarks.trust.measures import Sizes, Wrong, measure_all
from tests.benchmarks.trust.rapidfuzz_service import SCORERS, RapidfuzzCheckout
from tests.benchmarks.trust.speed import measure_speed
from tests.benchmarks.trust.table import Figures, render

RECORDED = Path(__file__).with_name("trust") / "policy1.json"
SIZE, FULL_SIZE = 100_000, 1_000_000
HERE = "this checkout"
POLICY_1 = "policy 1"


def read_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--full", action="store_true", help="a store of a million sentences, and all fitting news"
    )
    parser.add_argument(
        "--only", default="", help="sets to measure, separated by commas; speed and rapidfuzz too"
    )
    parser.add_argument("--baseline", type=Path, help="a checkout of policy 1")
    parser.add_argument("--pairs", type=Path, help="labelled pairs of reported speech, beside the own ones")
    parser.add_argument("--stores", type=Path, help="a folder to keep the stores of the speed measurement in")
    parser.add_argument("--wrong", type=Path, default=ROOT / "var/trust-wrong.jsonl")
    parser.add_argument("--figures", type=Path, help="write the figures as JSON")
    return parser.parse_args(arguments)


def measure(options: argparse.Namespace) -> dict[str, Figures]:
    """The figures by column: policy 1, rapidfuzz by scorer, this checkout."""
    only = {name for name in options.only.split(",") if name}
    sizes = Sizes(unrelated=1_000 if options.full else 40, pairs=options.pairs)
    here = Checkout(ROOT, HERE)
    columns: dict[str, Figures] = {POLICY_1: {}, **{f"rapidfuzz {name}": {} for name in SCORERS}, HERE: {}}
    wrong: dict[str, Any] = {}
    if options.baseline:
        old = Checkout(options.baseline.resolve(), POLICY_1)
        columns[POLICY_1], wrong[POLICY_1] = measure_all(old, sizes, only)
    else:
        columns[POLICY_1] = json.loads(RECORDED.read_text(encoding="utf-8"))["figures"]
    columns[HERE], wrong[HERE] = measure_all(here, sizes, only)
    if not only or "rapidfuzz" in only:
        for name in SCORERS:
            rival = cast(Checkout, RapidfuzzCheckout(here, name))
            columns[f"rapidfuzz {name}"] = measure_all(rival, sizes, only)[0]
    if not only or "speed" in only:
        add_speed(columns, options)
    write_wrong(options.wrong, wrong)
    return columns


def add_speed(columns: dict[str, Figures], options: argparse.Namespace) -> None:
    """Measure what a check takes, all checkouts by turns."""
    size = FULL_SIZE if options.full else SIZE
    checkouts = [Checkout(ROOT, HERE)]
    if options.baseline:
        checkouts.append(Checkout(options.baseline.resolve(), POLICY_1))
    with ExitStack() as stack:
        folder = options.stores or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trust-")))
        folder.mkdir(parents=True, exist_ok=True)
        for name, (p50, p95) in measure_speed(checkouts, size, folder).items():
            columns[name] |= {"check_p50": p50, "check_p95": p95}
    stored = read_sentences(0, size)
    columns["rapidfuzz token_set_ratio"]["check_p50"] = time_baseline(stored, make_queries(stored, stored))


def write_wrong(path: Path, wrong: dict[str, dict[str, Wrong]]) -> None:
    """What was wrong, a line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as lines:
        for name, sets in wrong.items():
            for measured, examples in sets.items():
                for one in examples:
                    lines.write(json.dumps({"by": name, "set": measured, **one}, ensure_ascii=False) + "\n")


def main() -> None:
    """Measure and print."""
    options = read_options()
    find_corpus("polnear/dev.jsonl.gz")
    columns = measure(options)
    print(render(columns, HERE))
    if options.figures:
        options.figures.write_text(json.dumps(columns, indent=1) + "\n", encoding="utf-8")
    print(f"what was wrong: {options.wrong}", file=sys.stderr)


if __name__ == "__main__":
    main()
