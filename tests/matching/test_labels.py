"""What each kind of verdict is called and how serious it is: 0 fine, 1 look, 2 fix, 3 stop."""

from __future__ import annotations

from typing import Any

import pytest

from service.matching.labels import Axes, choose_label, summarise


@pytest.mark.parametrize(
    ("axes", "label", "severity"),
    [
        ({"fidelity": "verbatim", "attribution": "same", "evidence": "record"}, "confirmed", 0),
        ({"fidelity": "abridged", "attribution": "compatible", "evidence": "statement"}, "confirmed", 0),
        ({"fidelity": "verbatim", "attribution": "unresolved", "evidence": "record"}, "words_only", 1),
        ({"fidelity": "verbatim", "attribution": "same", "evidence": "report"}, "repeated", 1),
        ({"fidelity": "verbatim", "attribution": "misattributed", "evidence": "record"}, "wrong_person", 3),
        ({"fidelity": "no_match", "attribution": "misattributed"}, "not_found", 1),
        ({"fidelity": "altered", "attribution": "same", "changes": ("wording",)}, "changed", 2),
        ({"fidelity": "altered", "attribution": "same", "changes": ("negation",)}, "changed", 3),
        ({"fidelity": "spliced", "attribution": "same"}, "changed", 3),
        ({"fidelity": "truncated", "attribution": "same"}, "context", 2),
        ({"fidelity": "truncated", "attribution": "same", "cut_in_sentence": False}, "context", 1),
        ({"fidelity": "paraphrase", "attribution": "same"}, "paraphrased", 2),
        ({"fidelity": "supported", "attribution": "same"}, "supported", 0),
        ({"fidelity": "partly_supported", "attribution": "same"}, "partly_supported", 1),
        ({"fidelity": "ambiguous", "attribution": "unresolved"}, "unclear", 1),
        ({"fidelity": "insufficient", "attribution": "misattributed"}, "unclear", 1),
        ({"fidelity": "no_match", "attribution": "unresolved"}, "not_found", 1),
    ],
)
def test_a_verdict_has_a_label_and_a_severity(axes: dict[str, Any], label: str, severity: int) -> None:
    assert choose_label(Axes(**axes)) == (label, severity)


def test_the_worst_of_an_article_counts() -> None:
    found = summarise([("confirmed", 0), ("changed", 3), ("confirmed", 0), ("context", 1)])
    assert (dict(found.counts), found.severity) == ({"confirmed": 2, "changed": 1, "context": 1}, 3)
    assert summarise([]).severity == 0
