"""From runs of marked-up words to the blocks of a document, with white space as a browser shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from service.text.document import Block, BlockKind, Document
from service.text.metadata import NOTHING, Metadata

# Fixed and non-breaking spaces are typography: a quotation must match whether or not a CMS put them in.
SPACE = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
# Invisible places where a word may be broken, and the byte order mark.
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
LINE_END = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")

AUTHOR_LINE = re.compile(r"(?:[—–―]{1,2}|--?) ?[A-Z].{1,100}")


class Style(NamedTuple):
    """How a run of words is marked up."""

    linked: bool = False
    italic: bool = False
    bold: bool = False
    preformatted: bool = False


PLAIN = Style()


@dataclass(slots=True)
class Draft:
    """One block while it is read: its runs of words in order."""

    kind: BlockKind
    runs: list[tuple[str, Style]] = field(default_factory=list)
    has_image: bool = False
    group: int = 0
    _text: tuple[int, str] = (0, "")  # the number of runs that were joined, and their text

    @property
    def text(self) -> str:
        """All its words: no white space at the ends, none before a line break, no blank lines."""
        joined, text = self._text
        if joined != len(self.runs):
            text = "".join([words for words, _ in self.runs]).strip()
            if "\n" in text:
                text = "\n".join(filter(None, (line.rstrip() for line in text.split("\n"))))
            self._text = (len(self.runs), text)
        return text

    @property
    def linked(self) -> str:
        """The words of the block inside links."""
        return "".join([words for words, style in self.runs if style.linked]).strip()

    @property
    def unlinked(self) -> str:
        """The words of the block outside links."""
        return "".join(words for words, style in self.runs if not style.linked).strip()

    @property
    def is_italic(self) -> bool:
        """Whether all words of the block are in italics."""
        return all(style.italic for words, style in self.runs if not words.isspace())

    @property
    def is_bold(self) -> bool:
        """Whether all words of the block are bold."""
        return all(style.bold for words, style in self.runs if not words.isspace())

    @property
    def emphasis_length(self) -> int:
        """Characters of its text up to which it is bold or italic from its start."""
        first, style = self.runs[0] if self.runs else (" ", PLAIN)
        if not (style.bold or style.italic or first.isspace()):
            return 0
        lead = takewhile(lambda run: run[1].bold or run[1].italic or run[0].isspace(), self.runs)
        words = "".join(words for words, _ in lead).strip()
        text = self.text
        return len(text) if self.is_bold or self.is_italic else len(words) * text.startswith(words)


class Drafting:
    """Builds the blocks of a document from runs of words, collapsing white space as a browser would."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self._draft = Draft("paragraph")
        self._groups = 0
        self._at_space = True
        self._breaks = 0

    def add_words(self, words: str, style: Style) -> None:
        """Append a run of words to the current block."""
        words = INVISIBLE.sub("", words)
        if style.preformatted:
            words = LINE_END.sub("\n", words)
        else:
            words = SPACE.sub(" ", words)
            if self._at_space and words.startswith(" "):
                words = words[1:]
        if words:
            self._at_space = words[-1] in " \n"
            if not words.isspace():
                self._breaks = 0
            self._draft.runs.append((words, style))

    def add_break(self) -> None:
        """A line break; two in a row end the block, as writers who have no paragraphs mean them to."""
        self._breaks += 1
        if self._breaks > 1:
            self.begin_block(self._draft.kind, self._draft.group)
        elif self._draft.runs:
            self._draft.runs.append(("\n", PLAIN))
        self._at_space = True

    def new_group(self) -> int:
        """A number for blocks that belong together."""
        self._groups += 1
        return self._groups

    def add_image(self) -> None:
        """Note that an image stands here: words all in italics beside it are its caption."""
        self._draft.has_image = True

    def begin_block(self, kind: BlockKind, group: int = 0) -> None:
        """End the current block, which leaves nothing if it is empty, and begin another."""
        if self._draft.has_image or any(not words.isspace() for words, _ in self._draft.runs):
            self.drafts.append(self._draft)
        self._draft = Draft(kind, group=group)
        self._at_space = True
        self._breaks = 0


def _kind(draft: Draft) -> BlockKind:
    """The kind of a block; a line of a block quotation that begins with a dash names its author."""
    return "citation" if draft.kind == "blockquote" and AUTHOR_LINE.fullmatch(draft.text) else draft.kind


def assemble(drafts: Iterable[Draft], language: str | None, metadata: Metadata = NOTHING) -> Document:
    """The document of these blocks, a blank line between any two."""
    pieces: list[str] = []
    blocks: list[Block] = []
    position = 0
    for draft in drafts:
        words = draft.text
        if words:
            emphasis_end = position + draft.emphasis_length
            blocks.append(Block(position, position + len(words), _kind(draft), emphasis_end, draft.group))
            pieces.append(words)
            position += len(words) + 2
    return Document("\n\n".join(pieces), tuple(blocks), language, metadata)
