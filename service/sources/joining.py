"""From pieces (captions, lines, paragraphs) to turns: what one speaker says without a break, as one text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from service.english.word_frequency import load_word_bits
from service.sources.models import Cue, SourceTurn

_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’»)\]]*$")


_HYPHEN: Final = re.compile(r"[^\W\d_]-$")
_LETTERS: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one speaker in a row. `is_paragraph`: they begin a paragraph of the file."""

    speaker: str | None
    text: str
    start_s: float | None = None
    end_s: float | None = None
    is_question: bool = False
    is_paragraph: bool = False


@dataclass(slots=True)
class _Turn:
    speaker: str | None
    is_question: bool
    parts: list[str] = field(default_factory=list)
    length: int = 0
    cues: list[Cue] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        """Go on with the words of a piece, as one text."""
        if self.parts and _HYPHEN.search(self.parts[-1][-40:]) and _continues(piece):
            self._drop_hyphen(piece.text)
        elif self.parts:
            ended = piece.is_paragraph and _SENTENCE_END.search(self.parts[-1][-8:]) is not None
            self._append("\n\n" if ended else " ")
        if piece.start_s is not None:
            self.cues.append(Cue(self.length, piece.start_s, piece.end_s))
        self._append(piece.text)

    def _drop_hyphen(self, following: str) -> None:
        """A word broken at a line's end: without its hyphen where the whole is commoner than its parts."""
        bits = load_word_bits()
        head = self.parts[-1].rsplit(maxsplit=1)[-1].removesuffix("-").lower().lstrip("\"'“‘(")
        tail = _LETTERS.match(following.lower())
        if tail is not None and bits[head + tail[0]] < max(bits[head], bits[tail[0]]):
            self.parts[-1] = self.parts[-1].removesuffix("-")
            self.length -= 1

    def _append(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def finish(self) -> SourceTurn:
        """The turn as it is read so far; the end of a cue without one is where the next begins."""
        following = [*(cue.start_s for cue in self.cues[1:]), None]
        cues = [
            cue if cue.end_s is not None else Cue(cue.offset, cue.start_s, later)
            for cue, later in zip(self.cues, following, strict=False)
        ]
        return SourceTurn(
            self.speaker,
            "".join(self.parts),
            cues[0].start_s if cues else None,
            cues[-1].end_s if cues else None,
            tuple(cues),
            self.is_question,
        )


def _continues(piece: Piece) -> bool:
    """Whether a piece is the rest of a wrapped line: captions and paragraphs begin with a whole word."""
    return piece.start_s is None and not piece.is_paragraph and piece.text[:1].isalpha()


def join_pieces(pieces: Iterable[Piece]) -> tuple[SourceTurn, ...]:
    """Consecutive pieces of one speaker as one turn, in order. Pieces without words leave nothing."""
    return tuple(_end_at_the_next(list(_turns(pieces))))


def _turns(pieces: Iterable[Piece]) -> Iterator[SourceTurn]:
    turn: _Turn | None = None
    for piece in pieces:
        if not any(character.isalnum() for character in piece.text):
            continue
        if turn is None or (turn.speaker, turn.is_question) != (piece.speaker, piece.is_question):
            if turn is not None:
                yield turn.finish()
            turn = _Turn(piece.speaker, piece.is_question)
        turn.add(piece)
    if turn is not None:
        yield turn.finish()


def _end_at_the_next(turns: list[SourceTurn]) -> Iterator[SourceTurn]:
    """A turn without an end of its own ends where the next one starts."""
    for turn, following in zip(turns, [*turns[1:], None], strict=False):
        later = following.start_s if following is not None else None
        if turn.start_s is None or turn.end_s is not None or later is None or later < turn.start_s:
            yield turn
            continue
        last = turn.cues[-1]
        end = max(later, last.start_s)
        cues = (*turn.cues[:-1], Cue(last.offset, last.start_s, end))
        yield SourceTurn(turn.speaker, turn.text, turn.start_s, end, cues, turn.is_question)
