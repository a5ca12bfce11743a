"""The analyses that quotes come from: engine, policy and time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from service.store.engine.database import Database
from service.store.records import article_id
from service.store.tables import articles

READ_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class AnalysisRun:
    """The analysis of a version of an article."""

    article_id: str
    version: int
    engine: str
    policy: str
    analysed_at: datetime


class AnalysisStore:
    """Analyses as the origin of quotes."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def find_runs(self, source_uris: Iterable[str]) -> dict[str, AnalysisRun]:
        """By the URI of a source: the newest analysis of it. Sources that are no article are left out."""
        uris = {article_id(uri, ""): uri for uri in source_uris if uri}
        ids = sorted(uris)
        columns = (
            articles.c.id,
            articles.c.version,
            articles.c.engine,
            articles.c.policy,
            articles.c.updated_at,
        )
        runs = {}
        with self._database.read() as connection:
            for first in range(0, len(ids), READ_AT_ONCE):
                some = ids[first : first + READ_AT_ONCE]
                for row in connection.execute(select(*columns).where(articles.c.id.in_(some))):
                    runs[uris[row.id]] = AnalysisRun(*row)
        return runs
