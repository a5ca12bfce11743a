"""Redis away, hanging, full, broken or not Redis at all: requests go on, and it is taken up again."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
import redis

from service.cache import CacheStatus, LinkLimits, RedisCache, RedisLimits, cache_key, open_cache
from service.cache.redis_client import RedisLink
from service.errors import SettingsError
from tests.processes import wait_until
from tests.servers import RedisServer, find_free_port, running_redis

HIT, MISS, BYPASS = CacheStatus.HIT, CacheStatus.MISS, CacheStatus.BYPASS
KEY = cache_key("test", "fault")
# A busy machine may keep a healthy Redis waiting, so limits are long where only its absence is tested.
PATIENT = LinkLimits(connect_timeout_s=30.0, answer_timeout_s=30.0, first_pause_s=0.02, longest_pause_s=0.1)
QUICK_RETRY = RedisLimits(PATIENT)
NO_RETRY = RedisLimits(replace(PATIENT, first_pause_s=3600.0))
HANGING = RedisLimits(replace(PATIENT, answer_timeout_s=1.0))
HANGING_NO_RETRY = RedisLimits(replace(HANGING.link, first_pause_s=3600.0))
UNAVAILABLE = "verbatim; fwd=bypass; detail=redis-unavailable"


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@contextmanager
def opened(url: str, limits: RedisLimits = QUICK_RETRY) -> Iterator[RedisCache]:
    cache = open_cache(url, 600, limits=limits, secret=lambda: b"shared by all processes of a service")
    assert isinstance(cache, RedisCache)
    with closing(cache):
        yield cache


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads that sent something to Redis, one for each time."""
    threads: list[str] = []
    execute = redis.Redis.execute_command

    def counted(self: redis.Redis, *args: object, **options: object) -> object:
        threads.append(threading.current_thread().name)
        return execute(self, *args, **options)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(redis.Redis, "execute_command", counted)
    return threads


def compute() -> bytes:
    return b"computed"


def statuses(cache: RedisCache, times: int) -> list[CacheStatus]:
    answers = [cache.get_or_compute(KEY, compute) for _ in range(times)]
    assert {answer.value for answer in answers} == {b"computed"}
    return [answer.status for answer in answers]


def wait_until_taken_up(cache: RedisCache) -> None:
    """Ask as requests would until the cache serves again."""
    wait_until(lambda: cache.get_or_compute(KEY, compute).status is not BYPASS)


def test_absent_at_start_then_taken_up(server: RedisServer) -> None:
    server.kill()
    with opened(server.url) as cache:
        assert statuses(cache, 3) == [BYPASS] * 3
        assert cache.get_or_compute(KEY, compute).header == UNAVAILABLE
        assert cache.describe() == "redis unavailable"
        assert cache.get(KEY) is None
        assert not cache.put(KEY, b"value")
        server.restart()
        wait_until_taken_up(cache)
        assert cache.get_or_compute(KEY, compute).status is HIT
        assert cache.describe() == "redis ok"


def test_killed_between_requests_then_taken_up(server: RedisServer) -> None:
    with opened(server.url) as cache:
        assert statuses(cache, 2) == [MISS, HIT]
        server.kill()
        assert statuses(cache, 2) == [BYPASS, BYPASS]
        server.restart()
        wait_until_taken_up(cache)
        assert cache.get_or_compute(KEY, compute).status is HIT


def test_a_restart_nobody_noticed_costs_nothing(server: RedisServer) -> None:
    with opened(server.url, NO_RETRY) as cache:
        assert statuses(cache, 2) == [MISS, HIT]
        server.restart()
        assert statuses(cache, 2) == [MISS, HIT]


def test_killed_while_computing(server: RedisServer) -> None:
    def compute_and_kill() -> bytes:
        server.kill()
        return b"computed"

    with opened(server.url) as cache:
        answer = cache.get_or_compute(KEY, compute_and_kill)
        assert answer.value == b"computed"
        assert answer.header == "verbatim; fwd=uri-miss; detail=redis-unavailable"


def test_an_error_while_redis_is_away_is_the_computations(server: RedisServer) -> None:
    def kill_and_fail() -> bytes:
        server.kill()
        raise ValueError("the computation's own")

    with opened(server.url) as cache, pytest.raises(ValueError, match="the computation's own"):
        cache.get_or_compute(KEY, kill_and_fail)


def test_a_hanging_redis_costs_one_timeout_and_not_one_per_request(
    server: RedisServer, asked: list[str]
) -> None:
    with opened(server.url, HANGING_NO_RETRY) as cache:
        assert statuses(cache, 2) == [MISS, HIT]
        asked.clear()
        server.pause()
        assert statuses(cache, 50) == [BYPASS] * 50
        assert asked.count("MainThread") == 1  # on a slow machine the watch may have asked again meanwhile


def test_only_the_background_asks_whether_a_hanging_redis_is_back(
    server: RedisServer, asked: list[str]
) -> None:
    with opened(server.url, HANGING) as cache:
        server.pause()
        assert statuses(cache, 1) == [BYPASS]
        asked.clear()
        while len(asked) < 2:
            assert statuses(cache, 1) == [BYPASS]
            time.sleep(0.01)
        assert set(asked) == {"cache-watch"}
        server.resume()
        wait_until_taken_up(cache)


def test_a_lock_taken_by_a_question_that_was_given_up_is_given_back(server: RedisServer) -> None:
    """A hanging Redis carries out what it was asked once it comes to itself, though nobody listens."""
    with opened(server.url, HANGING) as cache, redis.Redis.from_url(server.url) as client:
        server.pause()
        assert statuses(cache, 1) == [BYPASS]
        assert len(cache._link._lost_locks) == 1
        server.resume()
        wait_until(lambda: not cache._link._lost_locks)
        assert client.exists(f"{KEY}:lock") == 0
        # Were the lock still there, another process would now wait for nobody.
        assert client.info("commandstats")["cmdstat_set"]["calls"] == 1


def test_hanging_while_computing(server: RedisServer) -> None:
    def compute_and_pause() -> bytes:
        server.pause()
        return b"computed"

    with opened(server.url, HANGING) as cache:
        answer = cache.get_or_compute(KEY, compute_and_pause)
        assert (answer.value, answer.status, answer.stored) == (b"computed", MISS, False)
        server.resume()
        wait_until_taken_up(cache)


def test_simultaneous_requests_still_compute_once_without_redis(server: RedisServer) -> None:
    calls: list[str] = []
    may_end = threading.Event()

    def counted() -> bytes:
        calls.append("call")
        assert may_end.wait(60)
        return b"computed"

    server.kill()
    with opened(server.url) as cache:
        threads = [threading.Thread(target=cache.get_or_compute, args=(KEY, counted)) for _ in range(6)]
        for thread in threads:
            thread.start()
        while cache._flights.waiting(KEY) < 5:
            time.sleep(0.005)
        may_end.set()
        for thread in threads:
            thread.join(60)
    assert calls == ["call"]


def fill_up(server: RedisServer) -> None:
    """From now on every write is refused: what it holds already is more than it may hold."""
    with redis.Redis.from_url(server.url) as client:
        client.config_set("maxmemory", "1kb")


def test_a_full_redis_serves_what_it_has(server: RedisServer, caplog: pytest.LogCaptureFixture) -> None:
    with opened(server.url) as cache:
        assert statuses(cache, 1) == [MISS]
        fill_up(server)
        assert statuses(cache, 2) == [HIT, HIT]
        headers = [cache.get_or_compute(cache_key("test", "new"), compute).header for _ in range(20)]
        assert headers == ["verbatim; fwd=bypass; detail=redis-refused"] * 20
        assert not cache.put(KEY, b"another")
        assert cache.describe() == "redis ok"
    assert [record.getMessage() for record in caplog.records] == [
        "Redis refuses to keep values (OOM); working without"
    ]


def test_filled_while_computing(server: RedisServer) -> None:
    def compute_and_fill() -> bytes:
        fill_up(server)
        return b"computed"

    with opened(server.url) as cache, redis.Redis.from_url(server.url) as client:
        answer = cache.get_or_compute(KEY, compute_and_fill)
        assert answer.header == "verbatim; fwd=uri-miss; detail=redis-refused"
        assert client.keys() == []  # the lock is given back all the same


@pytest.mark.parametrize(
    "damage",
    [
        lambda frame: b"",
        lambda frame: b"noise",
        lambda frame: frame[:-1],
        lambda frame: frame + b"!",
        lambda frame: frame[:5] + bytes([frame[5] ^ 1]) + frame[6:],
    ],
    ids=["empty", "noise", "cut", "longer", "one-bit"],
)
def test_a_broken_value_is_computed_anew(redis_empty_url: str, damage: Callable[[bytes], bytes]) -> None:
    with opened(redis_empty_url) as cache, redis.Redis.from_url(redis_empty_url) as client:
        cache.put(KEY, b"computed")
        frame = client.get(KEY)
        assert isinstance(frame, bytes)
        client.set(KEY, damage(frame))
        assert cache.get(KEY) is None
        assert statuses(cache, 2) == [MISS, HIT]


def test_a_key_of_another_type_is_worked_around(redis_empty_url: str) -> None:
    with opened(redis_empty_url) as cache, redis.Redis.from_url(redis_empty_url) as client:
        client.rpush(KEY, "a list")
        assert cache.get(KEY) is None
        assert cache.get_or_compute(KEY, compute).header == "verbatim; fwd=bypass; detail=redis-refused"


def test_a_value_too_large_is_answered_and_not_kept(redis_empty_url: str) -> None:
    with (
        opened(redis_empty_url, RedisLimits(max_value_bytes=1000)) as cache,
        redis.Redis.from_url(redis_empty_url) as client,
    ):
        answer = cache.get_or_compute(KEY, lambda: b"x" * 1001)
        assert answer.header == "verbatim; fwd=uri-miss; detail=not-kept"
        assert client.keys() == []  # the lock is given back too
        assert cache.get_or_compute(KEY, lambda: b"x" * 1000).stored


def test_nothing_but_the_value_is_left(redis_empty_url: str) -> None:
    with opened(redis_empty_url) as cache, redis.Redis.from_url(redis_empty_url) as client:
        cache.get_or_compute(KEY, compute)
        assert client.keys() == [KEY.encode()]
        assert 0 < int(client.pttl(KEY)) <= 600_000


@pytest.mark.parametrize(
    "limits", [RedisLimits(), RedisLimits(lock_ttl_s=0.001)], ids=["in-time", "lock-lapsed"]
)
def test_a_lapsed_lock_is_not_taken_from_another(redis_empty_url: str, limits: RedisLimits) -> None:
    """Giving back a lock that has meanwhile become another's must leave theirs."""
    with opened(redis_empty_url, limits) as cache, redis.Redis.from_url(redis_empty_url) as client:

        def compute_while_the_lock_changes_hands() -> bytes:
            client.set(f"{KEY}:lock", "another's", px=60_000)
            return b"computed"

        assert cache.get_or_compute(KEY, compute_while_the_lock_changes_hands).stored
        assert client.get(f"{KEY}:lock") == b"another's"


def test_a_password_it_lacks_or_has_wrong(caplog: pytest.LogCaptureFixture) -> None:
    with running_redis(requirepass="right") as server:
        host = f"127.0.0.1:{server.port}"
        for url in (f"redis://{host}/0", f"redis://:s3cret@{host}/0"):
            with opened(url) as cache:
                assert statuses(cache, 2) == [BYPASS, BYPASS]
        with opened(f"redis://:right@{host}/0") as cache:
            assert statuses(cache, 2) == [MISS, HIT]
    assert "s3cret" not in caplog.text
    assert caplog.text.count("Redis does not answer (AuthenticationError)") == 2


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x15\x03\x03\x00\x02\x02F", b""])
def test_something_that_is_not_redis(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_all() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1000)
                    connection.sendall(greeting)

        threading.Thread(target=answer_all, daemon=True).start()
        with opened(f"redis://127.0.0.1:{listener.getsockname()[1]}/0", NO_RETRY) as cache:
            assert statuses(cache, 3) == [BYPASS] * 3
        listener.shutdown(socket.SHUT_RDWR)


def test_a_network_that_swallows_everything(asked: list[str]) -> None:
    """Nobody accepts and nobody refuses: connecting itself must give up."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        with opened(
            f"redis://127.0.0.1:{address[1]}/0", RedisLimits(LinkLimits(first_pause_s=3600.0))
        ) as cache:
            assert statuses(cache, 20) == [BYPASS] * 20
        assert len(asked) == 1
        for filler in fillers:
            filler.close()


def test_a_name_that_does_not_exist() -> None:
    with opened("redis://no-such-host.invalid:6379/0", NO_RETRY) as cache:
        assert statuses(cache, 3) == [BYPASS] * 3


@pytest.mark.parametrize(
    "url",
    [
        "redis://:s3cret@127.0.0.1:port/0",
        "redis://:s3cret@127.0.0.1/0?no_such_option=1",
        "redis://:s3cret@127.0.0.1/0?socket_timeout=soon",
        "http://:s3cret@127.0.0.1/",
    ],
)
def test_an_address_that_is_none_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        open_cache(url)
    assert "s3cret" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_an_address_cannot_lift_the_limits() -> None:
    url = (
        f"redis://127.0.0.1:{find_free_port()}/0?socket_timeout=60&decode_responses=yes&retry_on_timeout=yes"
    )
    link = RedisLink(url, LinkLimits())
    options = link._client.connection_pool.connection_kwargs
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (0.25, 0.2)
    assert not options["decode_responses"]
    assert not options["retry_on_timeout"]


def test_neither_values_nor_keys_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with running_redis() as server, opened(server.url) as cache:
        fill_up(server)
        cache.get_or_compute(KEY, lambda: b"an unpublished article")
        server.kill()
        cache.get_or_compute(KEY, lambda: b"an unpublished article")
    assert len([record for record in caplog.records if record.name.startswith("service.")]) == 2
    assert "unpublished" not in caplog.text
    assert KEY not in caplog.text
