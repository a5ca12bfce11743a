"""`verbatim check-draft`: a draft against the sources that it was written from."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from schemas.answers import present_analysis
from service import preflight
from service.cli.drafts.draft_page import render_page
from service.cli.drafts.draft_table import build_table
from service.cli.examples import examples
from service.cli.lines import logged_when_slow, progress_bar
from service.cli.stores import current_store
from service.errors import InvalidInput
from service.extraction.tagger.tagger import TAGGER
from service.settings import read_settings
from service.sources.models import MAX_SOURCES, SourceFileError
from service.sources.reading import MAX_FILE_BYTES, read_draft, read_source
from service.usecases.articles.analysis import Analysis, Article
from service.usecases.articles.check_draft import UNSTORED, NoStore, begin_check
from service.usecases.articles.given_sources import GivenSources, ReadSource, SentSource, describe_source
from service.usecases.articles.judge_quotes import JudgingStore

WORTH_MENDING: Final = 2  # the severity from which on the exit status is 1


@click.command(
    "check-draft",
    epilog=examples(
        "verbatim check-draft draft.docx --source interview.srt",
        "verbatim check-draft draft.md --source interview.txt --source release.html --format json",
        "verbatim check-draft draft.md --source interview.txt --html --output check.html",
        "verbatim check-draft - --source interview.txt < draft.txt",
    ),
)
@click.argument("draft")
@click.argument("more", nargs=-1, metavar="")
@click.option("--source", "sources", multiple=True, metavar="FILE", help="A source; several may be given.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="A table for people, the analysis as POST /v1/articles answers it, or a page.",
)
@click.option("--html", "form", flag_value="html", help="The same as --format html.")
@click.option("--output", "-o", type=click.Path(dir_okay=False), help="Write to a file.")
def check_draft(
    draft: str, more: Sequence[str], sources: Sequence[str], form: str, output: str | None
) -> None:
    """Check a draft against its sources.

    The quotations of DRAFT are held against the files that it was written from.

    DRAFT and sources may be text, Markdown, HTML, Word, OpenDocument, RTF, PDF, e-mail, subtitles or a
    transcript as programs write it; DRAFT may be - for standard input. Sources that follow the first --source
    need no option of their own. Nothing is stored or sent anywhere. Earlier quotes are looked up where
    DATABASE_URL is set or there is a store already.

    Exit status: 0 where nothing is worth mending (no severity of 2 or more), 1 where something is, 2 where
    the check could not be made.
    """
    files = [*sources, *more]
    if not files:
        raise click.UsageError("give at least one --source to check the draft against")
    if len(files) > MAX_SOURCES:
        raise click.UsageError(f"at most {MAX_SOURCES} sources can be given")
    article = read_draft_file(draft)
    given = GivenSources.of([read_source_file(file, number) for number, file in enumerate(files)])
    analysis = analyse(article, given)
    write_answer(analysis, form, output)
    sys.exit(1 if analysis.summary.severity >= WORTH_MENDING else 0)


def read_draft_file(name: str) -> Article:
    """The draft as an article that is not stored. Raises InvalidInput."""
    data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1) if name == "-" else read_bytes(name)
    shown = None if name == "-" else Path(name).name
    try:
        read = read_draft(data, name=shown)
    except SourceFileError as error:  # its fault says the same again
        raise InvalidInput(str(error)) from error
    return Article(
        body=read.body, format=read.format, headline=read.title or shown, store=False, status="draft"
    )


def read_source_file(name: str, number: int) -> ReadSource:
    """A source. Raises InvalidInput."""
    data, shown = read_bytes(name), Path(name).name
    try:
        parsed = read_source(data, name=shown)
    except SourceFileError as error:
        raise InvalidInput(str(error)) from error
    return describe_source(parsed, SentSource(title=parsed.title or shown), number)


def read_bytes(name: str) -> bytes:
    """The bytes of a file, no more than one too many. Raises InvalidInput."""
    try:
        with Path(name).open("rb") as stream:
            return stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InvalidInput(f"{name}: {error.strerror or error}") from error


def analyse(article: Article, given: GivenSources) -> Analysis:
    """Judge the draft's quotations, telling on a terminal how far it is."""
    with logged_when_slow("loading the model"):
        TAGGER.get()
    with open_library() as (store, generation):
        judging = begin_check(store, article, given)
        quotes = []
        with progress_bar("check", "quote", len(judging.located)) as bar:
            for quote in judging:
                quotes.append(quote)
                bar.update(1)
        return judging.conclude(quotes, generation)


@contextmanager
def open_library() -> Iterator[tuple[JudgingStore, str]]:
    """The store that the environment names, with its generation; none where there is none yet."""
    file = preflight.sqlite_file(read_settings(os.environ).database_url)
    if "DATABASE_URL" not in os.environ and (file is None or not file.exists()):
        yield NoStore(), UNSTORED
        return
    with current_store() as store:
        yield store, store.generation()


def write_answer(analysis: Analysis, form: str, output: str | None) -> None:
    """Print the answer, or write it to a file."""
    if form == "text":
        table = build_table(analysis, shutil.get_terminal_size((100, 24)).columns)
        if output is None:
            click.echo(table)
            return
        data = click.unstyle(table).encode()
    else:
        data = present_analysis(analysis) if form == "json" else render_page(analysis).encode()
    if output is None:
        sys.stdout.buffer.write(data + b"\n")
        return
    try:
        Path(output).write_bytes(data + b"\n")
    except OSError as error:
        raise InvalidInput(f"{output}: {error.strerror or error}") from error
    click.echo(f"written to {output}", err=True)
