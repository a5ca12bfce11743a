"""Texts without labels: a press release, a statement, an article. Who says what is read as in any article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.sources.joining import Piece, join_pieces
from service.sources.lines import Line
from service.sources.models import SourceTurn
from service.sources.transcripts.furniture import is_furniture
from service.sources.transcripts.labels import could_be_label, reads_as_name

LONGEST_READ: Final = 100_000  # characters of a text that quotations are looked for in
_LEAST_CONFIDENCE: Final = 0.5
_RELEASE: Final = re.compile(
    r"for immediate release|(?:press|news|media) release|(?:press|media) (?:contact|enquiries|inquiries)"
    r"|notes to editors?|embargoed until",
    re.IGNORECASE,
)
_BY: Final = re.compile(
    r"(?P<kind>Statement|Remarks|Speech|Address|Comments?|Testimony|Opening (?:remarks|statement))"
    r" (?:by|from|of) (?P<name>[^,;:(\n]{3,60}?)(?=$|[,;:(]| (?:on|at|to|in|before|about)\b)",
    re.MULTILINE | re.IGNORECASE,
)
_SPOKEN: Final = frozenset(("remarks", "speech", "address"))
_MARKS: Final = re.compile('[“”"«»„]')
NOBODY: Final = "No speakers are named: the words are taken as one text."
QUOTED: Final = "The file has no labels of speakers: who says what is read from its sentences."


@dataclass(frozen=True, slots=True)
class Prose:
    """Turns of a text without labels, its kind where it shows one, and a note on how it was read."""

    turns: tuple[SourceTurn, ...]
    kind: str | None
    notes: tuple[str, ...]


def read_prose(lines: Sequence[Line], text: str, author: str | None = None) -> Prose:
    """The words of quotations as turns of who says them, the others as the author's, or of nobody named."""
    kept = [line for line in lines if not is_furniture(line.text)]
    kind = "press_release" if is_press_release(text) else None
    said = _BY.search("\n".join(line.text for line in kept[:4]))
    if said is not None and could_be_label(said["name"]) and reads_as_name(said["name"]):
        author = said["name"].strip()
        kept = [line for line in kept if said[0] not in line.text]
        kind = "speech" if said["kind"].lower() in _SPOKEN else "statement"
    words = _as_text(kept)
    turns = join_pieces([Piece(author, words)])
    if len(words) > LONGEST_READ or _MARKS.search(words) is None:
        return Prose(turns, kind, () if author else (NOBODY,))
    divided = join_pieces(_divide(words, author))
    if all(turn.speaker == author for turn in divided):
        return Prose(turns, kind, () if author else (NOBODY,))
    return Prose(divided, kind, (QUOTED,))


def _as_text(lines: Sequence[Line]) -> str:
    """The paragraphs of lines; one that breaks off in mid-sentence goes on in the next."""
    out = ""
    parts: list[str] = []
    for line in lines:
        goes_on = not line.gap or (line.text[:1].islower() and not out.endswith((".", "!", "?", ":")))
        parts += ["" if not parts else " " if goes_on else "\n\n", line.text]
        out = line.text
    return "".join(parts)


def is_press_release(text: str) -> bool:
    """Whether a text calls itself a press release, or ends as one."""
    return _RELEASE.search(text[:3_000]) is not None or _RELEASE.search(text[-3_000:]) is not None


def _divide(words: str, author: str | None) -> Iterator[Piece]:
    """The text in order, divided where the words of a quotation begin and end."""
    from service.extraction.pipeline import extract  # the tagger: loaded where a text has quotations only
    from service.text import read_document

    position = 0
    for quotation in extract(read_document(words, "plain")).quotations:
        name = quotation.speaker.name
        if name is None or quotation.speaker.confidence < _LEAST_CONFIDENCE or quotation.type == "indirect":
            continue
        for passage in quotation.passages:
            if passage.start < position:
                continue
            yield Piece(author, _between(words[position : passage.start]), is_paragraph=True)
            yield Piece(name, words[passage.start : passage.end].strip(), is_paragraph=True)
            position = passage.end
    yield Piece(author, _between(words[position:]), is_paragraph=True)


def _between(words: str) -> str:
    """What stands between two quotations, without the marks around them."""
    return words.strip().strip('“”"«»„').strip()
