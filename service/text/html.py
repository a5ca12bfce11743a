"""HTML to text: the words that a reader sees, block by block."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from service.text.blocks import Drafting, Style, assemble
from service.text.boilerplate import drop_boilerplate
from service.text.document import BlockKind, Document
from service.text.metadata import NOTHING, read_page_data
from service.text.nesting import cap_nesting
from service.text.page import find_article, holds_most, is_whole_page, keep_article
from service.text.plain import read_plain

# Elements that leave nothing.
SILENT_NAMES = (
    "head script style noscript template nav aside svg math iframe button label figcaption select textarea "
    "input object embed video audio canvas map noframes noembed dialog menu datalist progress meter"
)
PARAGRAPH_NAMES = (
    "address article body caption center dd details dir div dl dt fieldset figure footer form header hgroup "
    "hr html legend main ol p pre search section summary table tbody td tfoot th thead tr ul xmp"
)
SILENT = frozenset(SILENT_NAMES.split())
BLOCKS: dict[str, BlockKind] = {
    **dict.fromkeys(PARAGRAPH_NAMES.split(), "paragraph"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "li": "list_item",
    "blockquote": "blockquote",
    "dt": "term",
    "dd": "definition",
    "td": "cell",
    "th": "cell",
}
GROUPING = frozenset(("blockquote", "dl", "tr"))
LASTING: frozenset[BlockKind] = frozenset(("blockquote", "post", "citation"))  # whatever they hold
LONGEST_CELL = 300  # characters; a longer one is a column of the page
# The quotation that the embedding code of a social network is until its script has run.
POST_NAMES = (
    "twitter-tweet twitter-video bluesky-embed instagram-media fb-post fb-xfbml-parse-ignore mastodon-embed "
    "mastodon-post tiktok-embed text-post-media"
)
POST_CLASSES = frozenset(POST_NAMES.split())
ITALIC = frozenset(("em", "i", "cite", "small"))
BOLD = frozenset(("strong", "b"))
PREFORMATTED = frozenset(("pre", "xmp"))
KEPT_IN_FIGURE = frozenset(("blockquote", "table", "pre"))
HIDDEN_STYLE = re.compile(r"(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden)", re.IGNORECASE)
CAPTION_CLASS = re.compile(
    r"(?:(?:wp|image|photo|media|img|figure|picture)[-_]{0,2})?(?:captions?|credits?|copyright)(?:[-_]{1,2}\w+)?"
    r"|(?:wp-block-)?pull-?quote",
    re.IGNORECASE,
)
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)
SURROGATES = re.compile("[\ud800-\udfff]")
PARAGRAPHS_OF_A_PAGE = 3
Attributes = dict[str, str | None]


class Context(NamedTuple):
    """The formatting that the surrounding elements give to words."""

    kind: BlockKind = "paragraph"
    style: Style = Style()
    in_figure: bool = False
    quotes: int = 0  # how many <q> are open
    group: int = 0  # of the block quotation, list of terms or row around


def read_html(body: str, language: str | None = None) -> Document:
    """The article's text and blocks. `language` wins over the markup's `lang`. Raises on no string."""
    parser = LexborHTMLParser(cap_nesting(SURROGATES.sub("\ufffd", body)))
    root = parser.root
    if root is None:
        return Document("", (), language)
    drafting = Drafting()
    _walk(root, drafting)
    drafting.begin_block("paragraph")
    drafts = list(drop_boilerplate(drafting.drafts))
    metadata = read_page_data(parser) if "ld+json" in body else NOTHING
    if is_whole_page(body):
        article = "\n".join(filter(None, (find_article(body), metadata.body)))
        drafts = keep_article(drafts, article) if article else drafts
        if metadata.body and not holds_most(drafts, metadata.body):
            return replace(
                read_plain(metadata.body, language or declared_language(parser)), metadata=metadata
            )
    return assemble(drafts, language or declared_language(parser) or metadata.language, metadata)


def declared_language(parser: LexborHTMLParser) -> str | None:
    """The `lang` of html, body, or the one element that holds the whole; None if it is no language tag."""
    body = parser.body
    inside = [] if body is None else list(islice(body.iter(include_text=False), 2))
    for node in (parser.root, body, *(inside if len(inside) == 1 else ())):
        declared = (
            ((node.attributes.get("lang") if node is not None else None) or "").strip().replace("_", "-")
        )
        if LANGUAGE.fullmatch(declared):
            return declared
    return None


def _walk(root: LexborNode, drafting: Drafting) -> None:
    """Visit every node in document order, with a stack: nesting may exceed the recursion limit."""
    stack: list[tuple[LexborNode, Context, bool]] = [(root, Context(), False)]
    while stack:
        node, context, leaving = stack.pop()
        tag = node.tag or ""
        if leaving:
            _leave(tag, context, drafting)
            continue
        # The sibling waits below the children, so that the stack grows with the depth alone.
        if (sibling := node.next) is not None:
            stack.append((sibling, context, False))
        if tag == "-text":
            if not context.in_figure:
                drafting.add_words(node.text_content or "", context.style)
        elif node.is_element_node and not is_silent(node, tag, context):
            stack.append((node, context, True))
            inner = _enter(node, tag, context, drafting)
            if (child := node.child) is not None:
                stack.append((child, inner, False))


def _enter(  # noqa: PLR0911
    node: LexborNode, tag: str, context: Context, drafting: Drafting
) -> Context:
    """Act on an element's start; returns the context of its children."""
    style = context.style
    if tag == "br":
        drafting.add_break()
    elif tag == "img":
        drafting.add_image()
    elif tag == "a":
        return context._replace(style=style._replace(linked=True))
    elif names_author(node, tag, context):
        drafting.begin_block("citation", context.group)
        return context._replace(kind="citation", in_figure=False)
    elif tag in ITALIC:
        return context._replace(style=style._replace(italic=True))
    elif tag in BOLD:
        return context._replace(style=style._replace(bold=True))
    elif tag == "q":
        drafting.add_words("“‘"[context.quotes % 2], style)
        return context._replace(quotes=context.quotes + 1)
    elif tag in BLOCKS:
        kind = _kind(node, tag, context)
        group = context.group
        if (tag in GROUPING and not (group and context.kind in LASTING)) or is_quotation_figure(node, tag):
            group = context.group if context.in_figure and context.group else drafting.new_group()
        drafting.begin_block(kind, group)
        return Context(
            kind,
            style._replace(preformatted=True) if tag in PREFORMATTED else style,
            tag == "figure" or (context.in_figure and tag not in KEPT_IN_FIGURE),
            context.quotes,
            group,
        )
    return context


def _kind(node: LexborNode, tag: str, context: Context) -> BlockKind:
    """The kind of the blocks in an element."""
    own = BLOCKS[tag]
    if context.kind in LASTING or own == "paragraph":
        return context.kind
    if own == "cell" and len(node.text()) > LONGEST_CELL:
        return "paragraph"
    return "post" if own == "blockquote" and is_post(node) else own


def is_post(node: LexborNode) -> bool:
    """Whether a block quotation is the embedding code of a social network."""
    return not POST_CLASSES.isdisjoint((node.attributes.get("class") or "").split())


def is_quotation_figure(node: LexborNode, tag: str) -> bool:
    """Whether a figure is a quotation with its author as caption."""
    if tag != "figure" or (quoted := node.css_first("blockquote")) is None:
        return False
    return not is_post(quoted) and node.css_first("img") is None


def names_author(node: LexborNode, tag: str, context: Context) -> bool:
    """Whether an element names the author of the block quotation that it is in, or is the caption of."""
    if context.kind == "blockquote" and tag == "footer":
        return True
    if tag == "figcaption":
        return bool(context.group) and context.kind != "post"
    parent = node.parent
    if tag != "cite" or context.kind != "blockquote" or parent is None:
        return False
    return parent.tag in {"blockquote", "figure"} or parent.text().strip() == node.text().strip()


def _leave(tag: str, context: Context, drafting: Drafting) -> None:
    """Act on an element's end; `context` is that of the element around it."""
    if tag == "q":
        drafting.add_words("”’"[context.quotes % 2], context.style)
    elif tag in BLOCKS or (tag in {"cite", "figcaption"} and context.group):
        drafting.begin_block(context.kind, context.group)


def is_silent(node: LexborNode, tag: str, context: Context) -> bool:
    """Whether an element leaves nothing."""
    if tag == "figcaption" and context.group and context.kind != "post":
        return False
    if (
        tag in SILENT
        or (tag == "footer" and context.kind not in LASTING)
        or (tag == "form" and not wraps_page(node))
        or (tag == "sup" and is_note_mark(node))
    ):
        return True
    attributes = node.attributes
    return bool(attributes) and (is_hidden(attributes) or is_caption_or_credit(attributes))


def is_hidden(attributes: Attributes) -> bool:
    """Not shown to a reader."""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return HIDDEN_STYLE.search(attributes.get("style") or "") is not None


def is_caption_or_credit(attributes: Attributes) -> bool:
    """Named by its class a picture's caption or credit, or a pull quote, which repeats the article."""
    return any(CAPTION_CLASS.fullmatch(name) for name in (attributes.get("class") or "").split())


def wraps_page(form: LexborNode) -> bool:
    """Some systems (ASP.NET) put the whole page into one form; a form to fill in holds no article."""
    return form.css_first("article, h1") is not None or len(form.css("p")) >= PARAGRAPHS_OF_A_PAGE


def is_note_mark(node: LexborNode) -> bool:
    """The raised number of a footnote: a superscript that begins with a link within the page."""
    child = node.child
    if child is None or child.tag != "a":
        return False
    return (child.attributes.get("href") or "").startswith("#")
