"""What `verbatim` says without a command: where the store is, how large, and what to do next."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

import service
from service import preflight
from service.errors import VerbatimError
from service.settings import read_settings

NEXT = {
    "verbatim serve": "the web pages and the API, at http://{place}",
    'verbatim check "ask what your country can do for you"': "were those the words?",
    "verbatim extract article.md": "who is quoted in an article",
    "verbatim import quotes quotes.ndjson": "add your own quotes",
    "verbatim stats": "what the store holds",
    "verbatim doctor": "check this installation",
    "verbatim --help": "all commands; `verbatim COMMAND --help` has examples",
}
TRY = {"verbatim sample load": "46 bundled quotes, to try it on"}


def show_status() -> None:
    """Print the state of the store. Nothing is created, and an unavailable store is no error."""
    settings = read_settings(os.environ)
    size, is_empty = describe_store(settings.database_url)
    click.echo(f"Verbatim {service.__version__}: who said it, when, and were those the words?\n")
    click.echo(f"Store  {preflight.describe_url(settings.database_url)}\n       {size}\n")
    click.echo("Next")
    for command, purpose in {**(TRY if is_empty else {}), **NEXT}.items():
        called = command.replace("verbatim", program(), 1)
        click.echo(f"  {called:<66}{purpose.format(place=f'{settings.host}:{settings.port}')}")


def program() -> str:
    """The command to run this program: its name if that is on the PATH, else its path."""
    called = Path(sys.argv[0])
    if called.name != "verbatim" or shutil.which("verbatim"):
        return "verbatim"
    return os.path.relpath(called)


def describe_store(url: str) -> tuple[str, bool]:
    """How large the store is and what it holds, in a line; and whether it is empty, as far as is known."""
    file = preflight.sqlite_file(url)
    if fault := preflight.check_database(url):
        return fault, False
    if file is not None and not file.exists():
        return "does not exist yet: the first command that needs it makes it", True
    from service.store import open_store  # it takes a second to load
    from service.store.engine.diagnosis import explain_failure

    try:
        store = open_store(url)
        try:
            if store.migration_due():
                return "needs `verbatim migrate` before this release can use it", False
            held, size = store.stats(), store.size_bytes()
        finally:
            store.close()
    except VerbatimError as error:
        return explain_failure(error) or str(error), False
    counts = f"{held.quotes:,} quotes, {held.articles:,} articles, {held.factchecks:,} fact-checks"
    return f"{show_bytes(size)}, {counts}", not held.quotes


def show_bytes(size: int) -> str:
    """A size as people write it, such as 1.3 MB."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{size / scale:,.1f} {unit}"
    return f"{size} bytes"
