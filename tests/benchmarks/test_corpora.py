"""A benchmark without its corpora says in one line what is missing and what to do."""

import pytest

from tests.benchmarks.corpora import find_corpus


def test_a_missing_corpus_is_named_with_what_to_set(tmp_path):
    with pytest.raises(SystemExit) as ended:
        find_corpus("polnear/dev.jsonl.gz", tmp_path)
    told = str(ended.value)
    assert "polnear/dev.jsonl.gz" in told and "CORPORA" in told and "\n" not in told


def test_a_corpus_that_is_there_is_given(tmp_path):
    (tmp_path / "data/interviews").mkdir(parents=True)
    assert find_corpus("interviews", tmp_path) == tmp_path / "data/interviews"
