"""The model card of the heads is about the weights that are shipped."""

from __future__ import annotations

import hashlib
import json

import pytest

from service.extraction.tagger.tagger import MODEL_FOLDER

EXTRACTION = MODEL_FOLDER.parent
CARD = (EXTRACTION / "training" / "heads" / "MODEL_CARD.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["attribution/data/reporting.json", "speakers/data/choice.json"])
def test_it_names_their_hash_and_the_number_of_features(name: str) -> None:
    content = (EXTRACTION / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() in CARD
    model = json.loads(content)
    counts = [len(part.get("weights", part)) for part in model.values()]
    *first, last = [f"{count:,}" for count in counts]
    assert f"{', '.join(first)} and {last}" in CARD
