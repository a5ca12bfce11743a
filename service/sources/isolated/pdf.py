"""The text layer of a PDF as HTML, by pypdf (BSD): lines, paragraphs and bold type, without running heads."""

from __future__ import annotations

import io
import logging
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from statistics import median
from typing import Any

from service.sources.isolated.answer import Answer, Unreadable

MOST_PAGES = 500
MOST_CHARACTERS = 4_000_000
LEAST_OF_PAGES = 0.4  # of the pages carry a line in the same place: it is a running head
EDGE = 3  # lines at either end of a page that can be heads and feet
ENDED = re.compile(r"[.!?…:][\"'”’)\]]*$")
GAP = 1.25  # of the usual distance between lines: a larger one begins a paragraph
LEAST_NUMBERED = 0.8  # of a page's lines begin with the next number: they are numbered
NUMBER = re.compile(
    r"\A\W*+(?:(?:page|p\.|seite)\s*+)?\d{1,4}(?:\s*+(?:of|/|von)\s*+\d{1,4})?\W*+", re.IGNORECASE
)
LINE_NUMBER = re.compile(r"(\d{1,2})(?:\s+|$)")
#: pypdf imports these where they are installed; nothing here needs them, and they are slow to start.
UNUSED = ("PIL", "cryptography", "Crypto", "fontTools", "brotli")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a page: its runs of words with whether they are bold, and how high it stands."""

    runs: tuple[tuple[str, bool], ...]
    height: float

    @property
    def text(self) -> str:
        """The words of the line."""
        return " ".join("".join(words for words, _ in self.runs).split())


def read(data: bytes) -> Answer:
    """The document's words.

    Raises:
        Unreadable: it is encrypted, is a scan, or has too many pages.
    """
    sys.modules.update(dict.fromkeys(UNUSED))  # type: ignore[arg-type]  # None: cannot be imported
    logging.disable(logging.CRITICAL)
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not unlock(reader):
        raise Unreadable("", "is protected by a password. Save it without one.")
    count = len(reader.pages)
    if count > MOST_PAGES:
        raise Unreadable("", f"has {count:,} pages, and at most {MOST_PAGES} are read. Divide it into parts.")
    pages = []
    for number, page in enumerate(reader.pages, start=1):
        pages.append(lines_of(page, number))
        if sum(len(line.text) for line in pages[-1]) > MOST_CHARACTERS // 10 or number == MOST_PAGES + 1:
            raise Unreadable(f"page {number}", "has more words than a page can hold.")
    empty = [number for number, lines in enumerate(pages, start=1) if not lines]
    if not pages or len(empty) * 2 > len(pages):
        place = f"page {empty[0]}" if empty else ""
        raise Unreadable(
            place, "has no text layer: this PDF is a scan. Run it through text recognition first."
        )
    notes = (f"Without text, and not read: page {', '.join(map(str, empty))}.",) if empty else ()
    kept = [without_line_numbers(lines) for lines in without_heads(pages)]
    return Answer("".join(html_of(kept)), title_of(reader), notes=notes)


def unlock(reader: Any) -> bool:
    """Whether the file opens with no password: it only forbids printing or the like."""
    try:
        return bool(reader.decrypt(""))
    except Exception:  # an encryption that pypdf does not have
        raise Unreadable("", "is protected by an encryption that is not read. Save it without.") from None


def title_of(reader: Any) -> str | None:
    """The title in the file's properties, unless a program put the file's name there."""
    try:
        title = str(reader.metadata.title or "").strip() if reader.metadata else ""
    except Exception:  # broken properties
        return None
    return (
        title
        if title and not re.search(r"\.\w{2,4}$|^Microsoft Word|^untitled", title, re.IGNORECASE)
        else None
    )


def lines_of(page: Any, number: int) -> list[TextLine]:
    """The lines of a page that hold words."""
    lines: list[TextLine] = []
    runs: list[tuple[str, bool]] = []
    height = [0.0]

    def end_line() -> None:
        line = TextLine(tuple(runs), height[0])
        if line.text:
            lines.append(line)
        runs.clear()

    def visit(text: str, cm: Any, tm: Any, font: Any, _size: Any) -> None:
        bold = is_bold(font)
        for position, part in enumerate(text.split("\n")):
            if position:
                end_line()
            if part:
                if not any(words.strip() for words, _ in runs):
                    height[0] = float(tm[5]) * float(cm[3]) + float(cm[5])
                runs.append((part, bold))

    try:
        page.extract_text(visitor_text=visit)
    except (MemoryError, RecursionError):
        raise
    except Exception:  # a broken page
        raise Unreadable(f"page {number}", "is damaged and cannot be read.") from None
    end_line()
    return lines


def is_bold(font: Any) -> bool:
    """Whether a font is bold, by its name."""
    name = str(font.get("/BaseFont", "")) if font else ""
    return re.search(r"bold|black|heavy|semibold|-bd\b|,b\b", name, re.IGNORECASE) is not None


def without_heads(pages: list[list[TextLine]]) -> list[list[TextLine]]:
    """The pages without the heads and feet that repeat from page to page, and without page numbers."""
    seen: Counter[tuple[str, int]] = Counter()
    for page, lines in enumerate(pages):
        seen.update({key for line in edges(lines) for key in keys(line, page)})
    most = len([lines for lines in pages if lines])
    repeated = {key for key, count in seen.items() if count >= 2 and count >= LEAST_OF_PAGES * most}
    kept = []
    for page, lines in enumerate(pages):
        heads = [is_head(line, page, repeated, most) for line in lines]
        first, last = 0, len(lines)
        while first < min(EDGE, last) and heads[first]:
            first += 1
        while last > max(first, len(lines) - EDGE) and heads[last - 1]:
            last -= 1
        kept.append(lines[first:last])
    return kept


def edges(lines: list[TextLine]) -> list[TextLine]:
    """The lines that can be heads or feet."""
    return lines if len(lines) <= 2 * EDGE else [*lines[:EDGE], *lines[-EDGE:]]


def keys(line: TextLine, page: int) -> list[tuple[str, int]]:
    """A line with its height, as it is and with each of its numbers counted from the page."""
    text, height = line.text.lower()[:200], round(line.height)
    numbers = list(re.finditer(r"\d{1,4}", text))[:6]
    counted = [f"{text[: n.start()]}#{int(n[0]) - page}{text[n.end() :]}" for n in numbers]
    return [(text, height), *((variant, height) for variant in counted)]


def is_head(line: TextLine, page: int, repeated: set[tuple[str, int]], pages: int) -> bool:
    """Whether a line at the edge of a page is no part of its words."""
    if pages > 1 and NUMBER.fullmatch(line.text) is not None:
        return True
    return any(key in repeated for key in keys(line, page))


def without_line_numbers(lines: list[TextLine]) -> list[TextLine]:
    """A page of a court's transcript without the number before each line."""
    numbers = [LINE_NUMBER.match(line.text) for line in lines]
    found = [int(number[1]) for number in numbers if number]
    if len(found) < 8 or len(found) < LEAST_NUMBERED * len(lines) or found != sorted(set(found)):
        return lines
    kept = []
    for line, number in zip(lines, numbers, strict=True):
        rest = line.text[number.end() :] if number else line.text
        if rest:
            kept.append(replace(line, runs=((rest, False),)))
    return kept


def html_of(pages: list[list[TextLine]]) -> list[str]:
    """The lines as HTML: one paragraph of the file goes on over the end of a page."""
    steps = [
        first.height - second.height
        for lines in pages
        for first, second in pairwise(lines)
        if first.height > second.height
    ]
    usual = median(steps) if steps else 0.0
    out = []
    before: TextLine | None = None
    for lines in pages:
        for position, line in enumerate(lines):
            step = before.height - line.height if before is not None else 0.0
            # At the top of a page only the words tell whether a paragraph goes on.
            apart = step > GAP * usual or step < 0 if position else before and ENDED.search(before.text)
            out.append("<p></p>" if usual and apart else "")
            out.append(f"{marked(line)}<br>")
            before = line
    return out


def marked(line: TextLine) -> str:
    """A line's words as HTML."""
    return "".join(f"<b>{escape(words)}</b>" if bold else escape(words) for words, bold in line.runs)
