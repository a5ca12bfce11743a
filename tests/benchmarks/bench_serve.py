"""What serving costs: a cached answer beside an empty Flask view, an article beside its own computation.

    python -m tests.benchmarks.bench_serve [--rounds 5] [--seconds 3] [--quotes 100000] [--only cached|article]

Both servers of the first part run all the time under the same gunicorn settings with two workers, and take
turns under load, so that a busy machine is busy for both; what is told is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.store import open_store
from service.usecases.api_keys import KeyRing
from tests.benchmarks.article_cost import ARTICLES, measure_article
from tests.benchmarks.corpora import find_corpus
from tests.benchmarks.load import CONNECTIONS, Load, Request, cpu_of, send, tool
from tests.servers import find_free_port, running_postgres, running_redis

ROOT: Final = Path(__file__).resolve().parents[2]
CHECK: Final = {"quote": "ask what your country can do for you", "speaker": "Kennedy"}
START_S: Final = 60.0
LEAST_SHARE: Final = 0.5  # of an empty view's requests a second


@dataclass(frozen=True, slots=True)
class Server:
    """A gunicorn under measurement."""

    name: str
    pid: int
    request: Request


@dataclass(frozen=True, slots=True)
class Turn:
    """A server's turn under load: what came of it, and seconds of CPU an answer."""

    load: Load
    cpu_s: float


@contextmanager
def serving(name: str, app: str, headers: dict[str, str], **environment: str) -> Iterator[Server]:
    """gunicorn with our settings and two workers, once it answers."""
    port = find_free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:service.gunicorn_config", app],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port), "WEB_CONCURRENCY": "2", "LOG_LEVEL": "INFO", **environment},
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url + "/livez", process)
        body = json.dumps(CHECK).encode()
        yield Server(name, process.pid, Request(url + "/v1/check", body, headers))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + START_S
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.1)


def answer_size(server: Server) -> int:
    """Bytes of the answer, once it is in the cache of both workers."""
    asked = server.request
    for _ in range(40):
        sent = urllib.request.Request(asked.url, asked.body, asked.headers)
        with urllib.request.urlopen(sent, timeout=30) as response:
            body, status = response.read(), response.headers["Cache-Status"]
    assert "hit" in status, status
    return len(body)


def take_turn(server: Server, seconds: float) -> Turn:
    """One server under load."""
    before = cpu_of(server.pid)
    load = send(server.request, seconds)
    assert not load.refused, f"{server.name}: {load.refused} answers were refused"
    return Turn(load, (cpu_of(server.pid) - before) / load.count)


def measure_cached(kind: str, rounds: int, seconds: float) -> float:
    """Print how a cached answer compares with an empty view; the share of its requests a second."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        environment = {"DATABASE_URL": f"sqlite:///{folder}/store.sqlite3", "REDIS_URL": ""}
        if kind == "servers":
            redis, postgres = stack.enter_context(running_redis()), stack.enter_context(running_postgres())
            environment = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
        store = open_store(environment["DATABASE_URL"], migrate=True)
        key = KeyRing(store.keys).create("bench", ["check"]).token
        store.close()
        subprocess.run(
            [sys.executable, "-m", "service.cli", "sample", "load"],
            cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True,
        )  # fmt: skip
        limits = {"ACCESS": "locked", "RATE_LIMIT_KEY": "1000000", "RATE_LIMIT_ADDRESS": "1000000"}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        ours = stack.enter_context(serving("cached", "service.wsgi:app", headers, **environment, **limits))
        size = str(answer_size(ours))
        empty = stack.enter_context(
            serving("empty", "tests.benchmarks.empty_view:app", headers, EMPTY_VIEW_BYTES=size)
        )
        for server in (empty, ours):
            take_turn(server, 2)  # warm
        turns = [(take_turn(empty, seconds), take_turn(ours, seconds)) for _ in range(rounds)]
    return tell_cached(kind, size, turns)


def tell_cached(kind: str, size: str, turns: list[tuple[Turn, Turn]]) -> float:
    """Print the rounds and their median."""
    shares = [ours.load.per_s / empty.load.per_s for empty, ours in turns]
    cpu = [empty.cpu_s / ours.cpu_s for empty, ours in turns]
    print(f"cached answer, {kind}: {size} bytes, {CONNECTIONS} connections, by {tool()}")
    print("| round | empty/s | cached/s | share | empty µs CPU | cached µs CPU | share | cached p95 ms |")
    print("|---|---|---|---|---|---|---|---|")
    for number, (empty, ours) in enumerate(turns, 1):
        print(
            f"| {number} | {empty.load.per_s:.0f} | {ours.load.per_s:.0f} | {shares[number - 1]:.2f} "
            f"| {empty.cpu_s * 1e6:.0f} | {ours.cpu_s * 1e6:.0f} | {cpu[number - 1]:.2f} "
            f"| {ours.load.p95_s * 1e3:.1f} |"
        )
    share = statistics.median(shares)
    print(f"median share of requests/s {share:.2f}, of CPU {statistics.median(cpu):.2f}\n")
    return share


def main() -> None:
    """Measure; the exit status says whether what is to be reached was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--quotes", type=int, default=100_000)
    parser.add_argument("--kinds", default="sqlite,servers")
    parser.add_argument("--only", choices=["cached", "article"])
    arguments = parser.parse_args()
    if arguments.only != "cached":
        find_corpus(ARTICLES)  # before minutes are spent
    reached = True
    if arguments.only != "article":
        for kind in arguments.kinds.split(","):
            reached &= measure_cached(kind, arguments.rounds, arguments.seconds) >= LEAST_SHARE
    if arguments.only != "cached":
        reached &= measure_article(arguments.quotes)
    sys.exit(0 if reached else 1)


if __name__ == "__main__":
    main()
