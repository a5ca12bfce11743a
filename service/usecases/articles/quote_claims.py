"""From a quotation in a text to a claim that can be checked against the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Protocol

from service.claims.encoder import ENCODER
from service.extraction.denial import is_denied
from service.extraction.models import Quotation
from service.matching import judge
from service.matching.models import Claim, Evidence, Judgement, Searched
from service.people.agreement import KnownSpeakers, NameRegistry
from service.telemetry.stages import Stage, timed
from service.text.span import GAP, Span, join_spans


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


def build_claim(text: str, quotation: Quotation, said_on: date | None) -> Claim:
    """The claim a quotation makes: these words, by this speaker, on the article's day."""
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
    )


def shift_passages(quotation: Quotation) -> tuple[Span, ...]:
    """The marked passages as places in the joined content instead of the text."""
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


def judge_claim(
    library: Library,
    claim: Claim,
    searched: Searched,
    excluded: frozenset[int] | None = None,
    as_of: date | None = None,
) -> Judgement:
    """Look a claim up: recall from the store, precision from the alignment of words.

    `excluded` are the own sources of the caller. Whether two speakers are one is told by the registry, as far
    as it knows them, and else by their names.
    """
    if as_of is not None:
        searched = replace(searched, as_of=as_of)
    with timed(Stage.RETRIEVAL):
        evidence = find_evidence(library, claim, excluded, as_of)
        registry = library.people.registry() if evidence else None
    if registry is None:
        with timed(Stage.JUDGING):
            return judge(claim, evidence, searched, encode=ENCODER.encode)
    with timed(Stage.JUDGING):
        known = KnownSpeakers.of(registry, claim, evidence)
        named = replace(claim, compare=known.compare)
        judged = judge(named, evidence, searched, encode=ENCODER.encode)
        return replace(judged, matches=tuple(known.identify(match) for match in judged.matches))
