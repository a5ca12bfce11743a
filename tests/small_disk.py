"""Commands that see a disk of one megabyte: a tmpfs in a mount namespace of their own, gone when they end."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest


def on_a_small_disk(folder: Path, command: Sequence[str], size: str = "1m") -> list[str]:
    """The command with a tmpfs of that size over the folder. Skips the test where the kernel forbids it."""
    unshare = ["unshare", "--mount", *(["--map-root-user"] if os.getuid() else [])]
    mount = f"mount -t tmpfs -o size={size} tmpfs {shlex.quote(str(folder))}"
    tried = subprocess.run([*unshare, "sh", "-c", mount], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("this kernel lets nobody mount a small disk")
    return [*unshare, "sh", "-c", f'{mount} && exec "$@"', "sh", *command]
