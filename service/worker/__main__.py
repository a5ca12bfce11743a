"""A worker's process: `python -m service.worker`, which `verbatim worker` becomes."""

from __future__ import annotations

import sys

import service
from service.logs import configure_logs
from service.telemetry.exposition import serve_metrics
from service.telemetry.tracing import configure_tracing
from service.worker.runner import Worker, limited
from service.worker.wiring import attended, job_runner, worker_services, worker_settings


def main(burst: bool) -> None:
    """Run jobs and deliver events until stopped; with `burst` until there are no jobs."""
    settings = worker_settings()
    if settings.redis_url is None:
        raise SystemExit("verbatim: REDIS_URL is not set: without it there is no queue to work on")
    configure_logs(settings.log_level)
    configure_tracing(settings.otel_exporter_otlp_endpoint, service.__version__)
    if settings.worker_metrics_port:
        serve_metrics(settings.host, settings.worker_metrics_port)
    jobs = worker_services().background.jobs
    assert jobs is not None, "there is a Redis"
    with attended():
        Worker(jobs.queue, limited(job_runner().run_next)).run(burst)


if __name__ == "__main__":
    main("--burst" in sys.argv[1:])
