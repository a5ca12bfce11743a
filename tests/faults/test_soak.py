"""The same for a long time: memory stays flat."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.apps import running_app
from tests.faults.articles import article
from tests.faults.load import Request, loading, statuses
from tests.faults.scale import IS_LONG, percentile, report, scaled
from tests.processes import resident_bytes
from tests.stores import make_migrated

ROUNDS = 40
KEPT_BYTES = 1_500  # a request may leave behind on average: less than any of its parts, were it kept
SOAK_S = scaled(0.0, 600.0)
WARM_UP_S = 120.0
SAMPLES = 30
MOST_GROWTH = 0.03


def make_requests(number: int) -> Iterator[Request]:
    """What a newsroom asks in a minute, the good and the bad."""
    yield Request("POST", "/v1/articles", article(number % 50, 60))
    yield Request("POST", "/v1/articles", article(number, 60, store=False))
    yield Request(
        "POST", "/v1/articles", {"body_html": f"<p>“We go,” said Ann {number}.</p>", "store": False}
    )
    yield Request("POST", "/v1/articles", {"body_text": 5})
    yield Request("POST", "/v1/articles", b"{")
    yield Request("POST", "/v1/check", {"quote": f"open the bridge number {number} before the winter"})
    yield Request("GET", f"/v1/quotes?q=bridge&limit={number % 20 + 1}")
    yield Request("GET", f"/v1/articles/a{number:016x}")
    yield Request("GET", "/readyz")
    yield Request("GET", "/metrics")


def play(client: FlaskClient, rounds: range) -> int:
    """Ask it all in this process; how many requests."""
    count = 0
    for number in rounds:
        for request in make_requests(number):
            body = {"data": request.body} if isinstance(request.body, bytes) else {"json": request.body}
            with client.open(
                request.path, method=request.method, **(body if request.body is not None else {})
            ):
                count += 1
    return count


def test_requests_leave_nothing_behind(tmp_path, redis_empty_url):
    with running_app(
        f"sqlite:///{tmp_path}/store.sqlite3", redis_url=redis_empty_url
    ) as app:  # answers are kept there
        client = app.test_client()
        play(client, range(ROUNDS))  # caches fill, queries are compiled
        gc.collect()
        tracemalloc.start()
        try:
            play(client, range(ROUNDS, ROUNDS + 10))
            gc.collect()
            before = tracemalloc.get_traced_memory()[0]
            count = play(client, range(ROUNDS + 10, 2 * ROUNDS))
            gc.collect()
            left = (tracemalloc.get_traced_memory()[0] - before) / count
        finally:
            tracemalloc.stop()
    report("soak in one process", requests=count, bytes_left_by_each=round(left))
    assert left < KEPT_BYTES


@pytest.mark.skipif(not IS_LONG, reason="ten minutes: `make soak`")
def test_memory_is_flat_for_ten_minutes(serve, tmp_path, redis_empty_url):
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    make_migrated(url)
    # A worker that is replaced after so many requests would take with it what it never gave back.
    web = serve(DATABASE_URL=url, REDIS_URL=redis_empty_url, GUNICORN_CMD_ARGS="--max-requests 0")
    pieces = [request for number in range(500) for request in make_requests(number)]
    with loading(web.port, lambda number: pieces[number % len(pieces)], 3) as load:
        load.run_phase("warm-up", WARM_UP_S)
        workers = web.workers()
        memory = []
        for _ in range(SAMPLES):
            load.run_phase("soak", SOAK_S / SAMPLES)
            memory.append(sum(map(resident_bytes, workers)))
    third = SAMPLES // 3
    first, last = (
        percentile(list(map(float, memory[:third])), 0.5),
        percentile(list(map(float, memory[-third:])), 0.5),
    )
    report(
        "soak",
        seconds=SOAK_S,
        requests=len(load.answers),
        statuses=dict(statuses(load.answers)),
        memory_mb=[round(sample / 1e6) for sample in memory],
        growth=round(last / first - 1, 4),
    )
    assert web.workers() == workers
    assert not {status for status in statuses(load.answers) if status == 0 or status >= 500} - {503}
    assert last <= (1 + MOST_GROWTH) * first
