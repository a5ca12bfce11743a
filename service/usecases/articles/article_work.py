"""The list of articles, who signs them off, comments, share links and deletion."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from service.errors import Fault, InvalidInput, NotFound
from service.store import Store
from service.store.articles.work import ArticlePage, ArticleSearch, Comment, ListedArticle, ShareLink
from service.store.keys import KeyRecord
from service.store.reviews.records import Reviewer
from service.store.sign_offs.subjects import name_subjects
from service.usecases.api_keys import principal_of
from service.usecases.reviews.sign_offs import SignedArticle, SignOffService

DAY_S: Final = 86_400
MOST_DAYS: Final = 90  # that a link may lead to its article
TOKEN_BYTES: Final = 32
MAX_TOKEN: Final = 100
CLOSED: Final = "this link does not lead to an article: it was mistyped, has ended or was revoked"


@dataclass(frozen=True, slots=True)
class NewLink:
    """A new link. `token` is stored nowhere."""

    link: ShareLink
    token: str


@dataclass(frozen=True, slots=True)
class ArticleWork:
    """Who works on which article of one store. Methods raise NotFound for an unknown article."""

    store: Store
    sign_offs: SignOffService
    clock: Callable[[], float] = time.time

    def find_page(self, search: ArticleSearch, cursor: str | None, limit: int) -> ArticlePage:
        """A page of the list. Raises InvalidInput for a bad cursor."""
        return self.store.work.find_page(search, cursor, limit)

    def get(self, article_id: str) -> ListedArticle:
        """An article as the list has it."""
        return self.store.work.get(article_id)

    def find_people(self) -> list[KeyRecord]:
        """The keys that may sign off, as those whom an article can be assigned to, by name."""
        now = datetime.now(UTC)
        kept = [
            record
            for record in self.store.keys.find_all()
            if record.revoked_at is None
            and (record.expires_at is None or record.expires_at > now)
            and principal_of(record).may("review")
        ]
        return sorted(kept, key=lambda record: record.name.casefold())

    def assign(self, article_id: str, key_id: str | None, who: Reviewer) -> ListedArticle:
        """Have the owner of a key sign an article off; None: nobody. Raises InvalidInput."""
        assignee = None
        if key_id is not None:
            found = next((record for record in self.find_people() if record.id == key_id), None)
            if found is None:
                fault = Fault("/assignee", "No key with the scope review has this id.")
                raise InvalidInput("the article cannot be assigned", (fault,))
            assignee = (found.id, found.name)
        self.store.work.assign(article_id, assignee, who, self.clock())
        return self.get(article_id)

    def comment(self, article_id: str, quote_id: str, text: str, who: Reviewer) -> Comment:
        """Comment on a quotation."""
        signed = self.sign_offs.open(article_id)
        found = signed.find(quote_id)
        subject = name_subjects(one.machine for one in signed.quotes)[found.number - 1]
        return self.store.work.comment(article_id, subject, text, who, self.clock())

    def find_comments(self, signed: SignedArticle) -> dict[int, list[Comment]]:
        """The comments on the quotations that an article has, by the numbers of these."""
        subjects = name_subjects(one.machine for one in signed.quotes)
        numbers = {subject: number for number, subject in enumerate(subjects, 1)}
        found: dict[int, list[Comment]] = {}
        for comment in self.store.work.find_comments(signed.article.id):
            if comment.subject in numbers:
                found.setdefault(numbers[comment.subject], []).append(comment)
        return found

    def share(self, article_id: str, days: int, who: Reviewer) -> NewLink:
        """Make a link by which an article is readable without a key for some days. Raises InvalidInput."""
        if not 1 <= days <= MOST_DAYS:
            fault = Fault("/days", f"Must be 1 to {MOST_DAYS}.")
            raise InvalidInput("the link cannot be made", (fault,))
        now, token = self.clock(), secrets.token_urlsafe(TOKEN_BYTES)
        link_id = f"l{secrets.token_hex(12)}"
        link = ShareLink(link_id, article_id, who.name, who.owner, now, now + days * DAY_S, None)
        self.store.work.share(link, token)
        return NewLink(link, token)

    def revoke(self, article_id: str, link_id: str, who: Reviewer) -> ShareLink:
        """End a link at once."""
        return self.store.work.revoke(article_id, link_id, who, self.clock())

    def find_links(self, article_id: str) -> list[ShareLink]:
        """The links of an article that are open, the newest first."""
        now = self.clock()
        return [link for link in self.store.work.find_links(article_id) if link.is_open(now)]

    def open_shared(self, token: str) -> tuple[ShareLink, SignedArticle]:
        """The article that a link leads to. Raises NotFound, for whatever reason it leads to none."""
        link = self.store.work.find_link(token) if len(token) <= MAX_TOKEN else None
        if link is None or not link.is_open(self.clock()):
            raise NotFound(CLOSED)
        return link, self.sign_offs.open(link.article_id)
