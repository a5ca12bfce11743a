"""No log holds an article, a quotation, a search or a key, whatever goes wrong and however much is logged."""

import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from service.usecases.api_keys import KeyRing
from tests.apps import ROOT
from tests.functional.test_service import START_S, call
from tests.servers import find_free_port, running_postgres, running_redis
from tests.stores import open_migrated

#: A word of each thing that is sent: were one logged, its name would tell which.
WORDS = {
    "article": "xylographer",
    "headline": "quinquereme",
    "quotation": "zymurgist",
    "check": "floccinaucinihil",
    "search": "borborygmus",
    "background": "tatterdemalion",
    "broken": "galligaskins",
    "import": "widdershins",
    "source": "gobemouche",
}
SAID = f"“The {WORDS['quotation']} will be heard in this town before winter,” Ann Marlow said."


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """All that was logged, by whom, while everything was asked of a server that logs all it can, and its
    Redis and its database went away and came back; and the keys that were shown."""
    with running_redis() as redis_server, running_postgres() as postgres:
        environment = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis_server.url,
            "LOG_LEVEL": "DEBUG",
            "ACCESS": "locked",
        }
        store = open_migrated(postgres.url)
        token = KeyRing(store.keys).create("all", ["admin"]).token
        unknown = "vb_" + "b" * 10 + "_" + "c" * 40
        store.close()
        logs = tmp_path_factory.mktemp("logs")
        url = f"http://127.0.0.1:{find_free_port()}"
        environment["PORT"] = url.rsplit(":", 1)[1]
        with logging_to(logs / "web", "serve", environment):
            wait_until_up(url)
            with logging_to(logs / "worker", "worker", environment):
                ask_everything(url, token, unknown)
            redis_server.kill()
            ask_everything(url, token, unknown, in_background=False)
            postgres.kill()
            key = {"Authorization": f"Bearer {token}"}
            call(f"{url}/v1/check", {"quote": WORDS["check"]}, **key)
            call(f"{url}/v1/quotes?q={WORDS['search']}", **key)
        imported = import_badly(environment, tmp_path_factory.mktemp("import"))
        yield (
            {
                "web": (logs / "web").read_text(),
                "worker": (logs / "worker").read_text(),
                "import": imported,
                "redis": redis_server.log.read_text(errors="replace"),
                "postgresql": postgres.log.read_text(errors="replace"),
            },
            (token, unknown),
        )


@contextmanager
def logging_to(path, command, environment):
    """One of our processes, all that it says in a file."""
    with path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


def wait_until_up(url):
    deadline = time.monotonic() + START_S
    while True:
        try:
            if call(f"{url}/livez")[0] == 200:
                return
        except OSError:
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.1)


def ask_everything(url, token, unknown, in_background=True):
    key = {"Authorization": f"Bearer {token}"}
    article = {"body_text": f"{WORDS['article']}. {SAID}", "headline": WORDS["headline"], "uri": "urn:a"}
    call(f"{url}/v1/articles", article, **key)
    call(f"{url}/v1/articles", {**article, "colour": WORDS["broken"]}, **key)
    call(f"{url}/v1/articles", {**article, "published_at": WORDS["broken"]}, **key)
    call(f"{url}/v1/articles", article, Authorization=f"Bearer {unknown}")
    call(f"{url}/v1/articles?{WORDS['search']}", article, Authorization=f"Basic {token}")
    call(f"{url}/v1/check", {"quote": WORDS["check"], "speaker": WORDS["headline"]}, **key)
    source = {"title": WORDS["source"], "turns": [{"text": f"It was a {WORDS['source']}."}]}
    _, _, added = call(f"{url}/v1/sources", source, **key)
    call(f"{url}/v1/sources", {**source, "kind": WORDS["source"]}, **key)
    address = f"{url}/v1/sources/{json.loads(added).get('id')}"
    call(f"{address}/retract", {"reason": WORDS["source"]}, **key)
    call(f"{url}/v1/quotes?q={WORDS['search']}", **key)
    call(f"{url}/v1/quotes?cursor={WORDS['search']}", **key)
    call(f"{url}/v1/{WORDS['search']}?key={token}", **key)
    if in_background:
        sent = {
            "body_text": f"“A {WORDS['background']} is no friend of this house,” she said.",
            "uri": "urn:b",
        }
        _, headers, _ = call(f"{url}/v1/articles", sent, **key, Prefer="respond-async")
        deadline = time.monotonic() + START_S
        while (job := json.loads(call(url + headers["Location"], **key)[2]))["status"] not in (
            "done",
            "failed",
        ):
            assert time.monotonic() < deadline, job
            time.sleep(0.1)


def import_badly(environment, directory):
    """What an import of lines that are no records says, its database away."""
    lines = directory / "quotes.ndjson"
    lines.write_text(
        json.dumps({"text": WORDS["import"], "said_at": "never"}) + "\n" + WORDS["import"] + "\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "import", "quotes", str(lines)],
        cwd=ROOT,
        env={**environment, "DATABASE_URL": f"sqlite:///{directory}/s.sqlite3", "PATH": ""},
        capture_output=True,
        text=True,
    )
    return done.stderr


def test_everybody_logged_something(told):
    logs, _ = told
    assert logs["web"].count('"event": "request"') > 20
    assert "StoreUnavailable" in logs["web"]
    assert "Redis does not answer" in logs["web"]
    assert logs["worker"]
    assert "line 1" in logs["import"]
    assert len(logs["redis"]) > 100
    assert len(logs["postgresql"]) > 100


@pytest.mark.parametrize("what", sorted(WORDS))
def test_no_text_is_logged(told, what):
    logs, _ = told
    assert [where for where, log in logs.items() if WORDS[what] in log.lower()] == []


def test_no_key_is_logged(told):
    logs, keys = told
    for key in keys:
        for part in (key, key[-40:], key[-20:]):
            assert [where for where, log in logs.items() if part in log] == []
    assert not re.search(r"vb_[a-z2-7]{10}_", "".join(logs.values()))
