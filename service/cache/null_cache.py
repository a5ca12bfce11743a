"""No cache: everything is computed, at most once at a time."""

from __future__ import annotations

from collections.abc import Callable

from service.cache.cached_answer import Admission, CacheAnswer, CacheStatus, admit_all
from service.cache.single_flight import SingleFlight


class NoCache:
    """Keeps nothing. Concurrent identical requests still compute once."""

    def __init__(self, wait_s: float = 30.0) -> None:
        self._wait_s = wait_s
        self._flights: SingleFlight[CacheAnswer] = SingleFlight()

    def get_or_compute(
        self,
        key: str,
        compute: Callable[[], bytes],
        ttl_s: int | None = None,
        admit: Admission = admit_all,
    ) -> CacheAnswer:
        def computed() -> CacheAnswer:
            with admit():
                return CacheAnswer(compute(), CacheStatus.BYPASS, detail="no-cache")

        answer, shared = self._flights.fly(key, computed, self._wait_s)
        return answer.as_collapsed() if shared else answer

    def find(self, key: str) -> CacheAnswer | None:
        return None

    def get(self, key: str) -> bytes | None:
        return None

    def put(self, key: str, value: bytes, ttl_s: int | None = None) -> bool:
        return False

    def ping(self) -> bool:
        return True

    def describe(self) -> str:
        return "none"
