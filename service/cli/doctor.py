"""`verbatim doctor`: is everything there that Verbatim needs?"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import click

from service import preflight
from service.cli.examples import examples
from service.errors import SettingsError, VerbatimError
from service.settings import Settings, read_settings

NEEDED_PYTHON: Final = (3, 11)
State = Literal["ok", "wrong", "-"]
COLOURS: Final = {"ok": "green", "wrong": "red", "-": None}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a check; "-" if the part is not used or could not be checked."""

    name: str
    state: State
    detail: str

    @classmethod
    def of(cls, name: str, fault: str | None, detail: str) -> Finding:
        """A fault, or a text if there is none."""
        return cls(name, "wrong" if fault else "ok", fault or detail)


@click.command(
    epilog=examples(
        "verbatim doctor",
        "DATABASE_URL=postgresql+psycopg://me:secret@db/verbatim verbatim doctor",
        "verbatim doctor && verbatim serve",
    )
)
def doctor() -> None:
    """Check this installation.

    A line for each check, and exit status 1 where something is wrong: Python, settings, the database
    (does it answer, is it migrated, can it be written), Redis, the port, disk space and the model files.
    Nothing is changed and no file is made.
    """
    wrong = 0
    for finding in find_all():
        state = click.style(f"{finding.state:<6}", fg=COLOURS[finding.state])
        click.echo(f"{state}{finding.name:<10}{finding.detail}")
        wrong += finding.state == "wrong"
    if wrong:
        click.echo(f"\n{wrong} of these {'is' if wrong == 1 else 'are'} wrong.", err=True)
        sys.exit(1)


def find_all() -> Iterator[Finding]:
    """Every finding, as soon as it is made."""
    yield check_python()
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        yield Finding("settings", "wrong", str(error))
        yield from (Finding(name, "-", "not checked: the settings are wrong") for name in CHECKS)
        yield check_models()
        return
    yield Finding("settings", "ok", describe_settings())
    for name, check in CHECKS.items():
        yield from check(name, settings)
    yield check_models()


def check_python() -> Finding:
    """Whether this Python is new enough."""
    version = f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.machine()}"
    is_old = sys.version_info[:2] < NEEDED_PYTHON
    return Finding.of(
        "Python", f"{version} is too old: install Python 3.11 or newer" if is_old else None, version
    )


def describe_settings() -> str:
    """Which settings differ from the defaults; their values may be secrets."""
    names = [name.upper() for name in Settings.__slots__ if os.environ.get(name.upper(), "").strip()]
    return f"set in the environment: {', '.join(names)}" if names else "all at their defaults"


def check_database(name: str, settings: Settings) -> Iterator[Finding]:
    """Whether the database answers, has the schema of this release, and can be written."""
    shown = preflight.describe_url(settings.database_url)
    file = preflight.sqlite_file(settings.database_url)
    if fault := preflight.check_database(settings.database_url):
        yield Finding(name, "wrong", fault)
    elif file is not None and not file.exists():
        yield Finding(name, "ok", f"{shown} does not exist yet: the first command that needs it makes it")
    else:
        yield Finding.of(name, ask_store(settings), f"{shown} answers, is migrated and can be written")


def ask_store(settings: Settings) -> str | None:
    """The fault of a store that answers; None if it has none."""
    from service.store import open_store  # it takes a second to load
    from service.store.engine.diagnosis import explain_failure

    try:
        store = open_store(settings.database_url)
        try:
            if store.migration_due():
                return "the database schema is not that of this release: run `verbatim migrate`"
            store.try_write()
        finally:
            store.close()
    except VerbatimError as error:
        return explain_failure(error) or str(error)
    return None


def check_redis(name: str, settings: Settings) -> Iterator[Finding]:
    """Whether Redis answers and takes values, where it is used."""
    if settings.redis_url is None:
        yield Finding(name, "-", "not used: REDIS_URL is not set")
        return
    from service.cache.diagnosis import diagnose_redis

    try:
        fault = preflight.check_redis(settings.redis_url) or diagnose_redis(settings.redis_url)
    except SettingsError as error:
        fault = str(error)
    yield Finding.of(name, fault, f"{preflight.describe_url(settings.redis_url)} answers and takes values")


def check_port(name: str, settings: Settings) -> Iterator[Finding]:
    """Whether the web server can listen, or does."""
    place = f"{settings.host}:{settings.port}"
    fault = preflight.check_port(settings.host, settings.port)
    if fault and preflight.is_verbatim(settings.host, settings.port):
        yield Finding(name, "ok", f"{place}: Verbatim is running there")
    else:
        yield Finding.of(name, fault, f"{place} is free")


def check_disk(name: str, settings: Settings) -> Iterator[Finding]:
    """Whether there is room on the disk of the store, or of this folder."""
    place = preflight.nearest(preflight.sqlite_file(settings.database_url) or Path.cwd())
    free = shutil.disk_usage(place).free
    yield Finding.of(name, preflight.check_space(place), f"{free / 1e9:,.1f} GB free at {place}")


def check_models() -> Finding:
    """Whether the model files are those of the release."""
    from service.model_files import find_faults, find_models

    folders = find_models()
    faults = [fault for folder in folders for fault in find_faults(folder)]
    faults += [] if folders else ["there are no model files"]
    advice = f"{'; '.join(faults)}. Install Verbatim anew" if faults else None
    return Finding.of("models", advice, f"{len(folders)} models, all files as released")


CHECKS: Final[dict[str, Callable[[str, Settings], Iterator[Finding]]]] = {
    "database": check_database,
    "Redis": check_redis,
    "port": check_port,
    "disk": check_disk,
}
