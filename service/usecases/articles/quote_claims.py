"""Claims of quotations, and the search and judgement for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from service.claims.encoder import ENCODER
from service.extraction.denial import is_denied
from service.extraction.models import Quotation
from service.matching import judge
from service.matching.models import Claim, Evidence, Judgement, Searched
from service.names.comparison import compare_names, is_lone_surname
from service.people.agreement import KnownSpeakers, NameRegistry
from service.telemetry.stages import Stage, timed
from service.text.span import GAP, Span, join_spans
from service.usecases.articles.given_sources import GivenSources


class People(Protocol):
    """Gives the registry of known speakers as it is now."""

    def registry(self) -> NameRegistry | None:
        """The registry; None while nobody is known."""


class Library(Protocol):
    """What looking a claim up needs of a store."""

    @property
    def people(self) -> People:
        """The known speakers."""

    def find_evidence(
        self,
        text: str,
        *,
        speaker: str | None = None,
        as_of: date | None = None,
        excluded: frozenset[int] | None = None,
    ) -> list[Evidence]:
        """Windows of stored words that may hold the text, the most promising first."""

    def find_statements(
        self,
        text: str,
        speakers: Iterable[str],
        said_on: date | None = None,
        *,
        as_of: date | None = None,
        excluded: frozenset[int] | None = None,
    ) -> list[Evidence]:
        """Windows of what people of these names said that a report may go back to."""


def build_claim(text: str, quotation: Quotation, said_on: date | None, speakers: Iterable[str] = ()) -> Claim:
    """The claim of a quotation: its words, its speaker, and the article's day.

    `speakers` are the names of all whom the article quotes: two of them may bear the surname that it gives.
    """
    return Claim(
        text=join_spans(text, quotation.content),
        speaker=quotation.speaker.name,
        said_on=said_on,
        form=quotation.type,
        passages=shift_passages(quotation),
        anonymous=quotation.speaker.kind == "anonymous",
        second_hand=quotation.via is not None,
        via=quotation.via.name if quotation.via else None,
        denied=is_denied(text, quotation),
        namesakes=find_namesakes(quotation.speaker.name, speakers),
    )


def find_namesakes(name: str | None, speakers: Iterable[str]) -> tuple[str, ...]:
    """Which full names may be meant by a surname alone; none where a name is given in full."""
    if not name or not is_lone_surname(name):
        return ()
    full = {speaker for speaker in speakers if not is_lone_surname(speaker)}
    return tuple(sorted(speaker for speaker in full if compare_names(name, speaker) == "same"))


def names_of(quotations: Iterable[Quotation]) -> frozenset[str]:
    """The names of all who are quoted, or on whose word others are."""
    quoted = (person for quotation in quotations for person in (quotation.speaker, quotation.via) if person)
    return frozenset(person.name for person in quoted if person.name)


def shift_passages(quotation: Quotation) -> tuple[Span, ...]:
    """The marked passages as spans of the joined content instead of the text."""
    shifted, offset = [], 0
    for part in quotation.content:
        for passage in quotation.passages:
            start, end = max(part.start, passage.start), min(part.end, passage.end)
            if start < end:
                shifted.append(Span(start - part.start + offset, end - part.start + offset))
        offset += part.end - part.start + len(GAP)
    return tuple(shifted)


def find_evidence(
    library: Library, claim: Claim, excluded: frozenset[int] | None, as_of: date | None
) -> list[Evidence]:
    """What may hold the words, and where words are reported without marks, what the same person said."""
    found = library.find_evidence(claim.text, speaker=claim.speaker, as_of=as_of, excluded=excluded)
    if claim.form == "direct":
        return found
    names = [name for name in (claim.speaker, claim.via) if name]
    return found + library.find_statements(claim.text, names, claim.said_on, as_of=as_of, excluded=excluded)


@dataclass(frozen=True, slots=True)
class Scope:
    """What claims are looked up in.

    `excluded` are the own sources of who asks. With `as_of`, what was said later is left out of what is
    stored. `given` are the sources of the request itself.
    """

    searched: Searched
    excluded: frozenset[int] | None = None
    as_of: date | None = None
    given: GivenSources | None = None

    @property
    def counted(self) -> Searched:
        """What was looked through, as a verdict tells."""
        return replace(self.searched, as_of=self.as_of, given=len(self.given) if self.given else 0)


def judge_claim(library: Library, claim: Claim, scope: Scope) -> Judgement:
    """Look a claim up: recall from the sources, precision from the alignment of words.

    The given sources come first, and what is stored is asked for what they lack. Whether two speakers are one
    is told by the registry, as far as it knows them, and else by their names.
    """
    given: list[Evidence] = []
    if scope.given:
        with timed(Stage.RETRIEVAL):
            given += scope.given.index.find(claim)
            registry = library.people.registry() if given else None
        judged = judge_evidence(registry, claim, given, scope)
        if judged.verdict.label != "not_in_sources":
            return judged
    with timed(Stage.RETRIEVAL):
        stored = find_evidence(library, claim, scope.excluded, scope.as_of)
        registry = library.people.registry() if stored else None
    if scope.given and not stored:
        return judged
    return judge_evidence(registry, claim, [*given, *stored], scope)


def judge_evidence(
    registry: NameRegistry | None, claim: Claim, evidence: Sequence[Evidence], scope: Scope
) -> Judgement:
    """Judge a claim by what was found for it."""
    with timed(Stage.JUDGING):
        known = KnownSpeakers.of(registry, claim, evidence) if registry else None
        compare = known.compare if known else claim.compare
        if scope.given:
            compare = scope.given.speakers.comparing(compare)
        named = replace(claim, compare=compare)
        judged = judge(named, evidence, scope.counted, encode=ENCODER.encode)
        if known is None:
            return judged
        return replace(judged, matches=tuple(known.identify(match) for match in judged.matches))
