"""Correct the speaker or the words of a quotation of a stored article, and judge it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from service.extraction.attribution.marked_words import Marks
from service.extraction.models import Quotation, Speaker
from service.store import ArticleRecord, QuoteRecord, Store, StoredArticle
from service.store.records import article_source_uri, quote_id
from service.store.sign_offs.records import CorrectedSpan, CorrectedSpeaker, Correction, SignOff
from service.store.sign_offs.subjects import name_subjects
from service.text.marks import find_passages
from service.text.span import Span, join_spans
from service.usecases.articles.analysis import AnalysedQuote, locate_quote
from service.usecases.articles.judge_quotes import members_of, said_on
from service.usecases.articles.quote_claims import Scope, build_claim, judge_claim, names_of, shift_passages
from service.usecases.articles.recheck_verdicts import read_quotation
from service.usecases.find_factchecks import FactcheckFinder

CORRECTED: Final = "corrected"  # how a speaker was resolved: by a person
NOT_FOUND: Final = ("not_found", "not_in_sources")


@dataclass(frozen=True, slots=True)
class Corrector:
    """Corrects quotations of one store. `present` turns one into the members of an answer."""

    store: Store
    present: Callable[[AnalysedQuote], Mapping[str, Any]]

    def correct(
        self, article: StoredArticle, quotes: Sequence[Mapping[str, Any]], number: int, correction: Correction
    ) -> Mapping[str, Any]:
        """A quotation as corrected, judged again; `quotes` are as the machine reads them, `number` counts
        from 0.

        Where the article came with sources that are not kept, and nothing that is stored has the words, the
        verdict stays the one by those sources.
        """
        quote = quotes[number]
        quotation = self.identify(apply_correction(article.text, quotes, number, correction), article)
        uri = article_source_uri(article.uri, article.text)
        located = locate_quote(article.text, quotation)
        speakers = names_of(
            quotation if at == number else read_quotation(each) for at, each in enumerate(quotes)
        )
        claim = build_claim(article.text, quotation, said_on(article), speakers)
        searched = self.store.searched()
        own = self.store.find_own_sources(uri, article.text)
        judged = judge_claim(self.store, claim, Scope(searched, own))
        finder = FactcheckFinder(self.store.factchecks) if searched.factchecks else None
        analysed = AnalysedQuote(
            **members_of(located),
            id=quote_id(uri, number, located.content.text),
            verdict=judged.verdict,
            matches=judged.matches,
            factchecks=finder.find(claim.text) if finder else (),
        )
        presented = dict(self.present(analysed))
        if quote["verdict"]["searched"].get("given") and judged.verdict.label in NOT_FOUND:
            presented |= {"verdict": quote["verdict"], "matches": quote["matches"]}
        return presented

    def identify(self, quotation: Quotation, article: StoredArticle) -> Quotation:
        """The quotation with the id of a corrected speaker, if the registry knows them."""
        speaker = quotation.speaker
        registry = self.store.people.registry() if speaker.how == CORRECTED and speaker.name else None
        if registry is None:
            return quotation
        assert speaker.name is not None
        found = registry.resolve(speaker.name, said_on(article)).person
        return replace(quotation, speaker=replace(speaker, id=found.id if found else None))

    def apply_to(
        self, record: ArticleRecord, signed: Iterable[SignOff], quotes: Sequence[Any]
    ) -> ArticleRecord:
        """An article that is about to be stored, its quotes as people corrected them in former versions."""
        by_subject = {one.subject: one for one in signed if one.statement.correction}
        corrected = list(record.quotes)
        for number, subject in enumerate(name_subjects(quotes)):
            sign_off = by_subject.get(subject)
            correction = move_correction(sign_off, quotes[number], record.text) if sign_off else None
            if correction is not None and number < len(corrected):
                quotation = apply_correction(record.text, quotes, number, correction)
                corrected[number] = describe_quote(record.text, quotation, corrected[number])
        return replace(record, quotes=tuple(corrected))


def apply_correction(
    text: str, quotes: Sequence[Mapping[str, Any]], number: int, correction: Correction
) -> Quotation:
    """A quotation as corrected. A name that another quotation has is of the same kind there."""
    quotation = read_quotation(quotes[number])
    if correction.speaker is not None:
        quotation = replace(quotation, speaker=name_speaker(correction.speaker, quotes))
    if correction.span is not None:
        content = (Span(correction.span.start, correction.span.end),)
        marks = Marks(text, [passage for passage in find_passages(text) if not passage.depth])
        quotation = replace(
            quotation, type=marks.type_of(content), content=content, passages=marks.within(content)
        )
    return quotation


def name_speaker(corrected: CorrectedSpeaker, quotes: Iterable[Mapping[str, Any]]) -> Speaker:
    """A speaker that a person has named."""
    if corrected.name is None:
        return Speaker(None, "unknown", CORRECTED, 1.0)
    kinds = (quote["speaker"]["kind"] for quote in quotes if quote["speaker"]["name"] == corrected.name)
    return Speaker(corrected.name, next(kinds, "person"), CORRECTED, 1.0)


def move_correction(sign_off: SignOff, quote: Mapping[str, Any], text: str) -> Correction | None:
    """A correction in another version of the article, where `quote` is the same reading of the machine; None
    if the words of a corrected span are no longer at the same place."""
    correction = sign_off.statement.correction
    if correction is None or correction.span is None:
        return correction
    assert sign_off.corrected is not None
    moved = quote["content"]["spans"][0]["start"] - sign_off.machine["spans"][0]["start"]
    span = CorrectedSpan(correction.span.start + moved, correction.span.end + moved)
    words = text[max(span.start, 0) : span.end]
    return replace(correction, span=span) if words == sign_off.corrected["content"]["text"] else None


def describe_quote(text: str, quotation: Quotation, former: QuoteRecord) -> QuoteRecord:
    """A quote as the store keeps it, corrected."""
    return replace(
        former,
        text=join_spans(text, quotation.content),
        form=quotation.type,
        passages=shift_passages(quotation),
        speaker=quotation.speaker.name,
    )


def list_quotes(article: StoredArticle, quotes: Iterable[Mapping[str, Any]]) -> tuple[QuoteRecord, ...]:
    """The quotes of a stored article as the store keeps them, from those of an answer."""
    day = said_on(article)
    return tuple(
        QuoteRecord(
            text=quote["content"]["text"],
            form=quote["type"],
            passages=shift_passages(read_quotation(quote)),
            speaker=quote["speaker"]["name"],
            said_at=day,
            position=position,
            second_hand=quote["via"] is not None,
        )
        for position, quote in enumerate(quotes)
    )
