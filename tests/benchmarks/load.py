"""Load on a server: wrk where it is installed, else a client of our own; and what the server's CPU took."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection
from typing import Final
from urllib.parse import urlsplit

CONNECTIONS: Final = 8
TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
UNITS: Final = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


@dataclass(frozen=True, slots=True)
class Request:
    """The one request that is sent again and again."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers a second, the median and 95th percentile in seconds, answers not 2xx."""

    per_s: float
    p50_s: float
    p95_s: float
    count: int
    refused: int


def tool() -> str:
    """What sends the load."""
    return "wrk" if shutil.which("wrk") else "tests.benchmarks.load, a Python client"


def send(request: Request, seconds: float) -> Load:
    """Keep `CONNECTIONS` connections busy for so long, from another process."""
    return send_by_wrk(request, seconds) if shutil.which("wrk") else send_by_python(request, seconds)


def send_by_wrk(request: Request, seconds: float) -> Load:
    """By wrk, whose requests are made by a Lua script."""
    headers = "".join(f"wrk.headers[{json.dumps(k)}] = {json.dumps(v)}\n" for k, v in request.headers.items())
    body = "".join(f"\\{byte:03d}" for byte in request.body)
    summary = (
        "done = function(s, l) print(string.format("
        "'RESULT %d %d %f %f %d', s.requests, s.duration, l:percentile(50), l:percentile(95), "
        "s.errors.status + s.errors.connect + s.errors.read + s.errors.write + s.errors.timeout)) end\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f'wrk.method = "POST"\n{headers}wrk.body = "{body}"\n{summary}')
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "--timeout", "30s"]
        done = subprocess.run(
            [*command, "-s", script.name, request.url], capture_output=True, text=True, check=True
        )
    found = re.search(r"RESULT (\S+) (\S+) (\S+) (\S+) (\S+)", done.stdout)
    assert found, done.stdout
    count, micros, p50, p95, refused = map(float, found.groups())
    return Load(count / micros * 1e6, p50 / 1e6, p95 / 1e6, int(count), int(refused))


def send_by_python(request: Request, seconds: float) -> Load:
    """By this module in a process of its own."""
    given = {
        "url": request.url,
        "body": request.body.decode(),
        "headers": request.headers,
        "seconds": seconds,
    }
    done = subprocess.run(
        [sys.executable, "-m", __name__], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    return Load(*json.loads(done.stdout))


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process and its children, and theirs, have used."""
    total, todo = 0.0, [pid]
    while todo:
        each = todo.pop()
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            children = [path.read_text() for path in Path(f"/proc/{each}/task").glob("*/children")]
        except OSError:
            continue
        total += sum(map(int, fields[11:15])) / TICKS_PER_S  # its own, and of its children that are gone
        todo += [int(child) for listed in children for child in listed.split()]
    return total


def _client(request: Request, until: float, times: list[float], refused: list[int]) -> None:
    """One connection, asking until the time is up."""
    address = urlsplit(request.url)
    lines = [f"POST {address.path} HTTP/1.1", f"Host: {address.netloc}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    message = "\r\n".join([*lines, f"Content-Length: {len(request.body)}", "", ""]).encode() + request.body
    with create_connection((address.hostname, address.port)) as connection:
        answers = connection.makefile("rb")
        while time.monotonic() < until:
            begun = time.perf_counter()
            connection.sendall(message)
            status, length = answers.readline(), 0
            while (line := answers.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            answers.read(length)
            times.append(time.perf_counter() - begun)
            refused[0] += status.split()[1][:1] != b"2"


def main() -> None:
    """The client's process: the request on standard input, what came of it on standard output."""
    given = json.load(sys.stdin)
    request = Request(given["url"], given["body"].encode(), given["headers"])
    times: list[float] = []
    refused = [0]
    begun = time.monotonic()
    arguments = (request, begun + given["seconds"], times, refused)
    clients = [threading.Thread(target=_client, args=arguments) for _ in range(CONNECTIONS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    took = time.monotonic() - begun
    ordered = sorted(times)
    p50, p95 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.95))
    print(json.dumps([len(times) / took, p50, p95, len(times), refused[0]]))


if __name__ == "__main__":
    main()
