"""Words in quotation marks that are names, not quotations: titles of works, nicknames, headings.

They look like quotations and are none: «his 2002 book, "Make Your Kid a Millionaire"», or a heading in marks
between two paragraphs, which would pass for more words of the last speaker. Both are told by their capitals
and by what stands before them. Of PolNeAR's training articles 96 passages are of this form; 9 of them were
annotated as a quotation, all of them titles.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.english.word_lists import read_word_lists
from service.extraction.attribution.marked_words import Marks
from service.extraction.models import Attribution
from service.extraction.tagger.encoding import MarkedPassage
from service.extraction.thresholds import HEADING_WORDS, TITLE_LOOK_BACK
from service.text.segments import find_words
from service.text.span import Span

_WORDS: Final = read_word_lists("service.extraction.rules", "titles.txt")
_SMALL: Final = re.compile("|".join(sorted(_WORDS["small_words"])))
_WORK: Final = "|".join(sorted(_WORDS["works"]))
_NAMING: Final = "titled|entitled|headlined|named|dubbed|nicknamed|nickname|called|known as|rendition of"
_NAMES: Final = re.compile(rf"\b(?:{_WORK}|{_NAMING}),?\s*$", re.IGNORECASE)


def without_names(
    attributions: Sequence[Attribution], marks: Marks, paragraphs: Sequence[Span]
) -> list[Attribution]:
    """The attributions without such contents as only name something; what has no other content is left out.

    A name within a longer content stays where it is.
    """
    kept = []
    for attribution in attributions:
        content = tuple(span for span in attribution.content if not _is_name(span, marks, paragraphs))
        if content == attribution.content:
            kept.append(attribution)
        elif content:
            kept.append(replace(attribution, content=content))
    return kept


def _is_name(span: Span, marks: Marks, paragraphs: Sequence[Span]) -> bool:
    """Whether a content is one passage and that is a name."""
    touched = marks.touching(span)
    if len(touched) != 1 or not touched[0].outer.contains(span):
        return False
    passage = touched[0]
    if not is_title(passage.span.of(marks.text)):
        return False
    before = marks.text[max(0, passage.outer.start - TITLE_LOOK_BACK) : passage.outer.start]
    return bool(_NAMES.search(before)) or _is_heading(passage, marks.text, paragraphs)


def is_title(words: str) -> bool:
    """Whether every word begins with a capital or a figure, as in a title, except small ones."""
    found = [word.of(words) for word in find_words(words)]
    return (
        bool(found) and _is_high(found[0]) and all(_is_high(word) or _SMALL.fullmatch(word) for word in found)
    )


def _is_high(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def _is_heading(passage: MarkedPassage, text: str, paragraphs: Sequence[Span]) -> bool:
    """Whether a passage of some words, that nobody calls out, fills its paragraph."""
    at = bisect_right(paragraphs, passage.outer.start, key=lambda paragraph: paragraph.start) - 1
    if at < 0 or not paragraphs[at].contains(passage.outer):
        return False
    paragraph, words = paragraphs[at], len(find_words(passage.span.of(text)))
    around = text[paragraph.start : passage.outer.start] + text[passage.outer.end : paragraph.end]
    is_called = passage.span.of(text).rstrip().endswith(("!", "?"))
    return words in HEADING_WORDS and not is_called and not find_words(around)
