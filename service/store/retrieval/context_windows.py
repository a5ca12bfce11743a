"""Windows: hits with the words around them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, and_, select

from service.matching.models import Evidence, Origin, Utterance
from service.matching.sources import is_continuous
from service.store.engine.batch_sql import split_chunks
from service.store.engine.compiled_queries import SIZES, number_list, number_rows, run_compiled
from service.store.ingest.quote_drafts import FORMS
from service.store.records import format_key
from service.store.tables import quotes, speaker_names

NONE: Final[frozenset[int]] = frozenset()


@dataclass(slots=True)
class Window:
    """A stretch of one source."""

    source_id: int
    first: int
    last: int
    rank: int  # of its best hit: the order of windows that hold as much
    hits: set[int] = field(default_factory=set)
    coverage: dict[int, float] = field(default_factory=dict)  # by segment: the words of it that a hit holds

    @property
    def score(self) -> float:
        """Words of the text that the window's hits hold, each segment counted by its best."""
        return sum(self.coverage.values())


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a segment was found."""

    source_id: int
    position: int
    segment: int
    held: float  # words
    rank: int  # among the segment's hits


def merge_windows(
    hits: Iterable[Hit], origins: dict[int, Origin], radius: int, loose: Collection[int] = NONE
) -> list[Window]:
    """Hits with their surroundings; where these overlap or touch, one window.

    `loose` are sources whose quotes came in one by one: whatever they are, neighbours there were not said one
    after the other.
    """
    windows: list[Window] = []
    for hit in sorted(hits, key=lambda hit: (hit.source_id, hit.position)):
        origin = origins.get(hit.source_id)
        if origin is None:
            continue
        around = radius if is_continuous(origin.kind) and hit.source_id not in loose else 0
        first, last = max(0, hit.position - around), hit.position + around
        former = windows[-1] if windows else None
        apart = 1 if around else 0
        if former and former.source_id == hit.source_id and first <= former.last + apart:
            window = former
            window.last = max(window.last, last)
        else:
            window = Window(hit.source_id, first, last, hit.rank)
            windows.append(window)
        window.hits.add(hit.position)
        window.rank = min(window.rank, hit.rank)
        window.coverage[hit.segment] = max(window.coverage.get(hit.segment, 0.0), hit.held)
    return windows


def choose_windows(windows: list[Window], segments: int, limit: int) -> list[Window]:
    """The best windows, and in any case the best for each segment: both halves of a spliced quote."""
    ordered = sorted(windows, key=lambda window: (-window.score, window.rank))
    chosen = ordered[:limit]
    for segment in range(1, segments):
        best = max(ordered, key=lambda window: window.coverage.get(segment, 0.0))
        if best not in chosen:
            chosen.append(best)
    return chosen


def read_windows(
    connection: Connection, windows: Sequence[Window], origins: dict[int, Origin]
) -> list[Evidence]:
    """The stored words of the windows, in the windows' order."""
    rows = []
    for first, chunk in enumerate_chunks(windows, SIZES[-1]):
        size, parameters = number_list("source", [window.source_id for window in chunk])
        parameters |= number_list("first", [window.first for window in chunk])[1]
        # What pads the list up to its size must select nothing again.
        parameters |= {f"last_{number}": -1 for number in range(size)}
        parameters |= {f"last_{number}": window.last for number, window in enumerate(chunk)}
        rows += [
            (first + row[0], *row[1:])
            for row in run_compiled(connection, build_window_query, size, parameters)
        ]
    utterances: dict[int, list[Utterance]] = {}
    for row in sorted(rows, key=itemgetter(0, 6)):
        utterances.setdefault(row[0], []).append(read_utterance(row))
    return [
        Evidence(origins[window.source_id], tuple(utterances[number]), frozenset(window.hits))
        for number, window in enumerate(windows)
        if number in utterances
    ]


def read_utterance(row: Sequence[Any]) -> Utterance:
    """A row of `build_window_query` as the matching layer takes it."""
    _, key, text, speaker, day, turn, position, form, start_s, end_s = row
    said_at = date.fromordinal(day) if day else None
    return Utterance(
        format_key(key), text, speaker, said_at, turn, position, FORMS[form], start_s=start_s, end_s=end_s
    )


def enumerate_chunks(windows: Sequence[Window], size: int) -> Iterator[tuple[int, Sequence[Window]]]:
    """The windows in runs of `size`, each with the number of its first."""
    for number, chunk in enumerate(split_chunks(windows, size)):
        yield number * size, chunk


def build_window_query(size: int) -> Select[Any]:
    """The quotes of source `source_i` at `first_i` … `last_i`, with the window's number i."""
    windows = number_rows("windows", size, source=Integer, first=Integer, last=Integer)
    return (
        select(
            windows.c.number,
            quotes.c.key, quotes.c.text, speaker_names.c.name, quotes.c.day, quotes.c.turn,
            quotes.c.position, quotes.c.form, quotes.c.start_s, quotes.c.end_s,
        )
        .select_from(windows)
        .join(
            quotes,
            and_(
                quotes.c.source_id == windows.c.source,
                quotes.c.position.between(windows.c.first, windows.c.last),
            ),
        )
        .join(speaker_names, speaker_names.c.id == quotes.c.speaker_id, isouter=True)
    )  # fmt: skip
