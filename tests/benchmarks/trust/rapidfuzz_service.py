"""What a threshold on a score does: rapidfuzz over the same sentences, asked as a checkout is.

Quotations of articles are found by the checkout that is measured, so that both judge the same ones. Thresholds
are those a user would set: 97 for the same words, 90 for nearly the same, 70 for changed ones. Whose words they
are is decided by the surname.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rapidfuzz import fuzz, process

from tests.benchmarks.trust.checkout import Checkout, Service
from tests.benchmarks.trust.corpora import Record, split_sentences, split_words

SCORERS: dict[str, Callable[..., float]] = {"ratio": fuzz.ratio, "token_set_ratio": fuzz.token_set_ratio}
VERBATIM, NEAR, ALTERED = 97, 90, 70
SUFFIXES = {"jr", "sr", "ii", "iii"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in memory: who said or printed it, where and when."""

    text: str
    speaker: str | None
    uri: str
    day: str | None


@dataclass(slots=True)
class RapidfuzzService:
    """Sentences in memory, and the best of them for what is asked."""

    scorer: Callable[..., float]
    finder: Service  # finds the quotations of articles; its store is empty
    sentences: list[Sentence] = field(default_factory=list)
    prepared: list[str] = field(default_factory=list)

    def add(self, text: str, speaker: str | None, uri: str, day: str | None) -> None:
        """Keep a sentence."""
        self.sentences.append(Sentence(text, speaker, uri, day))
        self.prepared.append(" ".join(split_words(text)))

    def check(self, quote: str, speaker: str | None = None, day: str | None = None) -> dict[str, Any]:
        """The answer to one selection."""
        asked = " ".join(split_words(quote))
        best = process.extractOne(asked, self.prepared, scorer=self.scorer, score_cutoff=ALTERED)
        found = self.sentences[best[2]] if best else None
        fidelity = name_score(best[1]) if best else "no_match"
        verdict = {
            "fidelity": fidelity,
            "changes": [],
            "attribution": compare_surnames(speaker, found.speaker) if found else "unresolved",
            "time": compare_days(day, found.day) if found else "undated",
        }
        return {"quote": quote, "speaker": speaker, "verdict": verdict, "matches": describe(found)}

    def analyse(self, article: Record, *, store: bool) -> list[dict[str, Any]]:
        """The quotations of an article with their verdicts."""
        quotes = self.finder.analyse(article, store=False)
        for quote in quotes:
            answer = self.check(
                quote["content"]["text"], quote["speaker"]["name"], article.get("published_at")
            )
            quote.update(verdict=answer["verdict"], matches=answer["matches"])
        if store:
            for quote in quotes:
                day = article.get("published_at")
                self.add(quote["content"]["text"], quote["speaker"]["name"], article["uri"], day)
        return quotes


@dataclass(frozen=True, slots=True)
class RapidfuzzCheckout:
    """Asked like a checkout; every service of it holds its sentences in memory."""

    checkout: Checkout
    scorer: str

    @contextmanager
    def serving(self, transcripts: Iterable[Record] = ()) -> Iterator[RapidfuzzService]:
        """A service that knows the sentences of these transcripts."""
        with self.checkout.serving() as finder:
            service = RapidfuzzService(SCORERS[self.scorer], finder)
            for transcript in transcripts:
                for turn in transcript["turns"]:
                    for sentence in split_sentences(turn["text"]):
                        service.add(sentence, turn["speaker"], transcript["uri"], transcript["published_at"])
            yield service


def name_score(score: float) -> str:
    """The fidelity that a score of 70 or more is taken for."""
    if score >= VERBATIM:
        return "verbatim"
    return "near_verbatim" if score >= NEAR else "altered"


def surname(name: str) -> str:
    """The last word of a name that is no suffix."""
    words = [word for word in split_words(name) if word not in SUFFIXES]
    return words[-1] if words else ""


def compare_surnames(asked: str | None, found: str | None) -> str:
    """Whether two names end in the same surname."""
    if not asked or not found:
        return "unresolved"
    return "same" if surname(asked) == surname(found) else "misattributed"


def compare_days(asked: str | None, found: str | None) -> str:
    """How the day that is claimed stands to the day of the sentence."""
    if not asked or not found:
        return "undated"
    days = (date.fromisoformat(asked) - date.fromisoformat(found)).days
    if days < 0:
        return "anachronistic"
    return "contemporaneous" if days <= 3 else "recent" if days <= 30 else "recycled"


def describe(found: Sentence | None) -> list[dict[str, Any]]:
    """The match as an answer shows it."""
    if found is None:
        return []
    return [{"text": found.text, "speaker": {"name": found.speaker}, "source": {"uri": found.uri}}]
