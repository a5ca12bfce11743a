"""`verbatim import speakers`: known people into the registry."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import BinaryIO, Final

import click

from schemas.speakers import SpeakerInputSchema, explain_ambiguous
from service.cli.lines import Reader, progress_bar
from service.people.person import Person
from service.store import Store
from service.store.people.records import Edit

SAVED_AT_ONCE: Final = 1_000
ACTOR: Final = "verbatim import"


def import_speakers(store: Store, stream: BinaryIO, size: int | None) -> Reader:
    """Import the people of a stream of `size` bytes, and say what was done.

    A record that may describe several known people is left out and reported, like a bad line.
    """
    reader = Reader(SpeakerInputSchema())
    outcomes = Counter[str]()
    with progress_bar("import speakers", "B", size) as bar:
        reader.progress = bar.update
        waiting: list[tuple[int, Person]] = []
        for person in reader.records(stream):
            waiting.append((reader.number, person))
            if len(waiting) == SAVED_AT_ONCE:
                outcomes.update(save_speakers(store, reader, waiting))
                waiting = []
        if waiting:
            outcomes.update(save_speakers(store, reader, waiting))
    click.echo(
        f"{outcomes.total():,} speakers read: {outcomes['added']:,} added, {outcomes['changed']:,} changed, "
        f"{outcomes['unchanged']:,} were there already",
        err=True,
    )
    return reader


def save_speakers(store: Store, reader: Reader, waiting: Sequence[tuple[int, Person]]) -> list[str]:
    """Store people with the numbers of their lines; the outcome of each."""
    edit = Edit(ACTOR, time.time())
    imported = store.people.save_imported([person for _, person in waiting], edit)
    for (number, _), one in zip(waiting, imported, strict=True):
        if one.outcome == "ambiguous":
            reader.report(number, explain_ambiguous(one))
    return [one.outcome for one in imported]
