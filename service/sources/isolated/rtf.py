"""Rich Text Format as HTML: striprtf (BSD) reads the words; bold type is marked for it first."""

from __future__ import annotations

import re
from html import escape

from striprtf.striprtf import rtf_to_text

from service.sources.isolated.answer import Answer, Unreadable

ON, OFF = "\ue000", "\ue001"
CONTROL = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|[{}]|\\[^a-z]|[^\\{}]+", re.DOTALL)
MOST_GROUPS = 10_000  # open at once
FIELDS = re.compile(r"\{\\\*?\\?(?:header|footer)[lrf]?\b")


def read(data: bytes) -> Answer:
    """The document's words.

    Raises:
        Unreadable: it nests too deep.
    """
    text: str = rtf_to_text(mark_bold(data.decode("latin-1")), errors="replace")  # type: ignore[no-untyped-call]
    return Answer("".join(paragraph(line) for line in text.split("\n")))


def mark_bold(source: str) -> str:
    """The source with a private character wherever bold type begins or ends."""
    out: list[str] = []
    is_bold = False
    stack: list[bool] = []
    for control in CONTROL.finditer(source):
        part = control[0]
        before = is_bold
        if part == "{":
            stack.append(is_bold)
            if len(stack) > MOST_GROUPS:
                raise Unreadable("", "is nested too deep to be read.")
        elif part == "}":
            is_bold = stack.pop() if stack else False
        elif control[1] == "b":
            is_bold = control[2] != "0"
        elif control[1] == "plain":
            is_bold = False
        out.append(part)
        if is_bold != before:
            out.append(rf"\uc1\u{ord(ON if is_bold else OFF) - 65_536}?")
    return "".join(out)


def paragraph(line: str) -> str:
    """A line as a paragraph, or as a row where it has cells."""
    bare = line.replace(ON, "").replace(OFF, "").strip()
    if not bare:
        return "<p></p>"
    if line.rstrip(f"{ON}{OFF} ").endswith("|"):
        cells = bare.strip("|").split("|")
        return f"<table><tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr></table>"
    marked = escape(line).replace(ON, "<strong>").replace(OFF, "</strong>").replace("\t", " ")
    return f"<p>{marked}</p>"
