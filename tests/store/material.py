"""Sources and quotes to fill stores with."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime

from service.store import ArticleRecord, QuoteImport, QuoteRecord, SourceRecord, Transcript, Turn
from tests.store.sentences import make_sentence

SPEECH = Transcript(
    SourceRecord("urn:test:harbour", "At the harbour", "The Post", date(2001, 5, 4), "transcript"),
    (
        Turn(
            "Ana Duarte",
            "The harbour froze twice last winter. Nobody had planned for ice. We lost nine boats.",
        ),
        Turn("Lee Okafor", "Nine boats is a whole village. Who will pay for the repairs?"),
        Turn(
            "Ana Duarte", "The insurers refuse. The council will pay half, and the state promised the rest."
        ),
    ),
)
LATER = SourceRecord("urn:test:letters", "Letters", "The Mail", date(2003, 1, 2), "quotes")


def read_sentences(count: int) -> Iterator[QuoteImport]:
    """So many distinct sentences of speeches that nobody gave, forty to a source; the same each time."""
    for number in range(count):
        speech = number // 40
        year = 1946 + speech // 12 % 40
        document = f"speech-{speech}-{year}"
        source = SourceRecord(f"urn:speech:{document}", document, "General Assembly", None, "transcript")
        yield QuoteImport(make_sentence(number), f"Speaker {speech % 45}", date(year, 9, 20), source)


def make_article(
    *quotes: tuple[str, str | None],
    uri: str | None = "https://example.org/a",
    published_at: datetime | None = datetime(2010, 6, 1, 12, tzinfo=UTC),
    text: str | None = None,
) -> ArticleRecord:
    """An article with quotes given as (text, speaker), and words of its own around them: it copies no other."""
    own = " ".join(f"{zlib.crc32(f'{uri} {number}'.encode()):x}" for number in range(40))
    return ArticleRecord(
        uri=uri,
        headline="A headline",
        byline=None,
        publisher="The Example",
        published_at=published_at,
        language="en",
        text=text if text is not None else " ".join([*(quote for quote, _ in quotes), own]),
        quotes=tuple(
            QuoteRecord(quote, "direct", position, speaker)
            for position, (quote, speaker) in enumerate(quotes)
        ),
        analysis='{"quotes": []}',
        engine="test 1",
        policy="1",
    )
