"""The parts of a worker, built once in its process."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import marshmallow as ma

from schemas.articles import ArticleInputSchema
from schemas.problems import describe_error
from schemas.validation_errors import find_faults
from service.errors import InvalidInput
from service.settings import Settings, read_settings
from service.usecases.articles.analysis import Article
from service.usecases.background.deliver_webhooks import DeliveryLoop, WebhookSender
from service.usecases.background.run_job import JobRunner
from service.usecases.background.worker_maintenance import WorkerMaintenance
from service.wiring import Services, build_services

DELIVERING_THREADS: Final = 2
STOP_PATIENCE_S: Final = 20.0  # longer than a delivery may take
ARTICLE = ArticleInputSchema()


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
    """The job runner of this process."""
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


@contextmanager
def attended() -> Iterator[None]:
    """Start the threads that renew leases, notify workers and deliver to webhooks, until the context ends."""
    services = worker_services()
    background = services.background
    loops: list[WorkerMaintenance | DeliveryLoop] = []
    if background.jobs is not None:
        loops.append(WorkerMaintenance(services.store, background.jobs.queue, job_runner()))
    if background.signing is not None:
        sender = WebhookSender(
            services.store, background.signing, background.networks, clock=services.store.now
        )
        loops += [DeliveryLoop(sender) for _ in range(DELIVERING_THREADS)]
    threads = [threading.Thread(target=each.run, name=type(each).__name__, daemon=True) for each in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for each in loops:
            each.stopped.set()
        for thread in threads:
            thread.join(STOP_PATIENCE_S)
        services.store.close()
