"""Common runs of words of a claim and a source: the longest first, each near the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from service.english.word_classes import FUNCTION_WORDS
from service.matching.thresholds import (
    COMMON_IN_LONG_TEXT,
    LONGEST_GAP,
    MOST_WORK,
    REACH_OF_GRAMMAR,
    REACH_OF_SHORT_RUNS,
    SHORT_LEAP,
    WORDS_FOR_A_LEAP,
)

_BITS_AT_ONCE: Final = 1_024  # of the source, that a step compares


class Block(NamedTuple):
    """`claim[claim_at:claim_at + size]` equals `source[source_at:source_at + size]`."""

    claim_at: int
    source_at: int
    size: int


def index_positions(keys: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    """Where each of the wanted keys stands in `keys`, as a set of bits.

    Very common ones are left out of long texts.
    """
    positions = dict.fromkeys(wanted, 0)
    bits = _BITS if len(keys) <= len(_BITS) else [1 << at for at in range(len(keys))]
    for bit, key in zip(bits, keys, strict=False):
        if key in positions:
            positions[key] |= bit
    if len(keys) <= 4 * COMMON_IN_LONG_TEXT:
        return positions
    return {key: found for key, found in positions.items() if found.bit_count() <= COMMON_IN_LONG_TEXT}


_BITS: Final = [1 << at for at in range(512)]


class _Region(NamedTuple):
    claim_start: int
    claim_end: int
    source_start: int
    source_end: int
    side: int  # -1: before an anchor, 1: after one, 0: between two, 2: nothing anchored yet


class RunFinder:
    """Finds the chain of common runs of `claim` in `source`, within a bounded amount of work."""

    def __init__(self, claim: Sequence[str], source: Sequence[str]) -> None:
        self._claim, self._source = claim, source
        positions = index_positions(source, claim)
        self._places = [
            positions.get(key, 0) for key in claim
        ]  # of each key of the claim in the source, as bits
        self._work = 0

    def find_compact_chain(self, breaks: frozenset[int]) -> list[Block]:
        """The chain of runs; if it skips many words at no mark, a compact one that keeps as much.

        "We should come to an end. … It must come to an end" must not lend its second half to a claim that
        changed a word of the first. `breaks` are the places in the claim where an omission is marked.
        """
        chain = self.find_chain()
        leap = next((at for at in range(1, len(chain)) if _leaps(chain[at - 1], chain[at], breaks)), None)
        if leap is None:
            return chain
        compact = [self.find_chain(*self._surroundings(part)) for part in (chain[:leap], chain[leap:])]
        best = max(compact, key=_count_kept)
        return best if _count_kept(best) >= _count_kept(chain) - WORDS_FOR_A_LEAP else chain

    def find_best_chain(self, breaks: frozenset[int], parts: Iterable[tuple[int, int]]) -> list[Block]:
        """The compact chain, or one within a part of the source that keeps more.

        The longest run of all may stand in one sentence while the whole claim, a filler left out, is another.
        `parts` are ranges of the source's keys.
        """
        best = self.find_compact_chain(breaks)
        for start, end in parts:
            kept = _count_kept(best)
            if kept == len(self._claim):
                break
            within = ((1 << (end - start)) - 1) << start
            if sum(1 for found in self._places if found & within) > kept:
                best = max(best, self.find_chain(start, end), key=_count_kept)
        return best

    def _surroundings(self, chain: Sequence[Block]) -> tuple[int, int]:
        """The range of the source where the whole claim could be, around one part of it."""
        first, last = chain[0], chain[-1]
        start = first.source_at - first.claim_at - SHORT_LEAP
        end = last.source_at + len(self._claim) - last.claim_at + SHORT_LEAP
        return max(0, start), min(len(self._source), end)

    def find_chain(self, start: int = 0, end: int | None = None) -> list[Block]:
        """Common runs of the claim and `source[start:end]`, in order in both; [] where nothing is shared."""
        chain: list[Block] = []
        end = len(self._source) if end is None else end
        regions = [_Region(0, len(self._claim), start, end, 2)]
        while regions:
            region = regions.pop()
            block = self._find_longest(region)
            if block is None or not self._is_near(block, region):
                continue
            chain.append(block)
            regions.extend(self._split(region, block))
        return sorted(chain)

    def _split(self, region: _Region, block: Block) -> Iterator[_Region]:
        """The regions before and after a run; an open side is limited to the longest gap."""
        after_claim, after_source = block.claim_at + block.size, block.source_at + block.size
        closed_before, closed_after = region.side in (0, 1), region.side in (0, -1)
        reach_back = block.source_at - (block.claim_at - region.claim_start) - LONGEST_GAP
        reach_on = after_source + (region.claim_end - after_claim) + LONGEST_GAP
        before = _Region(
            region.claim_start,
            block.claim_at,
            region.source_start if closed_before else max(region.source_start, reach_back),
            block.source_at,
            0 if closed_before else -1,
        )
        after = _Region(
            after_claim,
            region.claim_end,
            after_source,
            region.source_end if closed_after else min(region.source_end, reach_on),
            0 if closed_after else 1,
        )
        for side in (before, after):
            if side.claim_start < side.claim_end and side.source_start < side.source_end:
                yield side

    def _find_longest(self, region: _Region) -> Block | None:
        """The longest common run of a region; among equals, the one nearest to the anchored side.

        Runs of one length are found from shorter ones by shifting sets of bits: twice the length while there
        is any, then the halves between.
        """
        if not self._has_time(region.claim_end - region.claim_start):
            return None
        within = (1 << (region.source_end - region.source_start)) - 1
        places = self._places[region.claim_start : region.claim_end]
        runs = [(found >> region.source_start) & within for found in places]
        if not any(runs):
            return None
        size, shorter = 1, [runs]
        while any(longer := self._join_runs(runs, runs, size)):
            runs, size = longer, 2 * size
            shorter.append(runs)
        for power in range(len(shorter) - 2, -1, -1):
            if any(longer := self._join_runs(runs, shorter[power], size)):
                runs, size = longer, size + (1 << power)
        latest_wins = region.side == -1
        at = max(at for at, run in enumerate(runs) if run) if latest_wins else _first_set(runs)
        position = runs[at].bit_length() - 1 if latest_wins else (runs[at] & -runs[at]).bit_length() - 1
        return self._extend(Block(region.claim_start + at, region.source_start + position, size), region)

    def _join_runs(self, runs: Sequence[int], others: Sequence[int], size: int) -> list[int]:
        """Where runs of `size` words are followed by runs of the others' size; [] once too much was done."""
        if not self._has_time(len(runs)):
            return []
        return [run & (other >> size) for run, other in zip(runs, others[size:], strict=False)]

    def _has_time(self, words: int) -> bool:
        """Count a step for each word; returns whether the work is still within its limit."""
        self._work += words * (1 + len(self._source) // _BITS_AT_ONCE)
        return self._work <= MOST_WORK

    def _extend(self, block: Block, region: _Region) -> Block:
        """Grow a run over words that were too common to start one."""
        claim_at, source_at, size = block
        while (
            claim_at > region.claim_start
            and source_at > region.source_start
            and self._claim[claim_at - 1] == self._source[source_at - 1]
        ):
            claim_at, source_at, size = claim_at - 1, source_at - 1, size + 1
        while (
            claim_at + size < region.claim_end
            and source_at + size < region.source_end
            and self._claim[claim_at + size] == self._source[source_at + size]
        ):
            size += 1
        return Block(claim_at, source_at, size)

    def _is_near(self, block: Block, region: _Region) -> bool:
        """Whether a run is near enough: one or two words far from the anchor are chance."""
        if block.size > len(REACH_OF_SHORT_RUNS) or region.side == 2:
            return True
        before = (block.source_at - region.source_start) - (block.claim_at - region.claim_start)
        after = (region.source_end - block.source_at) - (region.claim_end - block.claim_at)
        distances = {-1: (after,), 1: (before,), 0: (before, after), 2: (0,)}[region.side]
        words = self._claim[block.claim_at : block.claim_at + block.size]
        reach = REACH_OF_GRAMMAR if FUNCTION_WORDS.issuperset(words) else REACH_OF_SHORT_RUNS[block.size - 1]
        return min(abs(distance) for distance in distances) <= reach


def _first_set(runs: Sequence[int]) -> int:
    return next(at for at, run in enumerate(runs) if run)


def _leaps(before: Block, after: Block, breaks: frozenset[int]) -> bool:
    """Whether many words of the source are left out between two runs where no omission is marked."""
    left_out = after.source_at - before.source_at - before.size
    instead = after.claim_at - before.claim_at - before.size
    return left_out - instead > SHORT_LEAP and not any(
        before.claim_at + before.size <= place <= after.claim_at for place in breaks
    )


def _count_kept(chain: Sequence[Block]) -> int:
    return sum(block.size for block in chain)
