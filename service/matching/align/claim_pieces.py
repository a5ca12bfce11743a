"""The runs that a claim is made of, wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from service.matching.align.passage import ClaimText, Passage

SHORTEST_PIECE: Final = 4  # words; fewer can stand anywhere by chance
_MOST_PIECES: Final = 6  # of one stretch without a mark


class Piece(NamedTuple):
    """A run of the claim's keys that stands word for word in a passage."""

    passage: Passage
    theirs_start: int
    ours_start: int
    ours_end: int

    @property
    def theirs_end(self) -> int:
        """One past its last key in the passage."""
        return self.theirs_start + self.ours_end - self.ours_start


def find_pieces(ours: ClaimText, passages: Sequence[Passage]) -> list[Piece]:
    """The fewest runs, in the claim's order, that make up the whole claim; [] where they do not.

    Between marked omissions every word must be found; a run that ends at no mark has >= 4 words.
    """
    pieces: list[Piece] = []
    borders = [0, *sorted(ours.key_breaks), len(ours.key_forms)]
    for start, end in pairwise(borders):
        found = _cover(ours, passages, start, end)
        if not found:
            return []
        pieces.extend(found)
    return pieces


def _cover(ours: ClaimText, passages: Sequence[Passage], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    while start < end:
        piece = _longest_from(ours, passages, start, end)
        if piece is None or len(pieces) == _MOST_PIECES:
            return []
        if piece.ours_end < end and piece.ours_end - start < SHORTEST_PIECE:
            return []
        pieces.append(piece)
        start = piece.ours_end
    if len(pieces) > 1:
        pieces = _balance(ours, pieces)
    return pieces


def _balance(ours: ClaimText, pieces: list[Piece]) -> list[Piece]:
    """Give back to a short last piece what a greedy first one took; [] where it stays too short."""
    last = pieces[-1]
    start = last.ours_start
    theirs = last.passage.key_forms
    at = last.theirs_start
    floor = pieces[-2].ours_start + SHORTEST_PIECE
    while start > floor and at > 0 and theirs[at - 1] == ours.key_forms[start - 1]:
        start, at = start - 1, at - 1
    if last.ours_end - start < SHORTEST_PIECE:
        return []
    return [*pieces[:-2], pieces[-2]._replace(ours_end=start), Piece(last.passage, at, start, last.ours_end)]


def _longest_from(ours: ClaimText, passages: Sequence[Passage], start: int, end: int) -> Piece | None:
    """The longest run of the claim from `start` on that stands in any passage."""
    best: Piece | None = None
    needed = ours.key_forms[start : min(end, start + SHORTEST_PIECE)]  # fewer make no piece
    for passage in passages:
        if passage.count_possible(needed) < len(needed):
            continue
        size, at = _longest_prefix(ours.key_forms[start:end], passage)
        if size and (best is None or size > best.ours_end - start):
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
