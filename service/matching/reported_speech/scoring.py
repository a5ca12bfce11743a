"""The model's head: the probability that an utterance supports a reported clause, wholly or in part."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from service.matching.reported_speech.features import (
    NAMES,
    Encode,
    Floats,
    agrees_on_facts,
    compare_meanings,
    denies_alike,
    has_new_facts,
    lacks_number,
    measure_pair,
    read_meaning,
)
from service.matching.thresholds import MOST_MEASURED, MOST_PARAPHRASES_SCORED, PARAPHRASE_HEAD_WEIGHT

WEIGHTS_FILE: Final = Path(__file__).parent / "weights.json"


@dataclass(frozen=True, slots=True)
class Head:
    """Two logistic models over the same features: `supported`, and `supported` or `partly_supported`."""

    mean: Floats
    scale: Floats
    weights: Floats  # [2, features]
    bias: Floats  # [2]

    def score(self, features: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
        """(probability of `supported`, of at least `partly_supported`) of each row."""
        table = (np.array(features, dtype=np.float32) - self.mean) / self.scale
        logits = table @ self.weights.T + self.bias
        return [(float(a), float(b)) for a, b in 1 / (1 + np.exp(-np.clip(logits, -30, 30)))]


@cache
def load_head() -> Head:
    """The head that comes with the program. Raises ValueError if it was fitted to other features."""
    stored = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    if tuple(stored["features"]) != NAMES:
        raise ValueError(f"{WEIGHTS_FILE.name} is of other features: fit it anew")
    mean, scale, weights, bias = (
        np.array(stored[name], dtype=np.float32) for name in ("mean", "scale", "weights", "bias")
    )
    return Head(mean, scale, weights, bias)


def score_pairs(clause: str, utterances: Sequence[str], encode: Encode) -> list[tuple[float, float]]:
    """Scores of each utterance, as `Head.score` gives them; those past `MOST_MEASURED` score nothing.

    One that lacks a number or a name of the clause, or denies what that does not, never bears it out.
    """
    measured = [measure_pair(clause, utterance, encode) for utterance in utterances[:MOST_MEASURED]]
    unmeasured = [(0.0, 0.0)] * (len(utterances) - len(measured))
    scores = load_head().score(measured) if measured else []
    agreeing = [
        (wholly if agrees_on_facts(features) and denies_alike(clause, utterance) else 0.0, partly)
        for (wholly, partly), features, utterance in zip(
            scores, measured, utterances[: len(measured)], strict=True
        )
    ]
    return [*agreeing, *unmeasured]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How an utterance is like words that may be a paraphrase of it.

    `score` is None where one has a number, a name or a denial that the other lacks; `clashes`, where numbers
    or denials differ.
    """

    at: int  # number of the utterance
    meaning: float
    score: float | None
    clashes: bool


def compare_with_words(words: str, utterances: Sequence[str], encode: Encode) -> list[Likeness]:
    """The utterances that are nearest to words in meaning, with how sure it is that they say the same."""
    cosines = compare_meanings(words, utterances, encode)
    nearest = sorted(range(len(utterances)), key=lambda at: -cosines[at])[:MOST_PARAPHRASES_SCORED]
    return [_measure_likeness(at, words, utterances[at], encode) for at in nearest]


def _measure_likeness(at: int, words: str, utterance: str, encode: Encode) -> Likeness:
    features = measure_pair(words, utterance, encode)
    meaning, denies_other = read_meaning(features), not denies_alike(words, utterance)
    score = None
    if not has_new_facts(features) and not denies_other:
        wholly = min(max(load_head().score([features])[0][0], 0.001), 0.999)
        score = meaning + PARAPHRASE_HEAD_WEIGHT * math.log(wholly / (1 - wholly))
    return Likeness(at, meaning, score, lacks_number(features) or denies_other)
