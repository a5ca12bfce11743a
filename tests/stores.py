"""Empty stores, copied from one that was migrated once for the whole run.

Migrating takes twenty times as long as copying. What a migration does is tested where `empty_database_url` is asked
for; everything else starts from a copy. Each copy gets a name of its own, as a new store has.
"""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from service.store import Store, open_store


def open_migrated(url: str, read_url: str | None = None) -> Store:
    """The store of a URL, with all its tables; an SQLite file that is not there yet is copied, not migrated."""
    file = make_url(url).database
    if url.startswith("sqlite:") and file and not Path(file).exists():
        copy_template(Path(file))
    return open_store(url, migrate=True, read_url=read_url)


def make_migrated(url: str) -> str:
    """The same URL, its store there and closed."""
    open_migrated(url).close()
    return url


def copy_template(file: Path) -> None:
    """An empty store in a new SQLite file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(migrated_file(), file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE store_state SET name = ?", [uuid.uuid4().hex])


@cache
def migrated_file() -> Path:
    """The SQLite file that the others are copies of, made at its first use."""
    folder = Path(tempfile.mkdtemp(prefix="verbatim-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_store(f"sqlite:///{folder}/template.sqlite3", migrate=True).close()
    return folder / "template.sqlite3"


class PostgresDatabases:
    """Databases of one server, made for one test and dropped after it."""

    def __init__(self, server_url: str, template: str) -> None:
        self._server = make_url(server_url)
        self._template = template
        self._made: list[str] = []
        address = self._server.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(address, autocommit=True)

    def make(self, *, migrated: bool = False) -> str:
        """The URL of a new database: an empty store, or nothing at all."""
        name = f"verbatim_test_{uuid.uuid4().hex}"
        template = f' TEMPLATE "{self._template}" STRATEGY FILE_COPY' if migrated else ""
        self._made.append(name)
        self._connection.execute(f'CREATE DATABASE "{name}"{template}'.encode())
        made = self._server.set(database=name)
        if migrated:
            run_on(made, f"UPDATE store_state SET name = '{uuid.uuid4().hex}'")
        return made.render_as_string(hide_password=False)

    def copy(self, url: str) -> str:
        """The URL of a copy of a database that nobody is connected to, its name as a store included."""
        name = f"verbatim_test_{uuid.uuid4().hex}"
        self._made.append(name)
        statement = f'CREATE DATABASE "{name}" TEMPLATE "{make_url(url).database}" STRATEGY FILE_COPY'
        self._connection.execute(statement.encode())
        return self._server.set(database=name).render_as_string(hide_password=False)

    def drop_all(self) -> None:
        """Drop them, with their open connections."""
        with self._connection as connection:
            for name in self._made:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def run_on(url: URL, statement: str) -> None:
    """One statement, by itself, on a PostgreSQL database."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def postgres_template(server_url: str) -> Iterator[str]:
    """The name of a database with an empty store, for as long as the block lasts."""
    name = f"verbatim_template_{uuid.uuid4().hex}"
    server = make_url(server_url)
    run_on(server, f'CREATE DATABASE "{name}"')
    open_store(server.set(database=name).render_as_string(hide_password=False), migrate=True).close()
    yield name
    run_on(server, f'DROP DATABASE "{name}" WITH (FORCE)')
