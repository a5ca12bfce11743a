"""What texts that are made to cost much cost, in seconds of CPU, by the requests that a user sends.

    python -m tests.benchmarks.bench_hostile [--length 200000] [--form markdown] [--only lists] [--least 1.0]

A line for each text, the costliest first: articles in each form, drafts beside a source, sources and quotations.
Ordinary text is measured too, at the start, in the same process.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient

from tests.apps import LITHIUM_TALKS, running_app
from tests.attacks.texts import FORMS, PLAIN, Text, fill

MOST_QUOTE = 5_000  # characters of a quotation that POST /v1/check takes
DRAFT = "“We will dredge the harbour this year,” Ann Marlow said. “Nobody else wanted to,” she said."


def requests(form: str, text: str) -> tuple[str, dict[str, Any]]:
    """The request that sends a text."""
    if form == "source":
        return "/v1/articles", {"body_text": DRAFT, "store": False, "sources": [{"text": text}]}
    if form == "draft":
        return "/v1/articles", {"body_text": text, "store": False, "sources": [{"text": DRAFT}]}
    if form == "check":
        return "/v1/check", {"quote": text}
    return "/v1/articles", {f"body_{'text' if form == 'plain' else form}": text, "store": False}


def families(form: str) -> dict[str, Text]:
    """The texts of a form."""
    return FORMS.get(form, PLAIN)


def measure(client: FlaskClient, form: str, text: str) -> tuple[float, int]:
    """CPU seconds of all threads, and the status of the answer."""
    path, body = requests(form, text)
    started = time.process_time()
    answer = client.post(path, json=body)
    return time.process_time() - started, answer.status_code


def ordinary(length: int) -> str:
    """Paragraphs of an article, each with a number so that none is the same."""
    paragraphs = [each for each in LITHIUM_TALKS.read_text(encoding="utf-8").split("\n\n") if each]
    numbered = (f"{each} {at}." for at, each in enumerate(itertools.cycle(paragraphs)))
    made: list[str] = []
    while sum(map(len, made)) < length:
        made.append(next(numbered))
    return "\n\n".join(made)[:length]


def cases(given: argparse.Namespace) -> Iterator[tuple[str, str, str]]:
    """Form, name and text of each request."""
    for form in given.form or ["plain", "html", "markdown", "source", "draft", "check"]:
        length = MOST_QUOTE if form == "check" else given.length
        if not given.only:
            yield form, "ORDINARY", ordinary(length)
        for name, text in families(form).items():
            if not given.only or name in given.only:
                yield form, name, fill(text, length)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--length", type=int, default=200_000, help="characters of a text")
    parser.add_argument("--form", action="append", help="plain, html, markdown, source, draft or check")
    parser.add_argument("--only", action="append", help="a text's name")
    parser.add_argument("--least", type=float, default=0.0, help="seconds below which nothing is written")
    given = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder, running_app(f"sqlite:///{folder}/s.sqlite3") as app:
        client = app.test_client()
        measure(client, "plain", "Warm. “Yes, we do,” he said.")
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)  # as service/gunicorn_config.py has it
        for form, name, text in cases(given):
            seconds, status = measure(client, form, text)
            found.append((seconds, form, name, status))
            if seconds >= given.least or name == "ORDINARY":
                print(f"{seconds:7.2f} s  {form:9}{status}  {name}", flush=True)
    print(f"\n{len(found)} texts; the costliest:")
    for seconds, form, name, status in sorted(found, reverse=True)[:25]:
        print(f"{seconds:7.2f} s  {form:9}{status}  {name}")


if __name__ == "__main__":
    main()
