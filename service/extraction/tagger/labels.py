"""The labels of the tagger: BIO over the three roles of an attribution, and the features it reads."""

from __future__ import annotations

from typing import Final, Literal

Role = Literal["source", "cue", "content"]

ROLES: Final[tuple[Role, ...]] = ("source", "cue", "content")
LABELS: Final[tuple[str, ...]] = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
OUTSIDE: Final = 0


def begin(role: Role) -> int:
    """The label that opens a span of `role`."""
    return 1 + 2 * ROLES.index(role)


def inside(role: Role) -> int:
    """The label that continues a span of `role`."""
    return 2 + 2 * ROLES.index(role)


def may_follow(before: int, label: int) -> bool:
    """Whether BIO allows `label` after `before`: an I goes on from a B or I of its own role only."""
    return label in (OUTSIDE, 1, 3, 5) or before in (label, label - 1)
