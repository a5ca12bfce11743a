"""What `extract()` must reach on PolNeAR's dev part. The corpus is named by its hash: other data, other floors."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from service.extraction.tagger import TAGGER
from service.extraction.training.corpus import read_articles
from service.extraction.training.evaluate import load_scorer, score

SHARED = Path(__file__).resolve().parents[2] / "../shared"
DEV = SHARED / "data/polnear/dev.jsonl.gz"
DEV_SHA256 = "b0bca5ed901c0a9eb08dacb67846c4c56d9df865906da097fc9539ba8b8563f6"


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    assert hashlib.sha256(DEV.read_bytes()).hexdigest() == DEV_SHA256
    return score(list(read_articles(DEV)), load_scorer(SHARED / "score/score_extraction.py"), TAGGER.get())


FLOORS = {"attribution@0.8": 0.0}


@pytest.mark.parametrize(("metric", "floor"), FLOORS.items(), ids=FLOORS.keys())
def test_f1_is_not_below_its_floor(report: dict[str, Any], metric: str, floor: float) -> None:
    assert report["metrics"][metric]["f1"] >= floor
