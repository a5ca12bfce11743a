"""Ten times what the service can do: it sends the rest away at once, and serves whom it takes in bounded time."""

from __future__ import annotations

import itertools
import threading
import time

from tests.faults.articles import article
from tests.faults.load import Answer, Client, Load, Request, ask, loading, p95, statuses
from tests.faults.running import WebService
from tests.faults.scale import report, scaled
from tests.stores import make_migrated

CALM_S = scaled(4.0, 20.0)
STORM_S = scaled(6.0, 60.0)
TIMES = 10
WORDS = 400
CALM_CLIENTS = 2
MOST_CALLERS = 160  # threads of this test; each answer, taken or refused, frees one
MEMORY_MB = 350  # that the two web processes may grow by: at most six requests are held in each, two computed
WAIT_S = 5.0  # of service/web/http/overload.py: who is not served by then is sent away


def write_article(number: int) -> Request:
    return Request("POST", "/v1/articles", article(number, WORDS, store=False))


def storm(web: WebService, rate: float, seconds: float) -> list[Answer]:
    """Requests at a steady rate, whatever becomes of those before; each over its own connection."""
    answers: list[Answer] = []
    numbers = itertools.count(1_000_000)
    free = threading.Semaphore(MOST_CALLERS)
    threads: list[threading.Thread] = []

    def call(number: int) -> None:
        client = Client(web.port)
        answers.append(client.send(write_article(number)))
        client.close()
        free.release()

    started = time.monotonic()
    while (now := time.monotonic() - started) < seconds:
        due = int(now * rate) - len(threads)
        for _ in range(max(due, 0)):
            if not free.acquire(blocking=False):
                break
            threads.append(threading.Thread(target=call, args=(next(numbers),), daemon=True))
            threads[-1].start()
        time.sleep(0.01)
    for thread in threads:
        thread.join()
    return answers


class MemoryWatch(threading.Thread):
    """The most memory that the service's processes took together."""

    def __init__(self, web: WebService) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self.done = threading.Event()
        self._web = web

    def run(self) -> None:
        while not self.done.wait(0.1):
            self.most = max(self.most, self._web.resident_bytes())


def calm(web: WebService) -> tuple[float, float]:
    """Requests a second that the service can do, and the 95th percentile of their seconds."""
    load: Load
    with loading(web.port, write_article, CALM_CLIENTS) as load:
        load.run_phase("warm", CALM_S / 2)
        load.run_phase("calm", CALM_S)
    answers = load.of("calm")
    assert set(statuses(load.answers)) == {200}
    return max(len(answers), 1) / CALM_S, p95(answers)


def test_ten_times_too_much(serve, tmp_path):
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    make_migrated(url)
    web = serve(DATABASE_URL=url)
    capacity, calm_p95_s = calm(web)
    memory_before = web.resident_bytes()
    watch = MemoryWatch(web)
    watch.start()
    workers = web.workers()
    answers = storm(web, TIMES * capacity, STORM_S)
    watch.done.set()
    watch.join()

    accepted = [answer for answer in answers if answer.status == 200]
    refused = [answer for answer in answers if answer.status != 200]
    grown_mb = (watch.most - memory_before) / 1e6
    report(
        "overload",
        capacity_per_s=round(capacity, 1),
        asked_per_s=round(len(answers) / STORM_S, 1),
        statuses=dict(statuses(answers)),
        calm_p95_ms=round(1000 * calm_p95_s),
        accepted_p95_ms=round(1000 * p95(accepted)),
        refused_p95_ms=round(1000 * p95(refused)),
        memory_grown_mb=round(grown_mb),
    )
    assert set(statuses(refused)) <= {429, 503}
    assert refused
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    assert accepted
    # It waits at most WAIT_S for its turn, and then shares the processor with as many as are computed at once.
    assert p95(accepted) <= 2 * WAIT_S + 8 * calm_p95_s
    assert grown_mb < MEMORY_MB
    assert web.workers() == workers  # none was lost or replaced
    assert ask(web.port, "GET", "/readyz").status == 200
