"""Texts without labels: a statement, a press release, an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from service.sources.furniture import is_furniture
from service.sources.joining import Piece, join_pieces
from service.sources.lines import Line
from service.sources.models import SourceTurn

_RELEASE: Final = re.compile(
    r"for immediate release|(?:press|news|media) release|(?:press|media) (?:contact|enquiries|inquiries)"
    r"|notes to editors?|embargoed until",
    re.IGNORECASE,
)


def read_prose(lines: Sequence[Line]) -> tuple[SourceTurn, ...]:
    """The words as one text of nobody named."""
    return join_pieces(
        Piece(None, line.text, is_paragraph=line.gap) for line in lines if not is_furniture(line.text)
    )


def is_press_release(text: str) -> bool:
    """Whether a text calls itself a press release, or ends as one."""
    return _RELEASE.search(text[:3_000]) is not None or _RELEASE.search(text[-3_000:]) is not None
