"""A draft with the words put right of those quotations that a person marked as to be fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.usecases.reviews.sign_offs import SignedArticle, SignedQuote

STOPS: Final = ".,;!?…"


@dataclass(frozen=True, slots=True)
class CorrectedDraft:
    """The text, the numbers of the quotations that were put right, and of those that are left to be fixed:
    there the record gives no wording, or the quotation stands in several places."""

    text: str
    fixed: tuple[int, ...]
    left: tuple[int, ...]


def correct_draft(signed: SignedArticle) -> CorrectedDraft:
    """Put the record's wording in place of quotations in one piece that were signed off as to be fixed."""
    text = signed.article.text
    wanted = [one for one in signed.quotes if is_to_be_fixed(one)]
    able = [one for one in wanted if find_wording(one) is not None]
    fixed: list[int] = []
    least = len(text)
    for one in sorted(able, key=lambda one: one.quote["content"]["spans"][0]["start"], reverse=True):
        span, wording = one.quote["content"]["spans"][0], find_wording(one)
        assert wording is not None
        if span["end"] > least:
            continue  # lies in another quotation, which was put right
        text = text[: span["start"]] + fit(wording, text[span["start"] : span["end"]]) + text[span["end"] :]
        least = span["start"]
        fixed.append(one.number)
    left = tuple(one.number for one in wanted if one.number not in fixed)
    return CorrectedDraft(text, tuple(sorted(fixed)), left)


def is_to_be_fixed(quote: SignedQuote) -> bool:
    """Whether a person says that the article has to be changed here."""
    return quote.sign_off is not None and quote.sign_off.statement.status == "fix"


def find_wording(quote: SignedQuote) -> str | None:
    """The quotation as it should stand, if it stands in one piece in the article."""
    verdict: Mapping[str, Any] = quote.quote["verdict"]
    correction: str | None = verdict.get("correction")
    return correction if correction and len(quote.quote["content"]["spans"]) == 1 else None


def fit(wording: str, former: str) -> str:
    """The wording with the punctuation that the former one ended with."""
    end = former.rstrip()[len(former.rstrip().rstrip(STOPS)) :]
    return wording.rstrip().rstrip(STOPS) + end if end != "?" else wording
