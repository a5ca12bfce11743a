"""Word-level alignment of a claim inside a source: longest common runs first, each near the one before.

An edit script over keys (rung N4) is found first and then rewritten over raw words, so that what a reader
sees are the words as written on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from service.matching.lexicon import FUNCTION_WORDS

EditOp = Literal["keep", "drop", "add", "change"]

LONGEST_GAP: Final = 60  # words between two parts that may still be one abridged statement
LONG_OMISSION: Final = 12  # words left out without a mark: more than a slip, two statements were joined
_REACH: Final = (
    10,
    30,
)  # words from its anchor at which a run of one word, of two words, still belongs to it
_REACH_OF_GRAMMAR: Final = 3  # the same for a run of nothing but function words
_SHORT_LEAP: Final = 5  # words left out at no mark that make no other reading worth a try
_WORDS_FOR_A_LEAP: Final = 2  # so many words more are worth a longer leap
_COMMON_IN_LONG_TEXT: Final = 64  # in hostile texts a word repeated more often than this starts no run
_WORK_LIMIT: Final = (
    2_000_000  # steps spent looking for runs; beyond it the remaining text counts as unmatched
)


class Block(NamedTuple):
    """`ours[ours_at:ours_at + size]` equals `theirs[theirs_at:theirs_at + size]`."""

    ours_at: int
    theirs_at: int
    size: int


class Edit(NamedTuple):
    """One step: `theirs[theirs_start:theirs_end]` became `ours[ours_start:ours_end]`."""

    op: EditOp
    theirs_start: int
    theirs_end: int
    ours_start: int
    ours_end: int


def index_positions(keys: Sequence[str], wanted: Sequence[str]) -> dict[str, list[int]]:
    """Where each of the wanted keys stands in `keys`; very common ones are left out of long texts."""
    positions: dict[str, list[int]] = {key: [] for key in wanted}
    for at, key in enumerate(keys):
        found = positions.get(key)
        if found is not None:
            found.append(at)
    if len(keys) > 4 * _COMMON_IN_LONG_TEXT:
        return {key: found for key, found in positions.items() if len(found) <= _COMMON_IN_LONG_TEXT}
    return positions


class _Region(NamedTuple):
    ours_start: int
    ours_end: int
    theirs_start: int
    theirs_end: int
    side: int  # -1: before an anchor, 1: after one, 0: between two, 2: nothing anchored yet


class RunFinder:
    """Finds the chain of common runs of `ours` in `theirs`, within a bounded amount of work."""

    def __init__(self, ours: Sequence[str], theirs: Sequence[str]) -> None:
        self._ours, self._theirs = ours, theirs
        self._positions: Mapping[str, list[int]] = index_positions(theirs, ours)
        self._work = 0

    def find_compact_chain(self, breaks: frozenset[int]) -> list[Block]:
        """The chain of runs; where that leaps over many words at no mark, a compact one if it keeps as much.

        "We should come to an end. … It must come to an end" must not lend its second half to a claim that
        changed a word of the first. `breaks` are the places in ours where an omission is marked.
        """
        chain = self.find_chain()
        leap = next((at for at in range(1, len(chain)) if _leaps(chain[at - 1], chain[at], breaks)), None)
        if leap is None:
            return chain
        compact = [self.find_chain(*self._surroundings(part)) for part in (chain[:leap], chain[leap:])]
        best = max(compact, key=_count_kept)
        return best if _count_kept(best) >= _count_kept(chain) - _WORDS_FOR_A_LEAP else chain

    def _surroundings(self, chain: Sequence[Block]) -> tuple[int, int]:
        """The stretch of theirs in which all of ours could stand around a part of it, little left out."""
        first, last = chain[0], chain[-1]
        start = first.theirs_at - first.ours_at - _SHORT_LEAP
        end = last.theirs_at + len(self._ours) - last.ours_at + _SHORT_LEAP
        return max(0, start), min(len(self._theirs), end)

    def find_chain(self, start: int = 0, end: int | None = None) -> list[Block]:
        """Common runs of ours and `theirs[start:end]`, in order on both sides; [] where nothing is shared."""
        chain: list[Block] = []
        end = len(self._theirs) if end is None else end
        regions = [_Region(0, len(self._ours), start, end, 2)]
        while regions:
            region = regions.pop()
            block = self._find_longest(region)
            if block is None or not self._is_near(block, region):
                continue
            chain.append(block)
            regions.extend(self._split(region, block))
        return sorted(chain)

    def _split(self, region: _Region, block: Block) -> Iterator[_Region]:
        """What is left before and after a run; an open side reaches no further than a gap allows."""
        after_ours, after_theirs = block.ours_at + block.size, block.theirs_at + block.size
        closed_before, closed_after = region.side in (0, 1), region.side in (0, -1)
        reach_back = block.theirs_at - (block.ours_at - region.ours_start) - LONGEST_GAP
        reach_on = after_theirs + (region.ours_end - after_ours) + LONGEST_GAP
        before = _Region(
            region.ours_start,
            block.ours_at,
            region.theirs_start if closed_before else max(region.theirs_start, reach_back),
            block.theirs_at,
            0 if closed_before else -1,
        )
        after = _Region(
            after_ours,
            region.ours_end,
            after_theirs,
            region.theirs_end if closed_after else min(region.theirs_end, reach_on),
            0 if closed_after else 1,
        )
        for side in (before, after):
            if side.ours_start < side.ours_end and side.theirs_start < side.theirs_end:
                yield side

    def _find_longest(self, region: _Region) -> Block | None:
        """The longest common run of a region; of equals the one nearest to the anchored side."""
        best: Block | None = None
        size = 0
        lengths: dict[int, int] = {}
        latest_wins = region.side == -1
        for at in range(region.ours_start, region.ours_end):
            if self._work > _WORK_LIMIT:
                break
            longer: dict[int, int] = {}
            for position in self._positions.get(self._ours[at], ()):
                self._work += 1
                if position < region.theirs_start:
                    continue
                if position >= region.theirs_end:
                    break
                run = longer[position] = lengths.get(position - 1, 0) + 1
                if run > size or (latest_wins and run == size):
                    size = run
                    best = Block(at - run + 1, position - run + 1, run)
            lengths = longer
        return self._extend(best, region) if best else None

    def _extend(self, block: Block, region: _Region) -> Block:
        """Grow a run over words that were too common to start one."""
        ours_at, theirs_at, size = block
        while (
            ours_at > region.ours_start
            and theirs_at > region.theirs_start
            and self._ours[ours_at - 1] == self._theirs[theirs_at - 1]
        ):
            ours_at, theirs_at, size = ours_at - 1, theirs_at - 1, size + 1
        while (
            ours_at + size < region.ours_end
            and theirs_at + size < region.theirs_end
            and self._ours[ours_at + size] == self._theirs[theirs_at + size]
        ):
            size += 1
        return Block(ours_at, theirs_at, size)

    def _is_near(self, block: Block, region: _Region) -> bool:
        """A word or two far from their anchor are chance, not a part of the quotation."""
        if block.size > len(_REACH) or region.side == 2:
            return True
        before = (block.theirs_at - region.theirs_start) - (block.ours_at - region.ours_start)
        after = (region.theirs_end - block.theirs_at) - (region.ours_end - block.ours_at)
        distances = {-1: (after,), 1: (before,), 0: (before, after), 2: (0,)}[region.side]
        words = self._ours[block.ours_at : block.ours_at + block.size]
        reach = _REACH_OF_GRAMMAR if FUNCTION_WORDS.issuperset(words) else _REACH[block.size - 1]
        return min(abs(distance) for distance in distances) <= reach


def _leaps(before: Block, after: Block, breaks: frozenset[int]) -> bool:
    """Whether many words of theirs are left out between two runs, at no mark."""
    left_out = after.theirs_at - before.theirs_at - before.size
    instead = after.ours_at - before.ours_at - before.size
    return left_out - instead > _SHORT_LEAP and not any(
        before.ours_at + before.size <= place <= after.ours_at for place in breaks
    )


def _count_kept(chain: Sequence[Block]) -> int:
    return sum(block.size for block in chain)


def build_edits(
    ours: Sequence[str],
    theirs: Sequence[str],
    chain: Sequence[Block],
    reads_alike: Callable[[int, int], bool],
) -> list[Edit]:
    """The edit script that a chain of runs implies, from the first to the last word of `ours`.

    Words of ours before the first or after the last run are set against as many words of theirs.
    `reads_alike(theirs_at, ours_at)` tells of two unequal keys whether they may be the same word.
    """
    if not chain:
        return [Edit("add", 0, 0, 0, len(ours))] if ours else []
    edits: list[Edit] = []
    ours_at, theirs_at = 0, max(0, chain[0].theirs_at - chain[0].ours_at)
    for block in chain:
        _append_gap(edits, (theirs_at, block.theirs_at, ours_at, block.ours_at), reads_alike)
        ours_at, theirs_at = block.ours_at + block.size, block.theirs_at + block.size
        edits.append(Edit("keep", block.theirs_at, theirs_at, block.ours_at, ours_at))
    tail = min(len(theirs), theirs_at + len(ours) - ours_at)
    _append_gap(edits, (theirs_at, tail, ours_at, len(ours)), reads_alike)
    return _join_keeps(edits)


def _append_gap(
    edits: list[Edit], gap: tuple[int, int, int, int], reads_alike: Callable[[int, int], bool]
) -> None:
    theirs_start, theirs_end, ours_start, ours_end = gap
    if theirs_start == theirs_end and ours_start == ours_end:
        return
    if ours_start == ours_end:
        edits.append(Edit("drop", *gap))
    elif theirs_start == theirs_end:
        edits.append(Edit("add", *gap))
    elif theirs_end - theirs_start == ours_end - ours_start and all(
        reads_alike(theirs_start + i, ours_start + i) for i in range(ours_end - ours_start)
    ):
        edits.append(Edit("keep", *gap))
    else:
        edits.append(Edit("change", *gap))


def _join_keeps(edits: Sequence[Edit]) -> list[Edit]:
    joined: list[Edit] = []
    for edit in edits:
        if joined and joined[-1].op == edit.op == "keep":
            last = joined[-1]
            joined[-1] = Edit("keep", last.theirs_start, edit.theirs_end, last.ours_start, edit.ours_end)
        else:
            joined.append(edit)
    return joined


def restore_insertions(edits: Sequence[Edit], spoken: Sequence[int], total: int) -> list[Edit]:
    """Put back our keys that were kept out of the alignment.

    `edits` are over the keys that `spoken` lists; the result is over all `total` of them, with the others
    added where they stand.
    """
    restored: list[Edit] = []
    done = theirs_at = 0

    def insert_up_to(ours_at: int) -> None:
        nonlocal done
        if ours_at > done:
            restored.append(Edit("add", theirs_at, theirs_at, done, ours_at))
        done = ours_at

    for edit in edits:
        theirs_at = edit.theirs_start
        if edit.op == "keep":
            for step in range(edit.ours_end - edit.ours_start):
                theirs_at, ours_at = edit.theirs_start + step, spoken[edit.ours_start + step]
                insert_up_to(ours_at)
                restored.append(Edit("keep", theirs_at, theirs_at + 1, ours_at, ours_at + 1))
                done = ours_at + 1
        elif edit.ours_start == edit.ours_end:
            restored.append(Edit("drop", edit.theirs_start, edit.theirs_end, done, done))
        else:
            ours_start, ours_end = spoken[edit.ours_start], spoken[edit.ours_end - 1] + 1
            insert_up_to(ours_start)
            restored.append(Edit(edit.op, edit.theirs_start, edit.theirs_end, ours_start, ours_end))
            done = ours_end
        theirs_at = edit.theirs_end
    insert_up_to(total)
    return restored


def slide_drops(edits: Sequence[Edit], theirs: Sequence[str], breaks: frozenset[int]) -> list[Edit]:
    """Move each drop, where the words allow it, to a place where the writer marked an omission.

    "oil [and gas and coal] and wind" and "oil and [gas and coal and] wind" drop the same words; only the mark
    tells which of the two the writer meant. `breaks` are the marked places, as positions between our keys.
    """
    moved = list(edits)
    for at in range(1, len(moved) - 1):
        before, drop, after = moved[at - 1 : at + 2]
        if drop.op != "drop" or before.op != "keep" or after.op != "keep" or drop.ours_start in breaks:
            continue
        shift = _find_shift(before, drop, after, theirs, breaks)
        if shift:
            moved[at - 1] = before._replace(
                theirs_end=before.theirs_end + shift, ours_end=before.ours_end + shift
            )
            moved[at] = Edit("drop", *(value + shift for value in drop[1:]))
            moved[at + 1] = after._replace(
                theirs_start=after.theirs_start + shift, ours_start=after.ours_start + shift
            )
    return [edit for edit in moved if edit.ours_end > edit.ours_start or edit.theirs_end > edit.theirs_start]


def _find_shift(before: Edit, drop: Edit, after: Edit, theirs: Sequence[str], breaks: frozenset[int]) -> int:
    """By how many words the drop can slide to reach a marked place; 0 where it cannot."""
    shift = 0
    while (
        shift > before.ours_start - before.ours_end
        and theirs[drop.theirs_start + shift - 1] == (theirs[drop.theirs_end + shift - 1])
    ):
        shift -= 1
        if drop.ours_start + shift in breaks:
            return shift
    shift = 0
    while (
        shift < after.ours_end - after.ours_start
        and theirs[drop.theirs_start + shift] == (theirs[drop.theirs_end + shift])
    ):
        shift += 1
        if drop.ours_start + shift in breaks:
            return shift
    return 0
