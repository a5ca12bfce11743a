"""Word-level alignment of a claim inside a source: the edit script that a chain of common runs implies.

It is found over keys (rung N4) first and then rewritten over raw words, so that what a reader sees are the
words as written on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

from service.matching.align.common_runs import Block

EditOp = Literal["keep", "drop", "add", "change"]

LONG_OMISSION: Final = 12  # words left out without a mark: more than a slip, two statements were joined


class Edit(NamedTuple):
    """One step: `theirs[theirs_start:theirs_end]` became `ours[ours_start:ours_end]`."""

    op: EditOp
    theirs_start: int
    theirs_end: int
    ours_start: int
    ours_end: int


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
