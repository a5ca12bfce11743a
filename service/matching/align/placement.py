"""Where in the evidence a claim's words stand: contiguous places, or the best alignments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from service.matching.align.aligned_text import Side
from service.matching.align.common_runs import RunFinder
from service.matching.align.edit_script import Edit, EditOp, build_edits, restore_insertions, slide_drops
from service.matching.align.passage import ClaimText, Passage, reads_alike
from service.matching.thresholds import (
    CONTRACTIONS_ALLOWED,
    NEAR_PLACES,
    NEAR_SHARE,
    PASSAGES_READ,
    PLACES_PER_PASSAGE,
    SHORTEST_MIDDLE,
)

Level = Literal["N3", "N4"]


@dataclass(frozen=True)
class Placement:
    """An alignment of the claim with a passage. `edits` are over words and cover the whole claim."""

    passage: Passage
    claim_text: ClaimText
    edits: tuple[Edit, ...]
    level: Level

    @cached_property
    def first(self) -> int:
        """The first word of the passage that the alignment covers."""
        return min(edit.source_start for edit in self.edits if edit.source_end > edit.source_start)

    @cached_property
    def last(self) -> int:
        """One past the last word of the passage that the alignment covers."""
        return max(edit.source_end for edit in self.edits)

    @cached_property
    def kept(self) -> int:
        """How many words of the claim are kept."""
        return sum(edit.claim_end - edit.claim_start for edit in self.edits if edit.op == "keep")

    @property
    def coverage(self) -> float:
        """Share of the claim's words that are kept, in [0, 1]; bracketed words do not count."""
        wanted = len(self.claim_text.forms) - len(self.claim_text.bracketed)
        return min(1.0, self.kept / wanted) if wanted > 0 else 0.0

    @cached_property
    def longest_run(self) -> int:
        """Words of the longest kept run."""
        return max((e.claim_end - e.claim_start for e in self.edits if e.op == "keep"), default=0)


def rank_passages(claim_text: ClaimText, passages: Sequence[Passage]) -> list[Passage]:
    """The few passages that share most words with the claim, the best first; of equals the first given."""
    wanted = claim_text.telling_words
    shares = [passage.count_shared(wanted) for passage in passages]
    order = sorted(range(len(passages)), key=lambda at: -shares[at])
    return [passages[at] for at in order[:PASSAGES_READ] if shares[at] or not any(shares)]


def keep_near(claim_text: ClaimText, passages: Iterable[Passage], share: float = NEAR_SHARE) -> list[Passage]:
    """The passages that share enough words to hold the claim as a whole, be it altered."""
    wanted = claim_text.telling_words
    return [passage for passage in passages if passage.count_shared(wanted) >= share * len(wanted)]


def find_verbatim(claim_text: ClaimText, passages: Iterable[Passage]) -> list[Placement]:
    """Every place where the claim is without a gap at level N3."""
    wanted = claim_text.telling_words
    size = len(claim_text.forms)
    return [
        Placement(passage, claim_text, (Edit("keep", at, at + size, 0, size),), "N3")
        for passage in passages
        if passage.count_shared(wanted) == len(wanted)
        for at in _find_words(claim_text.folded, passage.folded)
    ]


def find_unified(claim_text: ClaimText, passages: Iterable[Passage]) -> list[Placement]:
    """Every place where the claim is without a gap at level N4 but not at N3."""
    size = len(claim_text.key_forms)
    placements = [
        Placement(
            passage, claim_text, over_words(claim_text, passage, [Edit("keep", at, at + size, 0, size)]), "N4"
        )
        for passage in passages
        if passage.count_possible(claim_text.key_forms) == size
        for at in _find_words(claim_text.unified, passage.unified)
    ]
    return [placement for placement in placements if not has_same_words(placement)]


def has_same_words(placement: Placement) -> bool:
    """Whether all kept words agree at level N3 already."""
    source, claim = placement.passage.forms, placement.claim_text.forms
    return all(
        source[edit.source_start : edit.source_end] == claim[edit.claim_start : edit.claim_end]
        for edit in placement.edits
        if edit.op == "keep"
    )


def _find_words(needle: str, hay: str) -> Iterator[int]:
    """Positions, in words, of whole-word occurrences of one space-joined string in another."""
    if len(needle) > len(hay) or not needle:
        return
    padded, wanted = f" {hay} ", f" {needle} "
    at, counted, words = padded.find(wanted), 0, 0
    for _ in range(PLACES_PER_PASSAGE):
        if at < 0:
            return
        words += padded.count(" ", counted, at)
        counted = at
        yield words
        at = padded.find(wanted, at + 1)


def choose_alignable(claim_text: ClaimText, passages: Sequence[Passage]) -> Sequence[Passage]:
    """The first passages, as many as are worth aligning; fewer for a long claim."""
    return passages[: max(1, PASSAGES_READ - len(claim_text.forms) // 200)]


def find_aligned(claim_text: ClaimText, passages: Sequence[Passage], coverage: float) -> list[Placement]:
    """The best alignment in each passage that keeps at least a share `coverage` of the claim."""
    placements = (align(claim_text, passage, coverage) for passage in choose_alignable(claim_text, passages))
    return [placement for placement in placements if placement is not None]


def align(claim_text: ClaimText, passage: Passage, coverage: float = 0.0) -> Placement | None:
    """The alignment of the claim with a passage; None if it keeps less than `coverage` of the claim."""
    spoken = claim_text.spoken_keys
    forms = [claim_text.key_forms[at] for at in spoken]
    breaks = frozenset(bisect_left(spoken, at) for at in claim_text.key_breaks) | claim_text.insertion_places
    least = coverage * len(forms) - CONTRACTIONS_ALLOWED
    if passage.count_possible(forms) < least or sum(map(passage.key_set.__contains__, forms)) < least:
        return None  # no alignment can keep more
    chain = RunFinder(forms, passage.key_forms).find_best_chain(breaks, passage.key_ranges())
    if not chain or sum(block.size for block in chain) < least:
        return None
    edits = build_edits(
        forms, passage.key_forms, chain, lambda a, b: reads_alike(passage, claim_text, a, spoken[b])
    )
    edits = slide_drops(edits, passage.key_forms, breaks, passage.divides_word)
    if len(spoken) < len(claim_text.key_forms):
        edits = restore_insertions(edits, spoken, len(claim_text.key_forms))
    placement = Placement(passage, claim_text, over_words(claim_text, passage, edits), "N4")
    if claim_text.bracketed and _has_brackets_near(placement):
        return align(claim_text.as_spoken, passage, coverage)
    return placement


def _has_brackets_near(placement: Placement) -> bool:
    """Whether the source has brackets of its own there, so that those of the claim may be quoted from it."""
    passage = placement.passage
    start, end = passage.span_of(placement.first)[0], passage.span_of(placement.last - 1)[1]
    return "[" in passage.raw[max(0, start - NEAR_PLACES) : end + NEAR_PLACES]


def align_folded(claim_text: ClaimText, passage: Passage) -> Placement | None:
    """The same at level N3: where an omission is marked within a number, its value is no guide."""
    chain = RunFinder(claim_text.forms, passage.forms).find_chain()
    if not chain:
        return None
    edits = build_edits(
        claim_text.forms, passage.forms, chain, lambda a, b: passage.forms[a] == claim_text.forms[b]
    )
    return Placement(passage, claim_text, tuple(slide_drops(edits, passage.forms, claim_text.breaks)), "N3")


def over_words(claim_text: ClaimText, passage: Passage, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """An edit script over keys, rewritten over raw words.

    Steps that share a raw word are one step: where "isn't" became "is", the reader sees just that.
    """
    merged: list[Edit] = []
    for atom in _atoms(claim_text, passage, edits):
        edit = _over_words(claim_text, passage, atom)
        last = merged[-1] if merged else None
        if last and (edit.source_start < last.source_end or edit.claim_start < last.claim_end):
            merged[-1] = _merge(last, edit)
        else:
            merged.append(edit)
    return _join(merged)


def _merge(a: Edit, b: Edit) -> Edit:
    """Two neighbouring steps as one, with the operation that fits its words."""
    source = (a.source_start, max(a.source_end, b.source_end))
    claim = (a.claim_start, max(a.claim_end, b.claim_end))
    op: EditOp = "change"
    if a.op == b.op == "keep":
        op = "keep"
    elif source[0] == source[1]:
        op = "add"
    elif claim[0] == claim[1]:
        op = "drop"
    return Edit(op, *source, *claim)


def _atoms(claim_text: ClaimText, passage: Passage, edits: Iterable[Edit]) -> Iterator[Edit]:
    """Kept runs key by key, except the middle of one in which each key is a word; all else as it is."""
    for edit in edits:
        size = edit.claim_end - edit.claim_start
        if edit.op != "keep" or size < SHORTEST_MIDDLE:
            yield from _keep_one_by_one(edit) if edit.op == "keep" else (edit,)
            continue
        first = Edit("keep", edit.source_start, edit.source_start + 1, edit.claim_start, edit.claim_start + 1)
        last = Edit("keep", edit.source_end - 1, edit.source_end, edit.claim_end - 1, edit.claim_end)
        middle = Edit("keep", first.source_end, last.source_start, first.claim_end, last.claim_start)
        is_plain = passage.are_words(middle.source_start, middle.source_end) and claim_text.are_words(
            middle.claim_start, middle.claim_end
        )
        yield from (first, middle, last) if is_plain else _keep_one_by_one(edit)


def _keep_one_by_one(edit: Edit) -> Iterator[Edit]:
    for step in range(edit.claim_end - edit.claim_start):
        source_at, claim_at = edit.source_start + step, edit.claim_start + step
        yield Edit("keep", source_at, source_at + 1, claim_at, claim_at + 1)


def _over_words(claim_text: ClaimText, passage: Passage, edit: Edit) -> Edit:
    source = _word_range(passage, edit.source_start, edit.source_end)
    return Edit(edit.op, *source, *_word_range(claim_text, edit.claim_start, edit.claim_end))


def _word_range(side: Side, start: int, end: int) -> tuple[int, int]:
    if start < end:
        return side.keys.first[start], side.keys.last[end - 1]
    at = side.keys.last[start - 1] if start else 0
    return at, at


def _join(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Neighbouring steps of one kind as one; neighbouring drops, adds and changes as one change."""
    joined: list[Edit] = []
    for edit in edits:
        last = joined[-1] if joined else None
        if last and (last.op == "keep") == (edit.op == "keep"):
            joined[-1] = _merge(last, edit)
        else:
            joined.append(edit)
    return tuple(joined)
