"""Fit the head for reported speech: `python -m service.claims.training.reported_speech PAIRS.jsonl …`.

A line is a pair {"clause", "utterance", "speaker", "label", "split"}. Pairs of the split `train` are fitted
and choose the thresholds by cross-validation; those of `test` are only measured. Writes
`service/matching/reported_speech/weights.json` and prints precision and recall.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.claims.encoder import ENCODER
from service.matching.reported_speech.features import NAMES, agrees_on_facts, denies_alike, measure_pair
from service.matching.reported_speech.scoring import WEIGHTS_FILE

Numbers = NDArray[np.float64]
PENALTY = 10.0
STEPS = 40
FOLDS = 10
PRECISION = 0.95
SEED = 15
DIGITS = 5


def read_pairs(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """All pairs of the files."""
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def draw_unrelated(pairs: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """For each pair to train on one of its clause and an utterance of another speaker, labelled `no`.

    The labelled pairs are all of one subject; most of what a store finds is not.
    """
    train = [pair for pair in pairs if pair["split"] == "train"]
    shuffled = [train[at] for at in np.random.default_rng(SEED).permutation(len(train))]
    for pair, other in zip(train, shuffled, strict=True):
        if pair["speaker"] != other["speaker"]:
            yield pair | {"utterance": other["utterance"], "label": "no", "split": "train"}


def fit_logistic(table: Numbers, wanted: Numbers) -> Numbers:
    """Weights [features + 1], the bias last, of a logistic model with an L2 penalty: Newton's method."""
    rows = np.c_[table, np.ones(len(table))]
    penalty = np.eye(rows.shape[1]) * PENALTY
    penalty[-1, -1] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        sure = predict(table, weights)
        slope = rows.T @ (sure - wanted) + penalty @ weights
        curvature = rows.T @ (rows * (sure * (1 - sure))[:, None]) + penalty
        weights = weights - np.linalg.solve(curvature, slope)
    return weights


def predict(table: Numbers, weights: Numbers) -> Numbers:
    """The probability of each row."""
    return np.asarray(1 / (1 + np.exp(-np.clip(table @ weights[:-1] + weights[-1], -30, 30))))


def cross_validate(table: Numbers, wanted: Numbers, folds: Numbers) -> Numbers:
    """The probability of each row by a model that has not seen its fold."""
    sure = np.zeros(len(table))
    for fold in range(FOLDS):
        held = folds == fold
        sure[held] = predict(table[held], fit_logistic(table[~held], wanted[~held]))
    return sure


def choose_threshold(sure: Numbers, wanted: Numbers) -> tuple[float, float]:
    """(threshold, recall): the lowest threshold at and above which the precision holds."""
    order = np.argsort(-sure)
    right = np.cumsum(wanted[order])
    precise = np.flatnonzero(right / np.arange(1, len(order) + 1) >= PRECISION)
    if not len(precise):
        return 1.0, 0.0
    last = int(precise[-1])
    return float(sure[order[last]]), float(right[last] / wanted.sum())


def describe(sure: Numbers, wanted: Numbers, threshold: float) -> str:
    """Precision and recall at a threshold."""
    taken = sure >= threshold
    right = float((taken * wanted).sum())
    precision = right / max(1, taken.sum())
    return f"precision {precision:.3f} recall {right / max(1.0, wanted.sum()):.3f} ({int(taken.sum())} taken)"


def write(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def main(paths: Sequence[str]) -> None:
    """Fit the head, choose its thresholds, print its precision and recall, and write it to a file."""
    pairs = read_pairs(map(Path, paths))
    pairs += list(draw_unrelated(pairs))
    table = np.array([measure_pair(pair["clause"], pair["utterance"], ENCODER.encode) for pair in pairs])
    train = np.array([pair["split"] == "train" for pair in pairs])
    mean, scale = table[train].mean(axis=0), table[train].std(axis=0) + 1e-6
    scaled = (table - mean) / scale
    folds = np.array([zlib.crc32(pair["clause"].encode()) % FOLDS for pair in pairs])
    agrees = np.array(
        [
            agrees_on_facts(row) and denies_alike(pair["clause"], pair["utterance"])
            for pair, row in zip(pairs, table, strict=True)
        ]
    )
    models = []
    for name, labels in (
        ("supported", {"supported"}),
        ("at least partly", {"supported", "partly_supported"}),
    ):
        wanted = np.array([float(pair["label"] in labels) for pair in pairs])
        held_out = cross_validate(scaled[train], wanted[train], folds[train])
        if name == "supported":
            held_out = held_out * agrees[train]
        threshold, recall = choose_threshold(held_out, wanted[train])
        weights = fit_logistic(scaled[train], wanted[train])
        models.append(weights)
        sure = predict(scaled, weights) * (agrees if name == "supported" else 1)
        write(f"{name}: threshold {threshold:.3f}, recall in cross-validation {recall:.3f}")
        write(f"  test: {describe(sure[~train], wanted[~train], threshold)}")
        for at in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9):
            write(f"  test at {at}: {describe(sure[~train], wanted[~train], at)}")
    stored = {
        "features": NAMES,
        "mean": np.round(mean, DIGITS).tolist(),
        "scale": np.round(scale, DIGITS).tolist(),
        "weights": [np.round(model[:-1], DIGITS).tolist() for model in models],
        "bias": [round(float(model[-1]), DIGITS) for model in models],
    }
    WEIGHTS_FILE.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
