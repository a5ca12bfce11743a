"""A load generator: clients that each ask one thing after the other over a kept connection."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.faults.scale import percentile

TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; `name` tells it again in the record."""

    method: str
    path: str
    body: Any = None
    name: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Status 0: the connection failed, `reason` says how."""

    request: Request
    status: int
    started: float  # time.monotonic()
    seconds: float
    phase: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    reason: str = ""

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)

    def send(self, request: Request, phase: str = "") -> Answer:
        """Ask; never raises for what becomes of the connection."""
        body, headers = None, dict(request.headers)
        if request.body is not None:
            body = request.body if isinstance(request.body, bytes) else json.dumps(request.body).encode()
            headers.setdefault("Content-Type", "application/json")
        started = time.monotonic()
        try:
            self._connection.request(request.method, request.path, body, headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            return Answer(request, 0, started, time.monotonic() - started, phase, reason=repr(error))
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(request, response.status, started, time.monotonic() - started, phase, told, content)

    def close(self) -> None:
        self._connection.close()


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    """One request over its own connection."""
    client = Client(port)
    try:
        return client.send(Request(method, path, body, headers=headers))
    finally:
        client.close()


class Load:
    """Requests under way: what was answered so far, each in the phase that it began in."""

    def __init__(self) -> None:
        self.phase = "start"
        self.answers: list[Answer] = []
        self.stopped = threading.Event()

    def of(self, phase: str) -> list[Answer]:
        return [answer for answer in self.answers if answer.phase == phase]

    def run_phase(self, phase: str, seconds: float) -> None:
        """Let requests count for a phase for so long."""
        self.phase = phase
        time.sleep(seconds)

    def client(
        self, port: int, numbers: Iterator[int], make: Callable[[int], Request], pause_s: float
    ) -> None:
        client = Client(port)
        while not self.stopped.is_set():
            self.answers.append(client.send(make(next(numbers)), self.phase))
            if pause_s or self.answers[-1].status == 0:
                self.stopped.wait(pause_s or 0.02)
        client.close()


@contextlib.contextmanager
def loading(port: int, make: Callable[[int], Request], clients: int, pause_s: float = 0.0) -> Iterator[Load]:
    """Load for as long as the block lasts; `make(n)` is the n-th request. It is settled behind the block."""
    load, numbers = Load(), itertools.count()
    threads = [
        threading.Thread(target=load.client, args=(port, numbers, make, pause_s), daemon=True)
        for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stopped.set()
        for thread in threads:
            thread.join(2 * TIMEOUT_S)


def statuses(answers: list[Answer]) -> Counter[int]:
    """How often each status was answered."""
    return Counter(answer.status for answer in answers)


def p95(answers: list[Answer]) -> float:
    """Seconds that 95 of 100 answers did not exceed."""
    return percentile([answer.seconds for answer in answers], 0.95)
