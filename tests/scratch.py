"""Where tests keep their files: in memory, where the machine has a folder for that.

A store acknowledges a write when it is on the disk (`synchronous`), for which every test would wait. No test loses its
power.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
LEAST_FREE_BYTES = 4 << 30


def folder_in_memory() -> Path | None:
    """A folder in memory with room to spare, whose programs may be run. None without one."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK | os.X_OK):
        return None
    forbids_programs = os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    has_room = shutil.disk_usage(MEMORY).free > LEAST_FREE_BYTES
    return MEMORY if has_room and not forbids_programs else None


def use_memory() -> None:
    """Have this process and those it starts make temporary files there, unless `TMPDIR` names another folder."""
    if "TMPDIR" not in os.environ and (folder := folder_in_memory()):
        os.environ["TMPDIR"] = str(folder)
        tempfile.tempdir = None  # chosen anew at the next use
