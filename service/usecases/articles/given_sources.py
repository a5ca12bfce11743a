"""Sources that are sent with a request: read, and made ready to hold quotations against.

They are the request's own. Nothing here writes them anywhere, and what is made of them lives as long as the
request does, unless they are to be stored with its article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Protocol

from service.errors import Fault, InvalidInput, NotFound, TooLarge
from service.matching.given import GivenIndex, GivenSource
from service.matching.models import Origin, Utterance
from service.matching.sources import evidence_class_of
from service.sources.models import MAX_SOURCE_BYTES, ParsedSource, SourceTurn
from service.sources.reading import read_source
from service.sources.speakers import SourceSpeakers, name_speakers
from service.sources.utterances import utterances_of
from service.store.records import quote_id
from service.store.sources.adding import draft_source
from service.store.sources.records import NewSource
from service.usecases.stored_sources import SourceFacts
from service.usecases.stored_sources import describe_source as describe_new

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


class KeptQuote(Protocol):
    """What is needed of a quote of a stored source."""

    @property
    def turn(self) -> int:
        """The number of the turn that the quote is of."""

    @property
    def text(self) -> str:
        """The words of the quote."""


class KeptSource(Protocol):
    """What is needed of a stored source."""

    @property
    def origin(self) -> Origin:
        """Title, kind and address of the source, as evidence has them."""

    @property
    def turns(self) -> tuple[SourceTurn, ...]:
        """The turns of the source in order."""

    @property
    def machine(self) -> bool:
        """Whether a machine transcribed it."""

    @property
    def way_in(self) -> str:
        """How it came in: "transcript" for what is stored sentence by sentence."""

    @property
    def retraction(self) -> object | None:
        """Why it is no evidence any more; None where it is."""

    @property
    def retracted_quotes(self) -> Sequence[KeptQuote]:
        """Single quotes of it that are no evidence any more."""


class KeptSources(Protocol):
    """Where stored sources are read."""

    def get(self, source_id: str) -> KeptSource:
        """The source of that id. Raises NotFound."""


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source that was read.

    `is_kept`: it is stored, and was named by its id. `new` is how it is to be stored with the article, None
    where it is not. `has_ids`: its sentences have the ids that they have, or will have, in the store.
    `retracted`: turn and words of single quotes that were taken out of evidence.
    """

    origin: Origin
    parsed: ParsedSource = field(repr=False)
    is_kept: bool = False
    new: NewSource | None = field(default=None, repr=False)
    has_ids: bool = False
    retracted: frozenset[tuple[int, str]] = frozenset()

    def list_utterances(self, number: int) -> tuple[Utterance, ...]:
        """The sentences of a source; `number` is its place among the sources."""
        found = tuple(
            one
            for one in utterances_of(self.parsed, key=f"given-{number}", said_at=self.origin.published_at)
            if (one.turn, one.text) not in self.retracted
        )
        if not self.has_ids:
            return found
        uri = self.origin.uri
        return tuple(replace(one, quote_id=quote_id(uri, one.position, one.text)) for one in found)


@dataclass(frozen=True, slots=True)
class GivenSources:
    """All sources of one request, in the order in which they were sent."""

    sources: tuple[ReadSource, ...]
    index: GivenIndex
    speakers: SourceSpeakers

    @classmethod
    def of(cls, sources: Sequence[ReadSource]) -> GivenSources:
        """The sources, indexed, with their speakers by full names where these are known.

        Raises TooLarge where they have too many sentences.
        """
        sources = [replace(one, parsed=name_speakers(one.parsed, one.origin.title)) for one in sources]
        found: list[GivenSource] = []
        sentences = 0
        for number, source in enumerate(sources):
            utterances = source.list_utterances(number)
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
    def private(self) -> frozenset[int]:
        """The numbers of those that are stored nowhere, and are not to be."""
        numbered = enumerate(self.sources)
        return frozenset(number for number, one in numbered if not one.is_kept and one.new is None)

    @property
    def new(self) -> tuple[NewSource, ...]:
        """Those that are to be stored."""
        return tuple(source.new for source in self.sources if source.new is not None)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out or guessed when they were read, each with the title of its source."""
        return tuple(
            f"{source.origin.title}: {note}" for source in self.sources for note in source.parsed.notes
        )


def read_given(sent: Sequence[SentSource], kept: KeptSources, *, keep: bool = False) -> GivenSources:
    """Read the sources of a request; with `keep`, as they are to be stored.

    Raises InvalidInput and TooLarge, naming the place in the request.
    """
    hold_size(sent)
    read = [_read(source, number, kept) for number, source in enumerate(sent)]
    if keep:
        read = [_prepare(source, one) for source, one in zip(sent, read, strict=True)]
    return GivenSources.of(read)


def _prepare(sent: SentSource, source: ReadSource) -> ReadSource:
    """A source that is to be stored, with the title and the address that it will have."""
    if source.is_kept:
        return source
    facts = SourceFacts(sent.title, sent.kind, sent.published_at, sent.uri, machine=sent.machine)
    _, new = draft_source(describe_new(source.parsed, facts, None))
    origin = replace(source.origin, uri=new.uri or source.origin.uri, title=new.title)
    return replace(source, origin=origin, new=new, has_ids=True)


def hold_size(sent: Sequence[SentSource]) -> None:
    """Raise TooLarge where all sources together are larger than is taken."""
    size = sum(source.size for source in sent)
    if size > MAX_SOURCE_BYTES:
        told = f"All sources together have {size:,} bytes; {MAX_SOURCE_BYTES:,} are taken."
        raise TooLarge("The sources are too large.", (Fault("/sources", told),))


def _read(sent: SentSource, number: int, kept: KeptSources) -> ReadSource:
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
    return ReadSource(origin, parsed)


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


def _read_kept(source_id: str, number: int, kept: KeptSources) -> ReadSource:
    place = f"/sources/{number}/id"
    try:
        found = kept.get(source_id)
    except NotFound as error:
        raise InvalidInput("A source is unknown.", (Fault(place, "There is no such source."),)) from error
    if found.retraction is not None:
        raise InvalidInput("A source was retracted.", (Fault(place, "This source was retracted."),))
    origin = replace(found.origin, given=True, machine=found.machine, number=number)
    parsed = ParsedSource("turns", found.turns)
    retracted = frozenset((quote.turn, quote.text) for quote in found.retracted_quotes)
    return ReadSource(origin, parsed, is_kept=True, has_ids=found.way_in == "transcript", retracted=retracted)
