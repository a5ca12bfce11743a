"""The confidence of rules: measured where there are labels, low where there are few."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from service.extraction.speakers.calibration import RULES, confidence_of

ENOUGH = 20  # labels
NAMELESS = {"abstained", "document"}
STORED = json.loads(
    (files("service.extraction.speakers") / "data" / "confidence.json").read_text(encoding="utf-8")
)


def test_every_rule_has_a_confidence() -> None:
    assert set(STORED) == set(RULES)
    assert all(0.0 <= confidence_of(rule) < 1.0 for rule in RULES)


@pytest.mark.parametrize("rule", [rule for rule in RULES if STORED[rule]["labels"] < ENOUGH])
def test_a_rule_with_few_labels_is_not_called_sure(rule: str) -> None:
    assert confidence_of(rule) < 0.85


def test_a_rule_without_labels_is_less_sure_than_any_that_was_measured() -> None:
    measured = [
        confidence_of(rule) for rule in RULES if STORED[rule]["labels"] >= ENOUGH and rule not in NAMELESS
    ]
    unlabelled = [confidence_of(rule) for rule in RULES if STORED[rule]["labels"] == 0]
    assert len(unlabelled) >= 3
    assert max(unlabelled) < min(measured)
