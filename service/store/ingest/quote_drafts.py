"""Conversion of records into quotes, without the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from service.errors import InvalidInput
from service.matching.models import Form
from service.matching.retrieval.fingerprints import hash_words
from service.matching.sources import EVIDENCE_CLASSES, KINDS, read_kind
from service.store.addresses import address_key
from service.store.records import (
    ArticleRecord,
    QuoteImport,
    SourceRecord,
    Transcript,
    article_source_uri,
    quote_key,
    storable,
)
from service.store.tables import UNKNOWN_DAY
from service.text.segments import find_sentences

WayIn = Literal["article", "transcript", "quotes"]
FORMS: Final[tuple[Form, ...]] = ("direct", "indirect", "mixed")
AT_END: Final = -1  # the position of a quote that goes behind those its source has
MAX_SENTENCE: Final = 4_000  # code points; a turn without full stops is cut there, between words


@dataclass(slots=True)
class Draft:
    """One quote, with what it needs to become a row."""

    key: int
    turn: int
    position: int
    speaker: str | None
    day: int
    form: int
    text: str
    passages: str | None = None
    second_hand: int = 0
    start_s: float | None = None
    end_s: float | None = None


@dataclass(slots=True)
class SourceDraft:
    """One source with its quotes. The ways in are apart: an article never replaces imported quotes.

    All spellings of its address have one key.
    """

    record: SourceRecord
    way_in: WayIn
    drafts: list[Draft]
    content_hash: int | None = None
    key: int = field(init=False)  # the source's identity

    def __post_init__(self) -> None:
        self.key = source_key(self.way_in, self.record.uri)

    def rename(self, uri: str) -> None:
        """Use the stored spelling of its address, from which the keys of its quotes are computed."""
        if uri == self.record.uri:
            return
        self.record = replace(self.record, uri=uri)
        for draft in self.drafts:
            position = 0 if self.way_in == "quotes" else draft.position
            draft.key = quote_key(uri, position, draft.text)


def source_key(way_in: WayIn, uri: str) -> int:
    """The identity of a source: a signed 64-bit number that all spellings of one address share."""
    return hash_words((way_in, address_key(storable(uri))))


def draft_transcript(transcript: Transcript) -> SourceDraft:
    """A transcript, a quote for each sentence."""
    source = storable_source(transcript.source)
    day = ordinal(source.published_at)
    drafts: list[Draft] = []
    digest = hashlib.blake2b(describe_source(source).encode(), digest_size=8)
    for number, turn in enumerate(transcript.turns):
        speaker, text = clean_name(turn.speaker), storable(turn.text)
        digest.update(f"{speaker}\x00{text}\x01".encode())
        if turn.start_s is not None or turn.end_s is not None:
            digest.update(f"{turn.start_s} {turn.end_s}\x02".encode())
        for sentence in split_sentences(text):
            position = len(drafts)
            key = quote_key(source.uri, position, sentence)
            drafts.append(
                Draft(
                    key, number, position, speaker, day, 0, sentence, start_s=turn.start_s, end_s=turn.end_s
                )
            )
    content_hash = int.from_bytes(digest.digest(), "big", signed=True)
    return SourceDraft(source, "transcript", drafts, content_hash)


def draft_quotes(records: Iterable[QuoteImport]) -> list[SourceDraft]:
    """Imported quotes by source, in order; the same text of the same source once."""
    sources: dict[str, SourceDraft] = {}
    seen: set[int] = set()
    for record in records:
        address = address_key(storable(record.source.uri))
        source = sources.get(address)
        if source is None:
            source = sources[address] = SourceDraft(storable_source(record.source), "quotes", [])
        text = storable(record.text)
        key = quote_key(source.record.uri, 0, text)
        if key in seen:
            continue
        seen.add(key)
        day = ordinal(record.said_at or record.source.published_at)
        form = FORMS.index(record.form)
        source.drafts.append(Draft(key, AT_END, AT_END, clean_name(record.speaker), day, form, text))
    return list(sources.values())


def draft_article(record: ArticleRecord) -> SourceDraft:
    """An article's quotes. What has no date of its own was seen on the day the article was published.

    A draft has none: nothing that is not published is an earlier quote for others.
    """
    published = record.published_at.date() if record.published_at else None
    uri = article_source_uri(record.uri, record.text)
    kind = "draft" if record.status == "draft" else "article"
    source = storable_source(
        SourceRecord(uri, record.headline or "", record.publisher or "", published, kind)
    )
    if record.status == "draft":
        return SourceDraft(source, "article", [])
    drafts = [
        Draft(
            key=quote_key(uri, quote.position, storable(quote.text)),
            turn=quote.position,
            position=quote.position,
            speaker=clean_name(quote.speaker),
            day=ordinal(quote.said_at or published),
            form=FORMS.index(quote.form),
            text=storable(quote.text),
            passages=",".join(f"{start}-{end}" for start, end in quote.passages) or None,
            second_hand=int(quote.second_hand),
        )
        for quote in record.quotes
    ]
    return SourceDraft(source, "article", drafts)


def split_sentences(text: str) -> Iterator[str]:
    """The sentences of a turn, each at most `MAX_SENTENCE` long."""
    for span in find_sentences(text):
        start = span.start
        while span.end - start > MAX_SENTENCE:
            space = text.rfind(" ", start + MAX_SENTENCE // 2, start + MAX_SENTENCE)
            end = space + 1 if space > 0 else start + MAX_SENTENCE
            yield text[start:end].strip()
            start = end
        if remainder := text[start : span.end].strip():
            yield remainder


def clean_name(name: str | None) -> str | None:
    """A speaker's name on one line, None for a blank one."""
    return " ".join(storable(name).split()) or None if name else None


def storable_source(source: SourceRecord) -> SourceRecord:
    """The source as a database can hold it. Raises InvalidInput for a kind that there is not."""
    kind = read_kind(source.kind)
    if kind is None:
        raise InvalidInput(f"{source.kind!r} is no kind of source; there are: {', '.join(KINDS)}")
    return SourceRecord(
        storable(source.uri),
        storable(source.title),
        storable(source.publisher),
        source.published_at,
        kind,
        EVIDENCE_CLASSES[kind],
    )


def describe_source(source: SourceRecord) -> str:
    """What a transcript's contents are hashed with, the same for all spellings of its address.

    In the form that the hashes of stored transcripts were made of.
    """
    facts = {
        "uri": address_key(source.uri),
        "title": source.title,
        "publisher": source.publisher,
        "published_at": source.published_at,
        "kind": source.kind,
    }
    return f"Origin({', '.join(f'{name}={value!r}' for name, value in facts.items())})"


def ordinal(day: date | None) -> int:
    """A day as the tables hold it."""
    return day.toordinal() if day else UNKNOWN_DAY
