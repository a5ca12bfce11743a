"""What an answer says, read the same way of any policy's answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.trust.corpora import split_words

SILENT = {"no_match", "insufficient"}
FAITHFUL = {"verbatim", "near_verbatim", "abridged"}
AGREED = {"same", "compatible"}
REPEATED_WORDS = 8  # contiguous words that are a real repeat
REPEATED_SHARE = 0.9  # or this share of the words


@dataclass(slots=True)
class Count:
    """How many of how many; what was asked and answered where it counts."""

    hits: int = 0
    total: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)

    def add(self, hit: bool, example: dict[str, Any] | None = None) -> None:
        """Count one."""
        self.total += 1
        self.hits += hit
        if hit and example is not None:
            self.examples.append(example)

    @property
    def percent(self) -> float:
        """The share, in percent."""
        return 100 * self.hits / self.total if self.total else 0.0

    def __str__(self) -> str:
        return f"{self.percent:.2f} % ({self.hits} of {self.total})"


def label_of(verdict: dict[str, Any]) -> str:
    """The label, made of the axes by the contract's table where an older policy has none."""
    if verdict.get("label"):
        return str(verdict["label"])
    fidelity, attribution = verdict["fidelity"], verdict["attribution"]
    if attribution == "misattributed":
        return "wrong_person"
    if fidelity in FAITHFUL:
        return "confirmed" if attribution in AGREED else "words_only"
    named = {
        "altered": "changed",
        "spliced": "changed",
        "paraphrase": "paraphrased",
        "truncated": "context",
        "ambiguous": "unclear",
        "insufficient": "unclear",
        "no_match": "not_found",
    }
    return named.get(fidelity, fidelity)


def is_accused(verdict: dict[str, Any]) -> bool:
    """Whether somebody is said to have quoted the wrong person."""
    return verdict["attribution"] == "misattributed" or verdict.get("label") == "wrong_person"


def is_silent(verdict: dict[str, Any]) -> bool:
    """Whether nothing is said of the words but that they were not found, or were too few to judge."""
    return verdict["fidelity"] in SILENT and not is_accused(verdict)


def is_real_repeat(quote: dict[str, Any], text: str) -> bool:
    """Whether the words that a quotation marks were printed before, in the match that is shown first.

    `text` is the article's. Of an indirect quotation the whole content counts.
    """
    matches = quote["matches"]
    if not matches:
        return False
    there = split_words(matches[0]["text"])
    marked = [
        text[span["start"] : span["end"]] for span in quote.get("passages") or quote["content"]["spans"]
    ]
    return any(is_repeated(split_words(words), there) for words in marked)


def is_repeated(ours: list[str], theirs: list[str]) -> bool:
    """Whether enough of the words stand in a row elsewhere, or nearly all of them stand there at all."""
    if longest_run(ours, theirs) >= min(REPEATED_WORDS, max(len(ours), 1)):
        return True
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return bool(ours) and shared >= REPEATED_SHARE * len(ours)


def longest_run(ours: list[str], theirs: list[str]) -> int:
    """The most words in a row that both have."""
    best, row = 0, [0] * (len(theirs) + 1)
    for word in ours:
        following = [0] * (len(theirs) + 1)
        for place, other in enumerate(theirs, 1):
            if word == other:
                following[place] = row[place - 1] + 1
                best = max(best, following[place])
        row = following
    return best


def example_of(quote: dict[str, Any], article: str) -> dict[str, Any]:
    """What to show of a quotation and its verdict, for reading."""
    verdict, match = quote["verdict"], next(iter(quote["matches"]), None)
    return {
        "article": article,
        "type": quote.get("type", "direct"),
        "quote": quote["content"]["text"] if "content" in quote else quote["quote"],
        "speaker": (quote.get("speaker") or {}).get("name") if "content" in quote else quote.get("speaker"),
        "label": label_of(verdict),
        "fidelity": verdict["fidelity"],
        "attribution": verdict["attribution"],
        "changes": verdict["changes"],
        "evidence": verdict.get("evidence"),
        "rule": verdict.get("rule"),
        "match": match and match["text"],
        "match_speaker": match and (match.get("speaker") or {}).get("name"),
        "match_source": match and match["source"]["uri"],
    }


def tally(verdicts: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How often each label was given, the most frequent first."""
    return dict(Counter(map(label_of, verdicts)).most_common())
