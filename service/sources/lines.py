"""Lines of a document with what its markup said of them: what documents are read into first."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from dataclasses import dataclass, replace
from typing import Final

# Invisible places where a word may be broken, byte order marks, marks of direction.
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SPACE: Final = re.compile(r"[ \t\f\v\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words.

    `bold` is how many of its first characters are set in bold type. `gap` says that a new paragraph begins
    here. `cells` are the cells of a table's row, in order; `text` is then all of them.
    """

    text: str
    bold: int = 0
    gap: bool = False
    is_heading: bool = False
    cells: tuple[str, ...] = ()
    page: int | None = None

    @property
    def is_bold(self) -> bool:
        """Whether all its words are in bold type."""
        return self.bold >= len(self.text.rstrip(" ?:.")) > 0

    def without(self, length: int) -> Line:
        """The line without its first `length` characters."""
        kept = self.text[length:]
        stripped = kept.lstrip()
        cut = length + len(kept) - len(stripped)
        return replace(self, text=stripped, bold=max(0, self.bold - cut))


def clean_words(text: str) -> str:
    """Text with single spaces, without invisible characters; line breaks stay."""
    return _SPACE.sub(" ", _CONTROL.sub("", _INVISIBLE.sub("", text)))


def lines_of_table(text: str) -> list[Line]:
    """The rows of comma-separated values as lines with cells; of what is broken, as far as it can be read."""
    rows: list[Line] = []
    with contextlib.suppress(csv.Error):
        for row in csv.reader(io.StringIO(text)):
            cells = tuple(cell for raw in row if (cell := " ".join(clean_words(raw).split())))
            if cells:
                rows.append(Line(" ".join(cells), gap=True, cells=cells if len(cells) > 1 else ()))
    return rows


def lines_of_text(text: str) -> list[Line]:
    """The lines of a plain text: tabs between words divide cells, blank lines divide paragraphs."""
    lines: list[Line] = []
    gap = True
    for raw in text.replace("\f", "\n\n").split("\n"):
        cells = tuple(clean_words(cell).strip() for cell in raw.strip().split("\t"))
        cells = tuple(cell for cell in cells if cell)
        if not cells:
            gap = True
            continue
        lines.append(Line(" ".join(cells), gap=gap, cells=cells if len(cells) > 1 else ()))
        gap = False
    return lines
