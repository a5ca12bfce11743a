"""`verbatim recheck`: which past verdicts would change?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import click

from schemas.answers import encode_json
from service.cli.examples import examples
from service.cli.lines import progress_bar, write_line
from service.cli.stores import current_store
from service.usecases.articles.recheck_verdicts import recheck_articles


@click.command(epilog=examples("verbatim recheck", "verbatim recheck --as-of 2026-01-31 > changed.ndjson"))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As if nothing later had been said.")
def recheck(as_of: datetime | None) -> None:
    """Print each stored verdict that would change.

    The quotations of all stored articles are judged again. A line of JSON each, with what was said then
    and what would be said under today's policy and sources. Stored answers stay as they were given.
    """
    quotes = changed = 0
    with current_store() as store, progress_bar("recheck", "article", store.stats().articles) as bar:
        for article in recheck_articles(store, as_of.date() if as_of else None):
            for change in article.changed:
                write_line(encode_json(asdict(change)))
            quotes += article.quotes
            changed += len(article.changed)
            bar.update(1)
    click.echo(f"{quotes:,} quotations judged anew: {changed:,} verdicts would change", err=True)
