"""All figures of one checkout, and what was wrong, for reading."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.trust.checkout import Checkout
from tests.benchmarks.trust.copies import measure_copies
from tests.benchmarks.trust.debates import measure_debates
from tests.benchmarks.trust.genuine import measure_genuine, measure_labelled
from tests.benchmarks.trust.news import measure_newspaper, measure_unrelated
from tests.benchmarks.trust.reported import OWN_PAIRS, measure_reported, read_pairs
from tests.benchmarks.trust.table import Figures

Wrong = list[dict[str, Any]]
Measure = Callable[[Checkout], tuple[Figures, Wrong]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured, and the pairs of reported speech that lie beside the checkout, if any."""

    unrelated: int = 40
    newspaper: int = 400
    pairs: Path | None = None


def measure_all(checkout: Checkout, sizes: Sizes, only: set[str]) -> tuple[Figures, dict[str, Wrong]]:
    """Every figure, or those of the sets that are named; and what was wrong, by set."""
    figures: Figures = {}
    wrong: dict[str, Wrong] = {}
    for name, measure in list_measures(sizes).items():
        if only and name not in only:
            continue
        started = time.perf_counter()
        found, wrong[name] = measure(checkout)
        figures |= found
        told = ", ".join(f"{key} {value:.2f}" for key, value in found.items())
        print(
            f"{checkout.name}, {name}: {told} ({time.perf_counter() - started:.0f} s)",
            file=sys.stderr,
            flush=True,
        )
    return figures, wrong


def list_measures(sizes: Sizes) -> dict[str, Measure]:
    """The sets by name."""
    measures: dict[str, Measure] = {
        "unrelated": lambda checkout: of_unrelated(checkout, sizes.unrelated),
        "copies": of_copies,
        "genuine": of_genuine,
        "cases": of_cases,
        "debates": of_debates,
        "newspaper": lambda checkout: of_newspaper(checkout, sizes.newspaper),
        "own": lambda checkout: of_reported(checkout, OWN_PAIRS, "own", None),
    }
    pairs = sizes.pairs
    if pairs is not None:
        measures["reported"] = lambda checkout: of_reported(checkout, pairs, "reported", "test")
    return measures


def of_unrelated(checkout: Checkout, count: int) -> tuple[Figures, Wrong]:
    """Quotations of unrelated news."""
    found = measure_unrelated(checkout, count)
    figures = {"unrelated": found.spoken_of.percent, "unrelated_accused": found.accused.percent}
    return figures, found.spoken_of.examples


def of_newspaper(checkout: Checkout, count: int) -> tuple[Figures, Wrong]:
    """A newspaper stored day by day."""
    first, last, whole = measure_newspaper(checkout, count)
    figures = {
        "paper_repeats": whole.repeats,
        "paper_first": first.spoken_of.percent,
        "paper_last": last.spoken_of.percent,
        "paper_first_accused": first.accused.percent,
        "paper_last_accused": last.accused.percent,
    }
    return figures, [*whole.spoken_of.examples, *whole.accused.examples]


def of_copies(checkout: Checkout) -> tuple[Figures, Wrong]:
    """Copied misquotations."""
    found = measure_copies(checkout)
    return {
        "copies_confirmed": found.confirmed.percent,
        "copies_missed": found.missed.percent,
    }, found.missed.examples


def of_genuine(checkout: Checkout) -> tuple[Figures, Wrong]:
    """Genuine sentences of interviews."""
    single, double = measure_genuine(checkout)
    figures = {
        "genuine": single.percent,
        "genuine_confirmed": single.confirmed.percent,
        "genuine_pairs": double.percent,
    }
    return figures, [*single.neither.examples, *double.neither.examples, *single.context.examples]


def of_cases(checkout: Checkout) -> tuple[Figures, Wrong]:
    """The labelled cases."""
    share, wrong = measure_labelled(checkout)
    return {"cases": share}, wrong


def of_debates(checkout: Checkout) -> tuple[Figures, Wrong]:
    """Quotations of the debates in the news."""
    found = measure_debates(checkout)
    figures = {"debates": found.right.percent, "debates_others": found.others.percent}
    return figures, [*found.wrong, *({"other": True, **one} for one in found.others.examples)]


def of_reported(checkout: Checkout, pairs: Path, prefix: str, split: str | None) -> tuple[Figures, Wrong]:
    """Reported speech."""
    found = measure_reported(checkout, read_pairs(pairs, split))
    return {f"{prefix}_precision": found.precision, f"{prefix}_recall": found.recall}, found.wrong
