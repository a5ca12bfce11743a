"""Where the corpora are that benchmarks read: the folder that CORPORA names, without it `shared` beside the checkout."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

SHARED: Final = Path(os.environ.get("CORPORA") or Path(__file__).resolve().parents[3] / "shared")


def find_corpus(name: str, folder: Path = SHARED) -> Path:
    """A file or folder of the corpora; ends the program with a line that says what to do where it is not there."""
    path = folder / "data" / name
    if not path.exists():
        sys.exit(
            f"This benchmark reads {name} of the corpora, which is not at {path}: set CORPORA to their folder."
        )
    return path
