"""Quotations put together from several places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.matching.align.claim_pieces import Piece, find_pieces
from service.matching.align.edit_script import Edit
from service.matching.align.passage import ClaimText, Passage
from service.matching.align.placement import Placement, over_words
from service.matching.models import Change
from service.matching.thresholds import LONG_OMISSION, LONGEST_GAP


@dataclass(frozen=True, slots=True)
class Splice:
    """A claim whose words are all found, but in several places; one placement for each."""

    placements: tuple[Placement, ...]
    rule: str
    is_plain: bool  # every join stands at a mark or between two of the claim's sentences
    changes: tuple[Change, ...] = ()


def find_splice(claim_text: ClaimText, passages: Sequence[Passage]) -> Splice | None:
    """The splice that a claim is; None if it is not made of pieces."""
    pieces = _find_in_one_source(claim_text, passages) or find_pieces(claim_text, passages)
    if len(pieces) < 2 or all(_is_one_statement(claim_text, a, b) for a, b in pairwise(pieces)):
        return None
    placements = tuple(_place(claim_text, piece) for piece in pieces)
    joins = [piece.claim_start for piece in pieces[1:]]
    is_plain = all(
        at in claim_text.key_breaks or claim_text.ends_sentence(claim_text.keys.first[at] - 1) for at in joins
    )
    return Splice(placements, _name_rule(claim_text, pieces), is_plain)


def _find_in_one_source(claim_text: ClaimText, passages: Sequence[Passage]) -> list[Piece]:
    """The pieces where one source has them all: a part that others have too is not theirs then."""
    by_source: dict[str, list[Passage]] = {}
    for passage in passages:
        by_source.setdefault(passage.evidence.origin.uri, []).append(passage)
    found = (find_pieces(claim_text, group) for group in by_source.values() if len(by_source) > 1)
    return next((pieces for pieces in found if pieces), [])


def _place(claim_text: ClaimText, piece: Piece) -> Placement:
    edits = [
        Edit("add", piece.source_start, piece.source_start, 0, piece.claim_start),
        Edit("keep", piece.source_start, piece.source_end, piece.claim_start, piece.claim_end),
        Edit("add", piece.source_end, piece.source_end, piece.claim_end, len(claim_text.key_forms)),
    ]
    filled = [edit for edit in edits if edit.claim_end > edit.claim_start]
    return Placement(piece.passage, claim_text, over_words(claim_text, piece.passage, filled), "N4")


def _is_one_statement(claim_text: ClaimText, a: Piece, b: Piece) -> bool:
    """Whether two pieces are near each other in one utterance, with only words left out between."""
    if _source(a) != _source(b) or _turn(a) != _turn(b) or a.passage is not b.passage:
        return False
    gap = b.source_start - a.source_end
    return 0 <= gap <= (LONGEST_GAP if b.claim_start in claim_text.key_breaks else LONG_OMISSION)


def _name_rule(claim_text: ClaimText, pieces: Sequence[Piece]) -> str:
    """The name of the rule by which it is a splice."""
    joins = list(pairwise(pieces))
    if any(_source(a) != _source(b) for a, b in joins):
        return "segments_of_different_sources"
    if any(_position(a) > _position(b) for a, b in joins):
        return "segments_reversed"
    if any(_turn(a) != _turn(b) for a, b in joins):
        return "segments_of_different_utterances"
    if any(b.claim_start not in claim_text.key_breaks for _, b in joins):
        return "joined_without_a_mark"
    return f"segments_more_than_{LONGEST_GAP}_words_apart"


def _source(piece: Piece) -> str:
    return piece.passage.evidence.origin.uri


def _position(piece: Piece) -> tuple[int, int]:
    word = piece.passage.keys.first[piece.source_start]
    part = piece.passage.parts[piece.passage.part_of(word)]
    return part.utterance.position, word - part.first_word


def _turn(piece: Piece) -> int:
    return piece.passage.utterance_of(piece.passage.keys.first[piece.source_start]).turn
