"""CPU time of an uncached article, a cached answer and a check, of this checkout and of an older one by turns.

    python -m tests.benchmarks.bench_costs --baseline CHECKOUT [--rounds 5] [--articles 40]

Both have the debates in a store of their own and are asked the same requests over the same pipe. An article has
another last line in every round, so that nothing is cached; a cached answer is the first article's, asked again; a
check is asked once of each of the first sentences of the articles. The time is that of the whole process, its
threads included. Needs the corpora (CORPORA names their folder).
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.benchmarks.corpora import find_corpus
from tests.benchmarks.load import cpu_of
from tests.benchmarks.trust.checkout import ROOT, Checkout, Service
from tests.benchmarks.trust.corpora import SHARED, read_lines, read_transcripts

CACHED_REQUESTS: Final = 400
LEAST_WORDS, MOST_WORDS = 250, 900

Times = dict[str, list[float]]


def read_articles(count: int) -> list[str]:
    """Texts of the newsroom set, of ordinary length, as many as asked for or as there are."""
    texts = (line["text"] for line in read_lines(SHARED / "data/newsroom/unlabelled.jsonl.gz"))
    return [text for text in texts if LEAST_WORDS <= len(text.split()) <= MOST_WORDS][:count]


def post_articles(service: Service, texts: Sequence[str], mark: str) -> None:
    """Ask for each article once, with a last line that no other request has."""
    for text in texts:
        service.ask("/v1/articles", {"body_text": f"{text}\n\nPrinted in edition {mark}.", "store": False})


def ask_cached(service: Service, text: str) -> None:
    """Ask for one article that was analysed before, again and again."""
    for _ in range(CACHED_REQUESTS):
        service.ask("/v1/articles", {"body_text": text, "store": False})


def check_sentences(service: Service, texts: Sequence[str], mark: str) -> None:
    """Check the first sentence of each article."""
    for text in texts:
        service.check(f"{text.split('. ')[0][:300]} {mark}", "Barack Obama")


def time_by_turns(
    services: dict[str, Service], act: Callable[[Service, str], None], rounds: int, times: Times, count: int
) -> None:
    """Add CPU milliseconds for each of `count` requests, round by round, either checkout first by turns."""
    for number in range(rounds):
        order = list(services)[:: 1 if number % 2 else -1]
        for name in order:
            pid = services[name].process.pid
            before = cpu_of(pid)
            act(services[name], f"{number}")
            times[name].append(1000 * (cpu_of(pid) - before) / count)


def measure(services: dict[str, Service], texts: Sequence[str], rounds: int) -> dict[str, Times]:
    """CPU milliseconds a request, by what is asked, by checkout, a value for each round."""
    for service in services.values():
        post_articles(service, texts[:5], "warming")
        ask_cached(service, texts[0])
        check_sentences(service, texts[:5], "warming")
    acts: dict[str, tuple[Callable[[Service, str], None], int]] = {
        "an uncached article": (lambda service, mark: post_articles(service, texts, mark), len(texts)),
        "a cached answer": (lambda service, mark: ask_cached(service, texts[0]), CACHED_REQUESTS),
        "a check": (lambda service, mark: check_sentences(service, texts, mark), len(texts)),
    }
    found: dict[str, Times] = {}
    for title, (act, count) in acts.items():
        found[title] = {name: [] for name in services}
        time_by_turns(services, act, rounds, found[title], count)
    return found


def render(found: dict[str, Times], old: str, new: str) -> str:
    """A table in Markdown: medians in milliseconds, and the median of the ratios of the rounds."""
    lines = ["| CPU, median | old | new | new by old |", "|---|---|---|---|"]
    for title, times in found.items():
        ratio = statistics.median(b / a for a, b in zip(times[old], times[new], strict=True))
        medians = (statistics.median(times[name]) for name in (old, new))
        lines.append(f"| {title} | " + " | ".join(f"{one:.2f} ms" for one in medians) + f" | {ratio:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--baseline", type=Path, required=True, help="an older checkout, with its .venv")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--articles", type=int, default=40)
    asked = parser.parse_args()
    find_corpus("polnear/dev.jsonl.gz")
    texts = read_articles(asked.articles)
    with ExitStack() as stack:
        services = {
            checkout.name: stack.enter_context(checkout.serving(read_transcripts()))
            for checkout in (Checkout(asked.baseline.resolve(), "old"), Checkout(ROOT, "new"))
        }
        print(render(measure(services, texts, asked.rounds), "old", "new"))


if __name__ == "__main__":
    main()
