"""The model card of the tagger says what is shipped and what was tried."""

from __future__ import annotations

import hashlib
import json
import re

from service.extraction.tagger.tagger import MODEL_FILE, MODEL_FOLDER
from service.extraction.thresholds import LEAST_BELIEVED

CARD = (MODEL_FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")
TRIED = (MODEL_FOLDER.parent / "training" / "TRIED.md").read_text(encoding="utf-8")


def test_it_is_of_the_model_that_is_there() -> None:
    assert hashlib.sha256((MODEL_FOLDER / MODEL_FILE).read_bytes()).hexdigest() in CARD


def test_what_was_tried_is_what_the_training_keeps() -> None:
    assert CARD.partition("## What was tried")[2].strip() == TRIED.strip()


def test_the_belief_that_is_asked_for_is_the_one_of_the_code() -> None:
    assert f"a belief of {LEAST_BELIEVED:g} is asked for" in TRIED


def test_the_recipe_is_that_of_the_config() -> None:
    recipe = json.loads((MODEL_FOLDER / "config.json").read_text(encoding="utf-8"))["recipe"]
    schedules = [*recipe["teacher"], *(stage["schedule"] for stage in recipe["stages"])]
    told = re.findall(
        r"(\d+) epochs at ([\d.e-]+) \((\d+)% of words hidden, pointers weighing ([\d.]+)\)", CARD
    )
    assert [(int(e), float(r), int(h) / 100, float(w)) for e, r, h, w in told] == [
        (one["epochs"], one["rate"], one["hidden_words"], one["pointer_weight"]) for one in schedules
    ]
