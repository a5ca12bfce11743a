"""Sign-off: what a person says of each quotation of a stored article, with evidence, and corrections."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from service.errors import Fault, InvalidInput, NotFound
from service.matching.labels import summarise
from service.store import Store, StoredArticle
from service.store.records import article_source_uri
from service.store.reviews.analysis_sync import subject_of
from service.store.reviews.audit import HistoryEntry
from service.store.reviews.records import Reviewer
from service.store.reviews.reviews import ReviewStore
from service.store.sign_offs.records import Correction, EvidenceFile, SignOff, Statement
from service.store.sign_offs.store import Corrected, Place, digest_of
from service.store.sign_offs.subjects import apply_corrections, name_subjects
from service.usecases.articles.correct_quote import Corrector, list_quotes

MAX_FILE_BYTES: Final = 5_000_000
MAX_FILE_NAME: Final = 200
NOTHING: Final = Statement(None)
NO_TAG: Final = "0"  # the entity tag of a quotation that nobody has said anything of

log = structlog.get_logger("verbatim.reviews")


@dataclass(frozen=True, slots=True)
class SignedQuote:
    """A quotation as people corrected it, as the machine reads it, and its sign-off if there is one."""

    number: int  # from 1
    quote: Mapping[str, Any]
    machine: Mapping[str, Any]
    sign_off: SignOff | None

    @property
    def is_signed_off(self) -> bool:
        """Whether somebody has given it a status."""
        return self.sign_off is not None and self.sign_off.statement.status is not None

    @property
    def tag(self) -> str:
        """The entity tag of its sign-off."""
        return self.sign_off.tag if self.sign_off else NO_TAG


@dataclass(frozen=True, slots=True)
class SignedArticle:
    """A stored article with the sign-offs of its quotations. `analysis` has these as they were corrected."""

    article: StoredArticle
    analysis: Mapping[str, Any]
    quotes: tuple[SignedQuote, ...]

    @property
    def signed(self) -> int:
        """How many quotations are signed off."""
        return sum(quote.is_signed_off for quote in self.quotes)

    def find(self, quote_id: str) -> SignedQuote:
        """A quotation by its id, as it was corrected or as the machine names it. Raises NotFound."""
        for quote in self.quotes:
            if quote_id in (quote.quote["id"], quote.machine["id"]):
                return quote
        raise NotFound("the article has no quotation with this id")


@dataclass(frozen=True, slots=True)
class SignOffOrder:
    """What a person says of a quotation. `expected` are the entity tags of If-Match, if any."""

    article_id: str
    quote_id: str
    statement: Statement
    who: Reviewer
    expected: frozenset[str] | None = None


Settle = Callable[[ReviewStore, SignedArticle, SignedQuote, float], None]


@dataclass(frozen=True, slots=True)
class SignOffService:
    """The sign-offs of one store. Methods raise NotFound for an unknown article, and StoreUnavailable."""

    store: Store
    corrector: Corrector
    clock: Callable[[], float] = time.time
    settle: Settle = lambda *_: None  # what follows for the review of the same quotation

    def open(self, article_id: str) -> SignedArticle:
        """An article with its sign-offs."""
        return self.read(self.store.get_article(article_id))

    def read(self, article: StoredArticle) -> SignedArticle:
        """The sign-offs of an article."""
        return apply_sign_offs(article, self.store.sign_offs.find_of(article.id))

    def find_histories(self, quotes: Sequence[SignedQuote]) -> dict[str, list[HistoryEntry]]:
        """What was said of quotations before and now, by the ids of their sign-offs, the oldest first."""
        return self.store.sign_offs.find_histories([one.sign_off.id for one in quotes if one.sign_off])

    def sign(self, order: SignOffOrder) -> SignedQuote:
        """Record what a person says of a quotation, in place of what was said before.

        A correction is applied: the quotation is judged again, and is a corrected one for later articles.
        Raises NotFound, PreconditionFailed, Conflict if the article was changed meanwhile, and InvalidInput.
        """
        signed = self.open(order.article_id)
        found = signed.find(order.quote_id)
        statement = replace(order.statement, correction=self.tidy(signed, found, order.statement.correction))
        corrected = self.correct(signed, found, statement)
        done = self.store.sign_offs.sign(
            locate(signed, found), statement, corrected, order.who, (order.expected, self.clock())
        )
        if done.entry is not None:
            log.info("sign_off_recorded", entry=done.entry.number, hash=done.entry.hash)
        now_signed = self.open(order.article_id)
        quote = now_signed.quotes[found.number - 1]
        self.settle(self.store.reviews, now_signed, quote, self.clock())
        return quote

    def withdraw(self, order: SignOffOrder) -> SignedQuote:
        """Take back all that was said of a quotation, with its correction; the history keeps it."""
        signed = self.open(order.article_id)
        found = signed.find(order.quote_id)
        if found.sign_off is None or found.sign_off.statement == NOTHING:
            return found
        return self.sign(replace(order, statement=NOTHING))

    def judge_again(self, article_id: str, quote_id: str) -> SignedQuote:
        """Judge a corrected quotation by what the registry and the sources know now."""
        signed = self.open(article_id)
        found = signed.find(quote_id)
        former = found.sign_off
        if former is None or former.statement.correction is None:
            return found
        machine = [one.machine for one in signed.quotes]
        number, statement = found.number - 1, former.statement
        assert statement.correction is not None
        quote = self.corrector.correct(signed.article, machine, number, statement.correction)
        quotes = [one.quote for one in signed.quotes]
        quotes[number] = quote
        corrected = Corrected(quote, list_quotes(signed.article, quotes))
        self.store.sign_offs.carry(former, locate(signed, found), statement, corrected)
        return self.open(article_id).quotes[number]

    def tidy(
        self, signed: SignedArticle, found: SignedQuote, correction: Correction | None
    ) -> Correction | None:
        """A correction without what is as the machine has it. Raises InvalidInput for a span that is none."""
        if correction is None:
            return None
        machine, text = found.machine, signed.article.text
        speaker, span = correction.speaker, correction.span
        if speaker is not None and speaker.name == machine["speaker"]["name"]:
            speaker = None
        if span is not None:
            if not 0 <= span.start < span.end <= len(text) or not text[span.start : span.end].strip():
                fault = Fault("/correction/span", "Must be a range of the text with words in it.")
                raise InvalidInput("the correction does not fit the text", (fault,))
            if [{"start": span.start, "end": span.end}] == machine["content"]["spans"]:
                span = None
        return Correction(speaker, span) if speaker or span else None

    def correct(self, signed: SignedArticle, found: SignedQuote, statement: Statement) -> Corrected | None:
        """What a correction makes of the quotation and its article; None if nothing is or was corrected."""
        former = found.sign_off
        if statement.correction is None and (former is None or former.corrected is None):
            return None
        machine = [one.machine for one in signed.quotes]
        quote: Mapping[str, Any] | None = None
        if statement.correction is not None:
            quote = former.corrected if former else None
            if former is None or former.statement.correction != statement.correction:
                quote = self.corrector.correct(
                    signed.article, machine, found.number - 1, statement.correction
                )
        quotes = [one.quote for one in signed.quotes]
        quotes[found.number - 1] = quote or found.machine
        return Corrected(quote, list_quotes(signed.article, quotes))

    def keep_file(self, article_id: str, name: str, content: bytes, who: Reviewer) -> EvidenceFile:
        """Keep a file as evidence for an article. Raises InvalidInput if it is empty or too large."""
        if not content or len(content) > MAX_FILE_BYTES:
            fault = Fault("/file", f"Must be 1 to {MAX_FILE_BYTES:,} bytes.")
            raise InvalidInput("the file cannot be kept", (fault,))
        kept = "".join(char for char in name.replace("\\", "/").rpartition("/")[2] if char.isprintable())
        file = EvidenceFile(
            id=f"f{secrets.token_hex(12)}",
            article_id=article_id,
            name=kept.strip(" .")[-MAX_FILE_NAME:] or "file",
            size=len(content),
            digest=digest_of(content),
            by=who.name,
            at=self.clock(),
        )
        self.store.sign_offs.add_file(file, content, who.owner)
        return file

    def find_files(self, article_id: str) -> dict[str, EvidenceFile]:
        """The files that are kept as evidence for an article, by their ids."""
        return self.store.sign_offs.find_files(article_id)

    def read_file(self, article_id: str, file_id: str) -> tuple[EvidenceFile, bytes]:
        """A file with its content. Raises NotFound."""
        return self.store.sign_offs.read_file(article_id, file_id)


def apply_sign_offs(article: StoredArticle, signed: Mapping[str, SignOff]) -> SignedArticle:
    """An article with its sign-offs, which are given by their subjects."""
    analysis = json.loads(article.analysis)
    machine = analysis["quotes"]
    applied = apply_corrections(machine, signed, article.version)
    quotes = tuple(
        SignedQuote(number, quote, read, sign_off)
        for number, ((quote, sign_off), read) in enumerate(zip(applied, machine, strict=True), 1)
    )
    changed = dict(analysis) | {"quotes": [quote.quote for quote in quotes]}
    if "summary" in analysis and any(quote.quote is not quote.machine for quote in quotes):
        counted = summarise(
            (one.quote["verdict"]["label"], one.quote["verdict"]["severity"])
            for one in quotes
            if one.quote["act"] != "none"
        )
        changed["summary"] = {"counts": dict(counted.counts), "severity": counted.severity}
    return SignedArticle(article, changed, quotes)


def locate(signed: SignedArticle, found: SignedQuote) -> Place:
    """Where a quotation is, and how the machine reads it."""
    article, machine = signed.article, found.machine
    subjects = name_subjects(one.machine for one in signed.quotes)
    return Place(
        article.id,
        article.version,
        subjects[found.number - 1],
        {
            "speaker": machine["speaker"]["name"],
            "spans": machine["content"]["spans"],
            "label": machine["verdict"].get("label"),
        },
        subject_of(article_source_uri(article.uri, article.text), machine),
        article.text_hash,
    )
