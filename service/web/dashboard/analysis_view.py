"""The view of an analysis: the text with its marks, a card and a row for each quote, and filters.

Built from the API's answer, so that streamed, new and stored analyses
look the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from service.store.articles.work import Comment
from service.store.reviews.records import ReviewRecord
from service.store.sign_offs.records import EvidenceFile, SignOff
from service.usecases.reviews.sign_offs import SignedArticle, SignedQuote
from service.web.dashboard.labels import ATTRIBUTION, FIDELITY, KINDS, VERDICTS, Label, label_of
from service.web.dashboard.marked_text import Marked, Piece, cut_paragraphs
from service.web.dashboard.sign_off.form import SignOffForm
from service.web.dashboard.sign_off.history import HistoryLine
from service.web.dashboard.source_text import SourceTexts

CODES: Final = tuple(dict.fromkeys((*VERDICTS, *FIDELITY, *ATTRIBUTION)))
UNJUDGED: Final = "unjudged"
SIGNED: Final = ("open", "done")
NOBODY: Final = "(nobody named)"


@dataclass(frozen=True, slots=True)
class Laid:
    """One quote, as `QuoteSchema` presents it (without a verdict: as `ExtractedQuoteSchema` does), by its
    running number from 1, with the review that it has, if any."""

    number: int
    quote: Mapping[str, Any]
    review: ReviewRecord | None = None
    signed: SignedQuote | None = None  # of a stored article
    history: Sequence[HistoryLine] = ()  # of its sign-off, the newest first
    form: SignOffForm = field(default_factory=SignOffForm)

    @property
    def sign_off(self) -> SignOff | None:
        """What a person said of it."""
        return self.signed.sign_off if self.signed else None

    @property
    def is_signed_off(self) -> bool:
        """Whether somebody has given it a status."""
        return self.signed is not None and self.signed.is_signed_off

    @property
    def code(self) -> str:
        """The code of its label, or of a verdict that is not known yet."""
        return self.label.code

    @property
    def label(self) -> Label:
        """The label of its verdict."""
        return label_of(self.quote.get("verdict"))

    @property
    def tone(self) -> str:
        """The tone of its mark: the most serious of its verdict."""
        verdict = self.quote.get("verdict") or {}
        return "bad" if verdict.get("time") == "anachronistic" else self.label.tone

    @property
    def icon(self) -> str:
        """The icon of its mark."""
        return self.label.icon

    @property
    def speaker(self) -> str:
        """The speaker, as filters name them."""
        return self.quote["speaker"]["name"] or NOBODY

    @property
    def summary_text(self) -> str:
        """The verdict in words, for screen readers."""
        return self.label.word


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of quotes; an empty one matches all."""

    verdicts: frozenset[str] = frozenset()
    speaker: str = ""
    kind: str = ""
    signed: str = ""  # "open" or "done"

    @classmethod
    def of(cls, query: MultiDict[str, str]) -> Filters:
        """The filters in a query; invalid values are ignored."""
        verdicts = frozenset(code for code in query.getlist("verdict") if code in CODES)
        kind = query.get("kind", "")
        signed = query.get("signed", "")
        return cls(
            verdicts,
            query.get("speaker", ""),
            kind if kind in KINDS else "",
            signed if signed in SIGNED else "",
        )

    def want(self, laid: Laid) -> bool:
        """Whether a quote is to be shown."""
        return (
            (not self.verdicts or laid.code in self.verdicts)
            and (not self.speaker or laid.speaker == self.speaker)
            and (not self.kind or laid.quote["type"] == self.kind)
            and (not self.signed or (self.signed == "done") == laid.is_signed_off)
        )


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """All that the page shows of one analysis. `version` is None if it is not stored."""

    analysis: Mapping[str, Any]
    all: Sequence[Laid]
    filters: Filters = field(default_factory=Filters)
    version: int | None = None
    sources: SourceTexts = field(default_factory=SourceTexts)  # that were given with the draft
    files: Mapping[str, EvidenceFile] = field(default_factory=dict)  # evidence, by id
    comments: Mapping[int, Sequence[Comment]] = field(default_factory=dict)  # by the number of a quote
    is_shared: bool = False  # to somebody without a key, who may only read

    @property
    def signed(self) -> int:
        """How many quotes are signed off."""
        return sum(laid.is_signed_off for laid in self.all)

    @property
    def names(self) -> list[str]:
        """The speakers of the article and of what was found, to choose from."""
        quotes = [laid.quote for laid in self.all]
        found = [match["speaker"] for quote in quotes for match in quote.get("matches", ())]
        named = {one["name"] for one in (*(quote["speaker"] for quote in quotes), *found) if one}
        return sorted((name for name in named if name), key=str.casefold)

    @property
    def shown(self) -> list[Laid]:
        """The quotes that match the filters."""
        return [laid for laid in self.all if self.filters.want(laid)]

    @property
    def is_whole(self) -> bool:
        """Whether all quotes match."""
        return self.filters == Filters()

    @property
    def is_judged(self) -> bool:
        """Whether every quote has its verdict."""
        return all(laid.code != UNJUDGED for laid in self.all)

    @property
    def is_all_grey(self) -> bool:
        """Whether nothing that could be compared with has any of the quotes."""
        return bool(self.all) and all(laid.code == "not_found" for laid in self.all)

    @property
    def paragraphs(self) -> list[list[Piece]]:
        """The text with the quotes that are shown."""
        return cut_paragraphs(self.analysis["text"], (mark(laid) for laid in self.shown))

    @property
    def by_number(self) -> dict[int, Laid]:
        """The quotes by their numbers."""
        return {laid.number: laid for laid in self.all}

    @property
    def verdicts(self) -> list[tuple[Label, int]]:
        """The number of quotes by label, the most serious first."""
        counted = Counter(laid.code for laid in self.all)
        shown = {laid.code: laid.label for laid in sorted(self.all, key=_gravest, reverse=True)}
        return [
            (shown[code], counted[code])
            for code in sorted(counted, key=lambda one: _gravest_label(shown[one]))
        ]

    @property
    def speakers(self) -> list[tuple[str, int]]:
        """The number of quotes by speaker."""
        return sorted(Counter(laid.speaker for laid in self.all).items(), key=lambda one: one[0].casefold())

    @property
    def kinds(self) -> list[tuple[str, str, int]]:
        """The number of quotes by kind."""
        counted = Counter(laid.quote["type"] for laid in self.all)
        return [(kind, word, counted[kind]) for kind, word in KINDS.items() if counted[kind]]

    @property
    def former_policy(self) -> str | None:
        """The policy of the verdicts, if it had no labels."""
        verdicts = [laid.quote["verdict"] for laid in self.all if laid.quote.get("verdict")]
        return next((verdict["policy"] for verdict in verdicts if "label" not in verdict), None)


ORDER: Final = ("bad", "care", "unsure", "fine", "good", "none")


def _gravest(laid: Laid) -> tuple[int, int]:
    return _gravest_label(laid.label)


def _gravest_label(label: Label) -> tuple[int, int]:
    return ORDER.index(label.tone), CODES.index(label.code)


def lay_out(
    quotes: Iterable[Mapping[str, Any]], reviews: Mapping[str, ReviewRecord] | None = None
) -> list[Laid]:
    """Quotes with their numbers and, by their ids, their reviews."""
    found = reviews or {}
    return [Laid(number, quote, found.get(quote["id"])) for number, quote in enumerate(quotes, 1)]


def lay_out_signed(
    signed: SignedArticle,
    reviews: Mapping[str, ReviewRecord],
    histories: Mapping[str, Sequence[HistoryLine]],
) -> list[Laid]:
    """The quotes of a stored article with their reviews, by the ids that the machine gave them, and what was
    said of them, by the ids of their sign-offs."""
    return [
        Laid(
            one.number,
            one.quote,
            reviews.get(one.machine["id"]),
            one,
            histories.get(one.sign_off.id, ()) if one.sign_off else (),
            SignOffForm.of(one),
        )
        for one in signed.quotes
    ]


def mark(laid: Laid) -> Marked:
    """The mark of a quote."""
    spans = tuple((span["start"], span["end"]) for span in laid.quote["content"]["spans"])
    return Marked(laid.number, spans)
