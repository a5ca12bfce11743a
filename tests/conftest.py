"""Fixtures every test may use: real servers, and a fence around the network and the environment.

`TEST_REDIS_URL` and `TEST_DATABASE_URL` name servers to use; where they are not set, throw-away ones are
started once per run (`tests.servers`). No test is skipped for want of a server.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy.engine import make_url

from service.logs import OURS
from service.settings import Settings
from tests import cpu_times, routes, scratch, selection, stores
from tests.servers import running_postgres, running_redis

LOOPBACK = "127.0.0.1,::1,localhost"
TESTS = Path(__file__).parent
#: Where files take long, whose tests may be few. They come first, so that at the end of a run of several
#: processes none of them is left alone with such a file.
LONG = {
    "functional",
    "faults",
    "attacks",
    "accuracy",
    "deploy",
    "contract",
    "sources",
    "store",
    "standards",
    "cli",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    cpu_times.add_option(parser)


@pytest.hookimpl(tryfirst=True)  # before pytest-socket reads its options
def pytest_configure(config: pytest.Config) -> None:
    """No test reaches beyond this machine, reads its user's settings, or fails because it is busy."""
    gc.disable()  # until all tests are collected: what is imported stays
    selection.check_corpora()
    scratch.use_memory()
    routes.keep_compiled()
    config.option.allow_hosts = LOOPBACK
    config.option.allow_unix_socket = True
    for setting in Settings.__slots__:
        os.environ.pop(setting.upper(), None)  # a developer's DATABASE_URL must never be written to
    if "CI" not in os.environ:  # there hypothesis chooses its own: no limits, the same examples
        hypothesis_settings.register_profile(
            "verbatim",
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],  # by the clock: a busy machine failed it
        )
        hypothesis_settings.load_profile("verbatim")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    selection.select(config, items)
    items.sort(key=lambda item: item.path.relative_to(TESTS).parts[0] not in LONG)


def pytest_collection_finish() -> None:
    """Have the garbage collector leave alone what was imported: reading all of it takes the better part of a second."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a process of pytest-xdist left out: only this one reports."""
    output = getattr(node, "workeroutput", {})
    selection.take_over(node.config, output)
    cpu_times.take_over(node.config, output)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    with cpu_times.measured(item):
        return (yield)


def pytest_sessionfinish(session: pytest.Session) -> None:
    selection.hand_over(session.config)
    cpu_times.hand_over(session.config)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in (*selection.lines(config), *cpu_times.lines(config)):
        terminalreporter.write_line(line)


@pytest.fixture(scope="module", autouse=True)
def levels_of_logs() -> Iterator[None]:
    """An app sets what is logged in its process; the next module's tests are not to see less for that."""
    loggers = [logging.getLogger(name) for name in (None, *OURS)]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="session")
def redis_url(worker_number: int) -> Iterator[str]:
    """A Redis for this run. Tests that write want `redis_empty_url`."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield _redis_database(given, worker_number)
        return
    with running_redis() as server:
        yield server.url


@pytest.fixture
def redis_empty_url(redis_url: str) -> Iterator[str]:
    """The run's Redis with nothing in its database. It is flushed: point TEST_REDIS_URL at no live one."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
        yield redis_url
        client.flushdb()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The maintenance database of a PostgreSQL where this run may create databases of its own."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        url = make_url(given).set(drivername="postgresql+psycopg")
        yield url.render_as_string(hide_password=False)
        return
    with running_postgres() as server:
        yield server.url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """The name of a migrated database that others are copied from."""
    with stores.postgres_template(postgres_url) as name:
        yield name


@pytest.fixture
def postgres_databases(postgres_url: str, postgres_template: str) -> Iterator[stores.PostgresDatabases]:
    """A maker of databases, dropped when the test ends."""
    databases = stores.PostgresDatabases(postgres_url, postgres_template)
    yield databases
    databases.drop_all()


@pytest.fixture
def postgres_database(postgres_databases: stores.PostgresDatabases) -> Callable[[], str]:
    """Each call gives the URL of a new database without tables."""
    return postgres_databases.make


@pytest.fixture
def postgres_store(postgres_databases: stores.PostgresDatabases) -> str:
    """The URL of an empty store."""
    return postgres_databases.make(migrated=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/deep/down/store.sqlite3"  # whose directory has to be made
    databases: stores.PostgresDatabases = request.getfixturevalue("postgres_databases")
    return databases.make()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, on each kind of database."""
    if request.param == "sqlite":
        return stores.make_migrated(f"sqlite:///{tmp_path}/store.sqlite3")
    databases: stores.PostgresDatabases = request.getfixturevalue("postgres_databases")
    return databases.make(migrated=True)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of a store that the tests of a module share, empty at first, on each kind of database."""
    if request.param == "sqlite":
        yield stores.make_migrated(f"sqlite:///{tmp_path_factory.mktemp('shared')}/store.sqlite3")
        return
    server, template = (request.getfixturevalue(name) for name in ("postgres_url", "postgres_template"))
    databases = stores.PostgresDatabases(server, template)
    yield databases.make(migrated=True)
    databases.drop_all()


@pytest.fixture
def copied_database_url(shared_database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a copy of it. Nobody may be connected to the shared one."""
    if shared_database_url.startswith("sqlite:"):
        shared = Path(shared_database_url.removeprefix("sqlite:///"))
        assert not shared.with_name(f"{shared.name}-wal").exists(), "somebody is connected"
        return f"sqlite:///{shutil.copyfile(shared, tmp_path / 'copy.sqlite3')}"
    databases: stores.PostgresDatabases = request.getfixturevalue("postgres_databases")
    return databases.copy(shared_database_url)


@pytest.fixture(scope="session")
def worker_number() -> int:
    """Which of pytest-xdist's processes this is, from 0; they share the servers named from outside."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _redis_database(url: str, number: int) -> str:
    """The URL with its database number raised by `number`, so that parallel runs flush only their own."""
    address = urlsplit(url)
    if number == 0 or address.scheme not in {"redis", "rediss"}:
        return url
    first = int(address.path.strip("/") or 0)
    return urlunsplit(address._replace(path=f"/{first + number}"))
