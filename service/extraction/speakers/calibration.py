"""How often each rule is right, measured on labelled sources.

`data/confidence.json` is written by `python -m tests.accuracy.calibrate_speakers` from the labelled dev
sources:
right answers by rule, drawn towards the share of all rules together where a rule was seen seldom.
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
    return {rule: float(share) for rule, share in json.loads(text).items()}


def confidence_of(how: str) -> float:
    """The probability, in [0, 1], that the name a rule gave is right. KeyError for what is no rule."""
    return _confidences()[how]
