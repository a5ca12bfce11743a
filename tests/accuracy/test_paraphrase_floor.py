"""Paraphrases in quotation marks against the interview that they paraphrase, and against it without that turn.

The paraphrases are our own; the interviews lie beside the checkout. `python -m tests.accuracy.test_paraphrase_floor`
prints the figures of docs/figures/drafts.md.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from service.claims.encoder import ENCODER
from service.matching import judge
from service.matching.given import GivenIndex, GivenSource
from service.matching.models import Claim, Origin, Searched
from service.sources.reading import read_source
from service.sources.utterances import utterances_of
from tests.selection import corpora_path

PAIRS = Path(__file__).parent / "paraphrases.jsonl"
ORIGIN = Origin("given:0", "Interview", "", None, "interview", "record", given=True, number=0)


def judge_all():
    """The labels of the paraphrases, of the versions with another sense, and of the paraphrases where the turn
    that they paraphrase is not in the interview."""
    labels = {"paraphrase": Counter(), "other sense": Counter(), "absent": Counter()}
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        file = corpora_path(f"data/interviews/{pair['interview']}")
        utterances = utterances_of(read_source(file.read_bytes(), name=file.name))
        [turn] = {
            one.turn
            for one in utterances
            if one.text.startswith(pair["starts"]) and one.speaker == pair["speaker"]
        }
        without = tuple(one for one in utterances if one.turn != turn)
        for name, words, sentences in (
            ("paraphrase", pair["paraphrase"], utterances),
            ("other sense", pair["other_sense"], utterances),
            ("absent", pair["paraphrase"], without),
        ):
            claim = Claim(words, pair["speaker"])
            found = GivenIndex.of([GivenSource(ORIGIN, sentences)]).find(claim)
            verdict = judge(claim, found, Searched(0, None, given=1), encode=ENCODER.encode).verdict
            labels[name][verdict.label] += 1
    return labels


@pytest.mark.corpora
def test_paraphrases_are_told_and_little_else():
    labels = judge_all()
    share = {name: counts["paraphrased"] / counts.total() for name, counts in labels.items()}
    assert share["paraphrase"] >= 0.55
    assert share["other sense"] <= 0.25
    assert share["absent"] <= 0.05
    assert sum(counts["confirmed"] for counts in labels.values()) == 0


if __name__ == "__main__":
    for name, counts in judge_all().items():
        print(name, dict(counts))
