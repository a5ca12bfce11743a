"""What a draft is made of: quotations with what is wrong with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

#: kind: labels that are right. Severity 2 of `context` is right only where a qualifier was cut.
RIGHT: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "genuine sentence": frozenset({"confirmed", "context"}),
        "genuine sentences": frozenset({"confirmed", "context"}),
        "genuine part": frozenset({"confirmed", "context"}),
        "genuine, marked cut": frozenset({"confirmed", "context"}),
        "genuine, fragment": frozenset({"confirmed", "context"}),
        "genuine, pauses and voices": frozenset({"confirmed", "context"}),
        "cleaned of fillers": frozenset({"confirmed", "context"}),
        "cleaned of false starts": frozenset({"confirmed", "context"}),
        "number changed": frozenset({"changed"}),
        "negation changed": frozenset({"changed"}),
        "opposite": frozenset({"changed"}),
        "name changed": frozenset({"changed"}),
        "modality changed": frozenset({"changed"}),
        "swapped": frozenset({"wrong_person"}),
        "swapped, outsider": frozenset({"wrong_person"}),
        "invented, other interview": frozenset({"not_in_sources"}),
        "invented, written": frozenset({"not_in_sources"}),
        "half invented": frozenset({"changed", "not_in_sources"}),
        "spliced": frozenset({"changed"}),
        "qualifier cut": frozenset({"context"}),
    }
)
#: Kinds whose quotations stand in the interview as they were said, but for fillers.
FAITHFUL: Final = frozenset(kind for kind in RIGHT if kind.startswith(("genuine", "cleaned")))
MOST_SEVERE_OF_FAITHFUL: Final = 1
#: Groups of the issue's table.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "genuine": tuple(kind for kind in RIGHT if kind.startswith("genuine")),
        "cleaned": tuple(kind for kind in RIGHT if kind.startswith("cleaned")),
        "changed": (
            "number changed", "negation changed", "opposite", "name changed", "modality changed",
        ),
        "swapped": ("swapped", "swapped, outsider"),
        "invented": ("invented, other interview", "invented, written", "half invented"),
        "spliced": ("spliced",),
        "qualifier cut": ("qualifier cut",),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """A quotation of a draft: its words, whom the draft gives them to, and what kind it is."""

    kind: str
    words: str
    speaker: str  # as the draft has it, the full name
    interview: str
    original: str = ""  # what was said, where the words were made from it


def is_right(kind: str, label: str, severity: int) -> bool:
    """Whether a label is the right answer to a quotation of a kind."""
    if label not in RIGHT[kind]:
        return False
    return kind not in FAITHFUL or severity <= MOST_SEVERE_OF_FAITHFUL
