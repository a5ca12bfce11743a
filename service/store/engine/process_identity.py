"""Who is at work: a process by a name that tells, on its own machine, whether it is still there."""

from __future__ import annotations

import os
import socket
import uuid


def name_process() -> str:
    """A name for a piece of this process's work, another one each time."""
    return f"{os.getpid()}:{uuid.uuid4().hex}:{socket.gethostname()}"


def is_gone(name: str) -> bool:
    """Whether the process of that name was on this machine and is gone: nobody need wait for it."""
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
