"""Write each rule's confidence from the labelled sources: `python -m tests.accuracy.calibrate_speakers`.

Counted are PolNeAR's dev sources and what is extracted from the labelled articles of many kinds, except where a
model's own probability is the confidence.

A rule's confidence is (right + PRIOR · p) / (seen + PRIOR), p being the share right over all rules. Of a rule with fewer
than `ENOUGH` labels it is the lower bound of the 95 % interval (Wilson) about that share, with a prior of `WEAK`: so a
rule that was hardly ever seen is never trusted as one that was seen often. Rules without a name get 0; a name that a
registry knows is trusted as a full name is.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.extraction.models import Speaker
from service.extraction.pipeline import extract
from service.extraction.speakers import calibration
from service.extraction.training.heads.corpora import (
    LABELS,
    SHARED,
    overlap,
    read_lines,
    same_name,
    tokens,
    unlabelled_texts,
)
from service.text.plain import read_plain
from tests.accuracy.test_speakers_floor import judge, resolved

ROOT = Path(__file__).parents[2]
LEAST_OVERLAP = 0.8  # F1 of the words of a found and a labelled quotation that are the same
BY_MODEL = {"pronoun", "neuter_pronoun", "role", "possessive_role", "organisation_noun"}
PRIOR = 6.0
WEAK = 2.0
ENOUGH = 20
Z = 1.96
NAMELESS = {"abstained", "document"}
TARGET = Path(calibration.__file__).parent / "data" / "confidence.json"


def measure() -> dict[str, dict[str, float]]:
    """The confidence of every rule, and the number of its labels."""
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for label, speaker in resolved():
        outcomes[speaker.how][judge(label, speaker)] += 1
    for rule, verdict in newsroom_outcomes():
        outcomes[rule][verdict] += 1
    named = [counts for rule, counts in outcomes.items() if rule not in NAMELESS]
    overall = sum(counts["right"] for counts in named) / sum(counts.total() for counts in named)
    found = {
        rule: {
            "confidence": round(estimate(outcomes[rule]["right"], outcomes[rule].total(), overall), 3),
            "labels": outcomes[rule].total(),
        }
        for rule in calibration.RULES
    }
    for rule in NAMELESS:
        found[rule]["confidence"] = 0.0
    found["registry"] = found["full_name"]
    return found


def newsroom_outcomes() -> Iterator[tuple[str, str]]:
    """The rule behind each named speaker of the labelled articles of many kinds, and "right" or "wrong"."""
    shared = ROOT / SHARED
    own = unlabelled_texts(shared)
    articles = [
        *read_lines(shared / "newsroom" / "dev.jsonl"),
        *read_lines(Path(__file__).with_name("newsroom_own.jsonl")),
        *({**one, "text": own[one["id"]]} for one in read_lines(LABELS / "newsroom_labels.jsonl")),
    ]
    for article in articles:
        text = article["text"]
        found = extract(read_plain(text), acts="all").quotations
        words = [tokens(text, [[span.start, span.end] for span in each.content]) for each in found]
        for label in article["quotes"]:
            wanted = tokens(text, label["content"])
            best = max(range(len(found)), key=lambda n: overlap(wanted, words[n]), default=None)
            if best is None or overlap(wanted, words[best]) < LEAST_OVERLAP:
                continue
            speaker = found[best].speaker
            if speaker.name is not None and speaker.how not in BY_MODEL:
                yield speaker.how, "right" if _is_right(label, speaker) else "wrong"


def _is_right(label: dict[str, Any], speaker: Speaker) -> bool:
    if label["speaker"] is None:
        return speaker.kind != "person"
    return same_name(label["speaker"], speaker.name or "")


def estimate(right: int, seen: int, overall: float) -> float:
    """The confidence of a rule that was right so often."""
    if seen >= ENOUGH:
        return (right + PRIOR * overall) / (seen + PRIOR)
    count = seen + WEAK
    share = (right + WEAK * overall) / count
    spread = Z * math.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return (share + Z**2 / (2 * count) - spread) / (1 + Z**2 / count)


if __name__ == "__main__":
    TARGET.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")
