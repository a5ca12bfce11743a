"""How well fact-checks are found, how fast, and how seldom wrongly, beside BM25 and plain cosine.

    python -m tests.benchmarks.bench_claims [--sizes 10000,200000] [--databases sqlite,postgresql]

Accuracy is measured in memory on the corpora beside the checkout; time on stores of real claims, filled up with
variations of them (their words drawn from the bulk sentences, their meaning blurred) where there are too few.
SQLite is measured in CPU time of this process, PostgreSQL by the clock. A search is whole: it reads the query's
meaning, retrieves, measures and ranks.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from service.claims.drafting import FactcheckDraft
from service.claims.encoder import ENCODER, quantise_vectors, restore_vectors
from service.claims.query import read_query
from service.claims.terms import count_terms
from service.claims.training.corpus import Example
from service.claims.training.library import Library
from service.claims.training.scoring import average_precision
from service.store import Store, open_store
from service.usecases.find_factchecks import SAVED_AT_ONCE, FactcheckFinder
from tests.accuracy.claims_corpus import (
    open_library,
    read_factchecks,
    read_verified,
)
from tests.accuracy.claims_scoring import DEPTH, mark_relevant, score_news, score_posts, score_quotations
from tests.benchmarks.corpora import find_corpus
from tests.servers import running_postgres

BULK = "bulk/sentences.tsv.gz"
SIZES = (10_000, 200_000)


def score_rankings(library: Library, posts: Sequence[Example]) -> dict[str, float]:
    """MAP@5 of each way to rank all claims, our own last."""
    vectors = restore_vectors(np.stack([draft.vectors for draft in library.drafts]))
    precision: dict[str, list[float]] = {"BM25": [], "cosine": [], "the two summed": []}
    for post in posts:
        query = read_query(post.text, ENCODER)
        right = mark_relevant(library, post)
        words = library.index.weigh_words(library.find_postings(query))
        meaning = (vectors @ query.vector).mean(axis=1)
        precision["BM25"].append(average_precision(words, right, DEPTH))
        precision["cosine"].append(average_precision(meaning, right, DEPTH))
        summed = words / max(float(words.max()), 1e-6) + 2 * meaning
        precision["the two summed"].append(average_precision(summed, right, DEPTH))
    means = {name: statistics.mean(values) for name, values in precision.items()}
    return means | {"Verbatim": score_posts(library, posts)}


def fill(library: Library, size: int) -> Iterator[FactcheckDraft]:
    """The library's claims, and variations of them until there are `size`."""
    yield from library.drafts[:size]
    chance = np.random.default_rng(1)
    with gzip.open(find_corpus(BULK), "rt", encoding="utf-8") as lines:
        texts = (line.split("\t", 1)[0] for line in islice(lines, 1, None))
        for number, (draft, text) in enumerate(
            zip(cycle(library.drafts), texts, strict=False), len(library.drafts)
        ):
            if number >= size:
                return
            blurred = restore_vectors(draft.vectors) + chance.normal(scale=0.05, size=(2, 384)).astype(
                np.float32
            )
            factcheck = replace(
                draft.factcheck, url=f"https://filled.invalid/{number}", claim=text, title=None
            )
            yield FactcheckDraft(factcheck, count_terms(text), quantise_vectors(blurred))


def build_store(url: str, library: Library, size: int) -> tuple[Store, float]:
    """A store of so many fact-checks, and the seconds that writing them took (their meanings are known)."""
    store, began = open_store(url, migrate=True), time.perf_counter()
    drafts = fill(library, size)
    while some := list(islice(drafts, SAVED_AT_ONCE)):
        store.factchecks.save(some, ENCODER.fingerprint)
    return store, time.perf_counter() - began


def time_searches(
    store: Store, posts: Sequence[Example], clock: Callable[[], float]
) -> tuple[float, float, float]:
    """Milliseconds: the very first search, which reads the index; and of the others p50 and p95."""
    finder = FactcheckFinder(store.factchecks)
    ENCODER.encode(["loads the encoder"])
    taken = []
    for post in posts:
        began = clock()
        finder.find(post.text)
        taken.append(1000 * (clock() - began))
    return taken[0], *np.percentile(taken[1:], [50, 95]).tolist()


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--databases", default="sqlite,postgresql")
    options = parser.parse_args()
    find_corpus("claims")
    claims, posts = read_verified()
    library = open_library(claims)
    print(f"MAP@5, {len(posts)} posts against {len(claims):,} claims with their titles")
    for name, value in score_posts(library, posts).items():
        print(f"  {name:16}{value:.3f}")
    total, first, offered = score_quotations(open_library(read_factchecks()))
    print(f"bare quotations in fact-checks of who said them: {total}; found first {first}, offered {offered}")
    print(f"quotations of news articles: {score_news(library)}")
    for database in options.databases.split(","):
        for size in map(int, options.sizes.split(",")):
            with ExitStack() as stack:
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                url = f"sqlite:///{folder}/store.sqlite3"
                if database == "postgresql":
                    url = stack.enter_context(running_postgres()).url
                store, seconds = build_store(url, library, size)
                stack.callback(store.close)
                clock = time.process_time if database == "sqlite" else time.perf_counter
                first_ms, p50, p95 = time_searches(store, posts, clock)
                megabytes = (
                    Path(folder, "store.sqlite3").stat().st_size / 1e6 if database == "sqlite" else 0.0
                )
                print(
                    f"{database:11}{size:8,} fact-checks: search p50 {p50:5.1f} ms, p95 {p95:5.1f} ms, "
                    f"first {first_ms:6.1f} ms; written in {seconds:.0f} s, {megabytes:.0f} MB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
