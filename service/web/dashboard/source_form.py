"""The sources of a draft in the form: files that were read, with what their reader corrects in them."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage, MultiDict

from schemas.given_sources import SENT_KINDS, SourceInputSchema
from schemas.read_sources import dump_turns, load_turns
from schemas.validation_errors import find_faults
from service.errors import Fault, InvalidInput, NotFound
from service.matching.sources import read_kind
from service.sources.models import MAX_SOURCES, ParsedSource, SourceTurn
from service.sources.reading import read_source
from service.store.sources.records import StoredSource
from service.usecases.articles.given_sources import DEFAULT_KIND, SentSource

KIND_WORDS: Final[Mapping[str, str]] = {kind: kind.replace("_", " ").capitalize() for kind in SENT_KINDS}
PREVIEWED: Final = 3  # turns that a card shows
_NAME_LENGTH: Final = 300
_KEY_BYTES: Final = 6

FindKept = Callable[[str], StoredSource]  # raises NotFound


@dataclass(frozen=True, slots=True)
class SourceCard:
    """One source that was read. `key` distinguishes its fields from those of others.

    `kept` is the id of a stored source: it is sent by its id, and is changed on its own page alone.
    """

    key: str
    title: str
    kind: str
    published_at: str  # YYYY-MM-DD, or empty
    machine: bool
    turns: tuple[SourceTurn, ...] = field(repr=False)
    notes: tuple[str, ...] = ()
    kept: str = ""

    @property
    def carried(self) -> str:
        """The turns as the form carries them."""
        return json.dumps(dump_turns(self.turns), ensure_ascii=False, separators=(",", ":"))

    @property
    def speakers(self) -> list[tuple[str, int, bool]]:
        """Who speaks, how many turns, and whether they only ask; in the order of their first words."""
        counted = Counter(turn.speaker for turn in self.turns if turn.speaker)
        answers = {turn.speaker for turn in self.turns if not turn.is_question}
        return [(name, count, name not in answers) for name, count in counted.items()]

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(len(turn.text.split()) for turn in self.turns)

    @property
    def preview(self) -> Sequence[SourceTurn]:
        """The first turns of the source, shown before it is stored."""
        return self.turns[:PREVIEWED]

    @property
    def length_s(self) -> float | None:
        """Seconds of the recording, where the file has times."""
        ends = [turn.end_s or turn.start_s for turn in self.turns if turn.start_s is not None]
        return max((end for end in ends if end is not None), default=None)

    def to_sent(self) -> SentSource:
        """The source as the use cases take it. Raises ValidationError."""
        if self.kept:
            return SentSource(id=self.kept)
        described = {
            "title": self.title or None, "kind": self.kind, "published_at": self.published_at or None,
            "machine": self.machine, "text": "-",
        }  # fmt: skip
        sent: SentSource = SourceInputSchema().load(described)
        return replace(sent, text=None, turns=self.turns)


@dataclass(frozen=True, slots=True)
class SourcesForm:
    """All sources in the form, and what is wrong with them."""

    cards: tuple[SourceCard, ...] = ()
    pasted: str = ""
    faults: tuple[str, ...] = ()

    def to_sent(self) -> tuple[SentSource, ...]:
        """The sources as the use cases take them. Raises InvalidInput, the fault under `/sources`."""
        try:
            return tuple(card.to_sent() for card in self.cards)
        except ValidationError as error:
            [fault, *_] = find_faults(error.messages)
            raise InvalidInput("a source is not complete", (Fault("/sources", fault.detail),)) from None


def read_sources(
    fields: MultiDict[str, str], files: Sequence[FileStorage], find_kept: FindKept
) -> SourcesForm:
    """The sources as they were sent: those read before, then stored ones that were chosen, new files, and
    what was pasted.

    A source that cannot be read is told in `faults`; the others stay. Raises InvalidInput where a carried
    source is damaged.
    """
    dropped = fields.get("drop", "")
    faults: list[str] = []
    cards: list[SourceCard] = []
    for key in fields.getlist("source")[:MAX_SOURCES]:
        if key == dropped:
            continue
        kept = fields.get(f"source-{key}-kept", "")
        cards += find_cards([kept], find_kept, faults) if kept else [read_card(fields, key)]
    there = {card.kept for card in cards}
    cards += find_cards([one for one in fields.getlist("stored") if one not in there], find_kept, faults)
    pasted = fields.get("source_text", "").replace("\r\n", "\n")
    given = [(file.filename or "", file.stream.read()) for file in files if file.filename]
    if pasted.strip():
        given.append(("", pasted.encode()))
    failed_paste = ""
    for name, content in given:
        try:
            cards.append(card_of(read_source(content, name=name or None), name))
        except InvalidInput as error:
            faults.append(str(error))
            failed_paste = failed_paste or ("" if name else pasted)
    if len(cards) > MAX_SOURCES:
        faults.append(f"At most {MAX_SOURCES} sources are taken; the first {MAX_SOURCES} are kept.")
    return SourcesForm(tuple(cards[:MAX_SOURCES]), failed_paste, tuple(faults))


def find_cards(ids: Sequence[str], find_kept: FindKept, faults: list[str]) -> list[SourceCard]:
    """The cards of stored sources; what cannot be used is added to `faults`."""
    cards = []
    for kept in filter(None, ids):
        try:
            source = find_kept(kept)
        except NotFound:
            faults.append("A stored source that was chosen is no longer there.")
            continue
        if source.retraction is not None:
            faults.append(f"“{source.origin.title}” was retracted: nothing is checked against it.")
            continue
        cards.append(card_of_kept(kept, source))
    return cards


def card_of_kept(kept: str, source: StoredSource) -> SourceCard:
    """The card of a stored source."""
    return SourceCard(
        key=secrets.token_hex(_KEY_BYTES),
        title=source.origin.title,
        kind=source.origin.kind,
        published_at=str(source.origin.published_at or ""),
        machine=source.machine,
        turns=source.turns,
        kept=kept,
    )


def card_of(source: ParsedSource, name: str = "") -> SourceCard:
    """A new card for a source that was read from the file `name`."""
    return SourceCard(
        key=secrets.token_hex(_KEY_BYTES),
        title=(source.title or name.rpartition(".")[0] or name or "Pasted text")[:_NAME_LENGTH],
        kind=source.kind or DEFAULT_KIND,
        published_at=str(source.published_at or ""),
        machine=source.machine,
        turns=source.turns,
        notes=source.notes,
    )


def read_card(fields: MultiDict[str, str], key: str) -> SourceCard:
    """A card as it was sent, its speakers renamed. Raises InvalidInput where it is damaged."""

    def sent(name: str) -> str:
        return fields.get(f"source-{key}-{name}", "").strip()

    turns = load_turns(sent("turns"))
    old = fields.getlist(f"source-{key}-old")
    new = [name.strip()[:_NAME_LENGTH] for name in fields.getlist(f"source-{key}-new")]
    renamed = {before: after for before, after in zip(old, new, strict=False) if after and after != before}
    return SourceCard(
        key=key,
        title=sent("title")[:_NAME_LENGTH],
        kind=read_kind(sent("kind")) or DEFAULT_KIND,
        published_at=sent("date"),
        machine=sent("machine") == "1",
        turns=tuple(
            replace(turn, speaker=renamed[turn.speaker]) if turn.speaker in renamed else turn
            for turn in turns
        ),
        notes=tuple(fields.getlist(f"source-{key}-note")),
    )
