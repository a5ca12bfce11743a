"""The choice among candidates by a model: a conditional logit over them and over "nobody named".

`data/choice.json` holds the weights for each sort of phrase, how likely an answer must be to be given, and
the
calibration; `python -m service.extraction.training.speakers` writes it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final

from service.extraction.speakers.ranking.candidates import Candidate, Sort

NOBODY: Final = "nobody:"

Watcher = Callable[[Sort, int, Sequence[Candidate], Mapping[str, float]], None]
WATCHERS: Final[list[Watcher]] = []  # told of every choice; the training listens


@lru_cache(maxsize=1)
def _model() -> dict[str, dict[str, object]]:
    text = (files("service.extraction.speakers") / "data" / "choice.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, object]] = json.loads(text)
    return loaded


def choose(
    sort: Sort, place: int, candidates: Sequence[Candidate], nobody: Mapping[str, float]
) -> tuple[Candidate | None, float]:
    """The likeliest candidate with the probability that it is meant; None with 0 if there is none.

    `nobody` are features of the phrase itself, which speak for or against that anyone named is meant.
    """
    for watcher in WATCHERS:
        watcher(sort, place, candidates, nobody)
    if not candidates:
        return None, 0.0
    weights: Mapping[str, float] = _model()[sort]["weights"]  # type: ignore[assignment]
    scores = [sum(weights.get(name, 0.0) * value for name, value in c.features.items()) for c in candidates]
    scores.append(
        weights.get(NOBODY, 0.0) + sum(weights.get(NOBODY + name, 0.0) * v for name, v in nobody.items())
    )
    top = max(scores)
    total = sum(math.exp(score - top) for score in scores)
    best = max(range(len(candidates)), key=scores.__getitem__)
    return candidates[best], math.exp(scores[best] - top) / total


def least(sort: Sort) -> float:
    """The probability below which no speaker of this sort is named."""
    return float(_model()[sort]["least"])  # type: ignore[arg-type]
