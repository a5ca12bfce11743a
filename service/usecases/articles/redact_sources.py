"""An analysis without the words of sources that are not kept, as it is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from service.matching.labels import LABEL_TEXTS
from service.matching.models import Verdict
from service.usecases.articles.analysis import AnalysedQuote, Analysis

_EXPLAINED: Final = "{label}: judged by sources that came with the article and are not kept."


def without_given(analysis: Analysis) -> Analysis:
    """The analysis as it may be kept: labels and axes stay, nothing that the given sources say does.

    Of sources that are stored with it, or were before, everything stays.
    """
    if not analysis.private:
        return analysis
    quotes = tuple(_redact(quote, analysis.private) for quote in analysis.quotes)
    return replace(analysis, quotes=quotes, source_notes=())


def _redact(quote: AnalysedQuote, private: frozenset[int]) -> AnalysedQuote:
    matches = tuple(match for match in quote.matches if match.origin.number not in private)
    if len(matches) == len(quote.matches):
        return quote
    return replace(quote, verdict=_redact_verdict(quote.verdict), matches=matches)


def _redact_verdict(verdict: Verdict) -> Verdict:
    told = _EXPLAINED.format(label=LABEL_TEXTS[verdict.label])
    return replace(verdict, explanation=told, said=None, correction=None)
