"""A bound on how deep HTML nests, as browsers have one.

The HTML standard's tree construction looks through all open elements at many a tag, opens every unclosed
formatting element again in each block, and compares each attribute of a tag with all before it: a megabyte of
`<div>` takes half a minute. Tags beyond what any article holds are left out before parsing; their words stay.
"""

from __future__ import annotations

import re
from collections import Counter

DEEPEST = 512  # as in Chromium
DEEPEST_FORMATTING = 8
MOST_ATTRIBUTES = 256

TAG = re.compile(r"<!--|<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
COMMENT_END = re.compile(r"--!?>|(?<=<!--)-?>")
# To the end of a tag; a quoted value may hold ">".
REST = re.compile(r"(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])))*+>")
QUOTED = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')")
BETWEEN_ATTRIBUTES = re.compile(r"[\s/]++")


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


VOID = _names("area base br col embed hr img input link meta source track wbr")
CLOSED_BY_THE_NEXT = _names("p li dt dd a option optgroup tr td th tbody thead tfoot rp rt button")
FORMATTING = _names("b big code em font i nobr s small strike strong tt u")
RAW = _names("script style textarea title xmp iframe noembed noframes plaintext")


def cap_nesting(html: str) -> str:
    """`html` without the tags that go beyond the bounds above; as it is where there are none. Linear."""
    cuts = _too_much(html)
    if not cuts:
        return html
    kept: list[str] = []
    position = 0
    for start, end in cuts:
        kept.append(html[position:start])
        position = end
    kept.append(html[position:])
    return "".join(kept)


def has_too_many_attributes(rest: str) -> bool:
    """Whether a tag, given from behind its name, holds more attributes than `MOST_ATTRIBUTES`."""
    if len(rest) <= 2 * MOST_ATTRIBUTES:
        return False
    return len(BETWEEN_ATTRIBUTES.findall(QUOTED.sub("", rest))) > MOST_ATTRIBUTES


class _Open:
    """Counts of the elements that are open, and of those that were left out."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._depth = 0
        self._formatting = 0

    def start(self, name: str) -> bool:
        """Whether an element that starts here is too deep."""
        if name in FORMATTING:
            too_deep = self._formatting >= DEEPEST_FORMATTING
            self._formatting += not too_deep
        else:
            too_deep = self._depth >= DEEPEST
            self._depth += not too_deep
        (self._left_out if too_deep else self._open)[name] += 1
        return too_deep

    def end(self, name: str) -> bool:
        """Whether this end tag belongs to an element that was left out."""
        if self._left_out[name]:
            self._left_out[name] -= 1
            return True
        if self._open[name]:
            self._open[name] -= 1
            if name in FORMATTING:
                self._formatting -= 1
            else:
                self._depth -= 1
        return False

    @property
    def is_foreign(self) -> bool:
        """Within SVG or MathML, where `/>` does close an element."""
        return bool(self._open["svg"] or self._open["math"])


def _too_much(html: str) -> list[tuple[int, int]]:
    """The tags to leave out, as (start, end) in order."""
    cuts: list[tuple[int, int]] = []
    elements = _Open()
    position = 0
    while (tag := TAG.search(html, position)) is not None:
        if tag[2] is None:
            comment = COMMENT_END.search(html, tag.end())
            position = comment.end() if comment else len(html)
            continue
        rest = REST.match(html, tag.end())
        if rest is None:  # the text ends within a tag: a parser drops it
            break
        position = rest.end()
        name = tag[2].lower()
        if has_too_many_attributes(rest[0]):
            cuts.append((tag.start(), position))
            continue
        if name in VOID or name in CLOSED_BY_THE_NEXT or (elements.is_foreign and html[position - 2] == "/"):
            continue
        if elements.end(name) if tag[1] else elements.start(name):
            cuts.append((tag.start(), position))
        if name in RAW and not tag[1]:
            close = re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE).search(html, position)
            position = close.start() if close else len(html)
    return cuts
