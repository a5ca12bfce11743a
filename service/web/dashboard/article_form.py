"""An article as it is pasted or chosen: the fields of the form, as the API's own schema takes them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage, MultiDict

from schemas.articles import BODIES, ArticleInputSchema
from schemas.validation_errors import find_faults
from service.errors import Fault, InvalidInput
from service.store.records import ArticleStatus
from service.text.document import Format
from service.usecases.articles.analysis import Article

DESCRIBED: Final = ("headline", "byline", "publisher", "published_at", "uri")
MEMBER_OF: Final = {format: member for member, format in BODIES.items()}
ENDINGS: Final[Mapping[str, Format]] = {
    "txt": "plain", "text": "plain", "html": "html", "htm": "html", "xhtml": "html", "md": "markdown",
    "markdown": "markdown",
}  # fmt: skip
#: What files begin with that people take for text.
OTHERS: Final = {
    b"PK\x03\x04": "a Word or OpenDocument file",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "a Word file",
    b"{\\rtf": "RTF",
}
HTML: Final = re.compile(r"\A\s*<(!doctype|!--|[a-z][a-z0-9]*[\s>/])", re.IGNORECASE)
CLOSING: Final = re.compile(
    r"</(p|div|article|body|html|h[1-6]|span|section|blockquote|ul|table|a)\s*>", re.IGNORECASE
)
MARKDOWN: Final = re.compile(
    r"^#{1,6} \S|\[[^\]\n]{1,500}\]\([^)\s]{1,2000}\)|(?<![*\w])\*\*[^*\s][^*\n]{0,500}\*\*(?![*\w])",
    re.MULTILINE,
)
Choice = Literal["auto", "plain", "html", "markdown"]
LOOKED_AT: Final = 20_000  # characters, to tell a format by


@dataclass(frozen=True, slots=True)
class ArticleForm:
    """The content of the fields, and their faults: sentences by the name of the field."""

    body: str = ""
    format: Choice = "auto"
    headline: str = ""
    byline: str = ""
    publisher: str = ""
    published_at: str = ""
    uri: str = ""
    store: bool = False
    status: ArticleStatus = "draft"
    unreported: bool = False  # passages that report no words are shown too
    faults: Mapping[str, str] = field(default_factory=dict)

    def read(self) -> Article:
        """The article. Raises InvalidInput, each fault by the name of its field."""
        format: Format = find_format(self.body) if self.format == "auto" else self.format
        told = {name: value for name in DESCRIBED if (value := getattr(self, name).strip())}
        member = MEMBER_OF[format]
        try:
            told |= {member: self.body, "status": self.status}
            article: Article = ArticleInputSchema().load({**told, "store": self.store})
        except ValidationError as error:
            raise InvalidInput("the article is not complete", tuple(find_faults(error.messages))) from None
        return replace(article, acts="all" if self.unreported else "reported")


def read_form(fields: MultiDict[str, str], file: FileStorage | None = None) -> ArticleForm:
    """The form as it was sent; a file that was chosen goes before what is in the text field.

    Raises InvalidInput if the file is no text.
    """
    format = fields.get("format", "auto")
    body = fields.get("body", "").replace("\r\n", "\n")  # as browsers send a field's lines
    if file is not None and file.filename:
        body = decode(file.stream.read())
        if format == "auto":
            format = ENDINGS.get(file.filename.rpartition(".")[2].lower(), "auto")
    return ArticleForm(
        body=body,
        format=format if format in MEMBER_OF else "auto",
        store=fields.get("store") == "1",
        unreported=fields.get("unreported") == "1",
        status="draft" if fields.get("status") == "draft" else "published",
        headline=fields.get("headline", ""),
        byline=fields.get("byline", ""),
        publisher=fields.get("publisher", ""),
        published_at=fields.get("published_at", ""),
        uri=fields.get("uri", ""),
    )


def decode(content: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 that says so. Raises InvalidInput, naming what it is instead."""
    for beginning, kind in OTHERS.items():
        if content.startswith(beginning):
            raise _refuse(f"This is {kind}. Save it as plain text, HTML or Markdown, or paste its words.")
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"at byte {error.start}"
        raise _refuse(f"This is no text in UTF-8 ({where}). Save it as UTF-8, or paste its words.") from None


def _refuse(detail: str) -> InvalidInput:
    return InvalidInput("the file cannot be read", (Fault("/file", detail),))


def find_format(body: str) -> Format:
    """What a text is, by its looks: HTML begins with a tag and closes some, Markdown has its signs."""
    seen = body[:LOOKED_AT]
    if HTML.match(seen) and CLOSING.search(seen):
        return "html"
    return "markdown" if MARKDOWN.search(seen) else "plain"


def field_of(pointer: str) -> str:
    """The field that a pointer into an article means: the body, where it names a format of it or nothing."""
    return "body" if pointer in BODIES or not pointer else pointer
