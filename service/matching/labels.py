"""One label a journalist understands, and how bad it is: from the axes, the first rule that fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, get_args

from service.matching.models import AttributionCode, Change, EvidenceClass, Fidelity, Label

LABELS: Final[tuple[Label, ...]] = get_args(Label)
LABEL_TEXTS: Final[Mapping[Label, str]] = MappingProxyType(
    {
        "wrong_person": "Right words, wrong person",
        "changed": "The words were changed",
        "paraphrased": "Same sense, not the words: no quotation marks",
        "context": "Right words; what was left out qualifies them",
        "confirmed": "Right words, right person",
        "words_only": "Right words; who said them could not be checked",
        "repeated": "Printed before; no record seen",
        "supported": "A record bears out what is reported",
        "partly_supported": "A record bears out a part of what is reported",
        "unclear": "Too short, or several sources differ",
        "not_in_sources": "Not in the sources you gave",
        "not_found": "Not found",
    }
)
FAITHFUL: Final = frozenset({"verbatim", "near_verbatim", "abridged"})
_GRAVE_CHANGES: Final = frozenset({"negation", "number", "entity", "modality"})


@dataclass(frozen=True, slots=True)
class Axes:
    """What a label is made from."""

    fidelity: Fidelity
    attribution: AttributionCode
    changes: tuple[Change, ...] = ()
    evidence: EvidenceClass | None = None
    form: str = "direct"
    missing_in_given: bool = False  # the request came with sources, and none of them has the words
    cut_in_sentence: bool = True  # of `truncated`: what was cut stands in the same sentence

    @property
    def is_proved(self) -> bool:
        return self.evidence in ("record", "statement")


def _is_found(axes: Axes) -> bool:
    return axes.fidelity not in ("no_match", "insufficient")


def _severity_of_change(axes: Axes) -> int:
    """Two places joined, or another sense, are worse than other words."""
    return 3 if axes.fidelity == "spliced" or _GRAVE_CHANGES.intersection(axes.changes) else 2


Rule = tuple[Label, Callable[[Axes], bool], Callable[[Axes], int]]

_RULES: Final[tuple[Rule, ...]] = (
    (
        "not_in_sources",  # whatever is stored: it is shown beside the label
        lambda axes: axes.missing_in_given,
        lambda axes: 2 if axes.form in ("indirect", "second_hand") else 3,
    ),
    ("wrong_person", lambda axes: axes.attribution == "misattributed" and _is_found(axes), lambda _: 3),
    ("changed", lambda axes: axes.fidelity in ("altered", "spliced"), _severity_of_change),
    ("paraphrased", lambda axes: axes.fidelity == "paraphrase", lambda _: 2),
    ("context", lambda axes: axes.fidelity == "truncated", lambda axes: 2 if axes.cut_in_sentence else 1),
    (
        "confirmed",
        lambda axes: (
            axes.fidelity in FAITHFUL and axes.is_proved and axes.attribution in ("same", "compatible")
        ),
        lambda _: 0,
    ),
    ("words_only", lambda axes: axes.fidelity in FAITHFUL and axes.is_proved, lambda _: 1),
    ("repeated", lambda axes: axes.fidelity in FAITHFUL, lambda _: 1),
    ("supported", lambda axes: axes.fidelity == "supported", lambda _: 0),
    ("partly_supported", lambda axes: axes.fidelity == "partly_supported", lambda _: 1),
    ("unclear", lambda axes: axes.fidelity in ("ambiguous", "insufficient"), lambda _: 1),
)


def choose_label(axes: Axes) -> tuple[Label, int]:
    """The label and its severity: 0 fine, 1 look, 2 fix, 3 stop."""
    for label, fits, severity in _RULES:
        if fits(axes):
            return label, severity(axes)
    return "not_found", 1


@dataclass(frozen=True, slots=True)
class Summary:
    """How many quotations have each label, and the worst severity of all; 0 if there is none."""

    counts: Mapping[Label, int]
    severity: int


def summarise(labelled: Iterable[tuple[Label, int]]) -> Summary:
    """Sum up the labels of an article's quotations, in the order of `LABELS`."""
    found = list(labelled)
    counts = Counter(label for label, _ in found)
    ordered = {label: counts[label] for label in LABELS if counts[label]}
    return Summary(MappingProxyType(ordered), max((severity for _, severity in found), default=0))
