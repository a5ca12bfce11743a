"""Sources that are sent with a request: read, and made ready to hold quotations against.

They are the request's own. Nothing here writes them anywhere, and what is made of them lives as long as the
request does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Protocol

from service.errors import Fault, InvalidInput, NotFound, TooLarge
from service.matching.given import GivenIndex, GivenSource
from service.matching.models import Origin
from service.matching.sources import evidence_class_of
from service.sources.models import MAX_SOURCE_BYTES, ParsedSource, SourceTurn
from service.sources.reading import read_source
from service.sources.speakers import SourceSpeakers, name_speakers
from service.sources.utterances import utterances_of

WITH_SOURCES: Final = "sources"  # why the cache takes no part, as the answer's head tells
DEFAULT_KIND: Final = "interview"
MOST_SENTENCES: Final = 60_000  # of all sources; 2 MB of speech have half as many


@dataclass(frozen=True, slots=True)
class SentSource:
    """A source as it was sent: a text in some format, or turns, or the `id` of a stored one alone."""

    title: str | None = None
    kind: str | None = None
    published_at: date | None = None
    uri: str | None = None
    format: str = "auto"
    text: str | None = field(default=None, repr=False)
    turns: tuple[SourceTurn, ...] | None = field(default=None, repr=False)
    machine: bool | None = None
    id: str | None = None

    @property
    def size(self) -> int:
        """Bytes of its words in UTF-8."""
        texts = [self.text or "", *(turn.text for turn in self.turns or ())]
        return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)


class KeptSource(Protocol):
    """What is needed of a stored source."""

    @property
    def origin(self) -> Origin:
        """What it is."""

    @property
    def turns(self) -> tuple[SourceTurn, ...]:
        """Its turns in order."""

    @property
    def machine(self) -> bool:
        """Whether a machine transcribed it."""

    @property
    def retraction(self) -> object | None:
        """Why it is no evidence any more; None where it is."""


class KeptSources(Protocol):
    """Where stored sources are read."""

    def get(self, source_id: str) -> KeptSource:
        """The source of that id. Raises NotFound."""


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source that was read. `is_kept`: it is stored, and was named by its id."""

    origin: Origin
    parsed: ParsedSource = field(repr=False)
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class GivenSources:
    """All sources of one request, in the order in which they were sent."""

    sources: tuple[ReadSource, ...]
    index: GivenIndex
    speakers: SourceSpeakers

    @classmethod
    def of(cls, sources: Sequence[ReadSource]) -> GivenSources:
        """The sources, indexed. Raises TooLarge where they have too many sentences."""
        found: list[GivenSource] = []
        sentences = 0
        for number, source in enumerate(sources):
            utterances = utterances_of(
                source.parsed, key=f"given-{number}", said_at=source.origin.published_at
            )
            sentences += len(utterances)
            if sentences > MOST_SENTENCES:
                told = f"All sources together have more than {MOST_SENTENCES:,} sentences."
                raise TooLarge("The sources are too large.", (Fault("/sources", told),))
            found.append(GivenSource(source.origin, utterances))
        return cls(
            tuple(sources), GivenIndex.of(found), SourceSpeakers.of(source.parsed for source in sources)
        )

    def __len__(self) -> int:
        return len(self.sources)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out or guessed when they were read, each with the title of its source."""
        return tuple(
            f"{source.origin.title}: {note}" for source in self.sources for note in source.parsed.notes
        )


def read_given(sent: Sequence[SentSource], kept: KeptSources | None) -> GivenSources:
    """Read the sources of a request. Raises InvalidInput and TooLarge, naming the place in the request."""
    hold_size(sent)
    return GivenSources.of([_read(source, number, kept) for number, source in enumerate(sent)])


def hold_size(sent: Sequence[SentSource]) -> None:
    """Raise TooLarge where all sources together are larger than is taken."""
    size = sum(source.size for source in sent)
    if size > MAX_SOURCE_BYTES:
        told = f"All sources together have {size:,} bytes; {MAX_SOURCE_BYTES:,} are taken."
        raise TooLarge("The sources are too large.", (Fault("/sources", told),))


def _read(sent: SentSource, number: int, kept: KeptSources | None) -> ReadSource:
    if sent.id is not None:
        return _read_kept(sent.id, number, kept)
    return describe_source(_parse(sent, number), sent, number)


def describe_source(parsed: ParsedSource, sent: SentSource, number: int) -> ReadSource:
    """A source that was read: what was said of it when it was sent goes before what its file shows."""
    title = sent.title or parsed.title or f"Source {number + 1}"
    kind = sent.kind or parsed.kind or DEFAULT_KIND
    origin = Origin(
        uri=sent.uri or f"given:{number}",
        title=title,
        publisher="",
        published_at=sent.published_at or parsed.published_at,
        kind=kind,
        evidence_class=evidence_class_of(kind),
        given=True,
        machine=parsed.machine if sent.machine is None else sent.machine,
        number=number,
    )
    return ReadSource(origin, name_speakers(parsed, title))


def _parse(sent: SentSource, number: int) -> ParsedSource:
    if sent.turns is not None:
        return ParsedSource("turns", sent.turns)
    try:
        return read_source(sent.text or "", name=sent.title, format=sent.format)
    except InvalidInput as error:
        told = str(error)
        raise InvalidInput(
            f"Source {number + 1} cannot be read.", (Fault(f"/sources/{number}/text", told),)
        ) from error


def _read_kept(source_id: str, number: int, kept: KeptSources | None) -> ReadSource:
    place = f"/sources/{number}/id"
    if kept is None:
        raise InvalidInput("A source is unknown.", (Fault(place, "There is no store of sources here."),))
    try:
        found = kept.get(source_id)
    except NotFound as error:
        raise InvalidInput("A source is unknown.", (Fault(place, "There is no such source."),)) from error
    if found.retraction is not None:
        raise InvalidInput("A source was retracted.", (Fault(place, "This source was retracted."),))
    origin = replace(found.origin, given=True, machine=found.machine, number=number)
    parsed = ParsedSource("turns", found.turns)
    return ReadSource(origin, name_speakers(parsed, origin.title), is_kept=True)


def new_sources(given: GivenSources) -> Iterator[ReadSource]:
    """Those that are not stored yet."""
    return (source for source in given.sources if not source.is_kept)
