"""Detection of outages: after a failure, no more requests are sent until a thread finds the server back."""

from __future__ import annotations

import threading
from collections.abc import Callable

PAUSE_GROWTH = 2.0


class OutageWatch:
    """Whether a server is out, without cost for callers.

    `is_back` is asked in the background after `first_pause_s` seconds, then after pauses that grow to
    `longest_pause_s`, until it returns True. So short failures end soon, and long outages cost little.
    """

    def __init__(self, is_back: Callable[[], bool], first_pause_s: float, longest_pause_s: float) -> None:
        self._is_back = is_back
        self._first_pause_s = first_pause_s
        self._longest_pause_s = longest_pause_s
        self._lock = threading.Lock()
        self._watcher: threading.Thread | None = None
        self._closed = threading.Event()

    def is_on(self) -> bool:
        """Whether the server is out."""
        watcher = self._watcher
        if watcher is None:
            return False
        if not watcher.is_alive():
            # A fork leaves its parent's threads behind: without one of its own the child would never hear.
            with self._lock:
                if self._watcher is watcher:
                    self._watcher = self._start_watcher()
        return self._watcher is not None

    def begin(self) -> bool:
        """Note a failure. Returns whether the cache worked until now.

        Where no thread can be started, the cache is not marked as failed: every caller tries it again.
        """
        with self._lock:
            if self._watcher is not None:
                return False
            self._watcher = self._start_watcher()
            return True

    def close(self) -> None:
        """Stop watching. It counts as well, until it fails again."""
        self._closed.set()
        watcher = self._watcher
        if watcher is not None:
            watcher.join()
        self._closed.clear()

    def _start_watcher(self) -> threading.Thread | None:
        watcher = threading.Thread(target=self._watch, name="cache-watch", daemon=True)
        try:
            watcher.start()
        except RuntimeError:
            return None
        return watcher

    def _watch(self) -> None:
        pause_s = self._first_pause_s
        while not self._closed.wait(pause_s) and not self._is_back():
            pause_s = min(pause_s * PAUSE_GROWTH, self._longest_pause_s)
        with self._lock:
            self._watcher = None
