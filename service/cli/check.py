"""`verbatim check`: were those the words?"""

from __future__ import annotations

import sys
from datetime import datetime

import click

from schemas.answers import CHECK_LINE, encode_json, present_check
from schemas.check import CheckLineSchema
from service.cache import open_cache
from service.cli.examples import examples
from service.cli.lines import Reader, end_with, open_input, progress_bar, write_line
from service.cli.stores import current_store
from service.matching.labels import LABEL_TEXTS
from service.matching.models import Claim, Match, Said
from service.usecases.articles.analysis import CheckAnswer, CheckRequest
from service.usecases.check_quote import Checker

SHOWN_MATCHES = 3
COLOURS = ("green", None, "yellow", "red")  # by severity


@click.command(
    epilog=examples(
        'verbatim check "Power concedes nothing without demands" --speaker "Frederick Douglass"',
        'verbatim check "ask what your country can do for you" --date 2026-01-20',
        "verbatim check --ndjson < checks.ndjson > verdicts.ndjson",
    )
)
@click.argument("quote", default="-")
@click.option("--ndjson", is_flag=True, help='Lines of {"id","quote","speaker"?,"date"?} in, verdicts out.')
@click.option("--speaker", help="Whom the words are ascribed to.")
@click.option(
    "--date", "said_on", type=click.DateTime(["%Y-%m-%d"]), help="When they are said to have been said."
)
def check(quote: str, ndjson: bool, speaker: str | None, said_on: datetime | None) -> None:
    """Check the words of a quotation.

    QUOTE is looked up in the store; with --ndjson it is a file of quotations (- for standard input).
    """
    with current_store() as store:
        checker = Checker(store, open_cache(None), present_check)
        if ndjson:
            check_lines(checker, quote)
            return
        if quote == "-":
            quote = sys.stdin.read()
        if not quote.strip():
            raise click.UsageError("give the words to check, or --ndjson and a file")
        claim = Claim(quote.strip(), speaker, said_on.date() if said_on else None)
        show_answer(checker.answer(CheckRequest(claim), store.generation()))


def check_lines(checker: Checker, file: str) -> None:
    """Answer each line with its verdict, in order."""
    reader = Reader(CheckLineSchema())
    generation = checker.store.generation()
    with open_input(file) as stream, progress_bar("check", "quote") as bar:
        for line_id, request in reader.records(stream):
            answer = checker.answer(request, generation)
            write_line(encode_json({"id": line_id, **CHECK_LINE.dump(answer)}))
            bar.update(1)
    end_with(reader)


def show_answer(answer: CheckAnswer) -> None:
    """Print a verdict for a person."""
    verdict = answer.verdict
    changes = f" ({', '.join(verdict.changes)})" if verdict.changes else ""
    text = f"{LABEL_TEXTS[verdict.label]}{changes}"
    click.echo(click.style(text, bold=True, fg=COLOURS[verdict.severity]), nl=False)
    click.echo(f" · severity {verdict.severity}")
    click.echo(verdict.fidelity.replace("_", " "), nl=False)
    click.echo(f" · speaker {verdict.attribution} · {verdict.time}")
    click.echo(verdict.explanation)
    if verdict.said is not None:
        click.echo(f"\n  What was said: {describe_said(verdict.said)}")
    if verdict.correction is not None:
        click.echo(f"  As the quotation should stand: {verdict.correction}")
    for match in answer.matches[:SHOWN_MATCHES]:
        click.echo(f"\n  {match.speaker or 'unknown'}, {match.said_at or 'undated'}, {match.origin.title}")
        click.echo(f"  {match.origin.uri}")
        click.echo(f"  {describe_alignment(match)}")
    for found in answer.factchecks:
        click.echo(f"\n  {found.explanation}")
        click.echo(f"  {found.factcheck.title or found.factcheck.claim}\n  {found.factcheck.url}")


def describe_said(said: Said) -> str:
    """The record's own words, with who said them, when, and where in the recording."""
    at = f"at {said.start_s:.0f} s" if said.start_s is not None else None
    facts = [said.speaker, str(said.said_at or "undated"), at, said.origin.title or said.origin.uri]
    return f"{said.text} ({', '.join(fact for fact in facts if fact)})"


def describe_alignment(match: Match) -> str:
    """The aligned words: kept as they are, [-dropped-], {+added+}."""
    parts = []
    for step in match.alignment:
        theirs, ours = step.theirs.strip(), step.ours.strip()
        if step.op == "keep":
            parts.append(ours)
            continue
        parts += [f"[-{theirs}-]"] * bool(theirs) + [f"{{+{ours}+}}"] * bool(ours)
    return " ".join(parts)
