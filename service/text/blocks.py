"""From runs of marked-up words to the blocks of a document, with white space as a browser shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from service.text.document import Block, BlockKind, Document

# Non-breaking spaces are typography: a quotation must match whether or not a CMS put them in.
SPACE = re.compile(r"[ \t\n\r\f\v\x85\xa0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
# Invisible places where a word may be broken, and the byte order mark.
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
BLANK_LINES = re.compile(r"\n[\n ]*\n")


@dataclass(slots=True)
class Draft:
    """One block while it is read. `parts` are (words, linked, emphasised) in order."""

    kind: BlockKind
    parts: list[tuple[str, bool, bool]] = field(default_factory=list)
    has_image: bool = False

    @property
    def text(self) -> str:
        """All its words."""
        return "".join(words for words, _, _ in self.parts)

    @property
    def unlinked(self) -> str:
        """Its words outside links."""
        return "".join(words for words, linked, _ in self.parts if not linked)

    @property
    def linked(self) -> str:
        """Its words inside links."""
        return "".join(words for words, linked, _ in self.parts if linked)

    @property
    def is_emphasised(self) -> bool:
        """Whether every visible word of it is emphasised."""
        marked = [emphasised for words, _, emphasised in self.parts if not words.isspace()]
        return bool(marked) and all(marked)


class Drafting:
    """Collects runs of words into drafts, collapsing white space as a browser would."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self._draft = Draft("paragraph")
        self._at_space = True
        self._breaks = 0

    def add_words(self, words: str, *, linked: bool, emphasised: bool, preformatted: bool = False) -> None:
        """Append a run of words to the current block."""
        words = INVISIBLE.sub("", words)
        if preformatted:
            words = words.replace("\r\n", "\n").replace("\r", "\n")
        else:
            words = SPACE.sub(" ", words)
            if self._at_space and words.startswith(" "):
                words = words[1:]
        if not words:
            return
        self._at_space = words[-1] in " \n"
        self._breaks = 0 if words.strip() else self._breaks
        self._draft.parts.append((words, linked, emphasised))

    def add_break(self) -> None:
        """A line break; two in a row end the block, as writers who have no paragraphs mean them to."""
        self._breaks += 1
        if self._breaks > 1:
            kind = self._draft.kind
            self.end_block()
            self._draft.kind = kind
        elif self._draft.parts:
            self._draft.parts.append(("\n", False, False))
        self._at_space = True

    def add_image(self) -> None:
        """Note that an image stands here: words all in emphasis beside it are its caption."""
        self._draft.has_image = True

    def begin_block(self, kind: BlockKind) -> None:
        """End the current block and begin one of another kind."""
        self.end_block()
        self._draft.kind = kind

    def end_block(self) -> None:
        """End the current block; an empty one leaves nothing."""
        if self._draft.has_image or any(not words.isspace() for words, _, _ in self._draft.parts):
            self.drafts.append(self._draft)
        self._draft = Draft("paragraph")
        self._at_space = True
        self._breaks = 0


def assemble(drafts: Iterable[Draft], language: str | None) -> Document:
    """The document of these blocks, a blank line between any two."""
    pieces: list[str] = []
    blocks: list[Block] = []
    position = 0
    for draft in drafts:
        words = _tidy_lines(draft.text)
        if words:
            blocks.append(Block(position, position + len(words), draft.kind))
            pieces.append(words)
            position += len(words) + 2
    return Document("\n\n".join(pieces), tuple(blocks), language)


def _tidy_lines(words: str) -> str:
    """No white space at the ends, none before a line break, no blank lines within a block."""
    lines = (line.rstrip() for line in words.strip().split("\n"))
    return "\n".join(line for line in lines if line)
