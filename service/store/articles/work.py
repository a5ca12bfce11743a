"""The list of articles with who works on them, assignments, comments and share links."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, func, insert, or_, select, update

from service.errors import NotFound
from service.store.engine.cursor import CursorCodec
from service.store.engine.database import Database
from service.store.records import hash_token, storable
from service.store.reviews.audit import NewEntry, add_entry
from service.store.reviews.records import Reviewer
from service.store.sign_offs.article_state import refresh
from service.store.tables import article_work, articles, quote_comments, share_links

CURSOR: Final = CursorCodec("articles", int)
PUBLISHED: Final = "published"
ArticleOrder = Literal["updated", "open", "severity", "headline"]


@dataclass(frozen=True, slots=True)
class ArticleSearch:
    """What articles are listed. `mine`: those that this key brought or is to sign off."""

    status: Literal["draft", "published"] | None = None
    mine: str | None = None
    only_open: bool = False
    words: str | None = None
    order: ArticleOrder = "updated"


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article in the list. `open` is the number of its quotes that are not signed off."""

    id: str
    status: str
    headline: str | None
    uri: str | None
    publisher: str | None
    start: str  # of its text
    version: int
    created_at: datetime
    updated_at: datetime
    owner: str | None
    assignee_key: str | None
    assignee: str | None
    quotes: int
    signed: int
    severity: int

    @property
    def open(self) -> int:
        """How many quotes nobody has signed off."""
        return self.quotes - self.signed


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """A page of the list; `found` is how many there are in all."""

    items: tuple[ListedArticle, ...]
    found: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody remarked on a quotation."""

    id: str
    subject: str
    text: str
    by: str
    key_id: str
    at: float


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A link by which an article is readable without a key; its token is kept nowhere."""

    id: str
    article_id: str
    by: str
    key_id: str
    created_at: float
    expires_at: float
    revoked_at: float | None

    def is_open(self, now: float) -> bool:
        """Whether it still leads to the article."""
        return self.revoked_at is None and now < self.expires_at


COMMENT: Final = [quote_comments.c[name] for name in Comment.__dataclass_fields__]
LINK: Final = [share_links.c[name] for name in ShareLink.__dataclass_fields__]
COLUMNS: Final = (
    articles.c.id, articles.c.status, articles.c.headline, articles.c.uri, articles.c.publisher,
    func.substr(articles.c.text, 1, 120).label("start"), articles.c.version, articles.c.created_at,
    articles.c.updated_at, article_work.c.owner_name.label("owner"),
    article_work.c.assignee.label("assignee_key"), article_work.c.assignee_name.label("assignee"),
    func.coalesce(article_work.c.quotes, 0).label("quotes"),
    func.coalesce(article_work.c.signed, 0).label("signed"),
    func.coalesce(article_work.c.severity, 0).label("severity"),
)  # fmt: skip
OPEN: Final = func.coalesce(article_work.c.quotes - article_work.c.signed, 0)


class ArticleWorkStore:
    """Who works on which article. Methods raise StoreUnavailable if the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def find_page(self, search: ArticleSearch, cursor: str | None, limit: int) -> ArticlePage:
        """Articles in the order that is asked for. Raises InvalidInput for a bad cursor."""
        [first] = CURSOR.decode(cursor) if cursor else (0,)
        wanted = select(*COLUMNS).join_from(articles, article_work, isouter=True).where(*conditions(search))
        counted = select(func.count()).select_from(wanted.subquery())
        with self._database.read() as connection:
            found = connection.execute(counted).scalar_one()
            page = wanted.order_by(*ORDERS[search.order], articles.c.id).offset(first).limit(limit)
            rows = connection.execute(page).all()
        items = tuple(
            ListedArticle(**dict(row._mapping) | {"status": row.status or PUBLISHED}) for row in rows
        )
        following = CURSOR.encode(first + limit) if first + limit < found else None
        return ArticlePage(items, found, following)

    def get(self, article_id: str) -> ListedArticle:
        """One article as the list has it. Raises NotFound."""
        mine = articles.c.id == storable(article_id)
        with self._database.read() as connection:
            wanted = select(*COLUMNS).join_from(articles, article_work, isouter=True).where(mine)
            row = connection.execute(wanted).first()
        if row is None:
            raise NotFound("no article has this id")
        return ListedArticle(**dict(row._mapping) | {"status": row.status or PUBLISHED})

    def assign(self, article_id: str, assignee: tuple[str, str] | None, who: Reviewer, now: float) -> None:
        """Have somebody, a key id and a name, sign an article off; None: nobody. Raises NotFound."""
        key_id, name = assignee or (None, None)
        with self._database.write() as connection:
            refuse_unknown(connection, article_id)
            refresh(connection, article_id)
            mine = article_work.c.article_id == article_id
            connection.execute(update(article_work).where(mine).values(assignee=key_id, assignee_name=name))
            details = {"article": article_id, "to": name, "to_key": key_id}
            add_entry(connection, article_id, NewEntry("assigned", who.name, who.owner, details), now)

    def comment(self, article_id: str, subject: str, text: str, who: Reviewer, now: float) -> Comment:
        """Add a comment on a quotation. Raises NotFound."""
        made = Comment(f"c{secrets.token_hex(12)}", subject, text, who.name, who.owner, now)
        values = {name: getattr(made, name) for name in Comment.__dataclass_fields__}
        with self._database.write() as connection:
            refuse_unknown(connection, article_id)
            connection.execute(insert(quote_comments).values(article_id=article_id, **values))
        return made

    def find_comments(self, article_id: str) -> list[Comment]:
        """The comments on an article's quotations, the oldest first."""
        mine = quote_comments.c.article_id == storable(article_id)
        with self._database.read() as connection:
            rows = connection.execute(select(*COMMENT).where(mine).order_by(quote_comments.c.number)).all()
        return [Comment(*row) for row in rows]

    def share(self, link: ShareLink, token: str) -> None:
        """Keep a link. Raises NotFound."""
        values = {name: getattr(link, name) for name in ShareLink.__dataclass_fields__}
        with self._database.write() as connection:
            refuse_unknown(connection, link.article_id)
            connection.execute(insert(share_links).values(digest=hash_token(token), **values))
            details = {"article": link.article_id, "link": link.id, "until": int(link.expires_at)}
            entry = NewEntry("shared", link.by, link.key_id, details)
            add_entry(connection, link.article_id, entry, link.created_at)

    def revoke(self, article_id: str, link_id: str, who: Reviewer, now: float) -> ShareLink:
        """End a link. Raises NotFound."""
        mine = (share_links.c.article_id == storable(article_id)) & (share_links.c.id == storable(link_id))
        with self._database.write() as connection:
            row = connection.execute(select(*LINK).where(mine)).first()
            if row is None:
                raise NotFound("the article has no link with this id")
            if row.revoked_at is None:
                connection.execute(update(share_links).where(mine).values(revoked_at=now))
                details = {"article": article_id, "link": link_id}
                add_entry(connection, article_id, NewEntry("unshared", who.name, who.owner, details), now)
            return ShareLink(*connection.execute(select(*LINK).where(mine)).one())

    def find_links(self, article_id: str) -> list[ShareLink]:
        """The links of an article, the newest first."""
        mine = share_links.c.article_id == storable(article_id)
        with self._database.read() as connection:
            rows = connection.execute(select(*LINK).where(mine).order_by(share_links.c.number.desc())).all()
        return [ShareLink(*row) for row in rows]

    def find_link(self, token: str) -> ShareLink | None:
        """The link of a token, open or not."""
        with self._database.read() as connection:
            row = connection.execute(select(*LINK).where(share_links.c.digest == hash_token(token))).first()
        return ShareLink(*row) if row else None


ORDERS: Final[Mapping[ArticleOrder, Sequence[Any]]] = {
    "updated": (articles.c.updated_at.desc(),),
    "open": (OPEN.desc(), articles.c.updated_at.desc()),
    "severity": (func.coalesce(article_work.c.severity, 0).desc(), articles.c.updated_at.desc()),
    "headline": (func.lower(func.coalesce(articles.c.headline, articles.c.uri, "")),),
}


def conditions(search: ArticleSearch) -> list[Any]:
    """The conditions of a search."""
    found: list[Any] = []
    if search.status == "draft":
        found.append(articles.c.status == "draft")
    elif search.status is not None:
        found.append(or_(articles.c.status.is_(None), articles.c.status != "draft"))
    if search.mine is not None:
        found.append(or_(article_work.c.owner == search.mine, article_work.c.assignee == search.mine))
    if search.only_open:
        found.append(OPEN > 0)
    for word in (storable(search.words or "")).lower().split():
        columns = (articles.c.headline, articles.c.uri, articles.c.publisher, articles.c.byline)
        found.append(or_(*(func.lower(column).contains(word, autoescape=True) for column in columns)))
    return found


def refuse_unknown(connection: Connection, article_id: str) -> None:
    """Raise NotFound if there is no such article."""
    wanted = select(articles.c.id).where(articles.c.id == storable(article_id))
    if connection.execute(wanted).first() is None:
        raise NotFound("no article has this id")
