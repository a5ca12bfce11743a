"""The model's head: the probability that an utterance supports a reported clause, wholly or in part."""

from __future__ import annotations

import json
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
    denies_alike,
    measure_pair,
)
from service.matching.thresholds import MOST_MEASURED

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
