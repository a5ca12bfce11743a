"""The bell: Redis tells workers, through RQ, that there is something to do. What there is, the store knows.

Bells carry no work and nothing of an article, so one that is lost delays and one too many does no harm. What
they do carry is JSON, no pickle.
"""

from __future__ import annotations

import contextlib
import logging
import time
from types import FrameType
from typing import Final

import redis
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from rq.timeouts import JobTimeoutException

QUEUE_NAME: Final = "verbatim"
#: What a bell makes a worker call: the dotted name of a function without arguments.
DO_NEXT: Final = "service.worker.wiring.do_next_job"
TIME_LIMIT_S: Final = 300  # for one job
BELL_KEPT_S: Final = 60  # what is left of a bell whose worker failed
MAX_BELLS: Final = 16  # at once; each worker that hears one rings the next
CONNECT_TIMEOUT_S: Final = 0.5
WORKER_TTL_S: Final = 60  # a worker blocks in Redis for a little less, and looks after its connection then
RESTART_PAUSE_S: Final = 1.0

JobTimeout = JobTimeoutException
log = logging.getLogger(__name__)


class JobQueue:
    """Rings for workers. Redis may be away: then nobody hears, and workers ring later by themselves."""

    def __init__(self, redis_url: str, function: str = DO_NEXT) -> None:
        self._redis = redis.Redis.from_url(
            redis_url, socket_connect_timeout=CONNECT_TIMEOUT_S, socket_timeout=CONNECT_TIMEOUT_S
        )
        self._queue = Queue(QUEUE_NAME, connection=self._redis, serializer=JSONSerializer)
        self._function = function

    def ring(self, times: int = 1) -> bool:
        """Say that there is work, for so many workers at most; whether Redis took it."""
        try:
            for _ in range(min(times, MAX_BELLS)):
                self._queue.enqueue_call(
                    self._function,
                    timeout=TIME_LIMIT_S,
                    result_ttl=0,
                    failure_ttl=BELL_KEPT_S,
                    description=self._function,
                )
        except redis.RedisError as error:
            log.warning("queue unavailable: %s", type(error).__name__)
            return False
        return True

    def depth(self) -> int | None:
        """How many bells nobody has heard yet; None where Redis does not answer."""
        try:
            return int(self._queue.count)
        except redis.RedisError:
            return None


class BellWorker(SimpleWorker):
    """RQ's worker that does one thing after the other in one process, and minds a lost Redis less.

    Forking for each job, as RQ does by default, would load the model anew every time.
    """

    stop_asked = False
    max_connection_wait_time = 5.0

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """SIGTERM or SIGINT: finish the job at hand, then end."""
        self.stop_asked = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def set_shutdown_requested_date(self) -> None:
        """A note in Redis. Where that is away, the signal must not fail the job at hand."""
        with contextlib.suppress(redis.RedisError):
            super().set_shutdown_requested_date()  # type: ignore[no-untyped-call]


def work(redis_url: str, burst: bool = False) -> None:
    """Hear bells until told to stop (SIGTERM lets the job at hand finish); with `burst` until there are none.

    RQ gives up where Redis goes away at a bad moment; then a new worker waits for it to come back.
    """
    while True:
        stopped, worker = False, None
        try:
            connection = redis.Redis.from_url(redis_url, socket_connect_timeout=5, socket_keepalive=True)
            worker = BellWorker(
                [QUEUE_NAME],
                connection=connection,
                serializer=JSONSerializer,
                log_job_description=False,
                worker_ttl=WORKER_TTL_S,
            )
            worker.work(burst=burst, logging_level="INFO")
            stopped = worker.stop_asked
        except StopRequested:
            stopped = True
        except redis.RedisError as error:
            # A worker that was told to stop fails too where it cannot sign off.
            stopped = worker is not None and worker.stop_asked
            log.warning("queue unavailable: %s", type(error).__name__)
        if stopped or burst:
            return
        try:
            time.sleep(RESTART_PAUSE_S)
        except StopRequested:  # the last worker's signal handler is still in place
            return
