"""Floors on the project's own labelled data, which every checkout has. They are lowered only with a written reason."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from service.extraction import extract
from service.extraction.models import Quotation
from service.matching import Claim, Judgement, Searched, judge
from service.text.plain import read_plain
from tests.accuracy.own_articles import OWN, Labelled, OwnArticle, read_own_articles
from tests.accuracy.scoring import ExtractionScore, normal_name, pair
from tests.matching.memory_index import load_transcripts

# Measured on 2026-11-30: F1 0.981, recall 1.0 of each kind, 76 speakers of 79 right and one wrong, 93 verdicts of 93.
LEAST_F1 = 0.97
LEAST_RECALL = 0.98  # of each kind of quotation
LEAST_RIGHT_SPEAKERS = 0.95
MOST_WRONG_SPEAKERS = 0.02  # named, but not the one who spoke; the rest is left open
LEAST_RIGHT_VERDICTS = 0.98
LEAST_RIGHT_OF_KIND = 0.75  # one case of four may tip
CHANGED_MEANING = {"negation", "number", "entity", "modality"}

Answered = list[tuple[OwnArticle, tuple[Quotation, ...]]]


@pytest.fixture(scope="module")
def answered() -> Answered:
    return [(article, extract(read_plain(article.text)).quotations) for article in read_own_articles()]


@pytest.fixture(scope="module")
def score(answered: Answered) -> ExtractionScore:
    score = ExtractionScore()
    for article, found in answered:
        score.add(article.text, article.quotations, found)
    return score


def test_there_is_enough_of_each_kind(score: ExtractionScore) -> None:
    assert score.labelled.total() >= 75
    assert min(score.labelled[kind] for kind in ("direct", "indirect", "mixed")) >= 10


def test_quotations_are_found_with_their_sources(score: ExtractionScore) -> None:
    print(f"f1 {score.f1():.3f}")
    assert score.f1() >= LEAST_F1


@pytest.mark.parametrize("kind", ["direct", "indirect", "mixed"])
def test_quotations_of_each_kind_are_found(score: ExtractionScore, kind: str) -> None:
    print(f"recall of {kind} {score.recall(kind):.3f}")
    assert score.recall(kind) >= LEAST_RECALL


def outcome(labelled: Labelled, found: Quotation) -> str:
    name = found.speaker.name
    if normal_name(name) in {normal_name(right) for right in labelled.speakers}:
        return "right"
    return "open" if name is None else "wrong"


def test_speakers_are_named_rightly(answered: Answered) -> None:
    outcomes: Counter[str] = Counter()
    for article, found in answered:
        for number, place in pair(article.text, article.quotations, found).items():
            outcomes[outcome(article.quotations[number], found[place])] += 1
    print(outcomes)
    assert outcomes["right"] >= LEAST_RIGHT_SPEAKERS * outcomes.total()
    assert outcomes["wrong"] <= MOST_WRONG_SPEAKERS * outcomes.total()


@pytest.fixture(scope="module")
def judged() -> list[tuple[dict[str, Any], Judgement]]:
    """Every case, and the verdict on it: shown are the quotation, its speaker and the date, nothing else."""
    index = load_transcripts(OWN / "transcripts.jsonl")
    cases = [json.loads(line) for line in (OWN / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()]
    claims = [Claim(case["quote"], case["speaker"], date.fromisoformat(case["date"])) for case in cases]
    searched = Searched(len(index), None)
    return [
        (case, judge(claim, index.find(case["quote"]), searched))
        for case, claim in zip(cases, claims, strict=True)
    ]


def is_right(case: dict[str, Any], judgement: Judgement) -> bool:
    """Whether it is right on every axis that the case is labelled on, and names the source."""
    verdict, expected = judgement.verdict, case["expected"]
    axes = {"fidelity": verdict.fidelity, "attribution": verdict.attribution, "time": verdict.time}
    found = judgement.matches[0].origin.uri if judgement.matches else None
    return (
        all(axes[axis] == value for axis, value in expected.items() if axis != "change")
        and expected.get("change", "") in ("", *verdict.changes)
        and case["source"] in (None, found)
    )


def test_verdicts_are_right(judged: list[tuple[dict[str, Any], Judgement]]) -> None:
    right, kinds = Counter[str](), Counter[str]()
    for case, judgement in judged:
        kinds[case["kind"]] += 1
        right[case["kind"]] += is_right(case, judgement)
    print(right.total(), kinds.total(), kinds - right)
    assert len(kinds) == 17
    assert {kind: right[kind] for kind in kinds if right[kind] < LEAST_RIGHT_OF_KIND * kinds[kind]} == {}
    assert right.total() >= LEAST_RIGHT_VERDICTS * kinds.total()


def test_no_changed_meaning_passes(judged: list[tuple[dict[str, Any], Judgement]]) -> None:
    of_kind = [(case, judgement) for case, judgement in judged if case["kind"] in CHANGED_MEANING]
    passed = {"verbatim", "near_verbatim", "abridged"}
    assert len(of_kind) >= 24
    assert [case["id"] for case, judgement in of_kind if judgement.verdict.fidelity in passed] == []


def test_no_absent_quotation_is_given_a_source(judged: list[tuple[dict[str, Any], Judgement]]) -> None:
    absent = [(case, judgement) for case, judgement in judged if case["kind"] == "absent"]
    assert len(absent) >= 6
    assert [case["id"] for case, judgement in absent if judgement.matches] == []
