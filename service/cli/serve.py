"""`verbatim serve`, the web server, and `verbatim worker`, work in the background."""

from __future__ import annotations

import os
import sys

import click

from service import preflight
from service.cli.examples import examples
from service.errors import SettingsError
from service.settings import ACCESS_MEANS, Settings, read_settings


@click.command(
    epilog=examples(
        "verbatim serve",
        "verbatim serve --port 8080",
        "DATABASE_URL=sqlite:////srv/verbatim.sqlite3 WEB_CONCURRENCY=4 verbatim serve",
    )
)
@click.option("--port", type=click.IntRange(0, 65_535), help="Instead of PORT.")
def serve(port: int | None) -> None:
    """Serve the web pages and the HTTP API.

    gunicorn listens on HOST:PORT (127.0.0.1:8000). The port, the database, Redis where it is set, and
    disk space are checked first. Stop it with Ctrl+C.
    """
    if port is not None:
        os.environ["PORT"] = str(port)
    settings = read_settings(os.environ)
    require(preflight.check_port(settings.host, settings.port))
    require_servers(settings)
    from service.cli.stores import current_store  # it takes a second to load

    with current_store(to_grow=True) as store:  # makes or migrates an SQLite file once, not in each process
        has_keys = bool(store.keys.find_all())
    access_text = ACCESS_MEANS[settings.access]
    if settings.access == "locked" and not has_keys:
        access_text += "; there is none yet"
    click.echo(f"Verbatim is {access_text}", err=True)
    click.echo(f"Verbatim starts on http://{settings.host}:{settings.port} (the API: /docs)", err=True)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:service.gunicorn_config",
        "service.wsgi:app",
    ]
    os.execv(sys.executable, command)  # noqa: S606  a fixed command, no shell


@click.command(
    epilog=examples("verbatim worker", "REDIS_URL=redis://127.0.0.1:6379/0 verbatim worker --burst")
)
@click.option("--burst", is_flag=True, help="End when there is nothing left to do.")
def worker(burst: bool) -> None:
    """Do queued work and deliver to webhooks.

    It runs until it is stopped, and needs REDIS_URL.
    """
    settings = read_settings(os.environ)
    if settings.redis_url is None:
        raise SettingsError(
            "REDIS_URL is not set: without it there is no queue to work on. "
            "Start Redis and set, for example, REDIS_URL=redis://127.0.0.1:6379/0"
        )
    database = preflight.check_database(settings.database_url)
    if settings.database_url.startswith("sqlite"):
        require(database)  # a file does not come back by itself, as a server does
        database = None
    for fault in filter(None, (database, preflight.check_redis(settings.redis_url))):
        click.echo(f"verbatim: {fault}. The worker waits for it", err=True)
    command = [sys.executable, "-m", "service.worker", *(["--burst"] if burst else [])]
    os.execv(sys.executable, command)  # noqa: S606  a fixed command, no shell


def require_servers(settings: Settings) -> None:
    """End where the database or Redis is not there when the web server starts; later, it waits for them."""
    require(preflight.check_database(settings.database_url))
    if settings.redis_url is not None:
        require(preflight.check_redis(settings.redis_url))


def require(fault: str | None) -> None:
    """Raise what a check found."""
    if fault:
        raise SettingsError(fault)
