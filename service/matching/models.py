"""The input and output of a verdict: claims, evidence and judgements. Pure data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from service.names.comparison import Agreement
from service.text.span import Span

Form = Literal["direct", "indirect", "mixed"]
Fidelity = Literal[
    "insufficient", "ambiguous", "verbatim", "truncated", "near_verbatim", "abridged", "spliced",
    "altered", "paraphrase", "no_match", "supported", "partly_supported",
]  # fmt: skip
Change = Literal["negation", "number", "entity", "modality", "omission", "wording"]
AttributionCode = Literal["same", "compatible", "misattributed", "unresolved", "anonymous"]
TimeCode = Literal["contemporaneous", "recent", "recycled", "anachronistic", "undated"]
Op = Literal["keep", "drop", "add", "change"]
EvidenceClass = Literal["record", "statement", "report", "draft"]
Label = Literal[
    "wrong_person", "changed", "paraphrased", "context", "confirmed", "words_only", "repeated", "supported",
    "partly_supported", "unclear", "not_in_sources", "not_found",
]  # fmt: skip
CompareNames = Callable[[str, str], Agreement]  # a claim's speaker and a source's


@dataclass(frozen=True, slots=True)
class Claim:
    """A quotation under check: these words, said by this speaker, on this day (as the writer has it).

    `passages` are the marked words within `text` for a mixed quotation: only they promise exact words.
    """

    text: str
    speaker: str | None = None
    said_on: date | None = None
    form: Form = "direct"
    passages: tuple[Span, ...] = ()
    anonymous: bool = False  # the writer withheld the name on purpose ("a senior official")
    second_hand: bool = False
    via: str | None = None  # second-hand: who passed the words on
    denied: bool = False  # the writer says that these words were not said
    # Full names, in the store or the article, of those who bear the speaker's surname; told where the writer
    # gives a surname alone. Those of the evidence need not be among them.
    namesakes: tuple[str, ...] = ()
    # How two names agree, where more is known of people than their names tell; part of no claim's identity.
    compare: CompareNames | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where stored words come from."""

    uri: str
    title: str
    publisher: str
    published_at: date | None
    kind: str  # "transcript", "article", …: see `service.matching.sources`
    evidence_class: EvidenceClass | None = None  # as stored; None: what its kind says
    given: bool = False  # sent with the request, and judged before what is stored
    number: int | None = None  # of a given source: its place among those that were sent, from 0
    machine: bool = False  # transcribed by a machine, not by a person


@dataclass(frozen=True, slots=True)
class TimedWords:
    """A stretch of a text and when it was said, in seconds from the start of the recording."""

    span: Span
    start_s: float
    end_s: float | None  # None if the source does not tell

    def at(self, offset: int) -> float:
        """When a place of the stretch was said: speech is taken to be even."""
        size = self.span.end - self.span.start
        if self.end_s is None or size <= 0:
            return self.start_s
        share = min(max(offset - self.span.start, 0), size) / size
        return round(self.start_s + share * (self.end_s - self.start_s), 3)

    def cut(self, span: Span) -> TimedWords:
        """A part of the stretch with its own times."""
        return TimedWords(span, self.at(span.start), None if self.end_s is None else self.at(span.end))

    def shift(self, offset: int) -> TimedWords:
        """A copy whose place is moved by `offset`."""
        return TimedWords(Span(self.span.start + offset, self.span.end + offset), self.start_s, self.end_s)


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stored unit of words: a sentence of a transcript's turn, or one earlier quotation."""

    quote_id: str
    text: str
    speaker: str | None
    said_at: date | None
    turn: int  # number of the turn within the source; sentences of one turn share it
    position: int  # running number within the source
    form: Form = "direct"
    passages: tuple[Span, ...] = ()  # the marked words within `text` of a mixed quotation
    start_s: float | None = None  # seconds from the start of the recording, where the source has times
    end_s: float | None = None
    times: tuple[TimedWords, ...] = ()  # of parts of `text`, where the source has times for these


@dataclass(frozen=True, slots=True)
class Evidence:
    """A window of neighbouring utterances of one source, in order, with the positions that retrieval hit."""

    origin: Origin
    utterances: tuple[Utterance, ...]
    hits: frozenset[int]


@dataclass(frozen=True, slots=True)
class Searched:
    """What was looked through before saying that nothing was found."""

    quotes: int
    until: date | None
    factchecks: int = 0
    given: int = 0  # sources that were sent with the request
    as_of: date | None = None  # later sources, and undated ones, were left out


@dataclass(frozen=True, slots=True)
class AlignmentStep:
    """A run of words, named as in JSON: `theirs` in the source, `ours` in the claim.

    One of them is empty in drop and add. Of two wordings of a quote, the earlier is `theirs`.
    """

    op: Op
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class Match:
    """One place the words were found, with how they differ there and the text around it as evidence."""

    quote_id: str
    text: str  # the stored utterance(s) the alignment covers
    before: str
    after: str
    speaker: str | None
    said_at: date | None
    origin: Origin
    score: float  # share of the claim's words kept, in [0, 1]: for ordering, never a verdict
    alignment: tuple[AlignmentStep, ...]
    speaker_id: str | None = None  # of a register of speakers; matching itself knows none
    start_s: float | None = None  # of the aligned words, where the source has times
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a record or statement has for a quotation: its own words, to the ends of their sentences.

    `before` and `after` are the neighbouring sentences. Seconds are of the words that are quoted, None if
    the source has no times.
    """

    text: str
    before: str
    after: str
    speaker: str | None
    said_at: date | None
    start_s: float | None
    end_s: float | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Verdict:
    """The four axes, the label that sums them up, the sentence that explains them, and what was searched."""

    fidelity: Fidelity
    changes: tuple[Change, ...]
    attribution: AttributionCode
    time: TimeCode
    form: str  # direct, indirect, mixed, fragment, second_hand
    # bracket_insertion, denied. "translated" is reserved: stored words do not tell their language, and to
    # guess it from the words of a quotation would flag what nobody translated.
    flags: tuple[str, ...]
    explanation: str
    rule: str
    policy: str
    searched: Searched
    label: Label = "not_found"
    severity: int = 1  # 0 fine, 1 look, 2 fix, 3 stop
    evidence: EvidenceClass | None = None  # the class that decided
    given: bool = False  # a source sent with the request decided
    said: Said | None = None  # where a record or statement decided
    correction: str | None = None  # the quotation as it should stand


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the matches that led to it, the best first."""

    verdict: Verdict
    matches: tuple[Match, ...]
