"""Every model of the package is listed with its SHA-256, and a damaged file is found."""

from __future__ import annotations

import shutil
from pathlib import Path

from service.model_files import PACKAGE, SUMS, find_faults, find_models, is_listed, write_sums


def test_every_model_is_as_released() -> None:
    with_models = {file.parent for file in PACKAGE.rglob("*.onnx")}
    assert set(find_models()) == with_models
    for folder in with_models:
        assert list(find_faults(folder)) == [], f"write {SUMS} anew: service.model_files.write_sums"
        listed = {line.split("  ")[1] for line in (folder / SUMS).read_text().splitlines()}
        assert listed == {file.name for file in folder.iterdir() if file.is_file() and is_listed(file)}


def test_a_damaged_and_a_missing_file_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(PACKAGE / "claims" / "model", folder)
    write_sums(folder)
    assert list(find_faults(folder)) == []
    with (folder / "encoder.onnx").open("ab") as stream:
        stream.write(b"\0")
    (folder / "tokenizer.json").unlink()
    damaged, missing = find_faults(folder)
    assert damaged == f"{folder / 'encoder.onnx'} is damaged: its SHA-256 is not that of the release"
    assert missing == f"{folder / 'tokenizer.json'} is missing"
    assert find_models(tmp_path) == [folder]
