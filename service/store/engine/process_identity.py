"""Names of processes, by which other processes of the same machine see whether they still run."""

from __future__ import annotations

import os
import socket
import uuid


def name_process() -> str:
    """A new name for an operation of this process."""
    return f"{os.getpid()}:{uuid.uuid4().hex}:{socket.gethostname()}"


def is_gone(name: str) -> bool:
    """Whether the process of a name ran on this machine and has ended."""
    pid, _, host = name.split(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False
