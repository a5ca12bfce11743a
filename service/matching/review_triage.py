"""Which verdicts a person should review: each rule is a function of the axes, and its name is the reason.

A rule applies if a wrong verdict would do harm, or if the verdict is uncertain. Words that nobody
has quoted before (`no_match`) are no reason: most are new.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from service.matching.thresholds import SURE_OF_SPEAKER

MEANING: Final = frozenset({"negation", "number", "entity", "modality"})
WORDED: Final = frozenset({"verbatim", "near_verbatim", "abridged", "truncated", "spliced", "altered"})


@dataclass(frozen=True, slots=True)
class Axes:
    """The input of the rules: a verdict's axes, and the confidence in the speaker."""

    fidelity: str
    changes: tuple[str, ...]
    attribution: str
    time: str
    speaker_confidence: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason for a review: the rule's name and the urgency (1 first, 3 last)."""

    rule: str
    urgency: int


def meaning_altered(axes: Axes) -> bool:
    """A negation, a number, a name or a modal verb differs from the source."""
    return axes.fidelity == "altered" and bool(MEANING & set(axes.changes))


def misattributed(axes: Axes) -> bool:
    """The words are another person's, and the article's speaker is certain."""
    return is_anothers(axes) and axes.speaker_confidence >= SURE_OF_SPEAKER


def qualifier_cut(axes: Axes) -> bool:
    """Words that were left out, or that follow, qualify the quotation."""
    return axes.fidelity == "truncated"


def spliced(axes: Axes) -> bool:
    """Words from different places are joined to one quotation."""
    return axes.fidelity == "spliced"


def anachronistic(axes: Axes) -> bool:
    """The words are said to have been spoken before anybody is known to have said them."""
    return axes.time == "anachronistic" and axes.fidelity in WORDED


def speaker_in_doubt(axes: Axes) -> bool:
    """The words are another person's, but the article's speaker is uncertain."""
    return is_anothers(axes) and axes.speaker_confidence < SURE_OF_SPEAKER


def wording_altered(axes: Axes) -> bool:
    """Words differ from the source, none of which changes the meaning by itself."""
    return axes.fidelity == "altered" and not MEANING & set(axes.changes)


def sources_differ(axes: Axes) -> bool:
    """Equally good sources would lead to different verdicts."""
    return axes.fidelity == "ambiguous"


def paraphrase_in_quotation_marks(axes: Axes) -> bool:
    """Presented as direct words, and only the meaning is found."""
    return axes.fidelity == "paraphrase"


def is_anothers(axes: Axes) -> bool:
    """Whether the words were found as those of another person."""
    return axes.attribution == "misattributed" and axes.fidelity in WORDED


#: In the order of urgency.
RULES: Final[Sequence[tuple[Callable[[Axes], bool], int]]] = (
    (meaning_altered, 1),
    (misattributed, 1),
    (qualifier_cut, 1),
    (spliced, 1),
    (anachronistic, 2),
    (wording_altered, 2),
    (speaker_in_doubt, 2),
    (sources_differ, 3),
    (paraphrase_in_quotation_marks, 3),
)
#: What happens to the evidence of a stored verdict; no function of its axes.
EVIDENCE_RETRACTED: Final = Doubt("evidence_retracted", 1)
EVIDENCE_CHANGED: Final = Doubt("evidence_changed", 2)
VERDICT_RULES: Final = tuple(rule.__name__ for rule, _ in RULES)
RULE_NAMES: Final = (*VERDICT_RULES, EVIDENCE_RETRACTED.rule, EVIDENCE_CHANGED.rule)


def find_doubts(axes: Axes) -> list[Doubt]:
    """The rules that apply, the most urgent first; none for a verdict that needs no review."""
    return [Doubt(rule.__name__, urgency) for rule, urgency in RULES if rule(axes)]
