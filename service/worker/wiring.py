"""What a worker is made of, and what a bell makes it do. Wired once in the worker's process."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import marshmallow as ma
import structlog

from schemas.articles import ArticleInputSchema
from schemas.validation_errors import find_faults
from service.app import build_services
from service.errors import InvalidInput, VerbatimError
from service.settings import Settings, read_settings
from service.usecases.articles.analysis import Article
from service.usecases.background.deliver_webhooks import Courier, DeliveryRound
from service.usecases.background.run_job import JobRunner
from service.usecases.background.worker_maintenance import Attendant
from service.web.http.problems import describe_error
from service.web.services import Services

DELIVERING_THREADS: Final = 2
STOP_PATIENCE_S: Final = 20.0  # longer than a delivery may take
ARTICLE = ArticleInputSchema()

log = structlog.get_logger("verbatim.worker")


@cache
def worker_settings() -> Settings:
    """The settings of this process."""
    return read_settings(os.environ)


@cache
def worker_services() -> Services:
    """The worker's own store, cache and use cases."""
    return build_services(worker_settings())


@cache
def job_runner() -> JobRunner:
    """What does this process's jobs."""
    services = worker_services()
    lease_s = float(worker_settings().job_lease_s)
    return JobRunner(services.store, services.analyser, read_article, describe_error, lease_s)


def read_article(body: Any) -> Article:
    """The article that was sent. Raises InvalidInput; it was valid when it was accepted."""
    try:
        article: Article = ARTICLE.load(body)
    except ma.ValidationError as error:
        faults = tuple(find_faults(error.normalized_messages()))  # type: ignore[no-untyped-call]
        raise InvalidInput("the article is not valid", faults) from error
    return article


def do_next_job() -> None:
    """Do one job, where there is one, and ring for the next: a bell goes on until there is nothing to do."""
    try:
        done = job_runner().do_next()
    except VerbatimError as error:  # the store is away; who looks after the worker rings again
        log.warning("worker_waits", reason=type(error).__name__)
        return
    jobs = worker_services().background.jobs
    if done and jobs is not None:
        jobs.queue.ring()


@contextmanager
def attended() -> Iterator[None]:
    """Have this process's leases renewed, lost bells rung again and webhooks told, until it ends."""
    services = worker_services()
    background = services.background
    rounds: list[Attendant | DeliveryRound] = []
    if background.jobs is not None:
        rounds.append(Attendant(services.store, background.jobs.queue, job_runner()))
    if background.signing is not None:
        courier = Courier(services.store, background.signing, background.networks)
        rounds += [DeliveryRound(courier) for _ in range(DELIVERING_THREADS)]
    threads = [threading.Thread(target=each.run, name=type(each).__name__, daemon=True) for each in rounds]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for each in rounds:
            each.stopped.set()
        for thread in threads:
            thread.join(STOP_PATIENCE_S)
        services.store.close()
