"""The results of tools: short, with an address for what is left out. The schemas have the descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, Field

LONGEST: Final = 600  # characters of a passage


class Passage(BaseModel):
    """Words of a source."""

    text: str = Field(description="The source's own words.")
    speaker: str | None = Field(description="Who said them.")
    said_at: str | None = Field(description="The day, as an ISO date.")
    source: str | None = Field(description="The title of the source, or its address.")
    start_s: float | None = Field(None, description="Where it begins in the recording, in seconds.")
    link: str | None = Field(None, description="The page of the quote in Verbatim.")


class CheckedQuote(BaseModel):
    """A quotation and what was found about it."""

    number: int = Field(description="Its number in the text, from 1.")
    quote: str = Field(description="The words of the text.")
    speaker: str | None = Field(description="Who the text says said them.")
    type: str = Field(description="direct, indirect or mixed.")
    label: str = Field(
        description="The verdict: confirmed, changed, wrong_person, not_in_sources and others."
    )
    severity: int = Field(description="0 fine, 1 look, 2 fix, 3 stop.")
    explanation: str = Field(description="The verdict in a sentence.")
    said: Passage | None = Field(description="What was really said, where a record or statement decided.")
    correction: str | None = Field(description="The quotation as it should stand.")
    factchecks: list[str] = Field(description="Addresses of fact-checks that bear on it.")


class CheckedDraft(BaseModel):
    """A draft's quotations, the gravest first; at most as many as were asked for."""

    quotes_found: int = Field(description="How many quotations the text has.")
    worst: int = Field(description="The worst severity.")
    labels: dict[str, int] = Field(description="How many quotations have which label.")
    notes: list[str] = Field(description="Remarks on the text and its sources.")
    quotes: list[CheckedQuote] = Field(description="The quotations, the gravest first.")
    left_out: int = Field(description="How many quotations are not in `quotes`.")


class CheckedWords(BaseModel):
    """One quotation, checked."""

    label: str = Field(description="The verdict: confirmed, changed, wrong_person, not_found and others.")
    severity: int = Field(description="0 fine, 1 look, 2 fix, 3 stop.")
    explanation: str = Field(description="The verdict in a sentence.")
    said: Passage | None = Field(description="What was really said, where a record or statement decided.")
    correction: str | None = Field(description="The quotation as it should stand.")
    matches: list[Passage] = Field(description="The nearest passages, the nearest first.")
    factchecks: list[str] = Field(description="Addresses of fact-checks that bear on it.")


class FoundQuotes(BaseModel):
    """Stored quotes that have the words."""

    quotes: list[Passage] = Field(description="The quotes, the best first.")
    more: bool = Field(description="Whether there are more.")


class Factcheck(BaseModel):
    """A published fact-check."""

    claim: str = Field(description="What was examined.")
    claimant: str | None = Field(description="Who claimed it.")
    rating: str | None = Field(description="The rating, in the fact-checker's words.")
    publisher: str | None = Field(description="Who published it.")
    url: str | None = Field(description="Its address.")
    published_at: str | None = Field(description="When.")


class FoundFactchecks(BaseModel):
    """Fact-checks that may bear on a claim."""

    factchecks: list[Factcheck] = Field(description="The most probable first.")


class SourceTurn(BaseModel):
    """One turn of a source."""

    number: int = Field(description="From 1.")
    speaker: str | None = Field(description="Who speaks.")
    text: str = Field(description="What is said.")
    start_s: float | None = Field(description="Where it begins in the recording, in seconds.")


class SourceText(BaseModel):
    """A stored source with a part of its turns."""

    id: str = Field(description="Its id.")
    title: str | None = Field(description="Its title.")
    kind: str | None = Field(description="interview, speech, statement and others.")
    published_at: str | None = Field(description="Its day.")
    uri: str | None = Field(description="Its address.")
    machine: bool = Field(description="Whether a machine transcribed it.")
    words: int = Field(description="How many words it has.")
    turns: list[SourceTurn] = Field(description="The turns from `first_turn` on.")
    more: bool = Field(description="Whether there are more turns.")


def shorten(text: str) -> str:
    """The text, cut at a word where it is very long."""
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"


def read_said(said: Mapping[str, Any] | None) -> Passage | None:
    """What was really said, of a verdict."""
    if said is None:
        return None
    words = " ".join(filter(None, (said.get("before"), said["text"], said.get("after"))))
    return Passage(
        text=shorten(words),
        speaker=name_of(said.get("speaker")),
        said_at=said.get("said_at"),
        source=title_of(said.get("source")),
        start_s=said.get("start_s"),
        link=None,
    )


def read_passage(match: Mapping[str, Any], url: str) -> Passage:
    """A match of a verdict, or a stored quote."""
    quote_id = match.get("quote_id") or match.get("id")
    return Passage(
        text=shorten(match["text"]),
        speaker=name_of(match.get("speaker")),
        said_at=match.get("said_at"),
        source=title_of(match.get("source")),
        start_s=match.get("start_s"),
        link=f"{url}/quotes/{quote_id}" if quote_id else None,
    )


def name_of(speaker: Any) -> str | None:
    """The name in a speaker's members; names also stand alone."""
    name = speaker.get("name") if isinstance(speaker, Mapping) else speaker
    return str(name) if name else None


def title_of(source: Mapping[str, Any] | None) -> str | None:
    """What a source is called."""
    if not source:
        return None
    return source.get("title") or source.get("uri") or source.get("publisher")


def read_quote(number: int, quote: Mapping[str, Any]) -> CheckedQuote:
    """A quotation of an analysis."""
    verdict = quote["verdict"]
    return CheckedQuote(
        number=number,
        quote=shorten(quote["content"]["text"]),
        speaker=name_of(quote["speaker"]),
        type=quote["type"],
        label=verdict["label"],
        severity=verdict["severity"],
        explanation=verdict["explanation"],
        said=read_said(verdict.get("said")),
        correction=verdict.get("correction"),
        factchecks=urls_of(quote.get("factchecks", ())),
    )


def urls_of(factchecks: Any) -> list[str]:
    """The addresses of fact-checks."""
    return [one["url"] for one in factchecks if one.get("url")]


def read_draft(analysis: Mapping[str, Any], most: int) -> CheckedDraft:
    """An analysis, the gravest quotations first."""
    quotes = [read_quote(number, quote) for number, quote in enumerate(analysis["quotes"], 1)]
    quotes.sort(key=lambda quote: (-quote.severity, quote.number))
    summary = analysis["summary"]
    return CheckedDraft(
        quotes_found=len(quotes),
        worst=summary["severity"],
        labels={label: count for label, count in summary["counts"].items() if count},
        notes=list(analysis["notes"]),
        quotes=quotes[:most],
        left_out=max(0, len(quotes) - most),
    )
