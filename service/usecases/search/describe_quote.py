"""Details of a stored quote: the kind of its speaker, and the analyses that found its lineage."""

from __future__ import annotations

import json

from service.errors import NotFound
from service.store import Store, StoredQuote
from service.store.articles.analyses import AnalysisRun
from service.store.records import Lineage, article_id


def find_speaker_kind(store: Store, quote: StoredQuote) -> str | None:
    """The kind of a quote's speaker, from the analysis of its article; None if it is in none."""
    try:
        stored = store.get_article(article_id(quote.origin.uri, ""))
    except NotFound:
        return None
    for analysed in json.loads(stored.analysis)["quotes"]:
        if analysed["id"] == quote.id:
            kind: str = analysed["speaker"]["kind"]
            return kind
    return None


def find_lineage_runs(store: Store, lineage: Lineage) -> dict[str, AnalysisRun]:
    """The analyses that found the quotes of a lineage, by the URI of their source."""
    members = (lineage.quote, *(sighting.quote for sighting in lineage.sightings))
    return store.analyses.find_runs({member.origin.uri for member in members})
