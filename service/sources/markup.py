"""HTML as lines, with bold type, headings and rows of tables. Markdown by way of HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser, LexborNode

from service.english.word_classes import word_set
from service.sources.lines import Line, clean_words, lines_of_text
from service.text.nesting import cap_nesting

_SILENT: Final = word_set(
    """
    head script style noscript template nav aside svg math iframe button select textarea input object embed
    video audio canvas map dialog menu datalist progress meter header footer figcaption form sup
    """
)
_HEADINGS: Final = word_set("h1 h2 h3 h4 h5 h6")
_BLOCKS: Final = _HEADINGS | word_set(
    """
    address article body blockquote caption center dd details div dl dt fieldset figure hgroup hr html legend
    li main ol p pre section summary table tbody td tfoot th thead tr ul
    """
)
_EMPHASIS: Final = word_set("b strong em i")
_MOST_BRACKETS: Final = 20_000
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_HIDDEN: Final = re.compile(r"(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden)", re.IGNORECASE)
_BOLD_STYLE: Final = re.compile(r"font-weight\s*+:\s*+(?:bold|[6-9]00)", re.IGNORECASE)
_MARKDOWN: Final = (
    MarkdownIt("commonmark", {"html": True})
    .enable(["table", "strikethrough"])
    .disable(["code", "lheading", "list", "blockquote", "reference"])
)


def lines_of_markdown(text: str) -> list[Line]:
    """The lines of a Markdown text. Lists and underlined headings stay as written: a dash begins a turn."""
    if text.count("[") > _MOST_BRACKETS:  # each would be looked for in the rest of its paragraph
        return lines_of_text(text)
    return lines_of_html(_MARKDOWN.render(_SURROGATES.sub("\ufffd", text)), breaks=True)


def lines_of_html(text: str, *, breaks: bool = False) -> list[Line]:
    """The lines of an HTML text. `breaks`: line feeds within a block end a line, as in Markdown."""
    parser = LexborHTMLParser(cap_nesting(_SURROGATES.sub("\ufffd", text)))
    collector = _Collector(breaks)
    if parser.root is not None:
        _walk(parser.root, collector)
    collector.end_block()
    return collector.lines


@dataclass(slots=True)
class _Collector:
    """Collects runs of words into lines."""

    breaks: bool
    lines: list[Line] = field(default_factory=list)
    runs: list[tuple[str, bool]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    gap: bool = True
    heading: int = 0
    row: int = 0

    def add_words(self, words: str, bold: bool) -> None:
        """A run of words; line feeds in it are spaces, or end lines in Markdown."""
        if not self.breaks:
            self.runs.append((words.replace("\n", " "), bold))
            return
        first, *others = words.split("\n")
        self.runs.append((first, bold))
        for other in others:
            self.end_line()
            self.runs.append((other, bold))

    def end_line(self) -> None:
        """The runs so far are one line; the next belongs to the same paragraph."""
        line = _line_of(self.runs, gap=self.gap, is_heading=self.heading > 0)
        self.runs = []
        if line is not None:
            self.lines.append(line)
            self.gap = False

    def end_block(self) -> None:
        """The paragraph is over; within a row it is a part of the cell."""
        if self.row:
            self.runs.append((" ", False))
            return
        self.end_line()
        self.gap = True

    def end_cell(self) -> None:
        """The runs so far are one cell of the row."""
        self.cells.append(" ".join(clean_words("".join(words for words, _ in self.runs)).split()))
        self.runs = []

    def end_row(self) -> None:
        """The cells so far are one row."""
        cells = tuple(cell for cell in self.cells if cell)
        if cells:
            self.lines.append(Line(" ".join(cells), gap=True, cells=cells if len(cells) > 1 else ()))
        self.cells = []
        self.gap = True


def _line_of(runs: list[tuple[str, bool]], *, gap: bool, is_heading: bool) -> Line | None:
    text = ""
    bold = 0
    in_bold = True
    for words, is_bold in runs:
        cleaned = clean_words(words)
        if not text or text.endswith(" "):
            cleaned = cleaned.lstrip(" ")
        if not is_bold and cleaned.strip(" :.[]()*-–—"):
            in_bold = False
        text += cleaned
        if in_bold and is_bold:
            bold = len(text.rstrip())
    text = text.rstrip()
    return Line(text, bold, gap, is_heading) if text else None


def _walk(root: LexborNode, collector: _Collector) -> None:
    """Visit every node in document order, with a stack: nesting may exceed the recursion limit."""
    stack: list[tuple[LexborNode, bool, bool]] = [(root, False, False)]
    while stack:
        node, bold, leaving = stack.pop()
        tag = node.tag or ""
        if leaving:
            _leave(tag, collector)
            continue
        if (sibling := node.next) is not None:
            stack.append((sibling, bold, False))
        if tag == "-text":
            collector.add_words(node.text_content or "", bold)
        elif tag == "br":
            collector.end_line()
        elif node.is_element_node and tag not in _SILENT and not _is_hidden(node):
            stack.append((node, bold, True))
            _enter(tag, collector)
            if (child := node.child) is not None:
                stack.append((child, bold or _is_bold(node, tag), False))


def _enter(tag: str, collector: _Collector) -> None:
    if tag == "tr":
        collector.end_block()
        collector.row += 1
    elif tag in _BLOCKS and not collector.row:
        collector.end_block()
    if tag in _HEADINGS:
        collector.heading += 1


def _leave(tag: str, collector: _Collector) -> None:
    if tag in ("td", "th") and collector.row:
        collector.end_cell()
    elif tag == "tr" and collector.row:
        collector.row -= 1
        collector.end_row()
    elif tag in _BLOCKS:
        collector.end_block()
    if tag in _HEADINGS:
        collector.heading -= 1


def _is_bold(node: LexborNode, tag: str) -> bool:
    return tag in _EMPHASIS or _BOLD_STYLE.search(node.attributes.get("style") or "") is not None


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return bool(attributes) and (
        "hidden" in attributes or _HIDDEN.search(attributes.get("style") or "") is not None
    )
