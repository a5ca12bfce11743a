"""`verbatim index`: optional indexes of the store."""

from __future__ import annotations

import click

from service.cli.examples import examples
from service.cli.lines import progress_bar
from service.cli.stores import current_store


@click.group(epilog=examples("verbatim index trigrams"))
def index() -> None:
    """Build optional indexes of the store."""


@index.command(epilog=examples("verbatim stats", "verbatim index trigrams"))
def trigrams() -> None:
    """Index triples of words as well as pairs, for stores of ten million quotes and more.

    In a store of that size a short fragment often has no rare pair of words, and is found slowly or not at
    all. Takes about 350 MB for each million quotes. The service may run meanwhile; new quotes are indexed as
    well. A run that was interrupted starts over when the command is given again.
    """
    with current_store() as store, progress_bar("index", "quote") as bar:
        added = store.add_trigrams(bar.update)
    click.echo(f"{added:,} quotes indexed" if added else "the triples are indexed already", err=True)
