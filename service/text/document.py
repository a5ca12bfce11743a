"""The document that all input formats are converted to: plain text with blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from service.text.metadata import NOTHING, Metadata

BlockKind = Literal[
    "heading", "paragraph", "blockquote", "list_item", "citation", "post", "term", "definition", "cell"
]
Format = Literal["plain", "html", "markdown"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of text, `text[start:end]`, in reading order; blocks never overlap.

    `emphasis_end` is where the words in bold or italics at its start end, `start` or 0 if there are none.
    Blocks of one quotation, post, list of terms or row of a table have the same `group`; 0 is none.
    """

    start: int
    end: int
    kind: BlockKind
    emphasis_end: int = 0
    group: int = 0

    @property
    def is_emphasised(self) -> bool:
        """Whether all its words are in bold or italics."""
        return self.emphasis_end == self.end > self.start


@dataclass(frozen=True, slots=True)
class Document:
    """A text to analyse. For plain input `text` is exactly what was sent."""

    text: str
    blocks: tuple[Block, ...]
    language: str | None = None  # BCP 47, as the sender or the markup declared it
    metadata: Metadata = NOTHING  # what the page or file says of itself
