"""`verbatim serve`, the web server, and `verbatim worker`, work in the background."""

from __future__ import annotations

import os
import sys

import click

from service.cli.stores import current_store
from service.errors import SettingsError
from service.settings import ACCESS_MEANS, read_settings


@click.command()
@click.option("--port", type=int, help="Instead of PORT.")
def serve(port: int | None) -> None:
    """Serve the HTTP API under gunicorn on HOST:PORT (127.0.0.1:8000)."""
    if port is not None:
        os.environ["PORT"] = str(port)
    settings = read_settings(os.environ)
    with current_store() as store:  # creates or migrates an SQLite file once, before several processes would
        has_keys = bool(store.keys.find_all())
    told = ACCESS_MEANS[settings.access_mode]
    if settings.access_mode == "locked" and not has_keys:
        told += "; there is none yet"
    click.echo(f"Verbatim is {told}", err=True)
    click.echo(f"Verbatim serves on http://{settings.host}:{settings.port} (the API: /docs)", err=True)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:service.gunicorn_config",
        "service.wsgi:app",
    ]
    os.execv(sys.executable, command)  # noqa: S606  a fixed command, no shell


@click.command()
@click.option("--burst", is_flag=True, help="End when there is nothing left to do.")
def worker(burst: bool) -> None:
    """Do queued work and tell webhooks the news, until stopped. Needs REDIS_URL."""
    settings = read_settings(os.environ)
    if settings.redis_url is None:
        raise SettingsError("REDIS_URL is not set: without it there is no queue to work on")
    command = [sys.executable, "-m", "service.worker", *(["--burst"] if burst else [])]
    os.execv(sys.executable, command)  # noqa: S606  a fixed command, no shell
