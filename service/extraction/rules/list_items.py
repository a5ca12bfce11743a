"""Lists that finish a sentence: "The ministry said it would:", then what, an item a line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.models import Attribution
from service.extraction.tagger.encoding import Layout
from service.extraction.thresholds import MOST_ITEMS
from service.text.span import Span

_BULLET: Final = re.compile(r"(?:[•*·‣▪–—-]|\(?(?:\d{1,2}|[a-z])[.)])\s+(?=\S)")


def with_items(text: str, attributions: Sequence[Attribution], layout: Layout) -> list[Attribution]:
    """The attributions, those that end with a colon and their paragraph with the items below."""
    starts = [span.start for span in layout.paragraphs]
    items = {block.start for block in layout.blocks if block.kind == "list_item"}
    taken = {bisect_right(starts, span.start) - 1 for each in attributions for span in each.content}
    result = []
    for each in attributions:
        last = each.content[-1]
        number = bisect_right(starts, last.start) - 1
        end = layout.paragraphs[number].end if number >= 0 else -1
        added: list[Span] = []
        if end - last.end <= 1 and text[end - 1] == ":":
            for span in layout.paragraphs[number + 1 : number + 1 + MOST_ITEMS]:
                bullet = _BULLET.match(text, *span)
                at = bisect_right(starts, span.start) - 1
                if at in taken or not (bullet or span.start in items):
                    break
                added.append(Span(bullet.end() if bullet else span.start, span.end))
        result.append(replace(each, content=(*each.content, *added)) if added else each)
    return result
