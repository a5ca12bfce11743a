"""Work in the background for real: gunicorn, workers that are killed, a Redis that is restarted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import redis
from standardwebhooks import Webhook

from tests.apps import ROOT
from tests.functional.test_service import call, serving
from tests.processes import wait_until
from tests.servers import die_with_parent, running_redis

PATIENCE_S = 240  # the machine may be busy with much else
LEASE_S = "2"


def article(number: int) -> dict[str, str]:
    filler = " ".join(f"The council met for the {number + turn}th time." for turn in range(60))
    return {
        "uri": f"urn:article:{number}",
        "published_at": "2026-01-05",
        "body_text": f"“We will dredge harbour number {number} this year,” Ann Marlow said.\n\n{filler}",
    }


@pytest.fixture
def postgres_store_url(postgres_store: str) -> str:
    return postgres_store


@contextmanager
def working(**environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker, ended by SIGKILL where the test did not end it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "worker"],
        cwd=ROOT,
        env={**os.environ, "JOB_LEASE_S": LEASE_S, "LOG_LEVEL": "INFO", **environment},
        stderr=subprocess.PIPE,
        preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - one prctl, nothing else
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def get(url: str) -> Any:
    status, _, body = call(url)
    assert status == 200, body
    return json.loads(body)


def deliveries(hook: str) -> Any:
    return get(hook + "/deliveries")["deliveries"]


def send_batch(url: str, articles: list[Any]) -> str:
    status, headers, body = call(url + "/v1/batches", articles)
    assert status == 202, body
    assert json.loads(body)["total"] == len(articles)
    return url + headers["Location"]


def has_begun(where: str) -> bool:
    return get(where)["done"] > 0


def is_over(where: str) -> bool:
    return get(where)["status"] == "done"


@contextmanager
def receiving() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A webhook's receiver on loopback; its first answer is a failure."""
    received: list[tuple[dict[str, str], bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(500 if len(received) == 1 else 204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/news", received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def check_all_stored_once(url: str, where: str, count: int) -> None:
    """Every article of a batch is there in its first version, with its quotation once."""
    items = get(f"{where}?limit=1000")["items"]
    assert [item["position"] for item in items] == list(range(count))
    assert {item["status"] for item in items} == {"done"}
    assert {item["version"] for item in items} == {1}
    assert len({item["article"] for item in items}) == count
    quotes = get(f"{url}/v1/quotes?limit=100&q=dredge")["quotes"]
    texts = [quote["text"] for quote in quotes]
    assert len(texts) == len(set(texts)) == count


def test_a_batch_survives_killed_workers_and_a_killed_redis(postgres_store_url):
    count = 20
    with ExitStack() as stack:
        redis_server = stack.enter_context(running_redis(appendonly="yes", appendfsync="everysec"))
        environment = {"DATABASE_URL": postgres_store_url, "REDIS_URL": redis_server.url}
        url, _ = stack.enter_context(serving(**environment, WEB_CONCURRENCY="1"))
        first = stack.enter_context(working(**environment))
        where = send_batch(url, [article(number) for number in range(count)])
        wait_until(lambda: has_begun(where))
        first.kill()  # in the middle of a job, as likely as not
        first.wait()
        redis_server.restart()
        second = stack.enter_context(working(**environment))
        wait_until(lambda: get(where)["done"] > count // 3)
        second.kill()
        second.wait()
        redis_server.kill()  # and its file is lost, with every message in it
        for left in redis_server.directory.rglob("*"):
            if left.is_file() and "appendonly" in str(left):
                left.unlink()
        third = stack.enter_context(working(**environment))  # waits for Redis
        time.sleep(0.5)
        redis_server.restart()
        wait_until(lambda: is_over(where))
        batch = get(where)
        assert (batch["done"], batch["failed"]) == (count, 0)
        check_all_stored_once(url, where, count)
        third.terminate()
        assert third.wait(PATIENCE_S) == 0
        told = third.stderr.read().decode()
    assert "dredge" not in told, "no article text in any log"
    assert "Traceback" not in told


def test_sigterm_lets_the_job_at_hand_finish_and_the_rest_to_others(tmp_path, redis_empty_url):
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/store.sqlite3",
        "REDIS_URL": redis_empty_url,
        "JOB_LEASE_S": "3600",  # nobody takes over from a lost worker in this test
    }
    with serving(**environment, WEB_CONCURRENCY="1") as (url, _):
        where = send_batch(url, [article(number) for number in range(8)])
        with working(**environment) as worker:
            wait_until(lambda: has_begun(where))
            worker.terminate()
            assert worker.wait(PATIENCE_S) == 0
        items = get(where)["items"]
        assert {item["status"] for item in items} <= {"done", "queued"}, "none was left half done"
        with working(**environment):
            wait_until(lambda: is_over(where))
        check_all_stored_once(url, where, 8)


def test_news_reaches_a_webhook_signed_and_again_after_a_failure(tmp_path, redis_empty_url):
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/store.sqlite3",
        "REDIS_URL": redis_empty_url,
        "WEBHOOK_KEYS": "0123456789abcdef" * 4,
        "WEBHOOK_NETWORKS": "127.0.0.1",
    }
    with receiving() as (receiver, received), serving(**environment, WEB_CONCURRENCY="1") as (url, _):
        asked = {"url": receiver, "events": ["article.analysed", "batch.finished"]}
        status, headers, body = call(url + "/v1/webhooks", asked)
        assert status == 201, body
        made = json.loads(body)
        hook = url + headers["Location"]
        with working(**environment):
            where = send_batch(url, [article(1), {"uri": "urn:bad"}])
            wait_until(lambda: is_over(where))
            wait_until(lambda: len(received) >= 3)
            wait_until(lambda: get(hook)["status"] == "active")
            # The receiver has the words before the worker has written down that it has them.
            wait_until(lambda: all(line["status"] == "delivered" for line in deliveries(hook)))
        news = [Webhook(made["secret"]).verify(body, headers) for headers, body in received]
        assert sorted(one["type"] for one in news) == ["article.analysed"] * 2 + ["batch.finished"]
        ids = [headers["webhook-id"] for headers, _ in received]
        assert len(set(ids)) == 2, "what was sent again kept its id"
        [finished] = [one["data"] for one in news if one["type"] == "batch.finished"]
        assert (finished["total"], finished["done"], finished["failed"]) == (2, 1, 1)
        assert [line["status"] for line in deliveries(hook)] == ["delivered", "delivered"]
        assert made["secret"] not in json.dumps(get(url + "/v1/webhooks"))


def test_a_worker_ends_when_told_to_though_redis_is_gone(tmp_path: Any) -> None:
    with running_redis() as redis_server:
        environment = {"REDIS_URL": redis_server.url, "DATABASE_URL": f"sqlite:///{tmp_path}/s.sqlite3"}
        with working(**environment) as worker:
            wait_until(lambda: is_listening(redis_server.url))
            redis_server.kill()
            time.sleep(2)  # it has noticed, and waits for Redis to come back
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(PATIENCE_S) == 0


def is_listening(redis_url: str) -> bool:
    """Whether a worker waits to be woken: it heeds signals by then."""
    with redis.Redis.from_url(redis_url) as connection:
        return any(client["cmd"] == "blpop" for client in connection.client_list())
