"""Train the choice of speakers: conditional logits over the candidates, one for each sort of phrase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from service.extraction import pipeline
from service.extraction.attribution.marked_words import Marks
from service.extraction.models import Attribution
from service.extraction.speakers import resolve_speakers
from service.extraction.speakers.ranking import choice
from service.extraction.speakers.ranking.candidates import Candidate, Sort
from service.extraction.speakers.ranking.choice import NOBODY
from service.extraction.speakers.tokens import read_tokens
from service.extraction.tagger.layout import read_layout
from service.extraction.tagger.tagger import TAGGER
from service.extraction.training.heads.corpora import Labelled, overlap, same_name, tokens
from service.extraction.training.heads.synthetic import Story
from service.text.plain import read_plain

LEAST_OVERLAP: Final = 0.6  # of a found content and a labelled one that are the same quotation
SYNTHETIC_WEIGHT: Final = 0.15
PENALTIES: Final[Mapping[Sort, float]] = {"pronoun": 8.0, "person": 0.5, "body": 3.0}
LEAST: Final[Mapping[Sort, float]] = {"pronoun": 0.5, "person": 0.5, "body": 0.5}
LEAST_WEIGHT: Final = 0.02


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice as the model is shown it; `right` are the candidates that are meant, none for nobody
    named.
    """

    sort: Sort
    candidates: list[dict[str, float]]
    nobody: dict[str, float]
    right: list[int]
    weight: float = 1.0


Logged = tuple[Sort, int, list[tuple[str, dict[str, float]]], dict[str, float]]


def watch(text: str, attributions: Sequence[Attribution]) -> list[Logged]:
    """Every choice made while the sources of a text are resolved; places in code points."""
    logged: list[Logged] = []

    def listen(sort: Sort, place: int, found: Sequence[Candidate], nobody: Mapping[str, float]) -> None:
        logged.append((sort, place, [(one.name, dict(one.features)) for one in found], dict(nobody)))

    choice.WATCHERS.append(listen)
    try:
        resolve_speakers(text, attributions)
    finally:
        choice.WATCHERS.remove(listen)
    words = read_tokens(text)
    return [(sort, words[place].start, found, nobody) for sort, place, found, nobody in logged]


def of_text(labelled: Labelled) -> list[Choice]:
    """The choices of a text whose source is labelled, each once."""
    text = labelled.text
    layout = read_layout(read_plain(text, None))
    attributions = pipeline.attribute(text, TAGGER.get(), layout, Marks(text, layout.passages))
    words = [tokens(text, [[span.start, span.end] for span in each.content]) for each in attributions]
    told: dict[tuple[int, int], list[str | None]] = {}
    for content, names in labelled.quotes:
        wanted = tokens(text, content)
        best = max(range(len(words)), key=lambda n: overlap(wanted, words[n]), default=None)
        if best is not None and overlap(wanted, words[best]) >= LEAST_OVERLAP and attributions[best].source:
            told[_ends(attributions[best])] = names
    for at, names in labelled.sources:
        for each in attributions:
            if each.source and each.source[0].start <= at < each.source[0].end:
                told[_ends(each)] = names
    found: dict[tuple[Sort, int], Choice] = {}
    for sort, at, candidates, nobody in watch(text, attributions):
        meant = next((names for (start, end), names in told.items() if start <= at < end), None)
        if meant is not None:
            found[sort, at] = _choice(sort, candidates, nobody, [name for name in meant if name])
    return list(found.values())


def _ends(attribution: Attribution) -> tuple[int, int]:
    return attribution.source[0].start, attribution.source[0].end


def of_story(story: Story) -> list[Choice]:
    """The choices at the source of a story made from a template."""
    start, end = story.source
    return [
        _choice(sort, candidates, nobody, [story.name] if story.name else [], SYNTHETIC_WEIGHT)
        for sort, at, candidates, nobody in watch(story.text, story.attributions)
        if start <= at < end
    ]


def _choice(
    sort: Sort,
    candidates: list[tuple[str, dict[str, float]]],
    nobody: dict[str, float],
    names: list[str],
    weight: float = 1.0,
) -> Choice:
    right = [n for n, (name, _) in enumerate(candidates) if any(same_name(told, name) for told in names)]
    return Choice(sort, [features for _, features in candidates], nobody, right, weight)


def fit(choices: Sequence[Choice], penalty: float) -> dict[str, float]:
    """The weights by feature that make the right candidates likeliest, less an L2 penalty."""
    vocabulary: dict[str, int] = {}
    rows, columns, values, groups, right = [], [], [], [], []
    number = 0
    for group, one in enumerate(choices):
        nobody = {NOBODY: 1.0, **{NOBODY + name: value for name, value in one.nobody.items()}}
        answers = one.right or [len(one.candidates)]
        for place, features in enumerate([*one.candidates, nobody]):
            for name, value in features.items():
                rows.append(number)
                columns.append(vocabulary.setdefault(name, len(vocabulary)))
                values.append(value)
            groups.append(group)
            right.append(place in answers)
            number += 1
    matrix = csr_matrix((values, (rows, columns)), shape=(number, len(vocabulary)))
    found = minimize(
        _loss, np.zeros(len(vocabulary)), jac=True, method="L-BFGS-B", options={"maxiter": 300},
        args=(matrix, np.array(groups), np.array(right), np.array([c.weight for c in choices]), penalty),
    )  # fmt: skip
    weights = {name: round(float(found.x[column]), 3) for name, column in vocabulary.items()}
    return {name: weight for name, weight in sorted(weights.items()) if abs(weight) >= LEAST_WEIGHT}


def _loss(  # noqa: PLR0913, PLR0917  scipy hands its arguments on one by one
    weights: Any, matrix: Any, groups: Any, right: Any, importance: Any, penalty: float
) -> tuple[float, Any]:
    """Minus the weighted log likelihood, and its gradient."""
    scores = matrix @ weights
    tops = np.full(len(importance), -np.inf)
    np.maximum.at(tops, groups, scores)
    likely = np.exp(scores - tops[groups])
    total = np.bincount(groups, likely, len(importance))
    hit = np.bincount(groups, likely * right, len(importance)) + 1e-300
    loss = -(importance * (np.log(hit) - np.log(total))).sum() + penalty * (weights @ weights) / 2
    slope = likely / total[groups] - likely * right / hit[groups]
    return float(loss), matrix.T @ (slope * importance[groups]) + penalty * weights
