"""What extraction finds. All places are spans into the document's text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from service.text.span import Span

QuotationType = Literal["direct", "indirect", "mixed"]
Act = Literal["speech", "writing", "thought", "none"]
Acts = Literal["reported", "all"]  # which are given: "all" has those of the act "none" too
SpeakerKind = Literal["person", "organisation", "group", "anonymous", "unknown"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """A content with its cue and source as found in the text, before anyone asks who the source is.

    `content` may hold several spans (a quotation split by "she said"). Outer quotation marks are left out of
    content spans that are marked from end to end. `cue` and `source` may be empty. `via` is the source that
    passed the words on ("cited by Izvestia") when the words are second-hand.
    What the page tells by its form alone (a turn, a signed quotation) is a report for certain.
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    via: tuple[Span, ...] = ()
    reported: float = 1.0  # probability that speech or writing is reported, in [0, 1]
    verbatim: bool = False  # the form of the page tells that the words stand there as said: a turn, a post
    act: Act | None = None  # what the form of the page tells of it; None: the words tell
    named: tuple[Span, ...] | None = None  # where the page names whom "A:" or initials mean; () is nowhere
    related: float = 1.0  # probability that what is no report is somebody's stance: a wish, a plan, a refusal


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who a source is, as resolved within the article.

    `name` is None if the resolver abstains. `how` names the rule; `confidence` is a calibrated probability
    that `name` is right, in [0, 1]. `id` is set only when a registry knows the speaker.
    """

    name: str | None
    kind: SpeakerKind
    how: str
    confidence: float
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation with all that extraction knows of it."""

    type: QuotationType
    act: Act
    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    passages: tuple[Span, ...]  # the marked words inside content, marks left out
    speaker: Speaker
    via: Speaker | None  # second-hand: who passed the words on


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything found in one document, in text order."""

    quotations: tuple[Quotation, ...]
    language: str | None
    notes: tuple[str, ...]  # plain sentences for the reader, such as that the language is not supported
    engine: str  # name and fingerprint of the engine that answered
