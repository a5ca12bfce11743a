"""Analyse an article: find its quotations, look each up, and keep them for later articles."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date

from service.cache import Cache, CacheAnswer, cache_key
from service.claims import CLAIMS_ENGINE
from service.claims.ranking import RankedFactcheck
from service.extraction import ENGINE, extract
from service.extraction.quotation import Extraction
from service.matching import POLICY
from service.matching.evidence import Claim, Judgement
from service.store import Precondition, SavedArticle, Store
from service.store.jobs import Claim as JobClaim
from service.store.records import ArticleRecord, QuoteRecord, article_id, article_source_uri, quote_id
from service.telemetry.stages import Stage, timed
from service.text import Document, read_document
from service.usecases.analysis import AnalysedQuote, Analysis, Article
from service.usecases.article_limits import ArticleLimits
from service.usecases.claims import build_claim, judge_claim, shift_passages
from service.usecases.factchecks import FactcheckFinder
from service.usecases.locate import locate_quote

ANSWER_FORM = "2"  # raised when the same analysis would be written differently


@dataclass(frozen=True, slots=True)
class Analyser:
    """The use case with what it works on. `present` turns an analysis into the bytes of its answer."""

    store: Store
    cache: Cache
    present: Callable[[Analysis], bytes]
    limits: ArticleLimits = field(default_factory=ArticleLimits)

    def analyse(self, article: Article) -> CacheAnswer:
        """The answer to an article, from the cache where the same was asked of the same store.

        The article and its quotations are stored in one transaction, once, unless `article.store` is off.
        Raises InvalidInput where the body holds no text, StoreUnavailable where the database is away.
        """
        generation = self.store.generation()
        key = self.key(article, generation)
        return self.cache.get_or_compute(key, lambda: self.compute(article, generation))

    def compute(self, article: Article, generation: str) -> bytes:
        """Analyse, present and store, whatever the cache holds."""
        document = read_document(article.body, article.format, article.language)
        record, answer = self.prepare(article, document, generation)
        if article.store:
            self.keep(article, record, answer)
        return answer

    def prepare(self, article: Article, document: Document, generation: str) -> tuple[ArticleRecord, bytes]:
        """Analyse and present: the article as the store keeps it, and its answer.

        Raises InvalidInput where the text is longer than the limit.
        """
        self.limits.hold_text(document.text, article.format)
        with timed(Stage.EXTRACTION):
            registry = self.store.people.registry()
            extraction = extract(document, registry=registry, on=said_on(article))
        analysis = self.judge(article, document.text, extraction, generation)
        with timed(Stage.PRESENTING):
            answer = self.present(analysis)
        return build_record(analysis, extraction, answer), answer

    def keep(
        self,
        article: Article,
        record: ArticleRecord,
        answer: bytes,
        precondition: Precondition | None = None,
        claim: JobClaim | None = None,
    ) -> SavedArticle:
        """Store an analysed article, and its answer in the cache. Raises PreconditionFailed.

        The job whose `claim` is given ends with it; raises LeaseLost where that is another worker's by now.
        """
        with timed(Stage.SAVING):
            saved = self.store.save_article(record, precondition, claim)
        # The article's own quotations are no evidence for it, so its answer stays what it is in the
        # generation that storing it made: the same article again is a hit. But where something else was
        # stored since it was judged, that generation has evidence which the answer knows nothing of.
        if saved.is_current:
            self.cache.put(self.key(article, saved.generation), answer)
        return saved

    def judge(self, article: Article, text: str, extraction: Extraction, generation: str) -> Analysis:
        """Look every quotation up, leaving out the article's own."""
        own_uri = article_source_uri(article.uri, text)
        day = said_on(article)
        searched = self.store.searched()
        judged: dict[
            Claim, Judgement
        ] = {}  # an article may repeat a quotation, a hostile one thousands of times
        finder, reviewed = FactcheckFinder(self.store.factchecks), dict[str, tuple[RankedFactcheck, ...]]()
        quotes, unjudged = [], 0
        for position, quotation in enumerate(extraction.quotations):
            located = locate_quote(text, quotation)
            claim = build_claim(text, quotation, day)
            if claim not in judged and len(judged) < self.limits.max_judged:
                judged[claim] = judge_claim(self.store, claim, searched, own_uri)
                if searched.factchecks and claim.text not in reviewed:
                    reviewed[claim.text] = finder.find(claim.text)
            judgement = judged.get(claim) or self.limits.pass_over(claim, searched)
            unjudged += claim not in judged
            quotes.append(
                AnalysedQuote(
                    **{field.name: getattr(located, field.name) for field in fields(located)},
                    id=quote_id(own_uri, position, located.content.text),
                    verdict=judgement.verdict,
                    matches=judgement.matches,
                    factchecks=reviewed.get(claim.text, ()),
                )
            )
        return Analysis(
            id=article_id(article.uri, text),
            article=article,
            uri=article.uri,
            text=text,
            language=extraction.language,
            notes=(*extraction.notes, *self.limits.tell(unjudged)),
            quotes=tuple(quotes),
            engine=extraction.engine,
            policy=POLICY,
            generation=generation,
            searched=searched,
        )

    def key(self, article: Article, generation: str) -> str:
        """The cache key: all that the answer depends on."""
        described = {
            field.name: getattr(article, field.name) for field in fields(article) if field.name != "body"
        }
        metadata = json.dumps(described, default=str, sort_keys=True)
        body = hashlib.sha256(article.body.encode()).hexdigest()
        most = str(self.limits.max_judged)
        engines = (ENGINE, POLICY, CLAIMS_ENGINE)
        return cache_key("article", ANSWER_FORM, *engines, generation, metadata, body, most)


def said_on(article: Article) -> date | None:
    """The day its quotations are taken to have been said, as far as the article goes."""
    return article.published_at.date() if article.published_at else None


def build_record(analysis: Analysis, extraction: Extraction, answer: bytes) -> ArticleRecord:
    """The article as the store keeps it: its text, its quotations and the answer given."""
    article = analysis.article
    day = said_on(article)
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
        for position, (located, quotation) in enumerate(
            zip(analysis.quotes, extraction.quotations, strict=True)
        )
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
    )
