"""Train what is reported at all: a logistic regression over the evidence of `attribution.reporting`.

Two heads: `reported` from the newsroom labels, `related` from PolNeAR, which takes wishes, plans and refusals
for attributions as well, and from what the newsroom labels have without marks.
`python -m service.extraction.training.heads` writes both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from service.extraction import pipeline
from service.extraction.attribution.marked_words import Marks
from service.extraction.attribution.reporting import Evidence, features, read_evidence
from service.extraction.models import Attribution
from service.extraction.tagger.layout import read_layout
from service.extraction.tagger.tagger import TAGGER
from service.extraction.training.heads.corpora import (
    LABELS,
    Labelled,
    read_lines,
    tokens,
    unlabelled_texts,
)
from service.text.plain import read_plain

LEAST_SEEN: Final = 3  # times a feature must be seen
LEAST_WEIGHT: Final = 0.03
EVERY: Final = 3  # one PolNeAR article in so many is read
EVERY_OTHER: Final = 2  # the same, where only what is not annotated is taken
UNANNOTATED: Final = 0.5  # weight of what PolNeAR does not annotate
FULLY_LABELLED: Final = 2.0  # weight of texts of which every quotation is labelled

Example = tuple[Evidence, bool, float]


def found_in(text: str) -> list[tuple[Attribution, Evidence]]:
    """What the tagger finds in a text, with the evidence that the model is shown."""
    seen: dict[object, Evidence] = {}
    original = read_evidence

    def watched(*args: object) -> Evidence:
        evidence: Evidence = original(*args)  # type: ignore[arg-type]
        seen[args[1]] = evidence
        return evidence

    setattr(pipeline, "read_evidence", watched)  # noqa: B010  what the pipeline calls, not a name it exports
    try:
        layout = read_layout(read_plain(text, None))
        attributions = pipeline.attribute(text, TAGGER.get(), layout, Marks(text, layout.passages))
    finally:
        setattr(pipeline, "read_evidence", original)  # noqa: B010
    return [(each, seen[each.content]) for each in attributions if each.content in seen]


def of_newsroom(texts: Sequence[Labelled]) -> list[Example]:
    """Each found attribution of fully labelled texts: is any of its words in a labelled quotation?"""
    examples = []
    for labelled in texts:
        covered = frozenset().union(*(tokens(labelled.text, content) for content, _ in labelled.quotes))
        for attribution, evidence in found_in(labelled.text):
            spans = [[span.start, span.end] for span in attribution.content]
            examples.append((evidence, bool(tokens(labelled.text, spans) & covered), FULLY_LABELLED))
    return examples


def of_labels(shared: Path) -> list[Example]:
    """The found attributions that we labelled one by one, of the unlabelled texts and of PolNeAR's."""
    polnear = {r["id"]: r["text"] for r in read_lines(shared / "polnear" / "train.jsonl.gz")}
    examples = _one_by_one(unlabelled_texts(shared), "reporting_labels.jsonl")
    return examples + _one_by_one(polnear, "reporting_labels_polnear.jsonl")


def _one_by_one(texts: Mapping[str, str], name: str) -> list[Example]:
    wanted: dict[str, dict[tuple[tuple[int, int], ...], bool]] = {}
    for label in read_lines(LABELS / name):
        key = tuple((start, end) for start, end in label["content"])
        wanted.setdefault(label["id"], {})[key] = label["reported"]
    examples = []
    for id_, labels in wanted.items():
        for attribution, evidence in found_in(texts[id_]):
            told = labels.get(tuple((span.start, span.end) for span in attribution.content))
            if told is not None:
                examples.append((evidence, told, 1.0))
    return examples


def outside_polnear(file: Path) -> list[Example]:
    """The found attributions of PolNeAR's articles of which no word is annotated: they report nothing.

    Its annotators marked wishes, plans and acts as well, so that what they left out is sure.
    """
    examples = []
    for number, record in enumerate(read_lines(file)):
        if number % EVERY_OTHER:
            continue
        text = record["text"]
        covered = frozenset().union(*(tokens(text, quote["content"]) for quote in record["quotes"]))
        for attribution, evidence in found_in(text):
            words = tokens(text, [[span.start, span.end] for span in attribution.content])
            if not words & covered:
                examples.append((evidence, False, UNANNOTATED))
    return examples


def without_marks(examples: Sequence[Example]) -> list[Example]:
    """Those of fully labelled texts that may be a stance: a writer's own "I hope" is labelled nowhere."""
    return [(evidence, told, 1.0) for evidence, told, _ in examples if not evidence.marked]


def of_polnear(file: Path) -> list[Example]:
    """The found attributions of PolNeAR's articles: is most of each annotated?"""
    examples = []
    for number, record in enumerate(read_lines(file)):
        if number % EVERY:
            continue
        text = record["text"]
        covered = frozenset().union(*(tokens(text, quote["content"]) for quote in record["quotes"]))
        for attribution, evidence in found_in(text):
            words = tokens(text, [[span.start, span.end] for span in attribution.content])
            examples.append((evidence, 2 * len(words & covered) >= len(words), 1.0))
    return examples


def fit(examples: Sequence[Example], strength: float) -> dict[str, float]:
    """The weights by feature; "" is the intercept. `strength` is the inverse of the L2 penalty."""
    rows = [dict.fromkeys(features(evidence), 1.0) for evidence, _, _ in examples]
    seen = Counter(name for row in rows for name in row)
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(
        [{name: value for name, value in row.items() if seen[name] >= LEAST_SEEN} for row in rows]
    )
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    model = LogisticRegression(C=strength, max_iter=500, solver="liblinear")
    model.fit(matrix, [told for _, told, _ in examples], sample_weight=[weight for *_, weight in examples])
    weights = {"": round(float(model.intercept_[0]), 3)}
    for name, weight in zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True):
        if abs(weight) >= LEAST_WEIGHT:
            weights[name] = round(float(weight), 3)
    return dict(sorted(weights.items()))
