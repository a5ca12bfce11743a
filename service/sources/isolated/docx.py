"""Word's .docx as HTML, by mammoth (BSD): insertions accepted, deletions and comments left out."""

from __future__ import annotations

import zipfile
from html import escape

import defusedxml
from defusedxml import ElementTree

from service.sources.isolated.answer import Answer
from service.sources.isolated.archive import only_texts, open_archive

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADINGS = ("p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh")


def read(data: bytes) -> Answer:
    """The document's words. Pictures are not read.

    Raises:
        Unreadable: see `open_archive`.
    """
    defusedxml.defuse_stdlib()  # mammoth reads XML by the standard library: no entities, no DTD
    import mammoth

    archive = open_archive(data, "docx")
    styles = [*HEADINGS, *(f"p[style-name='{name}'] => p > strong:fresh" for name in bold_styles(archive))]
    found = mammoth.convert_to_html(
        only_texts(archive), style_map="\n".join(styles), convert_image=lambda _: [], id_prefix=""
    )
    return Answer(found.value)


def bold_styles(archive: zipfile.ZipFile) -> list[str]:
    """The names of paragraph styles in bold type other than headings: of questions, say."""
    try:
        root = ElementTree.fromstring(archive.read("word/styles.xml"))
    except KeyError:
        return []
    names = []
    for style in root.iter(f"{W}style"):
        name = style.find(f"{W}name")
        bold = style.find(f"{W}rPr/{W}b")
        if style.get(f"{W}type") != "paragraph" or name is None or bold is None:
            continue
        written = name.get(f"{W}val") or ""
        plain = not written.lower().startswith(("heading", "title", "subtitle", "toc"))
        if plain and bold.get(f"{W}val") not in ("0", "false") and not set(written) & set("'\\\n"):
            names.append(escape(written, quote=False))
    return names[:50]
