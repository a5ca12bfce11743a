"""Processes killed (SIGKILL) at random moments: nothing acknowledged is lost, nothing is doubled, no half is left."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from service.store import Store, open_store
from tests.faults.articles import article, quotation
from tests.faults.load import Answer, Client, Request
from tests.faults.running import WebService, kill_process, start_command, wait_until
from tests.faults.scale import report, scaled

WEB_KILLS = scaled(3, 40)  # for each database
IMPORT_KILLS = scaled(3, 30)
WRITERS = 3
RECORDS = scaled(6_000, 30_000)
SEED = 20_260_105


class Writer(threading.Thread):
    """Sends articles, each under a key of its own and again until it is acknowledged."""

    def __init__(self, web: WebService, first: int, stopped: threading.Event) -> None:
        super().__init__(daemon=True)
        self.acknowledged: dict[int, Answer] = {}
        self.others: list[Answer] = []
        self._web, self._number, self._stopped = web, first, stopped

    def run(self) -> None:
        client = Client(self._web.port)
        while not self._stopped.is_set():
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
    for _ in range(WEB_KILLS):
        # One is killed when all are there again: otherwise soon nobody would be left to write.
        wait_until(lambda: len(web.workers()) == 2, "two workers")
        before = sum(len(writer.acknowledged) for writer in writers)
        wait_until(lambda: sum(len(w.acknowledged) for w in writers) > before + 2, "articles written")
        time.sleep(moments.uniform(0.0, 0.5))
        kill_process(moments.choice(web.workers() or [0]))
    stopped.set()
    for writer in writers:
        writer.join()

    acknowledged = {number: answer for writer in writers for number, answer in writer.acknowledged.items()}
    others = [answer for writer in writers for answer in writer.others]
    report(
        "web processes killed during writes",
        database=database_url.split(":")[0],
        kills=WEB_KILLS,
        acknowledged=len(acknowledged),
        cut_off=sum(answer.status == 0 for answer in others),
    )
    assert {answer.status for answer in others} <= {0, 409, 503}
    store = open_store(database_url)
    try:
        assert_stored_once(store, acknowledged)
    finally:
        store.close()
    assert findings(database_url) == []


def assert_stored_once(store: Store, acknowledged: dict[int, Answer]) -> None:
    """Each article is there as it was answered, in one version, with its one quote; and no other is there."""
    for number, answer in acknowledged.items():
        stored = store.get_article(answer.json()["id"])
        assert stored.version == 1
        assert json.loads(stored.analysis)["quotes"][0]["content"]["text"].startswith(quotation(number))
    stats = store.stats()
    assert (stats.articles, stats.quotes) == (len(acknowledged), len(acknowledged))


def quote_records() -> Iterator[dict[str, object]]:
    """Earlier quotes, all different."""
    for number in range(RECORDS):
        yield {
            "text": f"{quotation(number)}, and not a day later than number {number * 7}.",
            "speaker": f"Speaker {number % 50}",
            "said_at": "2020-01-01",
            "source": {
                "uri": f"https://example.org/speeches/{number % 300}",
                "title": "A speech",
                "publisher": "The Archive",
                "published_at": "2020-01-01",
                "kind": "speech",
            },
        }


def run_import(path: Path, url: str, patience_s: float | None) -> tuple[int | None, bytes]:
    """Import a file, killed after so many seconds; the exit status and what was printed."""
    process = start_command("import", "quotes", str(path), DATABASE_URL=url)
    try:
        output, _ = process.communicate(timeout=patience_s)
    except Exception:
        kill_process(process.pid)
        output, _ = process.communicate()
    return process.returncode, output


def test_imports_are_killed(database_url, findings, tmp_path):
    moments = random.Random(SEED)
    path = tmp_path / "quotes.ndjson"
    path.write_text("".join(json.dumps(record) + "\n" for record in quote_records()), encoding="utf-8")

    started = time.monotonic()
    scrap = f"sqlite:///{tmp_path}/scrap.sqlite3"
    assert run_import(path, scrap, None)[0] == 0
    whole_s = time.monotonic() - started
    killed = 0
    for _ in range(IMPORT_KILLS):
        status, output = run_import(path, database_url, moments.uniform(0.2, 1.1) * whole_s)
        killed += status != 0
        assert status in (0, -9), output
        assert findings(database_url) == []  # whatever is left to index is known to be
    status, output = run_import(path, database_url, None)
    assert status == 0, output
    status, output = run_import(path, database_url, None)
    assert status == 0, output
    report("imports killed", database=database_url.split(":")[0], killed=killed, records=RECORDS)

    store = open_store(database_url)
    try:
        stats = store.stats()
        assert (stats.quotes, stats.pending) == (RECORDS, 0)
        for number in (0, RECORDS // 2, RECORDS - 1):
            text = f"{quotation(number)}, and not a day later than number {number * 7}."
            assert store.find_evidence(text)[0].utterances[0].text == text
    finally:
        store.close()
    assert findings(database_url) == []
