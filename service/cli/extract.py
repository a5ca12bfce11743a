"""`verbatim extract`: quotations of articles. Needs no database."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from schemas.answers import EXTRACT, present
from schemas.articles import ExtractInputSchema
from service.cli.examples import examples
from service.cli.lines import Reader, end_with, logged_when_slow, open_input, progress_bar, write_line
from service.extraction import Acts, extract
from service.extraction.tagger.tagger import TAGGER
from service.text import Document, read_document
from service.text.charset import decode_page
from service.text.document import Format
from service.usecases.articles.analysis import LocatedQuote, locate_quote

FORMAT_OF_SUFFIX: dict[str, Format] = {".html": "html", ".htm": "html", ".md": "markdown"}


@click.command(
    "extract",
    epilog=examples(
        "verbatim extract article.md",
        "verbatim extract - < article.txt",
        "verbatim extract --ndjson < articles.ndjson > results.ndjson",
    ),
)
@click.argument("file", default="-")
@click.option(
    "--acts",
    type=click.Choice(["reported", "all"]),
    default="reported",
    show_default=True,
    help='"all" also gives what looks like a quotation but reports no words, with the act "none".',
)
@click.option("--ndjson", is_flag=True, help='Lines of {"id","text","format"?} in, the same with quotes out.')
def extract_command(file: str, ndjson: bool, acts: Acts) -> None:
    """Find the quotations of an article.

    FILE may be - for standard input. The format follows the file's name: .html, .md, anything else is
    plain text.
    """
    with logged_when_slow("loading the model"):
        TAGGER.get()
    if ndjson:
        extract_lines(file, acts)
    else:
        show_quotes(file, acts)


def extract_lines(file: str, acts: Acts = "reported") -> None:
    """Answer each line with its quotes, in order."""
    reader = Reader(ExtractInputSchema())
    with open_input(file) as stream, progress_bar("extract", "article") as bar:
        for record in reader.records(stream):
            document = read_document(record["text"], record["format"], record.get("language"))
            write_line(present(EXTRACT, {"id": record["id"], **extract_members(document, acts)}))
            bar.update(1)
    end_with(reader)


def extract_members(document: Document, acts: Acts = "reported") -> dict[str, object]:
    """What extraction says of a document, as members of an answer."""
    found = extract(document, on=document.metadata.published, acts=acts)
    return {
        "text": document.text,
        "language": found.language,
        "notes": found.notes,
        "engine": found.engine,
        "quotes": [locate_quote(document.text, quotation) for quotation in found.quotations],
    }


def show_quotes(file: str, acts: Acts = "reported") -> None:
    """Print an article's quotations for a person."""
    format = FORMAT_OF_SUFFIX.get(Path(file).suffix.lower(), "plain")
    with open_input(file) as stream:
        body = stream.read()
    try:
        text = decode_page(body) if format == "html" else body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: not UTF-8 at byte {error.start}") from error
    document = read_document(text, format, None)
    members = extract_members(document, acts)
    quotes: list[LocatedQuote] = members["quotes"]  # type: ignore[assignment]
    for quote in quotes:
        click.echo(describe_quote(quote))
    for note in members["notes"]:  # type: ignore[attr-defined]
        click.echo(f"note: {note}", err=True)
    if not quotes:
        click.echo("no quotations found", err=True)
    sys.stdout.flush()


def describe_quote(quote: LocatedQuote) -> str:
    """A quotation in a few lines: who, how it is said, the words."""
    source = f" ({quote.source.text})" if quote.source and quote.source.text != quote.speaker.name else ""
    via = f", via {quote.via.name}" if quote.via and quote.via.name else ""
    who = (quote.speaker.name or "speaker unresolved") + source + via
    place = f"{quote.selector[1].start}-{quote.selector[1].end}"
    return f"{click.style(who, bold=True)}  [{quote.type}, {quote.act}, {place}]\n  {quote.content.text}\n"
