"""How often a source is resolved to the right speaker, by kind of source, and the floors it may not fall below.

`speakers_dev.jsonl` holds 402 sources of PolNeAR's dev articles, up to five an article drawn by a fixed seed and
labelled by reading the article: the names that are right (null where abstaining is right) and the kinds. The
resolver was developed on train articles, but for corrections of documents, organisations, apostrophes, surnames
of two words and whom a pronoun cannot mean, which were read off these labels. Print the table with `-s`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from service.extraction.models import Attribution, Speaker
from service.extraction.speakers import resolve_speakers
from service.extraction.speakers.calibration import confidence_of
from service.text.span import Span
from tests.accuracy.scoring import normal_name
from tests.selection import corpora_path

pytestmark = pytest.mark.corpora

CORPUS = "data/polnear/dev.jsonl.gz"
CORPUS_SHA256 = "b0bca5ed901c0a9eb08dacb67846c4c56d9df865906da097fc9539ba8b8563f6"
LABELS = Path(__file__).with_name("speakers_dev.jsonl")
FLOORS = {  # right at least, in percent, by form; about a point below what was measured
    "all": 89, "full_name": 95, "surname": 95, "pronoun": 81, "organisation": 82, "group": 95, "anonymous": 99,
    "role": 57, "document": 93, "kind of speaker": 92,
}  # fmt: skip
MOST_WRONG_NAMES = 4.8  # percent of all sources


@cache
def read_articles() -> dict[str, dict]:
    data = corpora_path(CORPUS).read_bytes()
    assert hashlib.sha256(data).hexdigest() == CORPUS_SHA256, "the labels belong to another corpus"
    articles = map(json.loads, gzip.decompress(data).decode().splitlines())
    return {article["id"]: article for article in articles}


def spans(value: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in value)


def resolved() -> Iterator[tuple[dict, Speaker]]:
    """Every label with the speaker that its source was resolved to."""
    articles = read_articles()
    by_article = defaultdict(list)
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        by_article[label["id"]].append(label)
    for article_id, labels in by_article.items():
        article = articles[article_id]
        attributions = [
            Attribution(spans(q["content"]), spans(q["cue"]), spans(q["source"])) for q in article["quotes"]
        ]
        answers = resolve_speakers(article["text"], attributions)
        speakers = {a.source: speaker for a, (speaker, _) in zip(attributions, answers, strict=True)}
        for label in labels:
            yield label, speakers[spans(label["source"])]


def judge(label: dict, speaker: Speaker) -> str:
    """right, abstained or wrong."""
    names = {normal_name(name) for name in label["names"]}
    if normal_name(speaker.name) in names:
        return "right"
    return "abstained" if speaker.name is None else "wrong"


def table(outcomes: dict[str, Counter[str]]) -> str:
    lines = [f"{'':16}{'n':>5}{'right':>8}{'abst.':>8}{'wrong':>8}"]
    for name, counts in outcomes.items():
        total = counts.total()
        shares = "".join(f"{100 * counts[k] / total:8.1f}" for k in ("right", "abstained", "wrong"))
        lines.append(f"{name:16}{total:5}{shares}")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Counter[str]]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    kinds = Counter()
    for label, speaker in resolved():
        outcome = judge(label, speaker)
        counted[label["form"]][outcome] += 1
        counted["all"][outcome] += 1
        kinds["right" if speaker.kind in label["kinds"] else "wrong"] += 1
    counted["kind of speaker"] = kinds
    print("\n" + table(counted))
    return counted


def test_labels_are_enough():
    assert len(LABELS.read_text(encoding="utf-8").splitlines()) >= 300


@pytest.mark.parametrize("form", FLOORS)
def test_accuracy_keeps_its_floor(outcomes, form):
    counts = outcomes[form]
    assert 100 * counts["right"] / counts.total() >= FLOORS[form]


def test_wrong_names_stay_rare(outcomes):
    assert 100 * outcomes["all"]["wrong"] / outcomes["all"].total() <= MOST_WRONG_NAMES


def test_confidences_are_those_measured(outcomes):
    """The file is written by `python -m tests.accuracy.calibrate_speakers`; a changed rule must be measured again."""
    from tests.accuracy.calibrate_speakers import measure

    checked = list(measure().items())
    assert checked
    for rule, entry in checked:
        assert confidence_of(rule) == pytest.approx(entry["confidence"], abs=0.03), rule
