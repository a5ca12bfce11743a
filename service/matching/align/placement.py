"""Where in the evidence a claim's words stand: contiguous places, or the best alignments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from service.matching.align.aligned_text import Side
from service.matching.align.common_runs import RunFinder
from service.matching.align.edit_script import Edit, EditOp, build_edits, restore_insertions, slide_drops
from service.matching.align.passage import ClaimText, Passage, reads_alike

Rung = Literal["N3", "N4"]

_PLACES_PER_PASSAGE: Final = 4
_PASSAGES_READ: Final = 6  # word by word; the others share fewer words
_NEAR_SHARE: Final = 0.35  # of the telling words; even an altered quotation keeps half of its content
_NEAR: Final = 80  # code points
_SHORTEST_MIDDLE: Final = 4  # keys of a kept run from which on its middle is taken as one
_CONTRACTIONS_ALLOWED: Final = 2  # keys that may yet turn out to be other readings of a contraction


@dataclass(frozen=True)
class Placement:
    """The claim laid against one passage. `edits` are over words of both sides and cover all of the claim."""

    passage: Passage
    ours: ClaimText
    edits: tuple[Edit, ...]
    rung: Rung

    @cached_property
    def first(self) -> int:
        """The first of their words the alignment covers."""
        return min(edit.theirs_start for edit in self.edits if edit.theirs_end > edit.theirs_start)

    @cached_property
    def last(self) -> int:
        """One past the last of their words the alignment covers."""
        return max(edit.theirs_end for edit in self.edits)

    @cached_property
    def kept(self) -> int:
        """How many of our words are kept."""
        return sum(edit.ours_end - edit.ours_start for edit in self.edits if edit.op == "keep")

    @property
    def coverage(self) -> float:
        """Share of our words that are kept, in [0, 1]; words in the writer's brackets do not count."""
        wanted = len(self.ours.forms) - len(self.ours.bracketed)
        return min(1.0, self.kept / wanted) if wanted > 0 else 0.0

    @cached_property
    def longest_run(self) -> int:
        """Words of the longest kept run."""
        return max((e.ours_end - e.ours_start for e in self.edits if e.op == "keep"), default=0)


def rank_passages(ours: ClaimText, passages: Sequence[Passage]) -> list[Passage]:
    """The few passages that share most words with the claim, the best first; of equals the first given."""
    wanted = ours.telling_words
    shares = [passage.count_shared(wanted) for passage in passages]
    order = sorted(range(len(passages)), key=lambda at: -shares[at])
    return [passages[at] for at in order[:_PASSAGES_READ] if shares[at] or not any(shares)]


def keep_near(ours: ClaimText, passages: Iterable[Passage], share: float = _NEAR_SHARE) -> list[Passage]:
    """The passages that share enough words to hold the claim as a whole, be it altered."""
    wanted = ours.telling_words
    return [passage for passage in passages if passage.count_shared(wanted) >= share * len(wanted)]


def find_verbatim(ours: ClaimText, passages: Iterable[Passage]) -> list[Placement]:
    """Every place where the claim stands without a gap at rung N3."""
    wanted = ours.telling_words
    size = len(ours.forms)
    return [
        Placement(passage, ours, (Edit("keep", at, at + size, 0, size),), "N3")
        for passage in passages
        if passage.count_shared(wanted) == len(wanted)
        for at in _find_words(ours.folded, passage.folded)
    ]


def find_unified(ours: ClaimText, passages: Iterable[Passage]) -> list[Placement]:
    """Every place where the claim stands without a gap at rung N4 and not already at N3."""
    size = len(ours.key_forms)
    placements = [
        Placement(passage, ours, over_words(ours, passage, [Edit("keep", at, at + size, 0, size)]), "N4")
        for passage in passages
        if passage.count_possible(ours.key_forms) == size
        for at in _find_words(ours.unified, passage.unified)
    ]
    return [placement for placement in placements if not has_same_words(placement)]


def has_same_words(placement: Placement) -> bool:
    """Whether all kept words agree at rung N3 already."""
    theirs, ours = placement.passage.forms, placement.ours.forms
    return all(
        theirs[edit.theirs_start : edit.theirs_end] == ours[edit.ours_start : edit.ours_end]
        for edit in placement.edits
        if edit.op == "keep"
    )


def _find_words(needle: str, hay: str) -> Iterator[int]:
    """Positions, in words, of whole-word occurrences of one space-joined string in another."""
    if len(needle) > len(hay) or not needle:
        return
    padded, wanted = f" {hay} ", f" {needle} "
    at, counted, words = padded.find(wanted), 0, 0
    for _ in range(_PLACES_PER_PASSAGE):
        if at < 0:
            return
        words += padded.count(" ", counted, at)
        counted = at
        yield words
        at = padded.find(wanted, at + 1)


def choose_alignable(ours: ClaimText, passages: Sequence[Passage]) -> Sequence[Passage]:
    """The first passages, as many as are worth aligning: a long text that stands anywhere stands out."""
    return passages[: max(1, _PASSAGES_READ - len(ours.forms) // 200)]


def find_aligned(ours: ClaimText, passages: Sequence[Passage], coverage: float) -> list[Placement]:
    """The best alignment in each passage that keeps at least a share `coverage` of the claim."""
    placements = (align(ours, passage, coverage) for passage in choose_alignable(ours, passages))
    return [placement for placement in placements if placement is not None]


def align(ours: ClaimText, passage: Passage, coverage: float = 0.0) -> Placement | None:
    """The claim laid word by word against a passage; None where less than `coverage` of it is kept."""
    spoken = ours.spoken_keys
    forms = [ours.key_forms[at] for at in spoken]
    breaks = frozenset(bisect_left(spoken, at) for at in ours.key_breaks) | ours.insertion_places
    least = coverage * len(forms) - _CONTRACTIONS_ALLOWED
    if passage.count_possible(forms) < least or sum(map(passage.key_set.__contains__, forms)) < least:
        return None  # no alignment can keep more
    chain = RunFinder(forms, passage.key_forms).find_compact_chain(breaks)
    if not chain or sum(block.size for block in chain) < least:
        return None
    edits = build_edits(
        forms, passage.key_forms, chain, lambda a, b: reads_alike(passage, ours, a, spoken[b])
    )
    edits = slide_drops(edits, passage.key_forms, breaks)
    if len(spoken) < len(ours.key_forms):
        edits = restore_insertions(edits, spoken, len(ours.key_forms))
    placement = Placement(passage, ours, over_words(ours, passage, edits), "N4")
    if ours.bracketed and _has_brackets_near(placement):
        return align(ours.as_spoken, passage, coverage)
    return placement


def _has_brackets_near(placement: Placement) -> bool:
    """Whether the source has brackets of its own there, so that ours may be quoted from it."""
    passage = placement.passage
    start, end = passage.span_of(placement.first)[0], passage.span_of(placement.last - 1)[1]
    return "[" in passage.raw[max(0, start - _NEAR) : end + _NEAR]


def align_folded(ours: ClaimText, passage: Passage) -> Placement | None:
    """The same at rung N3: where an omission is marked within a number, its value is no guide."""
    chain = RunFinder(ours.forms, passage.forms).find_chain()
    if not chain:
        return None
    edits = build_edits(ours.forms, passage.forms, chain, lambda a, b: passage.forms[a] == ours.forms[b])
    return Placement(passage, ours, tuple(slide_drops(edits, passage.forms, ours.breaks)), "N3")


def over_words(ours: ClaimText, passage: Passage, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """An edit script over keys, rewritten over raw words.

    Steps that share a raw word are one step: where "isn't" became "is", the reader sees just that.
    """
    merged: list[Edit] = []
    for atom in _atoms(ours, passage, edits):
        edit = _over_words(ours, passage, atom)
        last = merged[-1] if merged else None
        if last and (edit.theirs_start < last.theirs_end or edit.ours_start < last.ours_end):
            merged[-1] = _merge(last, edit)
        else:
            merged.append(edit)
    return _join(merged)


def _merge(a: Edit, b: Edit) -> Edit:
    """One step for two neighbours, named by what it has words of."""
    theirs = (a.theirs_start, max(a.theirs_end, b.theirs_end))
    ours = (a.ours_start, max(a.ours_end, b.ours_end))
    op: EditOp = "change"
    if a.op == b.op == "keep":
        op = "keep"
    elif theirs[0] == theirs[1]:
        op = "add"
    elif ours[0] == ours[1]:
        op = "drop"
    return Edit(op, *theirs, *ours)


def _atoms(ours: ClaimText, passage: Passage, edits: Iterable[Edit]) -> Iterator[Edit]:
    """Kept runs key by key, but for the middle of one in which each key is a word; all else as it is."""
    for edit in edits:
        size = edit.ours_end - edit.ours_start
        if edit.op != "keep" or size < _SHORTEST_MIDDLE:
            yield from _keep_one_by_one(edit) if edit.op == "keep" else (edit,)
            continue
        first = Edit("keep", edit.theirs_start, edit.theirs_start + 1, edit.ours_start, edit.ours_start + 1)
        last = Edit("keep", edit.theirs_end - 1, edit.theirs_end, edit.ours_end - 1, edit.ours_end)
        middle = Edit("keep", first.theirs_end, last.theirs_start, first.ours_end, last.ours_start)
        is_plain = passage.are_words(middle.theirs_start, middle.theirs_end) and ours.are_words(
            middle.ours_start, middle.ours_end
        )
        yield from (first, middle, last) if is_plain else _keep_one_by_one(edit)


def _keep_one_by_one(edit: Edit) -> Iterator[Edit]:
    for step in range(edit.ours_end - edit.ours_start):
        theirs, ours = edit.theirs_start + step, edit.ours_start + step
        yield Edit("keep", theirs, theirs + 1, ours, ours + 1)


def _over_words(ours: ClaimText, passage: Passage, edit: Edit) -> Edit:
    theirs = _word_range(passage, edit.theirs_start, edit.theirs_end)
    return Edit(edit.op, *theirs, *_word_range(ours, edit.ours_start, edit.ours_end))


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
