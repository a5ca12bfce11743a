"""One label for a verdict, in words that a journalist uses, and how bad it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, get_args

from service.matching.models import AttributionCode, Change, EvidenceClass, Fidelity, Label

#: From the worst to the best, and then those that judge nothing.
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
        "supported": "This person's record bears it out",
        "partly_supported": "This person's record bears it out in part",
        "unclear": "Too short, or several sources differ",
        "not_in_sources": "Not in the sources you gave",
        "not_found": "Not found",
    }
)
#: Changes that turn what was said; others only touch the wording.
GRAVE_CHANGES: Final[frozenset[Change]] = frozenset({"negation", "number", "entity", "modality"})


@dataclass(frozen=True, slots=True)
class Axes:
    """What a label follows from."""

    fidelity: Fidelity
    attribution: AttributionCode
    changes: tuple[Change, ...] = ()
    evidence: EvidenceClass | None = None
    form: str = "direct"
    sources_given: bool = False
    same_sentence_cut: bool = True  # of a truncated quotation: the qualifier stood in the same sentence


@dataclass(frozen=True, slots=True)
class Summary:
    """How many quotations of an article have which label, and the worst severity, 0 without any."""

    counts: Mapping[Label, int]
    severity: int


def choose_label(axes: Axes) -> tuple[Label, int]:
    """The label of a verdict and its severity: 0 fine, 1 look, 2 fix, 3 stop."""
    if axes.fidelity in ("no_match", "insufficient", "ambiguous"):
        return _label_undecided(axes)
    if axes.fidelity == "supported":
        return "supported", 0
    if axes.fidelity == "partly_supported":
        return "partly_supported", 1
    if axes.attribution == "misattributed":
        return "wrong_person", 3
    return _label_words(axes)


def _label_words(axes: Axes) -> tuple[Label, int]:
    """The label of words that were found, not known to be another person's."""
    if axes.fidelity in ("altered", "spliced"):
        return "changed", 3 if axes.fidelity == "spliced" or GRAVE_CHANGES & set(axes.changes) else 2
    if axes.fidelity == "paraphrase":
        return "paraphrased", 2
    if axes.fidelity == "truncated":
        return "context", 2 if axes.same_sentence_cut else 1
    return _label_same_words(axes)


def _label_undecided(axes: Axes) -> tuple[Label, int]:
    if axes.fidelity != "no_match":
        return "unclear", 1
    if axes.sources_given:
        return "not_in_sources", 2 if axes.form == "indirect" else 3
    return "not_found", 1


def _label_same_words(axes: Axes) -> tuple[Label, int]:
    if axes.evidence not in ("record", "statement"):
        return "repeated", 1
    if axes.attribution in ("same", "compatible"):
        return "confirmed", 0
    return "words_only", 1


def summarise(labelled: Iterable[tuple[Label, int]]) -> Summary:
    """The counts of labels, in their order, and the worst severity."""
    pairs = list(labelled)
    counted = Counter(label for label, _ in pairs)
    counts = {label: counted[label] for label in LABELS if counted[label]}
    return Summary(MappingProxyType(counts), max((severity for _, severity in pairs), default=0))
