"""Which fact-checks review the claim that a text repeats, how sure that is, and why.

Two sets of weights over the same features, learnt by `service.claims.training`: one orders the candidates of
a text, the other says how sure a pair is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import numpy as np

from service.claims.encoder import Floats
from service.claims.factcheck import Factcheck
from service.claims.features import NAMES, Found, measure
from service.claims.query import Query

RANKING_FILE: Final = Path(__file__).parent / "data" / "ranking.json"
SHORTLIST: Final = 32  # candidates that are measured in full
LEAST_WORDS: Final = 4  # of a text: what is shorter repeats no claim
LEAST_TELLING: Final = 22.0  # weight of a text's words: "the President of the United States" has 14

Status = Literal["match", "possible"]
Reason = Literal["same_words", "same_meaning", "same_names", "same_figures", "same_quotation"]


WORDING: Final[dict[Reason, str]] = {
    "same_quotation": "the quotation",
    "same_words": "most telling words",
    "same_meaning": "their meaning",
    "same_names": "names",
    "same_figures": "figures",
}


@dataclass(frozen=True, slots=True)
class RankedFactcheck:
    """A fact-check of a text's claim, as far as can be told.

    `confidence` is the share of such pairs that were right among those the weights were made with.
    """

    factcheck: Factcheck
    confidence: float
    status: Status | None  # None: below what is worth offering
    reasons: tuple[Reason, ...]

    @property
    def explanation(self) -> str:
        """One sentence for a journalist."""
        who = self.factcheck.publisher or self.factcheck.site
        rated = f" and rated “{self.factcheck.rating}”" if self.factcheck.rating else ""
        parts = [WORDING[reason] for reason in self.reasons]
        common = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
        shares = f" The two share {common}." if common else ""
        if self.status == "match":
            return f"This repeats a claim that {who} reviewed{rated}.{shares}"
        return f"This may repeat a claim that {who} reviewed{rated}; look before you rely on it.{shares}"


@dataclass(frozen=True, slots=True)
class Weights:
    """What ranking has learnt. Features are centred and scaled before they are weighed."""

    mean: Floats
    scale: Floats
    order: Floats
    sure: Floats
    bias: float
    match: float  # least confidence
    possible: float


@cache
def load_weights() -> Weights:
    """The weights that come with the program. Raises ValueError if they are of other features."""
    stored = json.loads(RANKING_FILE.read_text(encoding="utf-8"))
    if tuple(stored["features"]) != NAMES:
        raise ValueError(f"{RANKING_FILE} holds weights of other features")
    mean, scale, order, sure = (
        np.array(stored[name], dtype=np.float32) for name in ("mean", "scale", "order", "sure")
    )
    bias, match, possible = (float(stored[name]) for name in ("bias", "match", "possible"))
    return Weights(mean, scale, order, sure, bias, match, possible)


def rank(query: Query, candidates: Sequence[Found], limit: int) -> list[RankedFactcheck]:
    """The best candidates, best first, at most `limit`."""
    weights = load_weights()
    table = measure(query, candidates)
    scaled = (table - weights.mean) / weights.scale
    order = np.argsort(-(scaled @ weights.order), kind="stable")[:limit]
    sure = scaled @ weights.sure + weights.bias
    ranked = []
    for place in order:
        confidence = 1 / (1 + math.exp(-float(np.clip(sure[place], -30, 30))))
        status, reasons = judge(confidence, table[place], query), explain(table[place])
        ranked.append(RankedFactcheck(candidates[place].factcheck, confidence, status, reasons))
    return ranked


def order_factchecks(query: Query, candidates: Sequence[Found]) -> list[Factcheck]:
    """All candidates, best first; those behind the first `SHORTLIST` as they came."""
    first = [ranked.factcheck for ranked in rank(query, candidates[:SHORTLIST], SHORTLIST)]
    return first + [candidate.factcheck for candidate in candidates[SHORTLIST:]]


def judge(confidence: float, features: Floats, query: Query) -> Status | None:
    """What a confidence is called. Telling words that all stand together in the claim are offered anyhow."""
    weights = load_weights()
    if len(query.stems) < LEAST_WORDS:
        return None
    if confidence >= weights.match:
        return "match"
    quoted = features[NAMES.index("run_covered")] == 1 and query.weight >= LEAST_TELLING
    return "possible" if quoted or confidence >= weights.possible else None


def explain(features: Floats) -> tuple[Reason, ...]:
    """What text and claim have in common, by name."""
    value = dict(zip(NAMES, features.tolist(), strict=True))
    rules: dict[Reason, bool] = {
        "same_quotation": value["quotation_covered"] >= 0.8,
        "same_words": value["text_covered"] >= 0.5 or value["claim_covered"] >= 0.6,
        "same_meaning": value["meaning_best"] >= 0.55,
        "same_names": value["names_covered"] >= 0.5 and value["names_missing"] < 0.45,
        "same_figures": value["figures_shared"] > 0,
    }
    return tuple(reason for reason, holds in rules.items() if holds)
