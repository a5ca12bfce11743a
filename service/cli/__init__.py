"""The command line: `verbatim COMMAND`. What each command does is a use case; here it is parsed and shown."""

from __future__ import annotations

import os
import sys

import click

import service
from service.cli.backup import backup, restore_command
from service.cli.check import check
from service.cli.extract import extract_command
from service.cli.imports import import_command
from service.cli.index import index
from service.cli.keys import keys
from service.cli.recheck import recheck
from service.cli.sample import sample
from service.cli.serve import serve, worker
from service.cli.stores import export, migrate, stats
from service.errors import InvalidInput, VerbatimError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(service.__version__, prog_name="verbatim")
def commands() -> None:
    """Who said it, when, and were those the words?

    Settings come from the environment: DATABASE_URL (an SQLite file by default), REDIS_URL, PORT,
    WEB_CONCURRENCY, LOG_LEVEL and a few more; deploy/environment.example lists them all.
    """


for command in (
    extract_command,
    import_command,
    check,
    recheck,
    serve,
    worker,
    stats,
    export,
    index,
    migrate,
    sample,
    backup,
    restore_command,
    keys,
):
    commands.add_command(command)


def main() -> None:
    """Run a command; an error is one line that says what to do, and exit status 2."""
    try:
        commands(prog_name="verbatim")
    except InvalidInput as error:
        for fault in error.faults:
            click.echo(f"verbatim: {fault.pointer or 'input'}: {fault.detail}", err=True)
        fail(error)
    except VerbatimError as error:
        fail(error)
    except BrokenPipeError:
        # The reader (head, say) has seen enough. Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def fail(error: VerbatimError) -> None:
    """End with the error's own words."""
    click.echo(f"verbatim: {error}", err=True)
    sys.exit(2)
