"""An article as it is pasted or chosen: the fields of the form, as the API's own schema takes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.urls import iri_to_uri

from schemas.articles import BODIES, ArticleInputSchema
from schemas.validation_errors import find_faults
from service.errors import Fault, InvalidInput
from service.sources.reading import Draft, read_draft
from service.store.records import ArticleStatus
from service.text.document import Format
from service.usecases.articles.analysis import Article
from service.usecases.articles.fetch_article import ArticleFetcher
from service.usecases.articles.given_sources import SentSource

DESCRIBED: Final = ("headline", "byline", "publisher", "published_at", "uri")
MEMBER_OF: Final = {format: member for member, format in BODIES.items()}
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
    address: str = ""  # where the article is to be fetched from, in place of a body
    store: bool = False
    status: ArticleStatus = "draft"
    unreported: bool = False  # passages that report no words are shown too
    faults: Mapping[str, str] = field(default_factory=dict)

    def read(self, sources: tuple[SentSource, ...] = ()) -> Article:
        """The article with its sources. Raises InvalidInput, each fault by the name of its field."""
        format: Format = find_format(self.body) if self.format == "auto" else self.format
        members = {name: value for name in DESCRIBED if (value := getattr(self, name).strip())}
        member = MEMBER_OF[format]
        try:
            members |= {member: self.body, "status": self.status}
            article: Article = ArticleInputSchema().load({**members, "store": self.store})
        except ValidationError as error:
            raise InvalidInput("the article is not complete", tuple(find_faults(error.messages))) from None
        return replace(article, sources=sources, acts="all" if self.unreported else "reported")


def read_form(fields: MultiDict[str, str], file: FileStorage | None = None) -> ArticleForm:
    """The form as it was sent; a file that was chosen goes before what is in the text field.

    Raises InvalidInput if the file is no text.
    """
    format = fields.get("format", "auto")
    body = fields.get("body", "").replace("\r\n", "\n")  # as browsers send a field's lines
    if file is not None and file.filename:
        draft = read_file(file)
        body = draft.body
        if format == "auto":
            format = draft.format
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
        address=fields.get("address", "").strip(),
    )


def fetch_body(form: ArticleForm, fetcher: ArticleFetcher) -> ArticleForm:
    """The form with the article at its address, where it has one and no body.

    Raises InvalidInput, the fault under `/address`, and Overloaded.
    """
    if not form.address or form.body.strip():
        return form
    found = fetcher.fetch(iri_to_uri(form.address))
    return replace(form, body=found.body, format=found.format, uri=form.uri or found.uri)


def read_file(file: FileStorage) -> Draft:
    """A draft in any format that people have. Raises InvalidInput, the fault under `/file`."""
    try:
        return read_draft(file.stream.read(), name=file.filename)
    except InvalidInput as error:
        raise InvalidInput("the file cannot be read", (Fault("/file", str(error)),)) from error


def find_format(body: str) -> Format:
    """The format of a text: HTML begins with a tag and closes some, Markdown has its signs."""
    seen = body[:LOOKED_AT]
    if HTML.match(seen) and CLOSING.search(seen):
        return "html"
    return "markdown" if MARKDOWN.search(seen) else "plain"


def field_of(pointer: str) -> str:
    """The form field for a JSON pointer into an article; the body if it points to one or to nothing."""
    return "body" if pointer in BODIES or not pointer else pointer
