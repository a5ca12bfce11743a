"""Checks the model files by SHA256SUMS beside them, in the format of `sha256sum`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SUMS: Final = "SHA256SUMS"
NOT_LISTED: Final = frozenset({".md", ".py"})
PACKAGE: Final = Path(__file__).parent


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS for the files of a model's folder; after each training."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and is_listed(file))
    lines = [f"{digest_file(file)}  {file.name}\n" for file in files]
    (folder / SUMS).write_text("".join(lines), encoding="ascii")


def is_listed(file: Path) -> bool:
    """Whether a file of a model's folder belongs into its SHA256SUMS."""
    return file.name != SUMS and file.suffix not in NOT_LISTED


def find_models(package: Path = PACKAGE) -> list[Path]:
    """The folders of the package that hold a model, by path."""
    return sorted(sums.parent for sums in package.rglob(SUMS))


def find_faults(folder: Path) -> Iterator[str]:
    """What differs from SHA256SUMS in a folder, a sentence each; nothing if all is as released."""
    for line in (folder / SUMS).read_text(encoding="ascii").splitlines():
        digest, _, name = line.partition("  ")
        file = folder / name
        if not file.is_file():
            yield f"{file} is missing"
        elif digest_file(file) != digest:
            yield f"{file} is damaged: its SHA-256 is not that of the release"


def digest_file(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
