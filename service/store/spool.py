"""Sorting more (fingerprint, quote) pairs than memory holds: a radix sort, through files where it must."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from typing import IO, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from service.matching.fingerprints import Codes
from service.store.indexing import sort_pairs

PART_BITS: Final = 42  # the fingerprint's bits below those that choose the part: 64 parts for pairs of words
FIRST_PART: Final = -64  # triples of words are negative
PARTS: Final = 128
IN_MEMORY: Final = 4_000_000  # pairs, of 12 bytes each

_PAIR: Final = np.dtype([("hash", "<i8"), ("quote", "<i4")])


class PairSpool:
    """Takes pairs in any order and gives them back sorted, one part of the range after the other."""

    def __init__(self) -> None:
        self._open_files = ExitStack()
        self._files: list[IO[bytes] | None] = [None] * PARTS
        self._buffers: list[list[NDArray[Any]]] = [[] for _ in range(PARTS)]
        self._buffered = 0
        self.pairs = 0  # taken so far, repeats included

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open_files.close()

    def add(self, hashes: Codes, owners: Codes) -> None:
        """Take pairs, in any order."""
        pairs = np.empty(len(hashes), dtype=_PAIR)
        order = np.argsort(hashes, kind="stable")
        pairs["hash"], pairs["quote"] = hashes[order], owners[order]
        part_numbers = (pairs["hash"] >> PART_BITS) - FIRST_PART
        edges = np.searchsorted(part_numbers, np.arange(PARTS + 1)).tolist()
        for part, (start, end) in enumerate(pairwise(edges)):
            if start < end:
                self._buffers[part].append(pairs[start:end])
        self.pairs += len(pairs)
        self._buffered += len(pairs)
        if self._buffered > IN_MEMORY:
            self._spill()

    def parts(self) -> Iterator[tuple[Codes, Codes]]:
        """All pairs, sorted and each once, in parts that do not overlap."""
        for part in range(PARTS):
            blocks = self._buffers[part]
            file = self._files[part]
            if file is not None:
                file.seek(0)
                blocks = [np.frombuffer(file.read(), dtype=_PAIR), *blocks]
            if blocks:
                pairs = np.concatenate(blocks)
                yield sort_pairs(pairs["hash"], pairs["quote"].astype(np.int64))

    def _spill(self) -> None:
        for part, blocks in enumerate(self._buffers):
            if not blocks:
                continue
            file = self._files[part]
            if file is None:
                file = self._files[part] = self._open_files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
            file.write(np.concatenate(blocks).tobytes())
            blocks.clear()
        self._buffered = 0
