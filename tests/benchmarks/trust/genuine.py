"""Genuine quotations: sentences of real interviews, and the labelled cases of the debates."""

from __future__ import annotations

import importlib.util
import itertools
import random
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.benchmarks.trust.checkout import Checkout
from tests.benchmarks.trust.corpora import (
    SEED,
    SHARED,
    Record,
    read_interviews,
    read_lines,
    read_transcripts,
    split_sentences,
    split_words,
)
from tests.benchmarks.trust.readings import Count, example_of, label_of

PER_INTERVIEW = 20
LEAST_WORDS = 8
MARKED = ("[", "]", "…", "...", "–", "—", '"', "“")  # a sentence with one of these is no ordinary one


@dataclass(slots=True)
class GenuineFigures:
    """Of single sentences and of two neighbouring ones: confirmed, in context, and neither."""

    confirmed: Count = field(default_factory=Count)
    context: Count = field(default_factory=Count)
    neither: Count = field(default_factory=Count)

    def add(self, answer: dict[str, Any], uri: str) -> None:
        """Count the answer to one quotation."""
        label = label_of(answer["verdict"])
        shown = example_of(answer, uri)
        self.confirmed.add(label == "confirmed")
        self.context.add(label == "context", shown)
        self.neither.add(label not in ("confirmed", "context"), shown)

    @property
    def percent(self) -> float:
        """The share that is confirmed or in context."""
        return self.confirmed.percent + self.context.percent


def is_ordinary(sentence: str) -> bool:
    """Whether a sentence may be quoted as it stands: whole, long enough and without marks of its own."""
    whole = sentence[0].isupper() and sentence[-1] in ".!?"
    return (
        whole and len(split_words(sentence)) >= LEAST_WORDS and not any(mark in sentence for mark in MARKED)
    )


def choose_sentences(interview: Record, chance: random.Random) -> tuple[list[Any], list[Any]]:
    """Sentences and pairs of neighbours, each with its speaker, of one interview."""
    single, double = [], []
    for turn in interview["turns"]:
        if len(turn["speaker"].split()) < 2:
            continue  # a first name alone is nobody's full name
        sentences = split_sentences(turn["text"])
        single += [(one, turn["speaker"]) for one in sentences if is_ordinary(one)]
        double += [
            (f"{one} {other}", turn["speaker"])
            for one, other in itertools.pairwise(sentences)
            if is_ordinary(one) and is_ordinary(other)
        ]
    return tuple(chance.sample(found, min(PER_INTERVIEW, len(found))) for found in (single, double))  # type: ignore[return-value]


@cache
def choose_genuine() -> tuple[tuple[int, str, str, str], ...]:
    """(sentences, words, speaker, address) of every quotation to ask for."""
    chance = random.Random(SEED)
    return tuple(
        (size, words, speaker, interview["uri"])
        for interview in read_interviews()
        for size, chosen in enumerate(choose_sentences(interview, chance), 1)
        for words, speaker in chosen
    )


def measure_genuine(checkout: Checkout) -> tuple[GenuineFigures, GenuineFigures]:
    """What is said of genuine single sentences, and of two that follow one another."""
    figures = GenuineFigures(), GenuineFigures()
    with checkout.serving(read_interviews()) as service:
        for size, words, speaker, uri in choose_genuine():
            figures[size - 1].add(service.check(words, speaker), uri)
    return figures


def measure_labelled(checkout: Checkout) -> tuple[float, list[dict[str, Any]]]:
    """The share of cases right on every axis, the mean over kinds in percent; and those that are not."""
    cases = read_lines(SHARED / "data/verdicts/cases.jsonl")
    with checkout.serving(read_transcripts()) as service:
        answers = {case["id"]: service.check(case["quote"], case["speaker"], case["date"]) for case in cases}
    scorer = load_scorer()
    wrong = [
        {"case": case["id"], "wanted": case["expected"], **example_of(answers[case["id"]], case["kind"])}
        for case in cases
        if not all(scorer.judge(case, answers[case["id"]]).values())
    ]
    return 100 * scorer.score(cases, answers)["macro"], wrong


def load_scorer() -> Any:
    """The scorer of verdicts beside the checkout, which is no package."""
    spec = importlib.util.spec_from_file_location("score_verdicts", SHARED / "score/score_verdicts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
