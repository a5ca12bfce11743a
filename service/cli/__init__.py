"""The command line: `verbatim COMMAND`."""

from __future__ import annotations

import os
import sys
from typing import Final

import click

import service
from service.cli.examples import examples
from service.cli.lazy import LazyGroup
from service.cli.status import show_status
from service.errors import InvalidInput, StoreUnavailable, VerbatimError

COMMANDS: Final = {
    "extract": "service.cli.extract:extract_command",
    "import": "service.cli.importing.imports:import_command",
    "sources": "service.cli.sources:sources",
    "check": "service.cli.check:check",
    "check-draft": "service.cli.drafts.check_draft:check_draft",
    "recheck": "service.cli.recheck:recheck",
    "serve": "service.cli.serve:serve",
    "worker": "service.cli.serve:worker",
    "mcp": "service.cli.mcp:mcp",
    "doctor": "service.cli.doctor:doctor",
    "stats": "service.cli.stores:stats",
    "export": "service.cli.stores:export",
    "index": "service.cli.index:index",
    "migrate": "service.cli.stores:migrate",
    "sample": "service.cli.sample:sample",
    "backup": "service.cli.backup:backup",
    "restore": "service.cli.backup:restore_command",
    "keys": "service.cli.keys:keys",
    "people": "service.cli.people:people",
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "verbatim sample load",
        "verbatim serve",
        'verbatim check "ask what your country can do for you" --speaker Kennedy',
        "verbatim import --help",
    ),
)
@click.version_option(service.__version__, prog_name="verbatim")
@click.pass_context
def commands(context: click.Context) -> None:
    """Who said it, when, and were those the words?

    Without a command: where the store is, how large, and what to do next.

    Settings come from the environment: DATABASE_URL (an SQLite file by default), REDIS_URL, PORT,
    WEB_CONCURRENCY, LOG_LEVEL and a few more; deploy/environment.example lists them all.
    """
    if context.invoked_subcommand is None:
        show_status()


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
    """Print the error and what to do, and exit."""
    message = str(error)
    if isinstance(error, StoreUnavailable):
        from service.store.engine.diagnosis import explain_failure

        message = explain_failure(error) or message
    click.echo(f"verbatim: {message}", err=True)
    sys.exit(2)
