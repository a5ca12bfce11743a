"""How soon the dashboard shows something, and how heavy its pages are, in a real Chromium.

    python -m tests.benchmarks.bench_dashboard [--runs 12] [--quotes 0]

A person pastes an article of 700 words and presses Check. Measured in the page, by the clock, from the press to
the frame after which the first quote is seen marked, to the one with the first verdict, and to the last; beside
them the server's own share: to the first byte and to the last one. Each run has an article of its own, so that
no cache answers; the first two are not counted. The store holds the bundled quotes, those of the browser tests,
and as many sentences of the bulk corpus as are asked for.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from service.cli.importing.imports import import_stream
from service.store import Store
from tests.apps import lithium_talks, sample_article
from tests.benchmarks.bench_claims import BULK
from tests.browser.chromium import running_chromium
from tests.browser.material import articles
from tests.browser.places import find_addresses
from tests.browser.served import running_service
from tests.browser.weight import weighing

WORDS = 700
WARMING = 2
#: Notes the time of the first frame after each of the sights; the second callback runs when it was painted.
WATCH = """
() => new Promise((done) => {
  const seen = {}, began = performance.now();
  const sights = {
    marked: () => document.querySelector("#analysis mark"),
    judged: () => document.querySelector('#analysis .quote[data-code]:not([data-code="unjudged"])'),
    whole: () => document.querySelector("#analysis:not([aria-busy])"),
  };
  const look = () => {
    for (const [name, found] of Object.entries(sights)) {
      if (name in seen || !found()) continue;
      seen[name] = null;
      requestAnimationFrame(() => setTimeout(() => {
        seen[name] = performance.now() - began;
        if (name !== "whole") return;
        observer.disconnect();
        const wait = () => {
          const [answer] = performance.getEntriesByName(document.getElementById("article").action).slice(-1);
          if (!(answer?.startTime >= began)) return setTimeout(wait, 5);
          done({ ...seen, first_byte: answer.responseStart - began, last_byte: answer.responseEnd - began });
        };
        wait();
      }));
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true, attributes: true });
  document.getElementById("go").click();
})
"""


def write_article(number: int) -> str:
    """An article of 700 words that is like no other run's: of the bundled one and of one that was published."""
    text = f"{sample_article()['body_markdown']}\n\n{lithium_talks()['body_markdown']}"
    words = f"Edition {number} of this paper has it so.\n\n{text}".split(" ")
    return " ".join(words[:WORDS])


def measure_checks(page: Page, runs: int) -> list[dict[str, float]]:
    """Milliseconds of each sight, by run."""
    taken = []
    for number in range(WARMING + runs):
        page.goto("/articles/check", wait_until="load")
        page.get_by_label("Article", exact=True).fill(write_article(number))
        times: dict[str, float] = page.evaluate(WATCH)
        taken.append(times)
    return taken[WARMING:]


def weigh_pages(page: Page, addresses: Sequence[str]) -> list[tuple[str, int, int]]:
    """Bytes of each page at the first visit, and requests."""
    weighed = []
    for address in addresses:
        with weighing(page) as weight:
            page.goto(address, wait_until="load")
        weighed.append((address, weight.total, len(weight.by_address)))
    return sorted(weighed, key=lambda row: -row[1])


def import_sentences(store: Store, count: int) -> None:
    """Sentences of the bulk corpus as earlier quotes."""
    with gzip.open(BULK, "rt", encoding="utf-8") as lines:
        records = (describe(number, line) for number, line in enumerate(islice(lines, count)))
        import_stream(store, "quotes", io.BytesIO("\n".join(records).encode()))


def describe(number: int, line: str) -> str:
    """A sentence as an earlier quote."""
    source = {
        "uri": f"urn:bulk:{number // 50}",
        "title": "A record",
        "publisher": "Bulk",
        "kind": "transcript",
    }
    quote: dict[str, Any] = {"text": line.rstrip("\n").split("\t")[-1], "speaker": f"Speaker {number % 5000}"}
    return json.dumps(quote | {"said_at": "2020-01-01", "source": source | {"published_at": "2020-01-01"}})


def tell(taken: Sequence[dict[str, float]]) -> Iterator[str]:
    """A line for each sight: median, the quickest, the slowest."""
    for name, what in (
        ("first_byte", "the server's first byte"),
        ("marked", "the first quote is seen marked"),
        ("judged", "the first verdict is seen"),
        ("last_byte", "the server's last byte"),
        ("whole", "all verdicts are seen"),
    ):
        times = [run[name] for run in taken]
        yield f"  {what:32} {statistics.median(times):7.0f} {min(times):7.0f} {max(times):7.0f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=12)
    parser.add_argument("--quotes", type=int, default=0, help="sentences of the bulk corpus in the store")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as directory,
        running_service(Path(directory), articles()) as served,
        running_chromium() as browser,
    ):
        if asked.quotes:
            import_sentences(served.store, asked.quotes)
        page = browser.new_page(base_url=served.url, viewport={"width": 1280, "height": 900})
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before, ", end="")
        taken = measure_checks(page, asked.runs)
        print(f"{os.getloadavg()[0]:.1f} after; {served.store.searched().quotes:,} quotes in the store")
        print(
            f"\nAn article of {WORDS} words, {len(taken)} runs, in ms: {'median':>13} {'least':>7} {'most':>7}"
        )
        print("\n".join(tell(taken)))
        print(f"\n{'Bytes at the first visit':58} {'bytes':>8} requests")
        for address, total, requests in weigh_pages(page, list(find_addresses(served))):
            print(f"  {address[:56]:56} {total:8,} {requests:8}")


if __name__ == "__main__":
    main()
