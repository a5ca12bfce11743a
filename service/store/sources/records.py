"""Records of stored sources, and how their public ids are written."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from service.matching.models import Origin
from service.sources.models import Cue, SourceTurn

MAX_TITLE: Final = 500  # characters; the same for an address, a publisher and a speaker
MAX_REASON: Final = 2_000
_PUBLIC_ID: Final = re.compile(r"s[0-9a-f]{16}")
_MASK_64: Final = (1 << 64) - 1

Action = Literal[
    "added", "replaced", "changed", "retracted", "reinstated", "quote_retracted", "quote_reinstated",
    "removed",
]  # fmt: skip
WayIn = Literal["transcript", "quotes", "article"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes a source: the name of an API key with its public id, or who runs a command."""

    name: str
    key_id: str | None = None


UNKNOWN_ACTOR: Final = Actor("unknown")


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to store, with its turns in order.

    Without `uri` the words of the turns identify it, so the same again is the same source.
    """

    title: str
    kind: str  # of `service.matching.sources`
    turns: tuple[SourceTurn, ...]
    format: str
    uri: str | None = None
    publisher: str = ""
    published_at: date | None = None
    machine: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retraction:
    """Why something is no evidence any more, since when, and who decided it."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class RetractedQuote:
    """A single quote that was taken out of evidence. `turn` is the number of its turn."""

    id: str
    text: str
    speaker: str | None
    turn: int
    retraction: Retraction


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A stored source with its turns. Every change of it changes `revision`."""

    id: str
    origin: Origin
    way_in: WayIn
    turns: tuple[SourceTurn, ...]
    format: str | None = None  # None: imported
    machine: bool = False
    notes: tuple[str, ...] = ()
    revision: str = ""
    created_at: datetime | None = None  # None: imported before this was noted
    updated_at: datetime | None = None
    added_by: str | None = None
    retraction: Retraction | None = None
    retracted_quotes: tuple[RetractedQuote, ...] = ()
    article_id: str | None = None  # whose quotations these are
    has_more: bool = False  # the turns are the first `MOST_TURNS`

    @property
    def speakers(self) -> dict[str | None, int]:
        """The number of turns of each speaker, in the order of their first."""
        return dict(Counter(turn.speaker for turn in self.turns))

    @property
    def words(self) -> int:
        """The number of words of all turns."""
        return sum(len(turn.text.split()) for turn in self.turns)


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What is to change of a source. None leaves a member as it is.

    `speakers` gives former names their new ones; "" stands for turns without a speaker.
    """

    title: str | None = None
    uri: str | None = None
    publisher: str | None = None
    kind: str | None = None
    published_at: date | None = None
    clears_date: bool = False
    machine: bool | None = None
    speakers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TouchedArticle:
    """An article whose newest analysis shows a source, with the ids of the quotations that do."""

    id: str
    uri: str | None
    headline: str | None
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """The stored verdicts that rest on a source; `articles` are the first of them."""

    verdicts: int = 0
    article_count: int = 0
    articles: tuple[TouchedArticle, ...] = ()
    reviews: int = 0  # opened


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change: the id of the source, whether anything changed, and the verdicts it touches."""

    id: str
    created: bool = False
    changed: bool = True
    touched: Touched = Touched()


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of a source. `former` holds the changed members as they were."""

    number: int
    action: Action
    at: datetime
    by: str
    key_id: str | None
    reason: str | None
    former: Mapping[str, Any]
    verdicts: int


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some of a source's changes, the newest first; `next_before` asks for more."""

    items: tuple[HistoryEntry, ...]
    next_before: int | None


def format_source_id(key: int) -> str:
    """The public id of a source with this key: "s" and 16 hexadecimal digits."""
    return f"s{key & _MASK_64:016x}"


def parse_source_id(public_id: str) -> int | None:
    """The key of a public id, None where it is none."""
    if not _PUBLIC_ID.fullmatch(public_id):
        return None
    number = int(public_id[1:], 16)
    return number - (1 << 64) if number >> 63 else number


def name_by_words(turns: tuple[SourceTurn, ...]) -> str:
    """The identifier of a source without an address: a hash of its words."""
    digest = hashlib.sha256()
    for turn in turns:
        digest.update(turn.text.encode("utf-8", "surrogatepass") + b"\x00")
    return f"urn:sha256:{digest.hexdigest()}"


def write_turns(turns: tuple[SourceTurn, ...]) -> str:
    """Turns as JSON, as short as that goes."""
    return json.dumps([_write_turn(turn) for turn in turns], ensure_ascii=False, separators=(",", ":"))


def _write_turn(turn: SourceTurn) -> dict[str, Any]:
    members = {
        "speaker": turn.speaker,
        "text": turn.text,
        "start_s": turn.start_s,
        "end_s": turn.end_s,
        "cues": [[cue.offset, cue.start_s, cue.end_s] for cue in turn.cues] or None,
        "is_question": turn.is_question or None,
    }
    return {name: value for name, value in members.items() if value is not None}


def read_turns(written: str) -> tuple[SourceTurn, ...]:
    """The turns in a text that `write_turns` made."""
    return tuple(
        SourceTurn(
            turn.get("speaker"),
            turn["text"],
            turn.get("start_s"),
            turn.get("end_s"),
            tuple(Cue(*cue) for cue in turn.get("cues", ())),
            turn.get("is_question", False),
        )
        for turn in json.loads(written)
    )
