"""Kinds of sources, and what each class of them proves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from service.english.word_classes import word_set
from service.matching.models import EvidenceClass, Origin

_KINDS: Final[tuple[tuple[EvidenceClass, str], ...]] = (
    ("record", "transcript hearing debate speech interview court broadcast captions"),
    ("statement", "press_release statement letter post book document quotes"),
    ("report", "article wire blog"),
    ("draft", "draft"),
)
#: record: words as they were spoken · statement: as published by their author or a collection with sources ·
#: report: that they were printed, and when · draft: nothing.
EVIDENCE_CLASSES: Final[Mapping[str, EvidenceClass]] = MappingProxyType(
    {kind: name for name, kinds in _KINDS for kind in kinds.split()}
)
KINDS: Final = tuple(EVIDENCE_CLASSES)
# Lists of single quotations: what stands beside one was not said next.
_SINGLE_QUOTES: Final = word_set("quotes article wire blog draft")


def normalise_kind(kind: str) -> str:
    """The normalised name of a kind: `press_release` for "Press release"."""
    return "_".join(kind.strip().lower().replace("-", " ").replace("_", " ").split())


def read_kind(name: str) -> str | None:
    """The kind that a name means, None if there is no such kind."""
    kind = normalise_kind(name)
    return kind if kind in EVIDENCE_CLASSES else None


def evidence_class_of(kind: str) -> EvidenceClass | None:
    """The class of a kind; None for an unknown one."""
    return EVIDENCE_CLASSES.get(normalise_kind(kind))


def is_continuous(kind: str) -> bool:
    """Whether neighbouring sentences of such a source were said one after the other."""
    return normalise_kind(kind) not in _SINGLE_QUOTES


@lru_cache(maxsize=1_024)
def _class_of_kind(kind: str) -> EvidenceClass:
    return evidence_class_of(kind) or "report"


def class_of(origin: Origin) -> EvidenceClass:
    """What a source proves; one of an unknown kind is taken for a report, which proves no wording."""
    return origin.evidence_class or _class_of_kind(origin.kind)


def is_proof(origin: Origin) -> bool:
    """Whether a source proves words and speaker."""
    return class_of(origin) in ("record", "statement")
