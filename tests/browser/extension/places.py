"""Where marks are, found by other means than the extension's own: what ranges of the document say.

The extension reads a page into a string of its own and maps places back. Here the words before and after a
mark are those of the document's ranges, and letters and digits are all that is compared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.browser.extension.browsing import Inside

CONTEXT = 24  # letters and digits on either side
MARKS = """(() => {
  const { marks, answer } = verbatim.overlay.list;
  const told = (range) => {
    const walker = document.createTreeWalker(range.commonAncestorContainer.nodeType === 1
      ? range.commonAncestorContainer : range.commonAncestorContainer.parentNode, NodeFilter.SHOW_TEXT);
    let words = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!range.intersectsNode(node) || node.parentElement.closest("script, style, template, noscript, sup, figcaption")) continue;
      const from = node === range.startContainer ? range.startOffset : 0;
      const to = node === range.endContainer ? range.endOffset : node.data.length;
      words += node.data.slice(from, to);
    }
    return words;
  };
  const around = (ranges) => {
    const before = document.createRange(), after = document.createRange();
    before.setStart(document.body, 0);
    before.setEnd(ranges[0].startContainer, ranges[0].startOffset);
    after.setStart(ranges.at(-1).endContainer, ranges.at(-1).endOffset);
    after.setEnd(document.body, document.body.childNodes.length);
    return [told(before).slice(-400), told(after).slice(0, 400)];
  };
  return { answer, marks: marks.marks.map((mark) => mark && {
    words: mark.ranges.map((range) => told(range)), around: around(mark.ranges) }) };
})()"""


@dataclass(frozen=True)
class Mark:
    """A quote of an answer, and what the document has where it is marked; None where it is not."""

    quote: Mapping[str, Any]
    words: str | None
    before: str = ""
    after: str = ""

    @property
    def is_right(self) -> bool:
        """Whether these are the quote's words, all of them, with its surroundings around them."""
        assert self.words is not None
        selector = self.quote["selector"][0]
        before = bare(selector["prefix"].rsplit("\n\n", 1)[-1])[-CONTEXT:]
        after = bare(selector["suffix"].split("\n\n", 1)[0])[:CONTEXT]
        return (
            bare(self.words) == bare(self.quote["content"]["text"])
            and bare(self.before).endswith(before)
            and bare(self.after).startswith(after)
        )


def bare(text: str) -> str:
    """Letters and digits only, composed."""
    kept = (one for one in text if unicodedata.category(one)[0] in "LNM" or unicodedata.category(one) == "So")
    return unicodedata.normalize("NFC", "".join(kept))


def read_marks(inside: Inside) -> Sequence[Mark]:
    """All quotes of a page that was looked through."""
    told = inside.evaluate(MARKS)
    return [
        Mark(quote, "".join(mark["words"]), *mark["around"]) if mark else Mark(quote, None)
        for quote, mark in zip(told["answer"]["quotes"], told["marks"], strict=True)
    ]
