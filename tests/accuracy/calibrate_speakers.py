"""Write each rule's confidence from the labelled dev sources: `python -m tests.accuracy.calibrate_speakers`.

A rule's confidence is (right + PRIOR · p) / (seen + PRIOR), p being the share right over all rules. Of a rule with fewer
than `ENOUGH` labels it is the lower bound of the 95 % interval (Wilson) about that share, with a prior of `WEAK`: so a
rule that was hardly ever seen is never trusted as one that was seen often. Rules without a name get 0; a name that a
registry knows is trusted as a full name is.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from pathlib import Path

from service.extraction.speakers import calibration
from tests.accuracy.test_speakers_floor import judge, resolved

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
