"""Pushes of content management systems: the newest state of each article, and the processed messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from service.store.engine.database import Database
from service.store.tables import cms_articles, cms_messages


@dataclass(frozen=True, slots=True)
class PushedState:
    """The newest message about an article. `moment` is when the CMS changed it, in seconds since 1970."""

    moment: float
    withdrawn: bool


class PushStore:
    """The order of pushes. Methods raise StoreUnavailable if the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def was_taken(self, digest: str) -> bool:
        """Whether a message with this digest (64 hexadecimal digits) was recorded."""
        statement = select(cms_messages.c.digest).where(cms_messages.c.digest == digest)
        with self._database.read() as connection:
            return connection.execute(statement).first() is not None

    def find(self, article: str) -> PushedState | None:
        """The state of an article by its id; None if nothing was pushed about it."""
        statement = select(cms_articles.c.moment, cms_articles.c.withdrawn).where(
            cms_articles.c.id == article
        )
        with self._database.read() as connection:
            row = connection.execute(statement).first()
        return PushedState(row.moment, bool(row.withdrawn)) if row else None

    def record(self, article: str, digest: str, state: PushedState, now: float) -> None:
        """Record a processed message. An older state than the recorded one does not replace it."""
        values = {"id": article, "moment": state.moment, "withdrawn": int(state.withdrawn)}
        with self._database.change() as connection:
            message = self._insert(cms_messages).values(digest=digest, taken_at=now)
            connection.execute(message.on_conflict_do_nothing())
            inserted = self._insert(cms_articles).values(values)
            newer = inserted.on_conflict_do_update(
                index_elements=[cms_articles.c.id],
                set_={"moment": inserted.excluded.moment, "withdrawn": inserted.excluded.withdrawn},
                where=cms_articles.c.moment <= inserted.excluded.moment,
            )
            connection.execute(newer)

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        return sqlite.insert(table) if self._database.is_sqlite else postgresql.insert(table)
