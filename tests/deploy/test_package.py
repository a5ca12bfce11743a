"""What is installed is whole: every file that the code reads from beside itself is in the package."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.deploy.dockerfile import PROJECT

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
PACKAGES = ("service", "schemas")


def data_files() -> set[Path]:
    files = {path for package in PACKAGES for path in (PROJECT / package).rglob("*") if path.is_file()}
    return {path for path in files if path.suffix not in {".py", ".pyc", ".md"}}


def packaged_files() -> set[Path]:
    declared: dict[str, list[str]] = PYPROJECT["tool"]["setuptools"]["package-data"]
    return {
        path
        for package, patterns in declared.items()
        for pattern in patterns
        for path in (PROJECT / package).glob(pattern)
    }


def test_every_data_file_is_packaged() -> None:
    # An editable install, as `make run` and the tests use it, has them all either way; the image does not.
    files = data_files()
    assert files
    assert sorted(str(path.relative_to(PROJECT)) for path in files - packaged_files()) == []


def test_every_package_of_code_is_found() -> None:
    found = PYPROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    assert set(found) == {f"{package}*" for package in PACKAGES}
