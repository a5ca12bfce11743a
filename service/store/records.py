"""Records that the store takes and returns, and the ids of quotes and articles."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from service.matching.models import AlignmentStep, Form, Origin
from service.store.sources.records import UNKNOWN_ACTOR, Actor, NewSource
from service.text.span import Span

SourceRecord = Origin
"""A source as it is imported: the same facts that evidence shows of it."""

ArticleStatus = Literal["published", "draft"]
ANY: Final = "*"  # in a precondition: whichever version there is
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_PUBLIC_ID: Final = re.compile(r"q[0-9a-f]{16}")
_MASK_64: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class QuoteRecord:
    """One quotation of an article; `position` is its running number there."""

    text: str
    form: Form
    position: int
    speaker: str | None = None
    said_at: date | None = None
    passages: tuple[Span, ...] = ()  # the marked words within `text`, for a mixed quotation
    second_hand: bool = False


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article as analysed. `analysis` is the answer given, as JSON."""

    uri: str | None
    headline: str | None
    byline: str | None
    publisher: str | None
    published_at: datetime | None
    language: str | None
    text: str
    quotes: tuple[QuoteRecord, ...]
    analysis: str
    engine: str
    policy: str
    generation: str | None = None  # of the store that it was judged by
    status: ArticleStatus = "published"
    sources: tuple[NewSource, ...] = ()  # to be stored with it, in the name of `actor`
    actor: Actor = UNKNOWN_ACTOR


@dataclass(frozen=True, slots=True)
class SavedArticle:
    """The outcome of saving an article. `changed` is False if it was stored already."""

    id: str
    version: int
    created: bool
    changed: bool
    generation: str  # after it
    analysis: str  # as it is stored now: where nothing changed, the one given before
    is_current: bool = False  # nothing else was stored since the generation it was judged by


@dataclass(frozen=True, slots=True)
class Precondition:
    """The version that a writer expects, as entity tags (RFC 9110, 13.1). `ANY` is any version."""

    match: frozenset[str] | None = None  # If-Match: it is one of these
    none_match: frozenset[str] | None = None  # If-None-Match: it is none of these

    def holds(self, tag: str | None) -> bool:
        """Whether an article with this entity tag, None for no article, is as expected."""
        return self.is_matched(tag) and not (
            self.none_match is not None and tag is not None and bool(self.none_match & {tag, ANY})
        )

    def is_matched(self, tag: str | None) -> bool:
        """Whether there is no If-Match, or it lists this entity tag."""
        return self.match is None or (tag is not None and bool(self.match & {tag, ANY}))


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as stored, in its newest version."""

    id: str
    uri: str | None
    headline: str | None
    byline: str | None
    publisher: str | None
    published_at: datetime | None
    language: str | None
    text: str
    text_hash: str
    analysis: str
    engine: str
    policy: str
    generation: str
    version: int
    created_at: datetime
    updated_at: datetime
    status: ArticleStatus = "published"


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version of an article: its text and its analysis."""

    version: int
    text_hash: str
    text: str
    analysis: str
    engine: str
    policy: str
    generation: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of an article in a list of them."""

    version: int
    text_hash: str
    engine: str
    policy: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class VersionPage:
    """Some of an article's versions, the newest first; `next_before` asks for more."""

    items: tuple[VersionLine, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class Turn:
    """The words of one speaker without interruption, with start and end in seconds of the recording."""

    speaker: str | None
    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A verbatim transcript."""

    source: SourceRecord
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class QuoteImport:
    """One earlier quotation with its source. The same text of the same source is the same quotation."""

    text: str
    speaker: str | None
    said_at: date | None
    source: SourceRecord
    form: Form = "direct"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of an import. `records` were read; an interrupted import had stored `resumed` of them."""

    records: int = 0
    resumed: int = 0
    quotes_added: int = 0
    duplicates: int = 0  # quotes, or sentences of transcripts, that were there already
    quotes_removed: int = 0  # of transcripts that came again with other contents


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """A quotation, or a sentence of a transcript, as the store holds it."""

    id: str
    text: str
    form: Form
    speaker: str | None
    said_at: date | None
    turn: int
    position: int
    second_hand: bool
    origin: Origin
    speaker_id: str | None = None  # of whom the registry knows by that name on the day, where it was asked


@dataclass(frozen=True, slots=True)
class Page:
    """A page of quotes; `next_cursor` leads to the next page, None at the end."""

    items: tuple[StoredQuote, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One member of a lineage: where and when words were seen, and what was changed since the first."""

    quote: StoredQuote
    relation: Literal["first", "repeat", "variant"]
    alignment: tuple[AlignmentStep, ...] = ()  # from the first sighting's words to these, for a variant


@dataclass(frozen=True, slots=True)
class Lineage:
    """The family of a quotation over time, the first sighting first; undated ones come last."""

    quote: StoredQuote
    sightings: tuple[Sighting, ...]
    total: int  # members of the family; `sightings` may be fewer


@dataclass(frozen=True, slots=True)
class StoreStats:
    """The number of rows of each kind."""

    quotes: int
    sources: int
    transcripts: int
    articles: int
    factchecks: int
    speakers: int
    until: date | None
    generation: str
    pending: int  # quotes of an interrupted import that cannot be found by their words yet
    trigrams: bool


def storable(text: str) -> str:
    """The text with U+FFFD for each NUL and half surrogate, which databases refuse; offsets stay."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def hash_text(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(storable(text).encode()).hexdigest()


def hash_token(token: str) -> str:
    """SHA-256 of a key or of a link's token, in hexadecimal. These have 200 random bits or more and cannot
    be guessed, so a slow hash would only slow us down (docs/adr/0006-access.md)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def entity_tag(analysis: str) -> str:
    """The entity tag of an analysis: the same for the same bytes, and for no others."""
    return hashlib.sha256(analysis.encode()).hexdigest()[:32]


def article_source_uri(uri: str | None, text: str) -> str:
    """The URI of an article as a source of quotes: its own, or one derived from its text."""
    return storable(uri) if uri else f"urn:sha256:{hash_text(text)}"


def article_id(uri: str | None, text: str) -> str:
    """An article's public id: a URI always has the same, a text without URI too."""
    digest = hashlib.blake2b(article_source_uri(uri, text).encode(), digest_size=10).digest()
    return "a" + base64.b32hexencode(digest).decode().lower()


def quote_key(source_uri: str, position: int, text: str) -> int:
    """A quote's identity as a signed 64-bit number."""
    named = f"{source_uri}\x00{position}\x00{text}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(named, digest_size=8).digest(), "big", signed=True)


def quote_id(source_uri: str, position: int, text: str) -> str:
    """A quote's public id, the same whenever and wherever it is imported.

    Quotes that are imported one by one are all at position 0: their source and text alone identify them.
    """
    return format_key(quote_key(source_uri, position, storable(text)))


def format_key(key: int) -> str:
    """A key as public id: "q" and 16 hexadecimal digits."""
    return f"q{key & _MASK_64:016x}"


def parse_key(public_id: str) -> int | None:
    """The key of a public id, None if it is none."""
    if not _PUBLIC_ID.fullmatch(public_id):
        return None
    number = int(public_id[1:], 16)
    return number - (1 << 64) if number >> 63 else number
