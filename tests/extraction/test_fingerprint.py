"""The engine's name changes with its code, wherever the package is installed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from service.extraction.pipeline import ENGINE, READ_FOLDERS, fingerprint_code
from tests.apps import ROOT

PACKAGE = ROOT / "service"
READ = (
    "names/comparison.py",
    "extraction/pipeline.py",
    "names/data/surnames.txt",
    "text/document.py",
)
NOT_READ = ("extraction/model/MODEL_CARD.md", "extraction/training/TRIED.md")


def copy_to(folder: Path) -> Path:
    for name in READ_FOLDERS:
        shutil.copytree(PACKAGE / name, folder / name)
    return folder


def test_it_is_part_of_the_engines_name() -> None:
    assert ENGINE.endswith(f"-{fingerprint_code(PACKAGE)}")


@pytest.mark.parametrize("parent", ["model", "training", "elsewhere"])
def test_it_does_not_depend_on_the_folders_above(tmp_path: Path, parent: str) -> None:
    assert fingerprint_code(copy_to(tmp_path / parent / "service")) == fingerprint_code(PACKAGE)


@pytest.mark.parametrize("name", [*READ, *NOT_READ])
def test_it_changes_with_what_an_extraction_reads(tmp_path: Path, name: str) -> None:
    package = copy_to(tmp_path / "model" / "service")
    before = fingerprint_code(package)
    with (package / name).open("a") as stream:
        stream.write("# changed\n")
    assert (fingerprint_code(package) != before) == (name in READ)
