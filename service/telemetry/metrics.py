"""All metrics. The values of labels come from fixed sets: routes are templates, never paths."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from service.telemetry.slots import share_values

share_values()  # before the first metric: its storage is chosen when it is created

REGISTRY: Final = CollectorRegistry(auto_describe=False)

#: Seconds; a cached answer takes about one millisecond, a long article some seconds.
REQUEST_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
STAGE_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
JOB_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600)

REQUESTS: Final = Counter(
    "verbatim_http_requests",
    "Requests answered, by the route's template; unmatched is an address that is none.",
    ("method", "route", "status"),
    registry=REGISTRY,
)
REQUEST_SECONDS: Final = Histogram(
    "verbatim_http_request_duration_seconds",
    "Time from a request's arrival in the application to its answer.",
    ("route",),
    buckets=REQUEST_BUCKETS,
    registry=REGISTRY,
)
REQUESTS_UNDER_WAY: Final = Gauge(
    "verbatim_http_requests_in_progress",
    "Requests being worked on.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
RATE_LIMITED: Final = Counter(
    "verbatim_rate_limited_requests",
    "Requests refused for their sender's rate.",
    ("route",),
    registry=REGISTRY,
)
SHED: Final = Counter(
    "verbatim_shed_requests",
    "Requests refused because there was too much to do.",
    ("route",),
    registry=REGISTRY,
)
CACHE_LOOKUPS: Final = Counter(
    "verbatim_cache_lookups",
    "Answers asked of the cache: hit, miss, or bypass where the cache took no part.",
    ("kind", "result"),
    registry=REGISTRY,
)
CACHE_FAULTS: Final = Counter(
    "verbatim_cache_faults",
    "Answers that the cache could not find or keep, and why.",
    ("reason",),
    registry=REGISTRY,
)
FLIGHTS_SHARED: Final = Counter(
    "verbatim_single_flight_waits",
    "Requests that waited for the same answer being computed for another, and got it.",
    ("kind",),
    registry=REGISTRY,
)
STAGE_SECONDS: Final = Histogram(
    "verbatim_stage_duration_seconds",
    "Time of one stage: extraction of an article, retrieval and judging of a quotation, saving, presenting.",
    ("stage",),
    buckets=STAGE_BUCKETS,
    registry=REGISTRY,
)
JOBS: Final = Counter(
    "verbatim_jobs",
    "Background jobs ended: done, failed, postponed, lost.",
    ("kind", "outcome"),
    registry=REGISTRY,
)
JOB_SECONDS: Final = Histogram(
    "verbatim_job_duration_seconds",
    "Time of one background job.",
    ("kind",),
    buckets=JOB_BUCKETS,
    registry=REGISTRY,
)
