"""Encoding of text for the network: word pieces in windows, with features that an uncased encoder lacks.

A window holds whole sentences, and ends with a paragraph where it can, so that a quotation, its cue and its
source are read together. Three features ride along with each piece: how it lies to the quotation marks, how
its word is written, and whether it starts a sentence or paragraph.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from service.text.document import Block
from service.text.span import Span

WINDOW_PIECES: Final = 254  # and [CLS], [SEP]: 256, the length that reads fastest per word
_SURROGATES: Final = dict.fromkeys(range(55296, 57344), "�")

Ids = NDArray[np.int64]


class Marking(IntEnum):
    """The position of a piece relative to quotation marks."""

    OUTSIDE = 0
    INSIDE = 1
    MARK = 2
    INSIDE_OPEN = 3  # inside a passage that its paragraph does not close


class Writing(IntEnum):
    """The spelling of the word of a piece: capitals, digits."""

    LOWER = 0
    CAPITALISED = 1
    CAPITALS = 2
    NUMBER = 3
    SYMBOL = 4


class Place(IntEnum):
    """What a piece starts."""

    INNER = 0
    SENTENCE = 1
    PARAGRAPH = 2
    DOCUMENT = 3


class MarkedPassage(Protocol):
    """The part of `service.text.marks.Passage` that is read here."""

    @property
    def span(self) -> Span: ...
    @property
    def outer(self) -> Span: ...
    @property
    def closed(self) -> bool: ...
    @property
    def continues(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Layout:
    """The paragraphs, sentences and marked passages of a text, each in text order.

    Of a chapter it holds what touches its `extent`; None is the whole text.
    """

    paragraphs: Sequence[Span]
    sentences: Sequence[Span]
    passages: Sequence[MarkedPassage]
    blocks: Sequence[Block] = ()
    extent: Span | None = None


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text: parallel arrays, one value a piece.

    `starts_word` is true for the first piece of each word; labels are read there.
    """

    ids: Ids
    starts: Ids
    ends: Ids
    starts_word: NDArray[np.bool_]
    marking: Ids
    writing: Ids
    place: Ids

    def __len__(self) -> int:
        return len(self.ids)


class Encoder:
    """Word pieces and their features. Thread-safe."""

    def __init__(self, tokenizer_file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.cls = self._special("[CLS]")
        self.sep = self._special("[SEP]")

    def _special(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(f"the tokenizer has no {token}")
        return int(found)

    def encode(self, text: str, layout: Layout) -> Pieces:
        """The pieces of the layout's extent of `text`; what is not text (lone surrogates) reads as U+FFFD."""
        extent = layout.extent or Span(0, len(text))
        read = extent.of(text)
        if any("\ud800" <= character <= "\udfff" for character in set(read)):
            read = read.translate(_SURROGATES)
        encoding = self._tokenizer.encode(read, add_special_tokens=False)
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2) + extent.start
        words = np.array(encoding.word_ids, dtype=np.int64)
        starts, ends = np.ascontiguousarray(offsets[:, 0]), np.ascontiguousarray(offsets[:, 1])
        starts_word = np.ones(len(words), dtype=np.bool_)
        starts_word[1:] = words[1:] != words[:-1]
        return Pieces(
            ids=np.array(encoding.ids, dtype=np.int64),
            starts=starts,
            ends=ends,
            starts_word=starts_word,
            marking=_markings(starts, layout.passages),
            writing=_writings(text, starts, ends, starts_word),
            place=_places(starts, layout),
        )


def _markings(starts: Ids, passages: Sequence[MarkedPassage]) -> Ids:
    result = np.zeros(len(starts), dtype=np.int64)
    edges = np.array([(*passage.outer, *passage.span) for passage in passages], dtype=np.int64)
    found = np.searchsorted(starts, edges).reshape(-1, 4).tolist()
    for passage, (first, last, begin, end) in zip(passages, found, strict=True):
        result[first:last] = Marking.MARK
        result[begin:end] = Marking.INSIDE if passage.closed else Marking.INSIDE_OPEN
    return result


def _writings(text: str, starts: Ids, ends: Ids, starts_word: NDArray[np.bool_]) -> Ids:
    first = np.flatnonzero(starts_word)
    last = np.append(first[1:], len(starts)) - 1 if len(first) else first
    words = [text[start:end] for start, end in zip(starts[first].tolist(), ends[last].tolist(), strict=True)]
    known = {word: _writing(word) for word in set(words)}
    values = [known[word] for word in words]
    return np.repeat(np.array(values, dtype=np.int64), np.diff(np.append(first, len(starts))))


def _writing(word: str) -> Writing:
    if word.islower():
        return Writing.LOWER
    if word[:1].isupper():
        return Writing.CAPITALS if len(word) > 1 and word.isupper() else Writing.CAPITALISED
    if word.isdigit():
        return Writing.NUMBER
    return Writing.LOWER if word.isalnum() else Writing.SYMBOL


def _places(starts: Ids, layout: Layout) -> Ids:
    result = np.zeros(len(starts), dtype=np.int64)
    for place, spans in ((Place.SENTENCE, layout.sentences), (Place.PARAGRAPH, layout.paragraphs)):
        at = np.searchsorted(starts, np.array([span.start for span in spans], dtype=np.int64))
        result[at[at < len(starts)]] = place
    if len(result) and (layout.extent is None or layout.extent.start == 0):
        result[0] = Place.DOCUMENT
    return result


def cut_windows(starts: Ids, layout: Layout, limit: int = WINDOW_PIECES) -> list[tuple[int, int]]:
    """Ranges of pieces, at most `limit` long, that together cover all of them.

    A window ends with the last paragraph that fits if that fills half of it, else with the last sentence that
    fits, else where it is full.
    """
    paragraph_ends = _piece_indices(starts, layout.paragraphs)
    sentence_ends = _piece_indices(starts, layout.sentences)
    windows: list[tuple[int, int]] = []
    begin, total = 0, len(starts)
    while begin < total:
        full = begin + limit
        end = full
        if full >= total:
            end = total
        else:
            for ends, least in ((paragraph_ends, begin + limit // 2), (sentence_ends, begin)):
                at = bisect_right(ends, full) - 1
                if at >= 0 and ends[at] > least:
                    end = ends[at]
                    break
        windows.append((begin, end))
        begin = end
    return windows


def _piece_indices(starts: Ids, spans: Sequence[Span]) -> list[int]:
    """For each span the index of the first piece that starts after it."""
    found: list[int] = np.searchsorted(
        starts, np.array([span.end for span in spans], dtype=np.int64)
    ).tolist()
    return found
