"""Write each rule's confidence from the labelled dev sources: `python -m tests.accuracy.calibrate_speakers`.

A rule's confidence is (right + PRIOR · p) / (seen + PRIOR), p being the share right over all rules: with few labels
a rule is believed about as much as the resolver as a whole. Rules without a name to be sure of get 0; what a
registry knows is believed as a full name is.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

from service.extraction.speakers import calibration
from tests.accuracy.test_speakers_floor import judge, resolved

PRIOR = 6.0
NAMELESS = {"abstained", "document"}
TARGET = Path(calibration.__file__).parent / "data" / "confidence.json"


def measure() -> dict[str, float]:
    """The confidence of every rule."""
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for label, speaker in resolved():
        outcomes[speaker.how][judge(label, speaker)] += 1
    named = [counts for rule, counts in outcomes.items() if rule not in NAMELESS]
    overall = sum(counts["right"] for counts in named) / sum(counts.total() for counts in named)
    found = {
        rule: (outcomes[rule]["right"] + PRIOR * overall) / (outcomes[rule].total() + PRIOR)
        for rule in calibration.RULES
    }
    found |= dict.fromkeys(NAMELESS, 0.0)
    found["registry"] = found["full_name"]
    return {rule: round(share, 3) for rule, share in found.items()}


if __name__ == "__main__":
    TARGET.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")
