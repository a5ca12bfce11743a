"""Turns given as JSON: `[{"speaker", "text", "start_s", "end_s"}]`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from service.sources.joining import Piece, join_pieces
from service.sources.lines import clean_words
from service.sources.models import SourceTurn, fault_in_file
from service.sources.questions import mark_questions


def turns_from_mappings(
    turns: Iterable[Mapping[str, Any]], name: str | None = None
) -> tuple[SourceTurn, ...]:
    """The turns that such mappings give; neighbours of one speaker are one turn.

    Raises:
        SourceFileError: one is no mapping, or has no words.
    """
    pieces = []
    for position, turn in enumerate(turns, start=1):
        text = turn.get("text") if isinstance(turn, Mapping) else None
        if not isinstance(text, str):
            raise fault_in_file(name, f"turn {position}", 'is not written as {"speaker": …, "text": …}.')
        words = "\n\n".join(
            part for raw in text.split("\n\n") if (part := " ".join(clean_words(raw).split()))
        )
        speaker = turn.get("speaker")
        pieces.append(
            Piece(
                " ".join(speaker.split()) or None if isinstance(speaker, str) else None,
                words,
                read_seconds(turn.get("start_s")),
                read_seconds(turn.get("end_s")),
                turn.get("is_question") is True,
                is_paragraph=True,
            )
        )
    return mark_questions(join_pieces(pieces))


def read_seconds(value: object) -> float | None:
    """Seconds as JSON gives them; None for what is no time."""
    if isinstance(value, str):
        try:
            value = float(value.removesuffix("s"))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds < 1e7 else None
