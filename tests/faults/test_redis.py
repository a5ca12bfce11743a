"""Redis killed, paused, slow, restarted, full, each during load: the service answers on, about as fast."""

from __future__ import annotations

import time

import pytest
import redis

from tests.faults.articles import article
from tests.faults.load import Load, Request, ask, loading, p95, statuses
from tests.faults.proxy import slow_proxy
from tests.faults.running import WebService
from tests.faults.scale import report, scaled
from tests.processes import wait_until
from tests.servers import running_redis
from tests.stores import make_migrated

PHASE_S = scaled(2.0, 60.0)
CLIENTS = 4
REPEATED = 20  # articles that are asked for again and again, and so come from the cache
SLACK_S = 0.3


def make_request(number: int) -> Request:
    """Mostly what was asked before, every fifth anew; nothing is stored, so the store stays as it is."""
    if number % 5:
        return Request("POST", "/v1/articles", article(number % REPEATED, store=False), "repeated")
    return Request("POST", "/v1/check", {"quote": f"We will open the bridge number {number} soon"}, "new")


def is_cached(port: int) -> bool:
    """Whether an article asked for again comes from the cache."""
    answers = [ask(port, "POST", "/v1/articles", article(0, store=False)) for _ in range(2)]
    return answers[1].headers.get("cache-status", "").startswith("verbatim; hit")


def undisturbed(load: Load, server: WebService) -> float:
    """Seconds of the 95th percentile of a phase in which nothing is wrong."""
    wait_until(lambda: is_cached(server.port), "answers from the cache")
    load.run_phase("undisturbed", PHASE_S)
    return p95(load.of("undisturbed"))


def judge(load: Load, fault: str, before_s: float) -> None:
    """No answer of a phase is a server's error, and 95 of 100 are about as fast as before."""
    answers = load.of(fault)
    report(
        f"redis {fault}",
        requests=len(answers),
        statuses=dict(statuses(answers)),
        p95_ms=round(1000 * p95(answers)),
        undisturbed_p95_ms=round(1000 * before_s),
    )
    assert set(statuses(answers)) == {200}
    assert p95(answers) <= 2 * before_s + SLACK_S


@pytest.fixture
def store_url(tmp_path):
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    make_migrated(url)
    return url


def test_redis_fails_in_every_way(serve, store_url):
    with running_redis() as server, redis.Redis(port=server.port) as client:
        web = serve(DATABASE_URL=store_url, REDIS_URL=server.url)
        with loading(web.port, make_request, CLIENTS) as load:
            before_s = undisturbed(load, web)
            breaks = {
                "killed": (server.kill, server.restart),
                "paused": (server.pause, server.resume),
                "full": (
                    lambda: client.config_set("maxmemory", "1mb"),
                    lambda: client.config_set("maxmemory", 0),
                ),
            }
            for fault, (begin, end) in breaks.items():
                begin()
                load.run_phase(fault, PHASE_S)
                load.phase = "between"
                end()
                ended = time.monotonic()
                wait_until(lambda: is_cached(web.port), f"the cache after Redis was {fault}")
                report(f"redis {fault}, then well", recovered_s=round(time.monotonic() - ended, 1))
            load.phase = "restarted"
            for _ in range(scaled(2, 10)):
                server.restart()
                load.run_phase("restarted", PHASE_S / scaled(2, 10))
            load.phase = "after"
            wait_until(lambda: is_cached(web.port), "the cache after Redis was restarted")
        for fault in (*breaks, "restarted"):
            judge(load, fault, before_s)
        assert set(statuses(load.answers)) == {200}


def test_redis_is_slow(serve, store_url):
    with running_redis() as server, slow_proxy(server.port) as proxy:
        web = serve(DATABASE_URL=store_url, REDIS_URL=f"redis://127.0.0.1:{proxy.port}/0")
        with loading(web.port, make_request, CLIENTS) as load:
            before_s = undisturbed(load, web)
            delays = {"slow": 0.02, "slower than the service waits": 1.0}
            for fault, delay_s in delays.items():
                proxy.delay_s = delay_s
                load.run_phase(fault, PHASE_S)
                load.phase = "between"
                proxy.delay_s = 0.0
                wait_until(lambda: is_cached(web.port), f"the cache after Redis was {fault}")
        for fault in delays:
            judge(load, fault, before_s)
        assert set(statuses(load.answers)) == {200}
