"""Imports that are killed, run beside each other, or come in other sizes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from service.matching.retrieval.fingerprints import ID_BITS, find_pairs
from service.store import QuoteImport, Store, open_store
from service.store.ingest import bulk_import
from service.store.ingest import external_sort as sorter
from service.store.ingest.external_sort import PostingSorter
from service.store.retrieval import indexing
from tests.matching.retrieval.codes import encode_text
from tests.store.material import SPEECH, make_article, read_sentences

COUNT = 400
FINAL_PAIRS = 1  # the last word of a text with its end, which no query asks for


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Imports in many small transactions."""
    monkeypatch.setattr(bulk_import, "BATCH", 50)
    monkeypatch.setattr(indexing.split_slices, "__defaults__", (500,))


def read_index(url: str) -> tuple[set[int], dict[int, int]]:
    """All postings, and the frequencies that are kept."""
    engine = create_engine(url)
    with engine.connect() as connection:
        postings = [row[0] for row in connection.execute(text("SELECT posting FROM postings"))]
        kept = connection.execute(text("SELECT hash, frequency FROM fingerprint_frequencies"))
        frequencies = {row[0]: row[1] for row in kept}
    engine.dispose()
    assert len(postings) == len(set(postings))
    return set(postings), frequencies


def assert_complete(url: str, expected: list[QuoteImport]) -> None:
    """The store holds the quotes, each once, and its index all of their words' pairs and nothing else."""
    store = open_store(url)
    stored = list(store.export_quotes())
    assert Counter(one.text for one in stored) == Counter(quote.text for quote in expected)
    stats = store.stats()
    assert (stats.quotes, stats.pending) == (len(expected), 0)
    places = {(one.origin.uri, one.position) for one in stored}
    assert len(places) == len(stored)
    postings, frequencies = read_index(url)
    pairs = Counter(pair for one in stored for pair in find_pairs(encode_text(one.text)))
    assert len(postings) == sum(pairs.values()) + len(stored) * FINAL_PAIRS
    in_table = Counter(posting >> ID_BITS for posting in postings)
    assert all(in_table[pair] >= count for pair, count in pairs.items())
    assert {hash_ for hash_, count in in_table.items() if count >= 2 * indexing.COMMON} <= frequencies.keys()
    for quote in expected[:: len(expected) // 20]:
        found = store.find_evidence(quote.text)
        assert any(quote.text in (one.text for one in evidence.utterances) for evidence in found)
    store.close()


KILLED = """
import os, signal, sys
from itertools import islice
from service.store import open_store
from service.store.ingest import bulk_import
from service.store.retrieval import indexing
from tests.matching.retrieval.codes import encode_text
from tests.store.material import read_sentences

bulk_import.BATCH = 50
indexing.split_slices.__defaults__ = (500,)
url, steps, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
done = 0

def count_step(name):
    step = getattr(bulk_import, name)
    def counted(*args):
        global done
        step(*args)
        done += 1
        if done == steps:
            os.kill(os.getpid(), signal.SIGKILL)
    setattr(bulk_import, name, counted)

count_step("note_progress")  # within the transaction of each batch and of each slice of the index
open_store(url).import_quotes(read_sentences(count), checkpoint="the file")
"""


@pytest.mark.parametrize("steps", [1, 5, 12])
def test_a_killed_import_goes_on_and_loses_and_doubles_nothing(database_url: str, steps: int) -> None:
    command = [sys.executable, "-c", KILLED, database_url, str(steps), str(COUNT)]
    killed = subprocess.run(command, check=False, cwd=Path(__file__).parents[3], env=dict(os.environ))
    assert killed.returncode == -signal.SIGKILL
    store = open_store(database_url)
    before = store.stats().quotes
    seen: list[int] = []
    report = store.import_quotes(read_sentences(COUNT), seen.append, checkpoint="the file")
    assert report.resumed == before
    assert report.quotes_added == COUNT - before
    assert report.records == sum(seen) == COUNT
    store.close()
    assert_complete(database_url, list(read_sentences(COUNT)))


def test_another_import_finishes_what_a_killed_one_left(database_url: str) -> None:
    command = [sys.executable, "-c", KILLED, database_url, "12", str(COUNT)]
    subprocess.run(command, check=False, cwd=Path(__file__).parents[3], env=dict(os.environ))
    store = open_store(database_url)
    assert store.stats().pending > 0
    assert store.finish_imports() == COUNT
    assert store.finish_imports() == 0
    store.close()
    assert_complete(database_url, list(read_sentences(COUNT)))


def test_records_that_fail_midway_keep_what_came_before(database_url: str, small_steps: None) -> None:
    def broken() -> Iterator[QuoteImport]:
        yield from read_sentences(COUNT // 2)
        raise OSError("the disk with the file is gone")

    store = open_store(database_url)
    with pytest.raises(OSError, match="gone"):
        store.import_quotes(broken(), checkpoint="the file")
    report = store.import_quotes(read_sentences(COUNT), checkpoint="the file")
    assert report.resumed == COUNT // 2
    store.close()
    assert_complete(database_url, list(read_sentences(COUNT)))


def test_many_small_steps_make_the_same_index_as_few(
    database_url: str, tmp_path: Path, small_steps: None
) -> None:
    store = open_store(database_url)
    store.import_quotes(islice(read_sentences(COUNT), COUNT // 2))
    store.import_quotes(read_sentences(COUNT))
    store.close()
    assert_complete(database_url, list(read_sentences(COUNT)))


def test_one_import_keeps_frequencies_exactly(database_url: str) -> None:
    store = open_store(database_url)
    store.import_quotes(read_sentences(COUNT))
    store.save_article(make_article(("The international community and the United Nations must act", "A")))
    store.close()
    postings, frequencies = read_index(database_url)
    counted = Counter(posting >> ID_BITS for posting in postings)
    assert frequencies == {hash_: count for hash_, count in counted.items() if count >= indexing.COMMON}


def test_removing_takes_every_posting_along(database_url: str) -> None:
    store = open_store(database_url)
    store.import_quotes(read_sentences(100))
    before = read_index(database_url)
    saved = store.save_article(
        make_article(("The international community and the United Nations must act", "A"))
    )
    assert read_index(database_url) != before
    store.delete_article(saved.id)
    store.close()
    assert read_index(database_url) == before


def test_records_are_read_one_batch_at_a_time(store: Store, small_steps: None) -> None:
    read: list[int] = []
    stored: list[int] = []

    def counted() -> Iterator[QuoteImport]:
        for number, record in enumerate(read_sentences(COUNT)):
            read.append(number)
            yield record

    def progress(records: int) -> None:
        stored.append(records)
        assert len(read) <= sum(stored)

    store.import_quotes(counted(), progress)
    assert sum(stored) == COUNT


def test_the_same_transcript_twice_in_one_file_is_one(store: Store) -> None:
    report = store.import_transcripts([SPEECH, SPEECH])
    assert (report.records, report.quotes_added, report.duplicates) == (2, 7, 7)


@settings(max_examples=30)
@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), max_size=60), st.integers(1, 20))
def test_a_spool_sorts_and_keeps_each_once(numbers: list[int], in_memory: int) -> None:
    with pytest.MonkeyPatch.context() as patch, PostingSorter() as sorted_spool:
        patch.setattr(sorter, "IN_MEMORY", in_memory)
        for number in numbers:
            sorted_spool.add(np.array([number, number], dtype=np.int64))
        parts = [part.tolist() for part in sorted_spool.parts()]
    assert [number for part in parts for number in part] == sorted(set(numbers))


@given(st.lists(st.integers(0, 6), max_size=40), st.integers(1, 10))
def test_slices_never_split_a_fingerprint(hashes: list[int], size: int) -> None:
    ordered = np.array(
        [hash_ << ID_BITS | number for number, hash_ in enumerate(sorted(hashes), 1)], dtype=np.int64
    )
    slices = [piece.tolist() for piece in indexing.split_slices(ordered, size)]
    assert [posting for piece in slices for posting in piece] == ordered.tolist()
    owners = [{posting >> ID_BITS for posting in piece} for piece in slices]
    assert sum(map(len, owners)) == len(set(hashes))
