"""Reported speech: how often "supported" is right, and how much of what is supported is found.

Each pair of a reported clause and an utterance is asked by itself: the utterance is a turn of a transcript, by a
person of its own, and an article reports the clause as theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.trust.checkout import Checkout
from tests.benchmarks.trust.corpora import Record, read_lines
from tests.benchmarks.trust.readings import label_of

OWN_PAIRS = Path(__file__).resolve().parents[2] / "accuracy/trust/reported_pairs.jsonl"
DAY = "2024-03-11"
FIRST_NAMES = ("Anna", "Peter", "Clara", "David", "Helen", "Martin", "Julia", "Robert", "Laura", "Simon")
STARTS = (
    "Bar",
    "Cor",
    "Dal",
    "Fen",
    "Gar",
    "Hol",
    "Kel",
    "Lan",
    "Mar",
    "Nor",
    "Pem",
    "Rad",
    "Sel",
    "Tor",
    "Wal",
)
ENDS = (
    "berg",
    "combe",
    "dale",
    "ford",
    "grave",
    "ham",
    "kirk",
    "ley",
    "mont",
    "ridge",
    "sen",
    "stead",
    "ton",
    "wick",
    "worth",
)


@dataclass(slots=True)
class ReportedFigures:
    """Pairs by what they are and what was said of them."""

    table: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    wrong: list[dict[str, Any]] = field(default_factory=list)
    unextracted: int = 0
    accused: int = 0

    @property
    def precision(self) -> float:
        """Of what is called supported, the percentage that is."""
        called = sum(said["supported"] for said in self.table.values())
        return 100 * self.table["supported"]["supported"] / called if called else 0.0

    @property
    def recall(self) -> float:
        """Of what is supported, the percentage that is called so. What was not extracted counts as not found."""
        pairs = sum(self.table["supported"].values())
        return 100 * self.table["supported"]["supported"] / pairs if pairs else 0.0


def read_pairs(path: Path, split: str | None = "test") -> tuple[Record, ...]:
    """The pairs of a part of the file; of all of it where `split` is None."""
    return tuple(pair for pair in read_lines(path) if split is None or pair["split"] == split)


def invent_name(number: int) -> str:
    """A person's name that no other number has."""
    start, end = divmod(number % (len(STARTS) * len(ENDS)), len(ENDS))
    middle = "" if number < len(STARTS) * len(ENDS) else "er"
    return f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {STARTS[start]}{middle}{ENDS[end]}"


def transcript_of(pair: Record, number: int) -> Record:
    """The utterance, as a turn of an interview."""
    turn = {"speaker": invent_name(number), "text": pair["utterance"]}
    return {
        "uri": f"urn:reported:{number}",
        "title": f"Interview {number}",
        "kind": "transcript",
        "publisher": "Benchmark",
        "published_at": DAY,
        "turns": [turn],
    }


def report_of(pair: Record, number: int) -> Record:
    """The clause, as an article reports it."""
    clause = pair["clause"].removeprefix("that ").rstrip(".,")
    body = f"{invent_name(number)} said that {clause}."
    return {
        "uri": f"https://paper.example/{number}",
        "publisher": "Paper",
        "published_at": DAY,
        "body_text": body,
    }


def measure_reported(checkout: Checkout, pairs: Sequence[Record]) -> ReportedFigures:
    """What is said of each pair."""
    figures = ReportedFigures()
    transcripts = [transcript_of(pair, number) for number, pair in enumerate(pairs)]
    with checkout.serving(transcripts) as service:
        for number, pair in enumerate(pairs):
            quotes = service.analyse(report_of(pair, number), store=False)
            longest = max(quotes, key=lambda quote: len(quote["content"]["text"]), default=None)
            if longest is None:
                figures.unextracted += 1
                figures.table[pair["label"]]["unextracted"] += 1
                continue
            label = label_of(longest["verdict"])
            figures.table[pair["label"]][label] += 1
            figures.accused += any(label_of(quote["verdict"]) == "wrong_person" for quote in quotes)
            if (label == "supported") != (pair["label"] == "supported"):
                told = {name: pair[name] for name in ("id", "clause", "utterance", "label")}
                figures.wrong.append({**told, "said": label, "rule": longest["verdict"].get("rule")})
    return figures
