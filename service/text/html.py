"""HTML in: the words a reader of the article sees, block by block."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from service.text.blocks import Drafting, assemble
from service.text.boilerplate import drop_boilerplate
from service.text.document import BlockKind, Document

# Elements that leave nothing.
SILENT = frozenset(
    "head script style noscript template nav aside form svg math iframe button figcaption select textarea input "
    "object embed video audio canvas map noframes noembed dialog menu datalist progress meter".split()
)
BLOCKS: dict[str, BlockKind] = {
    **dict.fromkeys(
        "address article body caption center dd details dir div dl dt fieldset figure footer header hgroup hr html "
        "legend main ol p pre search section summary table tbody td tfoot th thead tr ul xmp".split(),
        "paragraph",
    ),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "li": "list_item",
    "blockquote": "blockquote",
}
EMPHASIS = frozenset(("em", "i", "strong", "b", "small", "cite"))
FIGURE_KEEPS = frozenset(("blockquote", "table", "pre"))
HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
CAPTION_CLASS = re.compile(
    r"(?:wp-|image|photo|media|img|figure|picture)?[-_]*(?:captions?|credits?|copyright)(?:[-_]+\w+)?",
    re.IGNORECASE,
)
SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Context:
    """What the elements around a place make of its words."""

    kind: BlockKind = "paragraph"
    linked: bool = False
    emphasised: bool = False
    preformatted: bool = False
    in_figure: bool = False
    quotes: int = 0


def read_html(body: str, language: str | None = None) -> Document:
    """The article's text and blocks. `language` wins over the markup's `lang`. Raises on no string."""
    parser = LexborHTMLParser(SURROGATES.sub("\ufffd", body))
    root = parser.root
    if root is None:
        return Document("", (), language)
    drafting = Drafting()
    _walk(root, drafting)
    return assemble(drop_boilerplate(drafting.drafts), language or _declared_language(parser))


def _walk(root: LexborNode, drafting: Drafting) -> None:
    """Visit every node in document order. The stack is our own: nesting may be deeper than recursion goes."""
    stack: list[tuple[LexborNode | None, Context, str | None]] = [(root, Context(), None)]
    while stack:
        node, context, leaving = stack.pop()
        if leaving is not None:
            _leave(leaving, context, drafting)
            continue
        if node is None:
            continue
        # The sibling waits below the children, so that the stack stays as small as the nesting.
        if node is not root and node.next is not None:
            stack.append((node.next, context, None))
        tag = node.tag or ""
        if tag == "-text":
            words = node.text_content or ""
            if not context.in_figure:
                drafting.add_words(
                    words,
                    linked=context.linked,
                    emphasised=context.emphasised,
                    preformatted=context.preformatted,
                )
        elif node.is_element_node and not is_silent(node, tag, context):
            inner = _enter(tag, node, context, drafting)
            stack.append((None, context if tag != "q" else inner, tag))
            if node.child is not None:
                stack.append((node.child, inner, None))


def _enter(tag: str, node: LexborNode, context: Context, drafting: Drafting) -> Context:
    """Act on an element's start; returns the context of its children."""
    if tag == "br":
        drafting.add_break()
    elif tag in ("img", "picture"):
        drafting.add_image()
    elif tag == "a":
        return replace(context, linked=True)
    elif tag in EMPHASIS:
        return replace(context, emphasised=True)
    elif tag == "q":
        drafting.add_words("“‘"[context.quotes % 2], linked=context.linked, emphasised=context.emphasised)
        return replace(context, quotes=context.quotes + 1)
    elif tag in BLOCKS:
        kind = context.kind if context.kind == "blockquote" or BLOCKS[tag] == "paragraph" else BLOCKS[tag]
        drafting.begin_block(kind)
        return replace(
            context,
            kind=kind,
            preformatted=context.preformatted or tag == "pre",
            in_figure=tag == "figure" or (context.in_figure and tag not in FIGURE_KEEPS),
        )
    return context


def _leave(tag: str, context: Context, drafting: Drafting) -> None:
    """Act on an element's end; `context` is that of its parent."""
    if tag == "q":
        drafting.add_words("’”"[context.quotes % 2], linked=context.linked, emphasised=context.emphasised)
    elif tag in BLOCKS:
        drafting.begin_block(context.kind)


def is_silent(node: LexborNode, tag: str, context: Context) -> bool:
    """Whether an element leaves nothing: by its kind, hidden, a caption, a note mark, or a page's footer."""
    if tag in SILENT or (tag == "footer" and context.kind != "blockquote"):
        return True
    attributes = node.attributes
    if not attributes:
        return tag == "sup" and is_note_mark(node)
    return is_hidden(attributes) or is_caption_class(attributes) or (tag == "sup" and is_note_mark(node))


def is_hidden(attributes: dict[str, str | None]) -> bool:
    """Not shown to a reader."""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return HIDDEN_STYLE.search(attributes.get("style") or "") is not None


def is_caption_class(attributes: dict[str, str | None]) -> bool:
    """Named by its class as the caption or credit of a picture."""
    return any(CAPTION_CLASS.fullmatch(name) for name in (attributes.get("class") or "").split())


def is_note_mark(node: LexborNode) -> bool:
    """The raised number of a footnote: a link within the page, set superscript."""
    link = node.css_first("a[href^='#']")
    return link is not None


def _declared_language(parser: LexborHTMLParser) -> str | None:
    """The first `lang` of html, body or an element around the whole."""
    node = parser.css_first("html[lang], body[lang], body > :only-child[lang]")
    declared = (node.attributes.get("lang") or "").strip() if node is not None else ""
    return declared or None
