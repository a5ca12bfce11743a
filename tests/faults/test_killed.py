"""Processes killed (SIGKILL) at random moments: nothing acknowledged is lost, nothing is doubled, no half is left."""

from __future__ import annotations

import json
import random
import subprocess
import threading
import time
from collections import Counter
from typing import Any

from service.store import Store, open_store
from tests.faults.articles import article
from tests.faults.import_quotes import text_of
from tests.faults.load import Answer, Client, Request, ask
from tests.faults.running import WebService
from tests.faults.scale import report, scaled
from tests.faults.words import quotation
from tests.processes import kill_process, start_module, wait_until
from tests.stores import make_migrated

WEB_KILLS = scaled(2, 40)  # for each database
IMPORT_KILLS = scaled(2, 30)
WORKER_KILLS = scaled(2, 60)
JOBS = 20  # in a batch; one is sent for each kill
WRITERS = 3
RECORDS = scaled(6_000, 40_000)
SEED = 20_260_105


class Writer(threading.Thread):
    """Sends articles, each under a key of its own and again until it is acknowledged."""

    def __init__(self, web: WebService, first: int, stopped: threading.Event) -> None:
        super().__init__(daemon=True)
        self.acknowledged: dict[int, Answer] = {}
        self.others: list[Answer] = []
        self._web, self._number, self._stopped = web, first, stopped

    def run(self) -> None:
        while not self._stopped.is_set():
            client = Client(self._web.port)  # each request may go to another process
            request = Request(
                "POST",
                "/v1/articles",
                article(self._number),
                str(self._number),
                {"Idempotency-Key": f'"faults-{self._number}"'},
            )
            answer = client.send(request)
            while answer.status != 200:
                self.others.append(answer)
                time.sleep(0.1)
                answer = client.send(request)
            self.acknowledged[self._number] = answer
            self._number += WRITERS
            client.close()


def test_web_processes_are_killed_while_they_write(serve, database_url, findings):
    moments = random.Random(SEED)
    web = serve(DATABASE_URL=database_url)
    stopped = threading.Event()
    writers = [Writer(web, first, stopped) for first in range(WRITERS)]
    for writer in writers:
        writer.start()
    kills = 0
    while sum(count_cut_off(writer.others) for writer in writers) < WEB_KILLS:
        assert kills < 20 * WEB_KILLS, "kills hardly ever meet a request"
        # One is killed when all are there again: otherwise soon nobody would be left to write.
        wait_until(lambda: len(web.workers()) == 2, "two workers")
        wait_for_writes(writers)
        time.sleep(moments.uniform(0.0, 0.2))
        kill_process(moments.choice(web.workers() or [0]))
        kills += 1
    stopped.set()
    for writer in writers:
        writer.join()

    acknowledged = {number: answer for writer in writers for number, answer in writer.acknowledged.items()}
    others = [answer for writer in writers for answer in writer.others]
    report(
        "web processes killed during writes",
        database=database_url.split(":")[0],
        kills=kills,
        acknowledged=len(acknowledged),
        cut_off=count_cut_off(others),
    )
    assert {answer.status for answer in others} <= {0, 409, 503}
    store = open_store(database_url)
    try:
        assert_stored_once(store, acknowledged)
    finally:
        store.close()
    assert findings(database_url) == []


def count_cut_off(answers: list[Answer]) -> int:
    """How many requests were under way in a process that was killed."""
    return sum(answer.status == 0 for answer in answers)


def wait_for_writes(writers: list[Writer]) -> None:
    """Until a few more articles are acknowledged."""
    before = sum(len(writer.acknowledged) for writer in writers)
    wait_until(lambda: sum(len(writer.acknowledged) for writer in writers) > before + 2, "articles written")


def assert_stored_once(store: Store, acknowledged: dict[int, Answer]) -> None:
    """Each article is there as it was answered, in one version, with its one quote; and no other is there."""
    for number, answer in acknowledged.items():
        stored = store.get_article(answer.json()["id"])
        assert stored.version == 1
        assert json.loads(stored.analysis)["quotes"][0]["content"]["text"].startswith(quotation(number))
    stats = store.stats()
    assert (stats.articles, stats.quotes) == (len(acknowledged), len(acknowledged))


def run_import(url: str, patience_s: float | None = None) -> tuple[int, float]:
    """Import the quotes, killed so many seconds after it began; the exit status, and the seconds it had."""
    process = start_module("tests.faults.import_quotes", url, str(RECORDS))
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n", process.stdout.read()
    began = time.monotonic()
    try:
        process.communicate(timeout=patience_s)
    except subprocess.TimeoutExpired:
        kill_process(process.pid)
        process.communicate()
    return process.returncode, time.monotonic() - began


def test_imports_are_killed(database_url, findings, tmp_path):
    moments = random.Random(SEED)
    scrap = f"sqlite:///{tmp_path}/scrap.sqlite3"
    make_migrated(scrap)
    status, whole_s = run_import(scrap)
    assert status == 0
    killed = 0
    for _ in range(IMPORT_KILLS):
        status, _ = run_import(database_url, moments.uniform(0.0, 0.7) * whole_s)
        killed += status != 0
        assert status in (0, -9)
        assert findings(database_url) == []  # whatever is left to index is known to be
    assert run_import(database_url)[0] == 0
    assert run_import(database_url)[0] == 0  # the same again adds nothing
    report("imports killed", database=database_url.split(":")[0], killed=killed, records=RECORDS)

    store = open_store(database_url)
    try:
        stats = store.stats()
        assert (stats.quotes, stats.pending) == (RECORDS, 0)
        for number in (0, RECORDS // 2, RECORDS - 1):
            assert store.find_evidence(text_of(number))[0].utterances[0].text == text_of(number)
    finally:
        store.close()
    assert findings(database_url) == []


class Batches:
    """Batches of articles that were sent, and how far they are."""

    def __init__(self, port: int) -> None:
        self.sent: list[str] = []
        self._port = port

    def send(self) -> str:
        """One more of them."""
        first = JOBS * len(self.sent)
        articles = [article(number, words=150) for number in range(first, first + JOBS)]
        name: str = ask(self._port, "POST", "/v1/batches", articles).json()["id"]
        self.sent.append(name)
        return name

    def tell(self, name: str) -> dict[str, Any]:
        """What is known of one."""
        answer: dict[str, Any] = ask(self._port, "GET", f"/v1/batches/{name}?limit={JOBS}").json()
        return answer


def test_workers_are_killed_while_they_do_jobs(serve, database_url, redis_empty_url, findings):
    moments = random.Random(SEED)
    settings = {"DATABASE_URL": database_url, "REDIS_URL": redis_empty_url, "JOB_LEASE_S": "1"}
    batches = Batches(serve(**settings).port)
    kills = amid = 0
    while amid < WORKER_KILLS:
        assert kills < 5 * WORKER_KILLS, "kills hardly ever meet a job"
        name = batches.send()
        worker = start_module("service.cli", "worker", **settings)
        wait_until(lambda name=name: batches.tell(name)["done"] > 0, "a job done")
        time.sleep(moments.uniform(0.0, 0.3))
        kill_process(worker.pid)
        worker.communicate()
        kills += 1
        amid += any(item["status"] == "running" for item in batches.tell(name)["items"])
    worker = start_module("service.cli", "worker", **settings)
    wait_until(lambda: all(batches.tell(name)["status"] == "done" for name in batches.sent), "all batches")
    worker.terminate()
    worker.communicate()

    told = [batches.tell(name) for name in batches.sent]
    jobs = JOBS * len(told)
    report("workers killed", database=database_url.split(":")[0], kills=kills, amid_a_job=amid, jobs=jobs)
    assert {(batch["done"], batch["failed"]) for batch in told} == {(JOBS, 0)}
    assert {item["version"] for batch in told for item in batch["items"]} == {1}, "each took effect once"
    store = open_store(database_url)
    try:
        kept = Counter(quote.text.rstrip(",") for quote in store.export_quotes())
        assert store.stats().articles == jobs
    finally:
        store.close()
    assert {kept[quotation(number)] for number in range(jobs)} == {1}
    assert findings(database_url) == []
