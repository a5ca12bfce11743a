"""Stages of an answer, each measured by a histogram and, with tracing on, by a span."""

from __future__ import annotations

import time
from enum import StrEnum
from types import TracebackType
from typing import Final

from service.telemetry.metrics import STAGE_SECONDS
from service.telemetry.tracing import span


class Stage(StrEnum):
    """A stage; retrieval and judging are measured for each quotation, the others for each article."""

    EXTRACTION = "extraction"
    RETRIEVAL = "retrieval"
    JUDGING = "judging"
    PRESENTING = "presenting"
    SAVING = "saving"


CLOCKS: Final = {stage: STAGE_SECONDS.labels(stage.value) for stage in Stage}


class timed:
    """Measure the block as a stage, even if it raises."""

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
