"""The metrics and correlation of a running job: its duration, its outcome, the ids of its request."""

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
    """The outcome of a running job, one of a few words; set it before the job ends."""

    outcome: str = "lost"


@contextmanager
def observed_job(kind: str, carried: str | None) -> Iterator[JobExchange]:
    """A context that measures a job. `carried` is what `carry` returned when the job was accepted."""
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
            attributes = {"verbatim.job.kind": kind, "verbatim.job.outcome": exchange.outcome}
            root.end(f"job {kind}", attributes, failed=exchange.outcome != "done")
        structlog.contextvars.clear_contextvars()


def read_carried(carried: str | None) -> Correlation:
    """The ids that a job stores; new ones if it has none or they are malformed."""
    try:
        read = json.loads(carried) if carried else {}
    except ValueError:
        read = {}
    return resume(read if isinstance(read, dict) else {})
