"""A process that asks a cache for one value, for tests with several of them.

Usage: python -m tests.cache.compute_in_process URL KEY CALLS_FILE HOLD_S LOCK_TTL_S WAIT_S

It says "ready", waits for a line, asks, and prints the answer's header. Each computation adds one byte to
CALLS_FILE when it starts, then takes HOLD_S seconds.
"""

from __future__ import annotations

import os
import sys
import time

from service.cache import LinkLimits, RedisCache, RedisLimits

VALUE = b"the same in every process"
SECRET = b"shared by all processes of a service"


def main(url: str, key: str, calls_file: str, hold_s: str, lock_ttl_s: str, wait_s: str) -> None:
    def compute() -> bytes:
        calls = os.open(calls_file, os.O_APPEND | os.O_WRONLY)
        os.write(calls, b".")
        os.close(calls)
        time.sleep(float(hold_s))
        return VALUE

    patient = LinkLimits(connect_timeout_s=30.0, answer_timeout_s=30.0)
    limits = RedisLimits(patient, lock_ttl_s=float(lock_ttl_s), wait_s=float(wait_s))
    cache = RedisCache(url, 600, limits, lambda: SECRET)
    cache.ping()
    print("ready", flush=True)
    sys.stdin.readline()
    answer = cache.get_or_compute(key, compute)
    assert answer.value == VALUE
    print(answer.header, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
