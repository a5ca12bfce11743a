"""Which verdicts a person is to look at, and how soon."""

from itertools import product
from typing import get_args

import pytest

from schemas.quotes import FIDELITY
from schemas.reviews import HUMAN_FIDELITY
from service.matching.models import AttributionCode, Change, Fidelity, TimeCode
from service.matching.review_triage import VERDICT_RULES, Axes, find_doubts

CASES = [
    # fidelity, changes, attribution, time, confidence -> rules
    ("altered", ["negation"], "same", "recent", 0.9, ["meaning_altered"]),
    ("altered", ["wording", "number"], "same", "recent", 0.9, ["meaning_altered"]),
    ("altered", ["wording"], "same", "recent", 0.9, ["wording_altered"]),
    ("altered", ["omission"], "same", "recycled", 0.9, ["wording_altered"]),
    ("altered", ["entity"], "misattributed", "recent", 0.9, ["meaning_altered", "misattributed"]),
    ("altered", ["wording"], "misattributed", "recent", 0.3, ["wording_altered", "speaker_in_doubt"]),
    ("verbatim", [], "misattributed", "recent", 0.6, ["misattributed"]),
    ("verbatim", [], "misattributed", "recent", 0.59, ["speaker_in_doubt"]),
    ("truncated", [], "same", "recent", 0.9, ["qualifier_cut"]),
    ("spliced", [], "compatible", "recent", 0.9, ["spliced"]),
    ("verbatim", [], "same", "anachronistic", 0.9, ["anachronistic"]),
    ("ambiguous", [], "unresolved", "undated", 0.9, ["sources_differ"]),
    ("paraphrase", [], "same", "recent", 0.9, ["paraphrase_in_quotation_marks"]),
    # what stands by itself, promises no words, or says nothing
    ("verbatim", [], "same", "contemporaneous", 0.9, []),
    ("verbatim", [], "same", "recycled", 0.9, []),
    ("verbatim", [], "compatible", "recent", 0.9, []),
    ("near_verbatim", [], "anonymous", "recent", 0.9, []),
    ("abridged", [], "same", "recent", 0.9, []),
    ("no_match", [], "unresolved", "undated", 0.9, []),
    ("insufficient", [], "unresolved", "undated", 0.9, []),
    ("supported", [], "misattributed", "anachronistic", 0.9, []),
    ("partly_supported", [], "misattributed", "recent", 0.9, []),
]


@pytest.mark.parametrize(("fidelity", "changes", "attribution", "time", "confidence", "rules"), CASES)
def test_rules(fidelity, changes, attribution, time, confidence, rules):
    axes = Axes(fidelity, tuple(changes), attribution, time, confidence)
    assert [doubt.rule for doubt in find_doubts(axes)] == rules


def test_the_most_urgent_comes_first_whatever_the_verdict():
    fired = set()
    for fidelity, attribution, time, change, confidence in product(
        get_args(Fidelity), get_args(AttributionCode), get_args(TimeCode), get_args(Change), (0.1, 0.9)
    ):
        found = find_doubts(Axes(fidelity, (change,), attribution, time, confidence))
        assert [doubt.urgency for doubt in found] == sorted(doubt.urgency for doubt in found)
        fired |= {doubt.rule for doubt in found}
    assert fired == set(VERDICT_RULES)


def test_no_machine_says_fabricated():
    """Neither its code (mypy holds it to the type) nor the schema of its answers knows the word."""
    assert set(get_args(Fidelity)) == set(FIDELITY)
    assert set(HUMAN_FIDELITY) - set(FIDELITY) == {"fabricated"}
    assert not {"fabricated", "false", "true"} & set(FIDELITY)
