"""The stages of an answer, each timed by a histogram and, where tracing is on, told by a span."""

from __future__ import annotations

import time
from enum import StrEnum
from types import TracebackType
from typing import Final

from service.telemetry.metrics import STAGE_SECONDS
from service.telemetry.tracing import span


class Stage(StrEnum):
    """What is timed: once an article, retrieval and judging once a quotation."""

    EXTRACTION = "extraction"
    RETRIEVAL = "retrieval"
    JUDGING = "judging"
    PRESENTING = "presenting"
    SAVING = "saving"


CLOCKS: Final = {stage: STAGE_SECONDS.labels(stage.value) for stage in Stage}


class timed:
    """Time the block as a stage, also where it fails."""

    __slots__ = ("_clock", "_span", "_started")

    def __init__(self, stage: Stage) -> None:
        self._clock = CLOCKS[stage]
        self._span = span(stage.value)

    def __enter__(self) -> None:
        self._span.__enter__()
        self._started = time.perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clock.observe(time.perf_counter() - self._started)
        self._span.__exit__(kind, error, trace)
