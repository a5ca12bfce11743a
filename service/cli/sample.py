"""`verbatim sample`: the bundled quotes and article, to try the service on."""

from __future__ import annotations

from importlib.resources import files

import click

from service.cli.examples import examples
from service.cli.importing.imports import import_stream
from service.cli.stores import current_store
from service.store import Store

SAMPLE = files("service.sample")


@click.group(epilog=examples("verbatim sample load", "verbatim sample article > article.json"))
def sample() -> None:
    """Bundled quotes, and an article to check.

    The article quotes some of them, rightly and wrongly.
    """


@sample.command("load", epilog=examples("verbatim sample load"))
def load_sample() -> None:
    """Add the bundled quotes to the store. Running it again adds nothing."""
    with current_store(to_grow=True) as store:
        import_samples(store)


def import_samples(store: Store) -> None:
    """Import both bundled files."""
    for kind in ("transcripts", "quotes"):
        with (SAMPLE / f"{kind}.ndjson").open("rb") as stream:
            import_stream(store, kind, stream)  # type: ignore[arg-type]


@sample.command(
    "article",
    epilog=examples("verbatim sample article > article.json"),
)
def print_article() -> None:
    """Print the bundled article as a request to POST /v1/articles."""
    click.echo((SAMPLE / "article.json").read_text(encoding="utf-8"), nl=False)
