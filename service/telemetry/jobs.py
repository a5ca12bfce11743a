"""A job under way: its log lines carry the ids of the request that left it, its time and end are counted."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from service.telemetry import metrics
from service.telemetry.correlation import Correlation, enter, resume
from service.telemetry.tracing import start_root


@dataclass(slots=True)
class JobExchange:
    """What the job comes to, one of a few words, is said before its end."""

    outcome: str = "lost"


@contextmanager
def observed_job(kind: str, carried: str | None) -> Iterator[JobExchange]:
    """Do a job of this kind within the block. `carried` is what `carry` wrote when it was left."""
    ids = read_carried(carried)
    root = start_root("job", ids.traceparent, "CONSUMER")
    enter(ids.within(root.traceparent) if root is not None else ids)
    exchange, started = JobExchange(), time.perf_counter()
    try:
        yield exchange
    finally:
        metrics.JOBS.labels(kind, exchange.outcome).inc()
        metrics.JOB_SECONDS.labels(kind).observe(time.perf_counter() - started)
        if root is not None:
            told = {"verbatim.job.kind": kind, "verbatim.job.outcome": exchange.outcome}
            root.end(f"job {kind}", told, failed=exchange.outcome != "done")
        structlog.contextvars.clear_contextvars()


def read_carried(carried: str | None) -> Correlation:
    """The ids that a job carries; new ones where it carries none, or what is none."""
    try:
        read = json.loads(carried) if carried else {}
    except ValueError:
        read = {}
    return resume(read if isinstance(read, dict) else {})
