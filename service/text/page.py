"""The article in a whole page, found by trafilatura.

A page has menus, teasers, comments and other articles around the one that it is about. trafilatura
(Apache-2.0)
finds the article's words; the blocks that hold them stay as they were read, so that places in the text are
exact.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Final

import trafilatura

from service.text.blocks import Draft

# What trafilatura logs may hold words of the page, and no log of this service does.
logging.getLogger("trafilatura").propagate = False
logging.getLogger("trafilatura").addHandler(logging.NullHandler())

SHINGLE: Final = 3  # words
LEAST_SHARED: Final = 0.6  # share of a block's shingles that the article's words must hold
LEAST_WORDS: Final = 40  # of an article; a page of which less is found stays as it is
LONGEST_GAP: Final = 3  # blocks between two of the article that may be its own though they were not found
LEAST_PARAGRAPH: Final = 25  # words of a paragraph that goes on with the article though it was not found
LEAST_FOLLOWING: Final = 4  # such paragraphs; fewer are a teaser
LEAST_SENTENCE: Final = 8  # words of such a block
LONGEST_PAGE: Final = 5_000_000  # characters
_WHOLE: Final = re.compile(r"<(?:html|body|head)[\s>]", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")


def is_whole_page(body: str) -> bool:
    """Whether a document is a page as browsers get it and no fragment of an article."""
    return _WHOLE.search(body[:20_000]) is not None


def find_article(body: str) -> str | None:
    """The words of the article that a page is about; None if there is none to be found."""
    if len(body) > LONGEST_PAGE:
        return None
    try:
        found = trafilatura.extract(
            body, include_comments=False, include_tables=True, favor_precision=False, deduplicate=False
        )
    except Exception:
        return None
    return found if found and len(_WORD.findall(found)) >= LEAST_WORDS else None


def keep_article(drafts: Sequence[Draft], article: str) -> list[Draft]:
    """The blocks that hold the article's words, in order, with what stands between them and reads as its
    text.
    """
    words = _folded(article)
    shingles = {tuple(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1)}
    lines = {" ".join(_folded(line)) for line in article.splitlines()}
    held = [_is_held(draft.text, shingles, lines) for draft in drafts]
    first = next((n for n, is_held in enumerate(held) if is_held), None)
    if first is None:
        return list(drafts)
    kept: list[Draft] = []
    gap: list[Draft] = []
    for draft, is_held in zip(drafts[first:], held[first:], strict=True):
        if is_held:
            kept += [other for other in gap if _reads_as_text(other)] if len(gap) <= LONGEST_GAP else []
            kept.append(draft)
            gap = []
        else:
            gap.append(draft)
    return kept + _that_follows(gap)


def holds_most(drafts: Sequence[Draft], article: str) -> bool:
    """Whether the blocks hold the article's words, as the page's data has them; yes for short data."""
    words = _folded(article)
    if len(words) < LEAST_WORDS:
        return True
    held = _folded(" ".join(draft.text for draft in drafts))
    shingles = {tuple(held[n : n + SHINGLE]) for n in range(len(held) - SHINGLE + 1)}
    own = [tuple(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1)]
    return 2 * sum(one in shingles for one in own) >= len(own)


def _that_follows(drafts: Sequence[Draft]) -> list[Draft]:
    """The long paragraphs right behind what was found, as where an advertisement cuts an article in two."""
    kept: list[Draft] = []
    missed = 0
    for draft in drafts:
        if (
            _reads_as_text(draft)
            and len(_folded(draft.text)) >= LEAST_PARAGRAPH
            and draft.kind == "paragraph"
        ):
            kept.append(draft)
            missed = 0
        elif (missed := missed + 1) > LONGEST_GAP:
            break
    return kept if len(kept) >= LEAST_FOLLOWING else []


def _folded(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _is_held(text: str, shingles: set[tuple[str, ...]], lines: set[str]) -> bool:
    words = _folded(text)
    if len(words) < SHINGLE:
        return bool(words) and " ".join(words) in lines
    own = [tuple(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1)]
    return sum(one in shingles for one in own) >= LEAST_SHARED * len(own)


def _reads_as_text(draft: Draft) -> bool:
    """Whether a block is no link, menu or teaser: a sentence with an end."""
    text = draft.text.strip()
    return (
        len(_folded(text)) >= LEAST_SENTENCE and text[-1:] in ".!?”\"’'" and len(draft.linked) * 2 < len(text)
    )
