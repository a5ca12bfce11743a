"""What checking a draft against an interview takes, by real requests to a server of one worker.

    python -m tests.benchmarks.bench_draft_time [--rounds 7] [--interviews ../shared/data/interviews]

A draft of 1,000 words with quotations of every kind is held against an interview of 14,000 words. Every round
has an interview and drafts that nobody sent before, so that no cache helps, and once the same draft without sources: what
the sources cost is the ratio. The first verdict is that of the dashboard's stream.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from service.sources.models import SourceTurn
from service.sources.reading import read_source
from tests.benchmarks.bench_serve import ROOT, wait_for
from tests.benchmarks.corpora import find_corpus
from tests.benchmarks.load import cpu_of
from tests.servers import find_free_port

INTERVIEW_WORDS: Final = 14_000
DRAFT_WORDS: Final = 1_000
GUEST: Final = "Tomas Hale"
HOST: Final = "Reporter"
INVENTED: Final = (
    "The airport will never be sold to a foreign company while I am the mayor of this town.",
    "My grandmother drove a tram for thirty years, and she would have hated these ticket machines.",
    "Nobody asked the fishermen, and the fishermen are the ones who will pay for the new harbour.",
)
FILLER: Final = (
    "The council met again on Thursday and adjourned without a vote after two hours in the old town hall.",
    "Outside, a small crowd had gathered in the rain, most of them with umbrellas in the colours of the club.",
    "The report runs to ninety pages, and few of those who speak of it have read more than its summary.",
)


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of one round, by the clock and of the server's CPU."""

    wall_s: float
    cpu_s: float
    without_cpu_s: float
    first_s: float


def read_interview(folder: Path, first: int) -> tuple[SourceTurn, ...]:
    """Turns of several interviews, from file `first` on, as one of two people, 14,000 words long."""
    turns: list[SourceTurn] = []
    words = 0
    files = sorted(file for file in folder.glob("*.md") if file.name != "README.md")
    for file in files[first % len(files) :] + files[: first % len(files)]:
        for number, turn in enumerate(read_source(file.read_bytes(), name=file.name).turns):
            if words >= INTERVIEW_WORDS:
                return tuple(turns)
            turns.append(SourceTurn(GUEST if number % 2 else HOST, turn.text))
            words += len(turn.text.split())
    raise SystemExit(f"{folder} has {words:,} words, fewer than {INTERVIEW_WORDS:,}")


def write_draft(turns: tuple[SourceTurn, ...], seed: int) -> str:
    """A draft of 1,000 words: genuine, changed, reported and invented quotations between other sentences."""
    choose = random.Random(seed)
    said = [
        sentence.strip()
        for turn in turns
        if turn.speaker == GUEST
        for sentence in turn.text.split(". ")
        if 10 <= len(sentence.split()) <= 30 and '"' not in sentence
    ]
    lines = [f"Mayor {GUEST} spoke to this paper on day {seed} of the dispute."]
    while sum(len(line.split()) for line in lines) < DRAFT_WORDS:
        words = choose.choice(said)
        kind = choose.randrange(5)
        if kind == 0:
            words = choose.choice(INVENTED)
        elif kind == 1:
            words = " ".join(word for at, word in enumerate(words.split()) if at != 4)
        if kind == 2:
            lines.append(f"Hale said that {words[0].lower()}{words[1:].rstrip('.,')}.")
        else:
            lines.append(f"“{words.rstrip('.,')},” Hale said.")
        lines.append(choose.choice(FILLER))
    return "\n\n".join(lines)


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """The service with one worker on an SQLite store with the sample quotes: its address and process."""
    with tempfile.TemporaryDirectory() as folder:
        port = find_free_port()
        environment = {
            **os.environ, "DATABASE_URL": f"sqlite:///{folder}/store.sqlite3", "REDIS_URL": "", "PORT": str(port),
            "WEB_CONCURRENCY": "1", "ACCESS": "open", "LOG_LEVEL": "WARNING", "RATE_LIMIT_ADDRESS": "1000000",
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-m", "service.cli", "sample", "load"], cwd=ROOT, env=environment, check=True,
            capture_output=True,
        )  # fmt: skip
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "python:service.gunicorn_config",
            "service.wsgi:app",
        ]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(url + "/livez", process)
            yield url, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """The JSON answer to a JSON body."""
    sent = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(sent, timeout=120) as response:
        answer: dict[str, Any] = json.load(response)
        return answer


def time_first_verdict(url: str, draft: str, interview: str) -> float:
    """Seconds until the dashboard's stream tells the first quotation's verdict."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(f"{url}/articles/check", timeout=60) as page:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    assert token, "the form has no token"
    boundary = uuid.uuid4().hex
    parts = [
        ("csrf_token", None, token[1]), ("body", None, draft), ("format", None, "plain"),
        ("source_file", "interview.txt", interview),
    ]  # fmt: skip
    body = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        + (f'; filename="{file}"\r\nContent-Type: text/plain' if file else "")
        + f"\r\n\r\n{value}\r\n"
        for name, file, value in parts
    )
    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}", "Accept": "application/x-ndjson",
        "Origin": url,
    }  # fmt: skip
    sent = urllib.request.Request(f"{url}/articles/check", f"{body}--{boundary}--\r\n".encode(), headers)
    started = time.perf_counter()
    with opener.open(sent, timeout=120) as response:
        for line in response:
            if json.loads(line)["kind"] == "quote":
                return time.perf_counter() - started
    raise AssertionError("the stream had no verdict")


def measure(url: str, pid: int, turns: tuple[SourceTurn, ...], number: int) -> Round:
    """One round, with drafts of its own."""
    sources = [{"title": "Interview", "turns": [{"speaker": one.speaker, "text": one.text} for one in turns]}]
    without = {"body_text": write_draft(turns, 1_000 + number), "store": False}
    cpu = cpu_of(pid)
    post(f"{url}/v1/articles", without)
    without_cpu_s = cpu_of(pid) - cpu
    draft = write_draft(turns, number)
    cpu, started = cpu_of(pid), time.perf_counter()
    answer = post(f"{url}/v1/articles", {"body_text": draft, "store": False, "sources": sources})
    wall_s, cpu_s = time.perf_counter() - started, cpu_of(pid) - cpu
    assert answer["searched"]["given"] == 1
    interview = "\n".join(f"{one.speaker}: {' '.join(one.text.split())}" for one in turns)
    first_s = time_first_verdict(url, write_draft(turns, 2_000 + number), interview)
    if number == 1:
        print(f"{len(answer['quotes'])} quotations: {answer['summary']['counts']}")
    return Round(wall_s, cpu_s, without_cpu_s, first_s)


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--interviews", type=Path)
    asked = parser.parse_args()
    interviews = asked.interviews or find_corpus("interviews")
    with serving() as (url, pid):
        rounds = [
            measure(url, pid, read_interview(interviews, 2 * number), number)
            for number in range(asked.rounds + 1)
        ][1:]  # the first loads the models
    median = {name: statistics.median(getattr(one, name) for one in rounds) for name in Round.__slots__}
    print(f"the whole answer: {median['wall_s']:.2f} s by the clock, {median['cpu_s']:.2f} s of CPU")
    print(f"the same without sources: {median['without_cpu_s']:.2f} s of CPU")
    print(f"ratio: {median['cpu_s'] / median['without_cpu_s']:.2f}")
    print(f"the first verdict: {median['first_s']:.2f} s by the clock")


if __name__ == "__main__":
    main()
