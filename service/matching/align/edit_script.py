"""Word-level alignment of a claim inside a source: the edit script that a chain of common runs implies.

It is found over keys (level N4) first and then rewritten over raw words, so that a reader sees the words as
the claim and the source have them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from service.matching.align.common_runs import Block

EditOp = Literal["keep", "drop", "add", "change"]


class Edit(NamedTuple):
    """One step: `source[source_start:source_end]` became `claim[claim_start:claim_end]`."""

    op: EditOp
    source_start: int
    source_end: int
    claim_start: int
    claim_end: int


def build_edits(
    claim: Sequence[str],
    source: Sequence[str],
    chain: Sequence[Block],
    reads_alike: Callable[[int, int], bool],
) -> list[Edit]:
    """The edit script that a chain of runs implies, from the first to the last word of `claim`.

    Words of the claim before the first or after the last run are aligned with as many words of the source.
    `reads_alike(source_at, claim_at)` is whether two unequal keys may be the same word.
    """
    if not chain:
        return [Edit("add", 0, 0, 0, len(claim))] if claim else []
    edits: list[Edit] = []
    claim_at, source_at = 0, max(0, chain[0].source_at - chain[0].claim_at)
    for block in chain:
        _append_gap(edits, (source_at, block.source_at, claim_at, block.claim_at), reads_alike)
        claim_at, source_at = block.claim_at + block.size, block.source_at + block.size
        edits.append(Edit("keep", block.source_at, source_at, block.claim_at, claim_at))
    tail = min(len(source), source_at + len(claim) - claim_at)
    _append_gap(edits, (source_at, tail, claim_at, len(claim)), reads_alike)
    return _join_keeps(edits)


def _append_gap(
    edits: list[Edit], gap: tuple[int, int, int, int], reads_alike: Callable[[int, int], bool]
) -> None:
    source_start, source_end, claim_start, claim_end = gap
    if source_start == source_end and claim_start == claim_end:
        return
    if claim_start == claim_end:
        edits.append(Edit("drop", *gap))
    elif source_start == source_end:
        edits.append(Edit("add", *gap))
    elif source_end - source_start == claim_end - claim_start and all(
        reads_alike(source_start + i, claim_start + i) for i in range(claim_end - claim_start)
    ):
        edits.append(Edit("keep", *gap))
    else:
        edits.append(Edit("change", *gap))


def _join_keeps(edits: Sequence[Edit]) -> list[Edit]:
    joined: list[Edit] = []
    for edit in edits:
        if joined and joined[-1].op == edit.op == "keep":
            last = joined[-1]
            joined[-1] = Edit("keep", last.source_start, edit.source_end, last.claim_start, edit.claim_end)
        else:
            joined.append(edit)
    return joined


def restore_insertions(edits: Sequence[Edit], spoken: Sequence[int], total: int) -> list[Edit]:
    """Put back the claim's keys that were kept out of the alignment.

    `edits` are over the keys that `spoken` lists; the result is over all `total` of them, with the others
    added where they stand.
    """
    restored: list[Edit] = []
    done = source_at = 0

    def insert_up_to(claim_at: int) -> None:
        nonlocal done
        if claim_at > done:
            restored.append(Edit("add", source_at, source_at, done, claim_at))
        done = claim_at

    for edit in edits:
        source_at = edit.source_start
        if edit.op == "keep":
            for step in range(edit.claim_end - edit.claim_start):
                source_at, claim_at = edit.source_start + step, spoken[edit.claim_start + step]
                insert_up_to(claim_at)
                restored.append(Edit("keep", source_at, source_at + 1, claim_at, claim_at + 1))
                done = claim_at + 1
        elif edit.claim_start == edit.claim_end:
            restored.append(Edit("drop", edit.source_start, edit.source_end, done, done))
        else:
            claim_start, claim_end = spoken[edit.claim_start], spoken[edit.claim_end - 1] + 1
            insert_up_to(claim_start)
            restored.append(Edit(edit.op, edit.source_start, edit.source_end, claim_start, claim_end))
            done = claim_end
        source_at = edit.source_end
    insert_up_to(total)
    return restored


def slide_drops(
    edits: Sequence[Edit],
    source: Sequence[str],
    breaks: frozenset[int],
    divides_word: Callable[[int], bool] = lambda _: False,
) -> list[Edit]:
    """Move each drop, where the words allow it, to a place where the writer marked an omission.

    "oil [and gas and coal] and wind" and "oil and [gas and coal and] wind" drop the same words; only the mark
    shows which of the two the writer meant. `breaks` are the marked places, as positions between the keys of
    the claim. A drop that divides a word ("it[, it]'s") moves to where it does not; `divides_word` tells that
    of a position between the keys of the source.
    """

    def is_marked(drop: Edit) -> bool:
        return drop.claim_start in breaks

    def is_whole(drop: Edit) -> bool:
        return not divides_word(drop.source_start) and not divides_word(drop.source_end)

    moved = list(edits)
    for at in range(1, len(moved) - 1):
        before, drop, after = moved[at - 1 : at + 2]
        if drop.op != "drop" or before.op != "keep" or after.op != "keep" or is_marked(drop):
            continue
        shift = _find_shift(before, drop, after, source, is_marked)
        if not shift and not is_whole(drop):
            shift = _find_shift(before, drop, after, source, is_whole)
        if shift:
            moved[at - 1] = before._replace(
                source_end=before.source_end + shift, claim_end=before.claim_end + shift
            )
            moved[at] = _shift(drop, shift)
            moved[at + 1] = after._replace(
                source_start=after.source_start + shift, claim_start=after.claim_start + shift
            )
    return [
        edit for edit in moved if edit.claim_end > edit.claim_start or edit.source_end > edit.source_start
    ]


def _shift(drop: Edit, words: int) -> Edit:
    return Edit("drop", *(value + words for value in drop[1:]))


def _find_shift(
    before: Edit, drop: Edit, after: Edit, source: Sequence[str], is_right: Callable[[Edit], bool]
) -> int:
    """By how many words the drop can slide to reach a right place; 0 where it cannot."""
    shift = 0
    while (
        shift > before.claim_start - before.claim_end
        and source[drop.source_start + shift - 1] == (source[drop.source_end + shift - 1])
    ):
        shift -= 1
        if is_right(_shift(drop, shift)):
            return shift
    shift = 0
    while (
        shift < after.claim_end - after.claim_start
        and source[drop.source_start + shift] == (source[drop.source_end + shift])
    ):
        shift += 1
        if is_right(_shift(drop, shift)):
            return shift
    return 0
