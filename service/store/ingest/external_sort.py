"""External radix sort of postings that may not fit into memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from typing import IO, Final, Self

import numpy as np

from service.matching.retrieval.fingerprints import Codes, sort_distinct

PART_BITS: Final = 57  # a posting's bits below those that choose its part
FIRST_PART: Final = -64  # triples of words are negative
PARTS: Final = 128
IN_MEMORY: Final = 6_000_000  # postings, of 8 bytes each


class PostingSorter:
    """Sorts postings: `add` takes them in any order, `parts` returns them sorted, in parts of their range."""

    def __init__(self) -> None:
        self._open_files = ExitStack()
        self._files: list[IO[bytes] | None] = [None] * PARTS
        self._buffers: list[list[Codes]] = [[] for _ in range(PARTS)]
        self._buffered = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Delete the temporary files of the sort."""
        self._open_files.close()

    def add(self, postings: Codes) -> None:
        """Take postings, in any order, repeats included."""
        ordered = np.sort(postings)
        edges = np.searchsorted(ordered >> PART_BITS, np.arange(PARTS + 1) + FIRST_PART).tolist()
        for part, (start, end) in enumerate(pairwise(edges)):
            if start < end:
                self._buffers[part].append(ordered[start:end])
        self._buffered += len(ordered)
        if self._buffered > IN_MEMORY:
            self._spill()

    def parts(self) -> Iterator[Codes]:
        """All postings, sorted and each once, in parts that do not overlap."""
        for part in range(PARTS):
            blocks = self._buffers[part]
            file = self._files[part]
            if file is not None:
                file.seek(0)
                blocks = [np.frombuffer(file.read(), dtype=np.int64), *blocks]
            if blocks:
                yield sort_distinct(np.concatenate(blocks))

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
