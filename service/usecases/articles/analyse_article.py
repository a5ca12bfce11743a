"""Analyse an article: find its quotations, look each up, and keep them for later articles."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, time
from typing import Protocol

from service.cache import Cache, CacheAnswer, CacheStatus, cache_key
from service.claims import CLAIMS_ENGINE
from service.extraction import ENGINE, extract
from service.extraction.models import Extraction
from service.matching import POLICY
from service.store import Precondition, SavedArticle, Store
from service.store.jobs.jobs import Claim as JobClaim
from service.store.records import ArticleRecord, QuoteRecord
from service.telemetry.stages import Stage, timed
from service.text import Document
from service.text.metadata import Metadata
from service.usecases.articles.analysis import AnalysedQuote, Analysis, Article
from service.usecases.articles.article_limits import ArticleLimits
from service.usecases.articles.given_sources import WITH_SOURCES, read_given
from service.usecases.articles.judge_quotes import Judging, said_on
from service.usecases.articles.quote_claims import shift_passages
from service.usecases.articles.redact_sources import without_given

ANSWER_FORM = "3"  # raised when the same analysis would be written differently


class Corrections(Protocol):
    """What people corrected in former versions of articles."""

    def apply_to(self, record: ArticleRecord) -> ArticleRecord:
        """An article that is about to be stored, with its quotes as they were corrected."""

    def carry(self, public_id: str) -> int:
        """Apply corrections to the newest version of an article; how many were applied."""


@dataclass(frozen=True, slots=True)
class Analyser:
    """Analyses articles with one store and cache. `present` turns an analysis into bytes."""

    store: Store
    cache: Cache
    present: Callable[[Analysis], bytes]
    limits: ArticleLimits = field(default_factory=ArticleLimits)
    corrections: Corrections | None = None

    def analyse(self, article: Article) -> CacheAnswer:
        """The answer to an article, from the cache where the same was asked of the same store.

        The article and its quotations are stored in one transaction, once, unless `article.store` is off.
        With sources of its own neither they nor the answer get into the cache. Raises InvalidInput where the
        body holds no text or a source cannot be read, StoreUnavailable where the database is away.
        """
        generation = self.store.generation()
        if article.sources:
            return CacheAnswer(self.compute(article, generation), CacheStatus.BYPASS, detail=WITH_SOURCES)
        key = self.key(article, generation)
        return self.cache.get_or_compute(key, lambda: self.compute(article, generation))

    def compute(self, article: Article, generation: str) -> bytes:
        """Analyse, present and store, without reading the cache."""
        document = self.limits.read(article.body, article.format, article.language)
        record, answer = self.prepare(article, document, generation)
        if article.store:
            self.keep(article, record, answer)
        return answer

    def prepare(self, article: Article, document: Document, generation: str) -> tuple[ArticleRecord, bytes]:
        """Analyse and present: the article as the store keeps it, and its answer.

        Raises InvalidInput if the text is longer than the limit.
        """
        self.limits.hold_text(document.text, article.format)
        judging = self.begin(article, document)
        return self.conclude(judging, judging, generation)

    def begin(self, article: Article, document: Document) -> Judging:
        """Find the quotations of a text within the limits; the result judges them.

        An article that is stored under another spelling of its address goes by that one.
        """
        given = None
        if article.sources:
            given = read_given(article.sources, self.store.sources, keep=article.keep_sources)
        if article.uri is not None:
            article = replace(article, uri=self.store.find_known_address(article.uri))
        article = with_page_data(article, document.metadata)
        with timed(Stage.EXTRACTION):
            registry = self.store.people.registry()
            extraction = extract(document, registry=registry, on=said_on(article), acts=article.acts)
        judging = Judging.of(self.store, self.limits, article, document.text, extraction)
        judging.given = given
        return judging

    def conclude(
        self, judging: Judging, quotes: Iterable[AnalysedQuote], generation: str
    ) -> tuple[ArticleRecord, bytes]:
        """Present the whole analysis."""
        analysis = judging.conclude(tuple(quotes), generation)
        with timed(Stage.PRESENTING):
            answer = self.present(analysis)
            kept = stored = analysis.only_reported() if gives_unreported(analysis) else analysis
            if stored.article.sources and stored.article.store:
                kept = without_given(stored)
            kept_answer = answer if kept is analysis else self.present(kept)
        record = replace(build_record(stored, judging.extraction, kept_answer), actor=analysis.article.actor)
        if judging.given:
            record = replace(record, sources=judging.given.new)
        return record, answer

    def keep(
        self,
        article: Article,
        record: ArticleRecord,
        answer: bytes,
        precondition: Precondition | None = None,
        claim: JobClaim | None = None,
    ) -> SavedArticle:
        """Store an analysed article, and its answer in the cache. Raises PreconditionFailed.

        The job whose `claim` is given ends with it; raises LeaseLost if that is another worker's by now.
        """
        with timed(Stage.SAVING):
            if self.corrections is not None:
                record = self.corrections.apply_to(record)
            saved = self.store.save_article(record, precondition, claim)
            if self.corrections is not None and saved.changed and not saved.created:
                self.corrections.carry(saved.id)
        # The article's own quotations are no evidence for it, so its answer stays what it is in the
        # generation that storing it made: the same article again is a hit. But where something else was
        # stored since it was judged, that generation has evidence which the answer knows nothing of.
        if saved.is_current and not article.sources:
            self.cache.put(self.key(article, saved.generation), answer)
        return saved

    def key(self, article: Article, generation: str) -> str:
        """The cache key: all that the answer depends on. An article with sources of its own has none."""
        described = {
            field.name: getattr(article, field.name)
            for field in fields(article)
            if field.name not in ("body", "sources", "keep_sources", "actor")
        }
        metadata = json.dumps(described, default=str, sort_keys=True)
        body = hashlib.sha256(article.body.encode()).hexdigest()
        most = str(self.limits.max_judged)
        engines = (ENGINE, POLICY, CLAIMS_ENGINE)
        return cache_key("article", ANSWER_FORM, *engines, generation, metadata, body, most)


def with_page_data(article: Article, metadata: Metadata) -> Article:
    """The article with the headline, byline and day that its page gives, where the sender gave none."""
    published = article.published_at
    if published is None and metadata.published is not None:
        published = datetime.combine(metadata.published, time(), UTC)
    return replace(
        article,
        headline=article.headline or metadata.headline,
        byline=article.byline or metadata.byline,
        published_at=published,
    )


def gives_unreported(analysis: Analysis) -> bool:
    """Whether the answer gives passages that report no words: they are no quotations to store."""
    return any(quote.act == "none" for quote in analysis.quotes)


def build_record(analysis: Analysis, extraction: Extraction, answer: bytes) -> ArticleRecord:
    """The record of an article for the store: its text, its quotations and the answer."""
    article = analysis.article
    day = said_on(article)
    reported = [quotation for quotation in extraction.quotations if quotation.act != "none"]
    quotes = tuple(
        QuoteRecord(
            text=located.content.text,
            form=located.type,
            passages=shift_passages(quotation),
            speaker=located.speaker.name,
            said_at=day,
            position=position,
            second_hand=located.via is not None,
        )
        for position, (located, quotation) in enumerate(zip(analysis.quotes, reported, strict=True))
    )
    return ArticleRecord(
        uri=article.uri,
        headline=article.headline,
        byline=article.byline,
        publisher=article.publisher,
        published_at=article.published_at,
        language=analysis.language,
        text=analysis.text,
        quotes=quotes,
        analysis=answer.decode(),
        engine=analysis.engine,
        policy=analysis.policy,
        generation=analysis.generation,
        status=article.status,
    )
