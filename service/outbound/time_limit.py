"""Calls with a time limit that cannot be interrupted, such as the system's look-ups of names."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TypeVar

MOST_UNDER_WAY: Final = 16  # calls of a process: one that is given up goes on in its thread

T = TypeVar("T")
under_way: Final = threading.BoundedSemaphore(MOST_UNDER_WAY)


def call_within(limit_s: float, call: Callable[[], T]) -> T:
    """What a call returns or raises. Raises TimeoutError after `limit_s` seconds."""
    if not under_way.acquire(timeout=limit_s):
        raise TimeoutError
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except BaseException as error:
            outcome.set_exception(error)
        finally:
            under_way.release()

    threading.Thread(target=run, name="call with a time limit", daemon=True).start()
    return outcome.result(limit_s)
