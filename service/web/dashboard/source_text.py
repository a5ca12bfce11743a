"""The sources of a draft as the answer's page has them: every turn with an address of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.sources.models import SourceTurn
from service.web.dashboard.source_form import SourceCard

_LOCATED_BY: Final = 60  # characters from the beginning of the words


@dataclass(frozen=True, slots=True)
class SourceText:
    """One source. `number` counts from 1."""

    number: int
    title: str
    turns: Sequence[SourceTurn]
    machine: bool

    @property
    def has_times(self) -> bool:
        """Whether a recording can be played from a turn on."""
        return any(turn.start_s is not None for turn in self.turns)

    def find(self, words: str, start_s: float | None = None) -> int | None:
        """The place of the turn that has these words, counted from 0; None where none has.

        Of several it is the one at `start_s`.
        """
        looked_for = " ".join(words[:_LOCATED_BY].split())
        having = [place for place, turn in enumerate(self.turns) if looked_for in " ".join(turn.text.split())]
        if start_s is None or len(having) < 2:
            return having[0] if having else None
        begun = [place for place in having if (self.turns[place].start_s or 0.0) <= start_s]
        return begun[-1] if begun else having[0]


@dataclass(frozen=True, slots=True)
class SourceTexts:
    """All sources of one draft, in the order in which they were given."""

    all: Sequence[SourceText] = ()

    @classmethod
    def of(cls, cards: Sequence[SourceCard]) -> SourceTexts:
        """The sources that are in the form."""
        return cls(
            [SourceText(number, card.title, card.turns, card.machine) for number, card in enumerate(cards, 1)]
        )

    def place(self, source: Mapping[str, Any], words: str, start_s: float | None = None) -> str | None:
        """The address on the page of what a match has from a given source; None for a stored one's."""
        number = source.get("number")
        if not source.get("given") or number is None or not 0 <= number < len(self.all):
            return None
        text = self.all[number]
        turn = text.find(words, start_s)
        if turn is None:
            return f"#s{text.number}"
        return f"#s{text.number}-t{turn + 1}"
