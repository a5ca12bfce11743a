"""Work in the background: jobs on Redis, done by `verbatim worker`. What they carry is JSON, no pickle."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import redis
from rq import Queue, SimpleWorker
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from service.errors import NotFound

State = Literal["queued", "running", "done", "failed"]
QUEUE_NAME: Final = "verbatim"
KEPT_S: Final = 86_400  # how long a finished job can be asked about
TIMEOUT_S: Final = 600
CONNECT_TIMEOUT_S: Final = 0.5

STATES: Final[Mapping[JobStatus, State]] = {
    JobStatus.STARTED: "running",
    JobStatus.FINISHED: "done",
    JobStatus.FAILED: "failed",
    JobStatus.STOPPED: "failed",
    JobStatus.CANCELED: "failed",
}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobState:
    """How far a job is; `result` is there once it is done."""

    id: str
    status: State
    result: Any = None


class JobQueue:
    """Jobs by the dotted name of their function. Redis may be away: then nothing can be enqueued."""

    def __init__(self, redis_url: str) -> None:
        self._redis = redis.Redis.from_url(
            redis_url, socket_connect_timeout=CONNECT_TIMEOUT_S, socket_timeout=CONNECT_TIMEOUT_S
        )
        self._queue = Queue(QUEUE_NAME, connection=self._redis, serializer=JSONSerializer)

    def enqueue(self, function: str, argument: Mapping[str, Any]) -> JobState | None:
        """Ask for `function(argument)`. None where Redis does not take it: the caller may do it at once."""
        try:
            job = self._queue.enqueue_call(
                function,
                args=(dict(argument),),
                timeout=TIMEOUT_S,
                result_ttl=KEPT_S,
                failure_ttl=KEPT_S,
                description=function,  # RQ's own would show the arguments, and those hold the article
            )
        except redis.RedisError as error:
            log.warning("queue unavailable: %s", type(error).__name__)
            return None
        return JobState(job.id, "queued")

    def state(self, job_id: str) -> JobState:
        """How far a job is. Raises NotFound for one that is unknown, expired, or out of reach with Redis."""
        try:
            job = Job.fetch(job_id, connection=self._redis, serializer=JSONSerializer)
            status = STATES.get(job.get_status(), "queued")
            return JobState(job.id, status, job.return_value() if status == "done" else None)
        except (NoSuchJobError, InvalidJobOperation, ValueError) as error:
            raise NotFound("no such job; a finished one is kept for a day") from error
        except redis.RedisError as error:
            raise NotFound("the queue does not answer; ask again") from error


def work(redis_url: str, burst: bool = False) -> None:
    """Do jobs until told to stop (SIGTERM lets the job at hand finish); with `burst` until there are none.

    One process does one job after the other: forking for each, as RQ does by default, would load the model
    anew every time.
    """
    connection = redis.Redis.from_url(redis_url, socket_connect_timeout=5)
    worker = SimpleWorker(
        [QUEUE_NAME], connection=connection, serializer=JSONSerializer, log_job_description=False
    )
    worker.work(burst=burst, logging_level="INFO")
