"""Highlighting of words in results. Pure; templates escape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import Final

from service.claims.terms import read_stems
from service.matching.retrieval.fingerprints import split_words
from service.people.naming import split_search

#: A word with its apostrophes; of scripts that are written without spaces a single character.
WORD: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"(?:[^\W_]|['\u2019\u0300-\u036f])*"
)
#: A number with its separators, or a word.
COMPARED: Final = re.compile(rf"\d+(?:[.,]\d+)+|{WORD.pattern}")
MOST_SHOWN: Final = 420  # code points
BEFORE: Final = 120  # code points shown before the first word that was found, where the text is longer

MOST_COMPARED: Final = 600  # words; longer texts are shown without their differences

Pieces = list[tuple[str, bool]]
Reading = Callable[[str], Iterable[str]]


def mark_missing(said: str, quoted: str) -> Pieces:
    """What was said in pieces, each with whether the quotation lacks its words or has others there."""
    spoken, ours = list(COMPARED.finditer(said)), [word.casefold() for word in COMPARED.findall(quoted)]
    if not ours or len(spoken) + len(ours) > MOST_COMPARED:
        return [(said, False)]
    theirs = [word[0].casefold() for word in spoken]
    pieces: Pieces = []
    at = 0
    for tag, first, last, _, _ in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if tag in ("equal", "insert"):
            continue
        start, end = spoken[first].start(), spoken[last - 1].end()
        pieces += [(said[at:start], False), (said[start:end], True)]
        at = end
    return [piece for piece in (*pieces, (said[at:], False)) if piece[0]]


def mark_quote(text: str, asked: str | None) -> Pieces:
    """A stored quote with the words of the search."""
    return mark(text, set(split_words(asked or "")), split_words)


def mark_claim(text: str, asked: str | None) -> Pieces:
    """A fact-check's claim or title with the words of the same stem."""
    return mark(text, set(read_stems(asked or "")), read_stems)


def mark_person(text: str, asked: str | None) -> Pieces:
    """A name or a post with the words of the search; the last may be a prefix."""
    words = split_search(asked or "")
    beginning = words[-1] if words else ""

    def read(word: str) -> Iterator[str]:
        for found in split_search(word):
            yield beginning if beginning and found.startswith(beginning) else found

    return mark(text, set(words), read)


def mark(text: str, wanted: set[str], read: Reading) -> Pieces:
    """The text in pieces, each with whether it is highlighted.

    A long text is cut around the first word that was found.
    """
    found = [place.span() for place in WORD.finditer(text) if wanted.intersection(read(place[0]))]
    start, end = cut(text, found[0][0] if found else 0)
    pieces: Pieces = [("… ", False)] if start else []
    at = start
    for first, last in found:
        if first < at or last > end:
            continue
        if first > at:
            pieces.append((text[at:first], False))
        pieces.append((text[first:last], True))
        at = last
    if at < end:
        pieces.append((text[at:end], False))
    if end < len(text):
        pieces.append((" …", False))
    return pieces


def cut(text: str, first: int) -> tuple[int, int]:
    """Where to cut a text, between words, so that the position `first` is shown."""
    if len(text) <= MOST_SHOWN:
        return 0, len(text)
    start = 0
    if first > MOST_SHOWN - BEFORE:
        space = text.find(" ", first - BEFORE, first)
        start = space + 1 if space >= 0 else first
    end = min(len(text), start + MOST_SHOWN)
    space = text.rfind(" ", start + BEFORE, end) if end < len(text) else -1
    return start, space if space > first else end
