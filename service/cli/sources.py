"""`verbatim sources`: interviews, transcripts and statements to hold quotations against."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from schemas.answers import encode_json, present
from schemas.stored_sources import (
    ARROW,
    FORMATS,
    ListedSourceSchema,
    SourceHistorySchema,
    StoredSourceSchema,
    describe_line,
    describe_stored,
)
from service.cli.actor import find_actor
from service.cli.examples import examples
from service.cli.lines import write_line
from service.cli.stores import current_store
from service.errors import InvalidInput
from service.matching.sources import KINDS, read_kind
from service.sources.models import SourceTurn
from service.store.quotes.sources import MOST_COUNTED, ListedSource, SourceSearch
from service.store.sources.records import Changed, HistoryEntry, StoredSource
from service.usecases.stored_sources import SourceFacts, SourceFile, StoredSources

READ_AT_ONCE: Final = 100  # sources of a list
HISTORY_SHOWN: Final = 20  # entries


class KindType(click.ParamType[str]):
    """A kind of source in any spelling."""

    name = "kind"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The kind as it is known."""
        kind = read_kind(value)
        if kind is None:
            self.fail(f"{value!r} is none. There are: {', '.join(KINDS)}.", param, ctx)
        return kind


class RenamingType(click.ParamType[tuple[str, str]]):
    """A speaker's name as the file has it, and the right one: OLD=NEW."""

    name = "OLD=NEW"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The two names of an option's value `OLD=NEW`."""
        old, found, new = value.partition(ARROW)
        if not found or not new.strip():
            self.fail(f'{value!r} is not written as OLD=NEW, such as "Speaker 1=Tomas Hale".', param, ctx)
        return old.strip(), new.strip()


def read_day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    """The day of an option."""
    if value is None:
        return None
    with suppress(ValueError):
        if len(value) == len("2025-03-28"):
            return date.fromisoformat(value)
    raise click.BadParameter("write the day as 2025-03-28")


@click.group(
    epilog=examples(
        'verbatim sources add interview.srt --kind interview --speaker "Speaker 1=Tomas Hale"',
        "verbatim sources list",
        "verbatim sources show s0123456789abcdef",
    )
)
def sources() -> None:
    """Store and show interviews and transcripts."""


@sources.command(
    "add",
    epilog=examples(
        "verbatim sources add interview.docx --kind interview --date 2025-03-28",
        'verbatim sources add talk.srt --title "Talk at the town hall" --speaker "Speaker 1=Tomas Hale"',
        "verbatim sources add hearing-1.txt hearing-2.txt --kind hearing",
        "verbatim sources add - --title Statement --kind press_release < statement.txt",
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--title", help="What answers call it; the file's own title or name otherwise.")
@click.option("--kind", type=KindType(), help=f"What it is: {', '.join(KINDS)}.")
@click.option("--date", "day", callback=read_day, metavar="YYYY-MM-DD", help="When it was said or published.")
@click.option(
    "--speaker", "speakers", multiple=True, type=RenamingType(), help="Rename a speaker; repeat it."
)
@click.option("--uri", help="Its address. Another text at the same address replaces it.")
@click.option("--publisher", help="Who published it.")
@click.option("--format", "form", type=click.Choice(FORMATS[:-1]), default="auto", help="Seen otherwise.")
@click.option("--machine/--no-machine", default=None, help="Transcribed by a machine; seen otherwise.")
def add_sources(files: tuple[str, ...], day: date | None, speakers: Any, form: str, **told: Any) -> None:
    """Store sources: quotations are held against them from then on.

    FILE is plain text with speaker labels, Markdown, HTML, SRT, WebVTT, Whisper's JSON, DOCX, ODT, RTF, PDF
    with a text layer, or an e-mail; - is standard input. The same file again changes nothing. A file that
    cannot be read is reported with the place in it, and the others are stored; the exit status is then 1.
    """
    if len(files) > 1 and (told["title"] or told["uri"]):
        raise click.UsageError("--title and --uri are of one source: give one FILE with them.")
    facts = SourceFacts(**told, published_at=day, speakers=dict(speakers))
    failed = 0
    with opened_sources(to_grow=True) as stored:
        for file in files:
            try:
                changed = stored.add_file(read_file(file, form), facts, find_actor())
            except InvalidInput as error:
                failed += 1
                for detail in [fault.detail for fault in error.faults] or [str(error)]:
                    named = detail if detail.startswith(Path(file).name) else f"{file}: {detail}"
                    click.echo(f"verbatim: {named}", err=True)
                continue
            show_added(stored.get(changed.id), changed)
    if failed:
        sys.exit(1)


@sources.command(
    "list",
    epilog=examples(
        "verbatim sources list",
        "verbatim sources list --kind interview --words harbour",
        "verbatim sources list --json",
    ),
)
@click.option("--words", help="That are in the title or the address.")
@click.option("--kind", type=KindType(), help="Only of this kind.")
@click.option("--retracted", is_flag=True, help="Only those that were retracted.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def list_sources(words: str | None, kind: str | None, retracted: bool, as_json: bool) -> None:
    """Print the stored sources, the newest first: id, day, kind, title."""
    wanted = SourceSearch(kind=kind, words=words, retracted=retracted or None, with_articles=False)
    schema, shown = ListedSourceSchema(), 0
    with opened_sources() as stored:
        for source in iterate_sources(stored, wanted):
            shown += 1
            if as_json:
                write_line(present(schema, source))
            else:
                click.echo(describe_listed(source))
    if not shown:
        click.echo("no sources; verbatim sources add FILE stores one", err=True)


@sources.command(
    "show",
    epilog=examples(
        "verbatim sources show s0123456789abcdef",
        "verbatim sources show s0123456789abcdef --history",
        "verbatim sources show s0123456789abcdef --json",
    ),
)
@click.argument("source_id", metavar="ID")
@click.option("--history", is_flag=True, help="What was done to it, by whom and when, instead of its text.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show_source(source_id: str, history: bool, as_json: bool) -> None:
    """Print a source: what is known of it, and its turns with speakers and times."""
    with opened_sources() as stored:
        if history:
            page = stored.list_history(source_id, before=None, limit=HISTORY_SHOWN)
            if as_json:
                entries = [describe_line(entry) for entry in page.items]
                write_line(present(SourceHistorySchema(), {"entries": entries, "next": page.next_before}))
                return
            for entry in page.items:
                click.echo(describe_entry(entry))
            return
        source = stored.get(source_id)
    if as_json:
        write_line(encode_json(StoredSourceSchema().dump(describe_stored(source))))
        return
    show_facts(source)
    for turn in source.turns:
        click.echo(f"\n{describe_turn(turn)}")


@sources.command(
    "retract",
    epilog=examples('verbatim sources retract s0123456789abcdef --reason "The recording was forged"'),
)
@click.argument("public_id", metavar="ID")
@click.option("--reason", required=True, help="Why; kept in the history and shown with the source.")
def retract(public_id: str, reason: str) -> None:
    """Take a source, or a quote by its id, out of evidence; reviews of what rested on it are opened.

    The source can still be read, and `reinstate` undoes it. ID is that of a source (s...) or a quote (q...).
    """
    with opened_sources() as stored:
        act = stored.retract_quote if public_id.startswith("q") else stored.retract
        show_touched(public_id, "retracted", act(public_id, reason, find_actor()))


@sources.command("reinstate", epilog=examples("verbatim sources reinstate s0123456789abcdef"))
@click.argument("public_id", metavar="ID")
@click.option("--reason", help="Why; kept in the history.")
def reinstate(public_id: str, reason: str | None) -> None:
    """Undo the retraction of a source or a quote."""
    with opened_sources() as stored:
        act = stored.reinstate_quote if public_id.startswith("q") else stored.reinstate
        show_touched(public_id, "evidence again", act(public_id, reason, find_actor()))


@sources.command(
    "remove",
    epilog=examples('verbatim sources remove s0123456789abcdef --reason "Sent to us by mistake"'),
)
@click.argument("source_id", metavar="ID")
@click.option("--reason", help="Why; kept in the history.")
def remove(source_id: str, reason: str | None) -> None:
    """Delete a source with all its words, also those in its history.

    Who did it, when and why stays. Reviews of what rested on it are opened. `retract` takes a source out of
    evidence without deleting it.
    """
    with opened_sources() as stored:
        show_touched(source_id, "removed", stored.remove(source_id, reason, find_actor()))


@contextmanager
def opened_sources(to_grow: bool = False) -> Iterator[StoredSources]:
    """The stored sources of the store that the environment names."""
    with current_store(to_grow) as store:
        yield StoredSources(store.sources)


def read_file(file: str, form: str) -> SourceFile:
    """A file of the command line. Raises InvalidInput where it cannot be read."""
    if file == "-":
        return SourceFile(sys.stdin.buffer.read(), None, form)
    try:
        return SourceFile(Path(file).read_bytes(), Path(file).name, form)
    except OSError as error:
        raise InvalidInput((error.strerror or "cannot be read").lower()) from None


def iterate_sources(stored: StoredSources, wanted: SourceSearch) -> Iterator[ListedSource]:
    """All sources that are asked for."""
    cursor = None
    while True:
        page = stored.find_page(wanted, cursor, READ_AT_ONCE)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def show_added(source: StoredSource, changed: Changed) -> None:
    """Print the outcome of importing a file."""
    outcome = "stored" if changed.created else "replaced" if changed.changed else "stored already"
    click.echo(f"{source.id}  {outcome}")
    show_facts(source)
    show_verdicts(changed)


def show_facts(source: StoredSource) -> None:
    """Print the title, day, kind and history of a source."""
    origin = source.origin
    day = origin.published_at.isoformat() if origin.published_at else "no date"
    click.echo(f"  {origin.title or origin.uri} ({origin.kind.replace('_', ' ')}, {day})")
    told = [f"{len(source.turns):,} turns", f"{source.words:,} words"]
    if ends := [turn.end_s or turn.start_s for turn in source.turns if turn.start_s is not None]:
        told.append(f"{format_time(max(end or 0 for end in ends))} long")
    if source.machine:
        told.append("transcribed by a machine")
    click.echo(f"  {', '.join(told)}")
    counted = (f"{name or 'nobody named'} {turns:,}" for name, turns in source.speakers.items())
    click.echo(f"  speakers: {', '.join(counted)}")
    for note in source.notes:
        click.echo(f"  note: {note}")
    if source.retraction is not None:
        retraction = source.retraction
        click.echo(f"  RETRACTED {retraction.at:%Y-%m-%d} by {retraction.by}: {retraction.reason}")
    for quote in source.retracted_quotes:
        click.echo(f"  retracted {quote.id} in turn {quote.turn + 1}: {quote.retraction.reason}")


def show_touched(public_id: str, done: str, changed: Changed) -> None:
    """Print the change that was made and the stored verdicts that it affects."""
    click.echo(f"{public_id}  {done}")
    show_verdicts(changed)


def show_verdicts(changed: Changed) -> None:
    """Print the stored verdicts that a change affects."""
    touched = changed.touched
    if not touched.verdicts:
        return
    click.echo(f"  {touched.verdicts:,} stored verdicts rest on it, {touched.reviews:,} reviews were opened:")
    for article in touched.articles:
        click.echo(f"  {article.id}  {article.headline or article.uri or ''}")
    if touched.article_count > len(touched.articles):
        click.echo(f"  and {touched.article_count - len(touched.articles):,} articles more")


def describe_listed(source: ListedSource) -> str:
    """The line for a source in the output of `verbatim sources list`."""
    day = source.published_at.isoformat() if source.published_at else "-"
    counted = f"{min(source.quotes, MOST_COUNTED):,}{'+' if source.has_more else ''} sentences"
    mark = "  RETRACTED" if source.retraction else ""
    return f"{source.id}  {day:<10}  {source.kind:<13}  {source.title or source.uri}  ({counted}){mark}"


def describe_turn(turn: SourceTurn) -> str:
    """A turn as it is printed: time, speaker and words."""
    start = f"[{format_time(turn.start_s)}] " if turn.start_s is not None else ""
    speaker = f"{turn.speaker}: " if turn.speaker else ""
    return f"{start}{speaker}{turn.text}"


def describe_entry(entry: HistoryEntry) -> str:
    """The line for a change of a source in its printed history."""
    changed = ", ".join(name for name in entry.former if name != "evidence_class")
    parts = [f"{entry.at:%Y-%m-%d %H:%M}", entry.action.replace("_", " "), f"by {entry.by}"]
    if entry.reason:
        parts.append(f"“{entry.reason}”")
    if changed and entry.action == "changed":
        parts.append(f"({changed})")
    if entry.verdicts:
        parts.append(f"{entry.verdicts:,} verdicts rested on it")
    return "  ".join(parts)


def format_time(seconds: float) -> str:
    """Seconds as a clock shows them: 1:02:03, or 2:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
