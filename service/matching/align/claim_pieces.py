"""The runs of words that make up a claim, in any passage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from service.english.word_lists import read_word_lists
from service.matching.align.passage import ClaimText, Passage
from service.matching.thresholds import MOST_PIECES, SHORTEST_PIECE

_WORDS: Final = read_word_lists("service.matching", "words.txt")
_JOINING: Final = _WORDS["joins_pieces"]


class Piece(NamedTuple):
    """A run of the claim's keys that is in a passage, key for key."""

    passage: Passage
    source_start: int
    claim_start: int
    claim_end: int

    @property
    def source_end(self) -> int:
        """One past its last key in the passage."""
        return self.source_start + self.claim_end - self.claim_start


def find_pieces(claim_text: ClaimText, passages: Sequence[Passage]) -> list[Piece]:
    """The fewest runs, in the claim's order, that make up the whole claim; [] where they do not.

    Between marked omissions every word must be found; a run that ends at no mark has >= 4 words.
    """
    pieces: list[Piece] = []
    borders = [0, *sorted(claim_text.key_breaks), len(claim_text.key_forms)]
    for start, end in pairwise(borders):
        found = _cover(claim_text, passages, start, end)
        if not found:
            return []
        pieces.extend(found)
    return pieces


def _cover(claim_text: ClaimText, passages: Sequence[Passage], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    while start < end:
        piece = _longest_from(claim_text, passages, start, end)
        if pieces and claim_text.key_forms[start] in _JOINING and not _is_piece(piece):
            start += 1  # the writer's own word, which joins two pieces
            piece = _longest_from(claim_text, passages, start, end)
        if piece is None or len(pieces) == MOST_PIECES:
            return []
        if piece.claim_end < end and piece.claim_end - start < SHORTEST_PIECE:
            return []
        pieces.append(piece)
        start = piece.claim_end
    if len(pieces) > 1:
        pieces = _balance(claim_text, pieces)
    return pieces


def _is_piece(piece: Piece | None) -> bool:
    return piece is not None and piece.claim_end - piece.claim_start >= SHORTEST_PIECE


def _balance(claim_text: ClaimText, pieces: list[Piece]) -> list[Piece]:
    """Move keys from the piece before to a last piece that is too short; [] if it stays too short."""
    last = pieces[-1]
    start = last.claim_start
    keys = last.passage.key_forms
    at = last.source_start
    floor = pieces[-2].claim_start + SHORTEST_PIECE
    while start > floor and at > 0 and keys[at - 1] == claim_text.key_forms[start - 1]:
        start, at = start - 1, at - 1
    if last.claim_end - start < SHORTEST_PIECE:
        return []
    return [
        *pieces[:-2],
        pieces[-2]._replace(claim_end=start),
        Piece(last.passage, at, start, last.claim_end),
    ]


def _longest_from(claim_text: ClaimText, passages: Sequence[Passage], start: int, end: int) -> Piece | None:
    """The longest run of the claim from `start` on that is in any passage."""
    best: Piece | None = None
    needed = claim_text.key_forms[start : min(end, start + SHORTEST_PIECE)]  # fewer make no piece
    for passage in passages:
        if passage.count_possible(needed) < len(needed):
            continue
        size, at = _longest_prefix(claim_text.key_forms[start:end], passage)
        if size and (best is None or size > best.claim_end - start):
            best = Piece(passage, at, start, start + size)
        if size == end - start:
            break
    return best


def _longest_prefix(keys: Sequence[str], passage: Passage) -> tuple[int, int]:
    """(size, place) of the longest prefix of `keys` in a passage, found by halving."""
    hay = f" {passage.unified} "
    low, high, place = 0, len(keys), -1
    while low < high:
        middle = (low + high + 1) // 2
        at = hay.find(f" {' '.join(keys[:middle])} ")
        if at < 0:
            high = middle - 1
        else:
            low, place = middle, at
    return (low, hay.count(" ", 0, place)) if low else (0, 0)
