"""Drafts through the path of `POST /v1/articles` with sources: extraction, retrieval in memory, judgement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final

from service.claims.encoder import ENCODER
from service.extraction import Quotation, extract
from service.matching import Claim, Judgement, Origin, Searched, judge
from service.matching.given import GivenIndex, GivenSource
from service.sources.models import ParsedSource
from service.sources.reading import read_source
from service.sources.speakers import SourceSpeakers, name_speakers
from service.sources.utterances import utterances_of
from service.text import read_document
from service.text.span import Span
from service.usecases.articles.quote_claims import build_claim
from tests.benchmarks.drafts.planted import Planted, is_right
from tests.benchmarks.drafts.planting import is_half, main_speakers, plant
from tests.benchmarks.drafts.writing import Draft, write_draft
from tests.benchmarks.trust.corpora import SHARED, Record, read_interviews

DAY: Final = date(2020, 1, 17)  # of the drafts; the interviews are of two days before


@dataclass(frozen=True, slots=True)
class Checked:
    """A planted quotation with what was answered; None where no quotation was found at its place."""

    planted: Planted
    judgement: Judgement | None

    @property
    def label(self) -> str:
        return self.judgement.verdict.label if self.judgement else "not extracted"

    @property
    def severity(self) -> int:
        return self.judgement.verdict.severity if self.judgement else 1

    @property
    def is_right(self) -> bool:
        return is_right(self.planted.kind, self.label, self.severity)


@dataclass(frozen=True, slots=True)
class Given:
    """An interview as a source that is sent with a draft."""

    index: GivenIndex
    speakers: SourceSpeakers

    @classmethod
    def of(cls, interview: Record) -> Given:
        """An interview, read from its file as it is."""
        text = (SHARED / "data/interviews" / f"{interview['title']}.md").read_text(encoding="utf-8")
        return cls.read(text, interview["uri"], date.fromisoformat(interview["published_at"]))

    @classmethod
    def read(cls, text: str, uri: str, day: date) -> Given:
        """An interview in Markdown."""
        return cls.build(read_source(text, format="markdown"), uri, day)

    @classmethod
    def build(cls, parsed: ParsedSource, uri: str, day: date) -> Given:
        """An interview that was read."""
        source = name_speakers(parsed)
        origin = Origin(uri, uri, "", day, "interview", given=True)
        given = GivenSource(origin, utterances_of(source, said_at=day))
        return cls(GivenIndex.of([given]), SourceSpeakers.of([source]))

    def judge(self, claim: Claim) -> Judgement:
        """The verdict on a claim by this source alone."""
        sentences = sum(len(source.utterances) for source in self.index.sources)
        searched = Searched(sentences, None, given=len(self.index))
        claim = replace(claim, compare=self.speakers.comparing(None))
        return judge(claim, self.index.find(claim), searched, encode=ENCODER.encode)


def check_words(half: str) -> Iterator[Checked]:
    """The planted quotations of a half, each judged by itself: words and speaker as the draft has them."""
    for interview in read_half(half):
        given = Given.of(interview)
        for one in plant(interview):
            yield Checked(one, given.judge(Claim(one.words, one.speaker, DAY)))


def check_drafts(half: str) -> Iterator[Checked]:
    """The planted quotations of a half, as they are found in the text of a draft."""
    for interview in read_half(half):
        draft = write_draft(interview["uri"], main_speakers(interview), plant(interview))
        yield from check_draft(draft, Given.of(interview))


def check_draft(draft: Draft, given: Given) -> Iterator[Checked]:
    """What is said of each planted quotation of a draft."""
    document = read_document(draft.text, "plain")
    quotations = extract(document, on=DAY).quotations
    for one, place in draft.places:
        quotation = find_quotation(quotations, place)
        judgement = given.judge(build_claim(document.text, quotation, DAY)) if quotation else None
        yield Checked(one, judgement)


def find_quotation(quotations: Sequence[Quotation], place: Span) -> Quotation | None:
    """The quotation that has most of a place."""
    shared = [sum(_shared(part, place) for part in one.content) for one in quotations]
    best = max(range(len(quotations)), key=lambda at: (shared[at], -at), default=-1)
    return quotations[best] if best >= 0 and 2 * shared[best] > place.end - place.start else None


def _shared(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))


@cache
def read_half(half: str) -> tuple[Record, ...]:
    """The interviews of a half."""
    return tuple(interview for interview in read_interviews() if is_half(interview, half))
