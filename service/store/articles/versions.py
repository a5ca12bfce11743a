"""The versions of an article, each with its analysis."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from service.errors import NotFound
from service.store.records import StoredVersion, VersionLine, VersionPage, storable
from service.store.tables import article_versions

MAX_VERSION: Final = (1 << 31) - 1
LISTED: Final = [article_versions.c[name] for name in VersionLine.__dataclass_fields__]
KEPT: Final = [article_versions.c[name] for name in StoredVersion.__dataclass_fields__]


def list_versions(connection: Connection, public_id: str, before: int | None, limit: int) -> VersionPage:
    """An article's versions, the newest first, those below `before`. Raises NotFound."""
    mine = article_versions.c.article_id == storable(public_id)
    listing = select(*LISTED).where(mine).order_by(article_versions.c.version.desc()).limit(limit + 1)
    if before is not None:
        listing = listing.where(article_versions.c.version < min(before, MAX_VERSION))
    rows = connection.execute(listing).all()
    if (
        not rows
        and connection.execute(select(article_versions.c.version).where(mine).limit(1)).first() is None
    ):
        raise NotFound("no article has this id")
    items = tuple(VersionLine(*row) for row in rows[:limit])
    return VersionPage(items, items[-1].version if len(rows) > limit else None)


def get_version(connection: Connection, public_id: str, version: int) -> StoredVersion:
    """One version of an article. Raises NotFound."""
    mine = (article_versions.c.article_id == storable(public_id)) & (
        article_versions.c.version == min(version, MAX_VERSION)
    )
    row = connection.execute(select(*KEPT).where(mine)).one_or_none()
    if row is None:
        raise NotFound("no article has this id, or it has no such version")
    return StoredVersion(*row)
