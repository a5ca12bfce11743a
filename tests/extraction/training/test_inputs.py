"""What a kept network depends on: where any of it changed, the fingerprint is another."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from service.extraction.training.inputs import CODE, PACKAGE, Inputs, find_versions, hash_code, read_inputs

INPUTS = Inputs("a", "b", "c", "d", {"numpy": "2.0"}, threads=2, seed=1)


@pytest.mark.parametrize(
    "change",
    [
        {"corpus": "x"},
        {"base_weights": "x"},
        {"tokenizer": "x"},
        {"code": "x"},
        {"versions": {"numpy": "2.1"}},
        {"threads": 4},
        {"seed": 2},
    ],
)
def test_every_input_is_in_the_fingerprint(change: dict[str, object]) -> None:
    assert replace(INPUTS, **change).fingerprint() != INPUTS.fingerprint()
    assert replace(INPUTS).fingerprint() == INPUTS.fingerprint()


def test_they_are_read_from_the_files(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("corpus", "weights", "tokenizer")]
    for file in files:
        file.write_bytes(file.name.encode())
    found = read_inputs(*files, threads=2, seed=7)
    hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    assert [found.corpus, found.base_weights, found.tokenizer] == hashes
    assert (found.threads, found.seed) == (2, 7)
    assert {"python", "torch", "numpy"} <= found.versions.keys()
    assert json.loads(json.dumps(found.describe()))["versions"] == found.versions


@pytest.mark.parametrize(
    ("name", "matters"),
    [
        ("extraction/training/fit.py", True),
        ("extraction/training/network.py", True),
        ("extraction/tagger/encoding.py", True),
        ("text/plain.py", True),
        ("extraction/training/card.py", False),
        ("extraction/training/heads/speakers.py", False),
        ("extraction/attribution/linking.py", False),
    ],
)
def test_a_change_of_the_code_that_a_network_learns_by_is_noticed(
    tmp_path: Path, name: str, matters: bool
) -> None:
    for folder in (*CODE, "extraction/attribution"):
        shutil.copytree(PACKAGE / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.json", "*.txt"))
    before = hash_code(tmp_path)
    assert before == hash_code(PACKAGE)
    with (tmp_path / name).open("a") as stream:
        stream.write("# changed\n")
    assert (hash_code(tmp_path) != before) is matters


def test_a_library_that_is_not_there_is_said_to_be_missing() -> None:
    assert find_versions(["no-such-library-of-ours"]) == {"no-such-library-of-ours": "missing"}
