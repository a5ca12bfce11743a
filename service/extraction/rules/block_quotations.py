"""Quotations whose author the markup names: block quotations, embedded posts, lists of terms, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from service.extraction.attribution.marked_words import Marks
from service.extraction.models import Attribution
from service.extraction.thresholds import LONGEST_AUTHOR
from service.text.document import Block
from service.text.span import Span

_DASH: Final = re.compile(r"[\s—–―-]*")
_NAME: Final = re.compile(r"[A-Z][\w’'-]{1,40}(?: [A-Z][\w’'.-]{0,40}){1,4}")
_SIGNATURE: Final = re.compile(
    r"(?:(?:[—–―]{1,2}|--) ?|Posted by |A (?:post|video|photo|reel) (?:shared|posted) by )"
    r"(?P<name>[^\n(@]{2,60}?)\s?(?:\((?P<handle>@[\w.@-]{1,60})\)| on\b)[^\n]{0,60}$"
)
_HANDLE: Final = re.compile(r"@[\w.-]{1,40}$")
_LINKS: Final = re.compile(
    r"(?:\s{0,3}(?<!\S)(?:pic\.(?:twitter|x)\.com/\w{1,40}|https?://\S{1,200}|\[image or embed\])){1,4}"
    r"\s{0,3}$"
)


def quote_blocks(text: str, blocks: Sequence[Block], marks: Marks) -> list[Attribution]:
    """What groups of blocks say, with whom they name."""
    found: list[Attribution] = []
    grouped = (block for block in blocks if block.group)
    for _, group in groupby(grouped, key=lambda block: block.group):
        members = list(group)
        kinds = {block.kind for block in members}
        if "post" in kinds:
            found += _post(text, members)
        elif "citation" in kinds:
            found += _cited(text, members, marks)
        elif "definition" in kinds:
            found += _defined(text, members, marks)
        elif "cell" in kinds:
            found += _in_row(text, members, marks)
    return found


def outside_authors(attributions: Sequence[Attribution], blocks: Sequence[Block]) -> list[Attribution]:
    """The attributions without what was found in posts and in lines that name an author."""
    places = [Span(block.start, block.end) for block in blocks if block.kind in {"post", "citation"}]
    if not places:
        return list(attributions)
    return [
        each
        for each in attributions
        if not any(place.overlaps(span) for place in places for span in each.content[:1])
    ]


def without_repeats(
    text: str, attributions: Sequence[Attribution], blocks: Sequence[Block]
) -> list[Attribution]:
    """The attributions without block quotations that repeat words which the article quotes elsewhere."""
    places = [Span(block.start, block.end) for block in blocks if block.kind == "blockquote"]
    if not places:
        return list(attributions)
    words = {span: _folded(span.of(text)) for each in attributions for span in each.content}

    def repeats(span: Span) -> bool:
        if not any(place.contains(span) for place in places):
            return False
        return any(words[span] in found for other, found in words.items() if other != span)

    kept = (
        replace(each, content=tuple(span for span in each.content if not repeats(span)))
        for each in attributions
    )
    return [each for each in kept if each.content]


def _folded(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))


def _post(text: str, members: Sequence[Block]) -> Iterator[Attribution]:
    """The words of an embedded post, signed with a name or begun with a handle."""
    for block in members:
        signature = _SIGNATURE.match(text, block.start, block.end)
        handle = None if signature else _HANDLE.match(text, block.start, block.end)
        if signature is None and handle is None:
            continue
        words = (Span(other.start, other.end) for other in members if other is not block)
        content = tuple(span for each in words if (span := _without_links(text, each)).start < span.end)
        name = Span(*(signature.span("name") if signature else handle.span() if handle else (0, 0)))
        if content:
            yield Attribution(content, (), (name,), verbatim=True, act="writing")
        return


def _without_links(text: str, span: Span) -> Span:
    links = _LINKS.search(text, span.start, span.end)
    return Span(span.start, links.start()) if links else span


def _cited(text: str, members: Sequence[Block], marks: Marks) -> Iterator[Attribution]:
    """A block quotation, or several, with the author named below."""
    quoted: list[Span] = []
    for block in members:
        if block.kind != "citation":
            quoted.append(marks.trim(Span(block.start, block.end)))
            continue
        dash = _DASH.match(text, block.start, block.end)
        author = Span(dash.end() if dash else block.start, block.end)
        if quoted and 0 < author.end - author.start <= LONGEST_AUTHOR:
            yield Attribution(tuple(quoted), (), (author,), verbatim=True)
        quoted = []


def _defined(text: str, members: Sequence[Block], marks: Marks) -> Iterator[Attribution]:
    """Words in marks, each below the name of whose they are."""
    term: Block | None = None
    for block in members:
        if block.kind == "term":
            term = block
        elif term is not None and (passages := _all_marked(block, marks)):
            end = term.end - (text[term.end - 1] == ":")
            yield Attribution(passages, (), (Span(term.start, end),))


def _in_row(text: str, members: Sequence[Block], marks: Marks) -> Iterator[Attribution]:
    """Words in marks in a row of a table that names somebody."""
    names = [block for block in members if _NAME.match(text, block.start, block.end)]
    for block in members:
        passages = _all_marked(block, marks)
        before = [name for name in names if name.start < block.start and not _all_marked(name, marks)]
        behind = [name for name in names if name.start > block.start and not _all_marked(name, marks)]
        if passages and (before or behind):
            name = before[-1] if before else behind[0]
            yield Attribution(passages, (), (Span(name.start, name.end),))


def _all_marked(block: Block, marks: Marks) -> tuple[Span, ...]:
    """The passages of a block that is nothing else."""
    passages = marks.touching(Span(block.start, block.end))
    size = sum(passage.outer.end - passage.outer.start for passage in passages)
    return tuple(passage.span for passage in passages) if size + 3 >= block.end - block.start else ()
