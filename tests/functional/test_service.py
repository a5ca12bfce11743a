"""The whole service on real servers: PostgreSQL, Redis, several gunicorn workers, a queue worker."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.apps import ROOT, lithium_talks
from tests.servers import find_free_port, running_redis

START_S = 60


def call(url, body=None, **headers):
    """Status, headers and bytes of a request."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


@contextmanager
def running(*arguments, **environment):
    """A process of ours, ended by SIGTERM."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "LOG_LEVEL": "INFO", **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        _, process.told = process.communicate(timeout=60)


@contextmanager
def serving(**environment):
    """Our gunicorn on a free port, once it answers."""
    url = f"http://127.0.0.1:{find_free_port()}"
    environment = {"ACCESS": "open"} | environment
    with running("-m", "service.cli", "serve", PORT=url.rsplit(":", 1)[1], **environment) as process:
        deadline = time.monotonic() + START_S
        while True:
            try:
                if call(url + "/livez")[0] == 200:
                    break
            except OSError:
                assert process.poll() is None, process.stderr.read()
                assert time.monotonic() < deadline, "the server did not come up"
                time.sleep(0.1)
        yield url, process


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.sqlite3"
    return request.getfixturevalue("postgres_store")


def test_two_workers_share_store_and_cache(database_url, redis_empty_url):
    article = lithium_talks()
    with serving(DATABASE_URL=database_url, REDIS_URL=redis_empty_url, WEB_CONCURRENCY="2") as (url, process):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: call(url + "/v1/articles", article), range(8)))
        assert {status for status, _, _ in answers} == {200}
        assert len({body for _, _, body in answers}) == 1
        computed = [
            headers["Cache-Status"]
            for _, headers, _ in answers
            if "hit" not in headers["Cache-Status"] and "collapsed" not in headers["Cache-Status"]
        ]
        assert len(computed) == 1, "identical requests compute once"
        analysis = json.loads(answers[0][2])
        stored = json.loads(call(f"{url}/v1/quotes?limit=100")[2])["quotes"]
        assert len(stored) == len(analysis["quotes"]) > 5
        assert call(f"{url}/v1/articles/{analysis['id']}")[2] == answers[0][2]
        status, _, body = call(
            url + "/v1/check",
            {"quote": "Lithium is not an important field for both countries", "speaker": "Rudin"},
        )
        verdict = json.loads(body)["verdict"]
        # A newspaper is no record of what was said: words that differ from a report's are not "altered".
        assert (status, verdict["fidelity"], verdict["attribution"]) == (200, "ambiguous", "same")
    assert process.returncode == 0
    assert "lithium" not in process.told.lower(), "no article text in any log"


def test_redis_stopped_in_the_middle(tmp_path):
    with (
        running_redis() as redis_server,
        serving(DATABASE_URL=f"sqlite:///{tmp_path}/s.sqlite3", REDIS_URL=redis_server.url) as (url, _),
    ):
        check = {"quote": "We will dredge the harbour to eleven metres"}
        first = call(url + "/v1/check", check)
        assert "hit" in call(url + "/v1/check", check)[1]["Cache-Status"]
        redis_server.pause()
        paused = [call(url + "/v1/check", check) for _ in range(20)]
        redis_server.resume()
        assert {status for status, _, _ in paused} == {200}
        assert {body for _, _, body in paused} == {first[2]}
        redis_server.kill()
        status, _, body = call(url + "/v1/check", check)
        assert (status, body) == (200, first[2])
        assert json.loads(call(url + "/readyz")[2])["status"] == "degraded"


def test_an_article_is_analysed_in_the_background(database_url, redis_empty_url):
    environment = {"DATABASE_URL": database_url, "REDIS_URL": redis_empty_url}
    article = {"uri": "urn:a", "body_text": "“We will dredge the harbour this year,” Ann Marlow said."}
    with serving(**environment) as (url, _), running("-m", "service.cli", "worker", **environment) as worker:
        status, headers, _ = call(url + "/v1/articles", article, Prefer="respond-async")
        assert (status, headers["Preference-Applied"]) == (202, "respond-async")
        deadline = time.monotonic() + START_S
        while (job := json.loads(call(url + headers["Location"])[2]))["status"] not in ("done", "failed"):
            assert time.monotonic() < deadline, job
            time.sleep(0.1)
        assert job["status"] == "done"
        assert job["result"]["quotes"][0]["speaker"]["name"] == "Ann Marlow"
        assert json.loads(call(f"{url}/v1/articles/{job['result']['id']}")[2]) == job["result"]
    assert "dredge" not in worker.told, "no article text in any log"
