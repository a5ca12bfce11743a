"""The confidence of each rule: how often it is right, measured on labelled sources.

`python -m tests.accuracy.calibrate_speakers` writes `data/confidence.json` from the labelled dev sources,
with the number of labels of each rule. A rule with fewer than 20 labels has a low confidence: the lower bound
of the 95 % interval.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

RULES = (
    "full_name", "surname", "shared_surname", "lone_surname", "given_name", "several_names", "handle",
    "apposition",
    "pronoun", "plural_pronoun", "neuter_pronoun", "relative", "first_person", "role", "possessive_role",
    "salient_role", "named_later", "organisation", "organisation_noun", "possessive_organisation",
    "proper_name", "lone_name",
    "document", "document_issuer", "group", "anonymous", "registry", "abstained",
)  # fmt: skip


@lru_cache(maxsize=1)
def _confidences() -> dict[str, float]:
    text = (files(__package__) / "data" / "confidence.json").read_text(encoding="utf-8")
    return {rule: float(entry["confidence"]) for rule, entry in json.loads(text).items()}


def confidence_of(how: str) -> float:
    """The confidence, in [0, 1], in a name that a rule gave. Raises KeyError for an unknown rule."""
    return _confidences()[how]
