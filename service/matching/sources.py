"""What kinds of sources there are, and what each proves about the words in it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from service.matching.models import EvidenceClass

#: Kinds by what they prove: that the words were spoken so, that their author or a collection published them
#: so, that they were printed, or nothing.
_KINDS_OF: Final[Mapping[EvidenceClass, str]] = {
    "record": "transcript hearing debate speech interview court broadcast captions",
    "statement": "press_release statement letter post book document quotes",
    "report": "article wire blog",
    "draft": "draft",
}
#: The class of each kind.
EVIDENCE_CLASSES: Final[Mapping[str, EvidenceClass]] = MappingProxyType(
    {kind: evidence_class for evidence_class, kinds in _KINDS_OF.items() for kind in kinds.split()}
)
KINDS: Final = tuple(EVIDENCE_CLASSES)
#: Quotations that stand beside each other in one of these were not said one after the other.
_SINGLE_QUOTES: Final = frozenset({"quotes", *_KINDS_OF["report"].split()})


def read_kind(name: str) -> str | None:
    """The kind that a name means, None where there is no such kind.

    Case, surrounding space, and spaces or hyphens instead of underscores make no difference.
    """
    kind = "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
    return kind if kind in EVIDENCE_CLASSES else None


def evidence_class_of(kind: str) -> EvidenceClass | None:
    """The class of a kind, None for an unknown one."""
    known = read_kind(kind)
    return EVIDENCE_CLASSES[known] if known is not None else None


def is_continuous(kind: str) -> bool:
    """Whether what stands beside each other in a source of this kind was said one after the other."""
    return read_kind(kind) not in _SINGLE_QUOTES
