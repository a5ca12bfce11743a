"""The document that all input formats are converted to: plain text with blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "blockquote", "list_item"]
Format = Literal["plain", "html", "markdown"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of text, `text[start:end]`, in reading order; blocks never overlap."""

    start: int
    end: int
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Document:
    """A text to analyse. For plain input `text` is exactly what was sent."""

    text: str
    blocks: tuple[Block, ...]
    language: str | None = None  # BCP 47, as the sender or the markup declared it
