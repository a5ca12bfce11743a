"""OpenDocument's .odt as HTML, read by defusedxml: without tracked deletions, notes and comments."""

from __future__ import annotations

import zipfile
from html import escape
from typing import Any

from defusedxml import ElementTree

from service.sources.isolated.answer import Answer, Unreadable
from service.sources.isolated.archive import open_archive

NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT = f"{{{NAMESPACE}text:1.0}}"
TABLE = f"{{{NAMESPACE}table:1.0}}"
STYLE = f"{{{NAMESPACE}style:1.0}}"
OFFICE = f"{{{NAMESPACE}office:1.0}}"
WEIGHT = f"{{{NAMESPACE}xsl-fo-compatible:1.0}}font-weight"
SILENT = {
    f"{TEXT}tracked-changes", f"{TEXT}note", f"{TEXT}table-of-content", f"{TEXT}sequence-decls",
    f"{OFFICE}annotation", f"{OFFICE}annotation-end", f"{OFFICE}forms",
    "{http://www.w3.org/1999/xhtml}script", f"{TEXT}page-number", f"{TEXT}page-count",
}  # fmt: skip
TAGS = {f"{TEXT}p": "p", f"{TABLE}table": "table", f"{TABLE}table-row": "tr", f"{TABLE}table-cell": "td"}


def read(data: bytes) -> Answer:
    """The document's words.

    Raises:
        Unreadable: see `open_archive`.
    """
    archive = open_archive(data, "odt")
    content = parse(archive, "content.xml")
    if content is None:
        raise Unreadable("", "is damaged, or no .odt file.")
    bold = bold_styles(parse(archive, "styles.xml"), content)
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    out: list[str] = []
    if body is not None:
        write(body, bold, out)
    return Answer("".join(out))


def parse(archive: zipfile.ZipFile, name: str) -> Any:
    """The root of a part of the archive; None where there is no such part."""
    try:
        data = archive.read(name)
    except KeyError:
        return None
    return ElementTree.fromstring(data, forbid_dtd=True)


def bold_styles(*roots: Any) -> set[str]:
    """The names of all styles in bold type, those derived from them included."""
    parents: dict[str, str] = {}
    weights: dict[str, bool] = {}
    for root in roots:
        for style in root.iter(f"{STYLE}style") if root is not None else ():
            name = style.get(f"{STYLE}name", "")
            parents[name] = style.get(f"{STYLE}parent-style-name", "")
            text = style.find(f"{STYLE}text-properties")
            weight = text.get(WEIGHT) if text is not None else None
            if weight is not None:
                weights[name] = weight in ("bold", "600", "700", "800", "900")
    return {name for name in parents if is_bold(name, parents, weights)}


def is_bold(name: str, parents: dict[str, str], weights: dict[str, bool]) -> bool:
    """Whether a style, or the nearest of those it is derived from that says so, is bold."""
    for _ in range(20):
        if name in weights:
            return weights[name]
        name = parents.get(name, "")
    return False


def write(element: Any, bold: set[str], out: list[str]) -> None:
    """An element's words as HTML, those of its children in order."""
    tag = element.tag
    if tag in SILENT:
        return
    name = TAGS.get(tag, "")
    if tag == f"{TEXT}h":
        name = "h2"
    elif tag == f"{TEXT}s":
        out.append(" ")
    elif tag == f"{TEXT}tab":
        out.append("\t")
    elif tag == f"{TEXT}line-break":
        out.append("<br>")
    strong = element.get(f"{TEXT}style-name") in bold and name != "h2"
    if name:
        out.append(f"<{name}>")
    if strong:
        out.append("<strong>")
    out.append(escape(element.text or ""))
    for child in element:
        write(child, bold, out)
        out.append(escape(child.tail or ""))
    if strong:
        out.append("</strong>")
    if name:
        out.append(f"</{name}>")
