"""Stored articles: their analyses with what people decided about them, their versions, and their deletion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.store import Precondition, Store, StoredArticle, VersionPage
from service.store.records import StoredVersion
from service.store.reviews.records import ReviewRecord
from service.store.sign_offs.records import SignOff
from service.usecases.articles.compare_versions import Comparison, compare_versions
from service.usecases.reviews.reviews import ReviewService


@dataclass(frozen=True, slots=True)
class ReviewedArticle:
    """The newest version of an article, the decided reviews of its quotations by their subjects, and what
    people said of each quotation, by the subjects of sign-offs."""

    article: StoredArticle
    decided: Mapping[str, ReviewRecord]
    signed: Mapping[str, SignOff] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredArticles:
    """The articles of one store. All methods raise NotFound for an unknown id, and StoreUnavailable."""

    store: Store
    reviews: ReviewService

    def get(self, article_id: str) -> StoredArticle:
        """The newest version of an article, its analysis as it was made."""
        return self.store.get_article(article_id)

    def get_reviewed(self, article_id: str) -> ReviewedArticle:
        """The newest version of an article with what people have decided about its quotations since."""
        article = self.store.get_article(article_id)
        decided = self.reviews.find_decided_of_article(article)
        return ReviewedArticle(article, decided, self.store.sign_offs.find_of(article.id))

    def delete(self, article_id: str, precondition: Precondition | None = None) -> None:
        """Delete an article with its versions and quotations. Raises PreconditionFailed."""
        self.store.delete_article(article_id, precondition)

    def list_versions(self, article_id: str, *, before: int | None, limit: int) -> VersionPage:
        """The versions of an article below `before`, the newest first."""
        return self.store.list_versions(article_id, before=before, limit=limit)

    def compare(self, article_id: str, before: int, after: int) -> Comparison:
        """What changed from one version of an article to another, in its quotes and verdicts."""
        return compare_versions(self.store, article_id, before, after)

    def get_version(self, article_id: str, version: int) -> StoredVersion:
        """One version of an article."""
        return self.store.get_version(article_id, version)
