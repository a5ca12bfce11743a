"""Keeps reviews in step with the analysis of their article, in the transaction that stores it."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from service.matching.review_triage import Axes, Doubt, find_doubts
from service.store.events.publish import publish_event, publish_events
from service.store.records import ArticleRecord, SavedArticle, StoredArticle, article_source_uri, storable
from service.store.reviews.audit import MACHINE, NewEntry, add_entries, add_entry
from service.store.tables import reviews

MOST_OPEN: Final = 100  # of one article: the most urgent; who quotes worse than that needs no list
FREE: Final[Mapping[str, Any]] = {"holder": None, "holder_name": None, "leased_until": 0.0}


@dataclass(frozen=True, slots=True)
class Analysed:
    """An article's analysis that is about to be stored."""

    article_id: str
    source_uri: str
    version: int
    engine: str
    policy: str
    quotes: Sequence[Mapping[str, Any]]  # as the answer has them


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A quotation that a person has to review, and why."""

    subject: str
    basis: str
    doubts: tuple[Doubt, ...]
    quote: Mapping[str, Any]

    @property
    def urgency(self) -> int:
        """1 is the most urgent."""
        return min(doubt.urgency for doubt in self.doubts)

    @property
    def rules(self) -> list[str]:
        """The names of the rules that fired."""
        return [doubt.rule for doubt in self.doubts]


def read_analysed(article: ArticleRecord | StoredArticle, saved: SavedArticle | StoredArticle) -> Analysed:
    """The parts of a saved or rechecked article that reviews need."""
    return Analysed(
        saved.id,
        article_source_uri(article.uri, article.text),
        saved.version,
        article.engine,
        article.policy,
        json.loads(article.analysis).get("quotes", []),
    )


def review_article(connection: Connection, analysed: Analysed, now: float) -> int:
    """Open reviews of an article's doubtful quotations; the number of new ones.

    An open review whose verdict is unchanged keeps its place and its holder; one whose verdict changed, or
    whose quotation is gone, is superseded. A decision stays. A decided quotation is reviewed again only if
    its verdict differs both from the one that was decided on and from the decision.
    """
    wanted = {doubtful.subject: doubtful for doubtful in find_doubtful(analysed)}
    kept = reviews.c.article_id == analysed.article_id, reviews.c.state.in_(("open", "decided"))
    rows = connection.execute(select(reviews).where(*kept).order_by(reviews.c.number)).all()
    present = {subject_of(analysed.source_uri, quote): quote["id"] for quote in reversed(analysed.quotes)}
    for row in rows:
        doubtful = wanted.get(row.subject)
        if row.state == "decided":
            follow(connection, row, present)
            if doubtful and is_settled(row, doubtful):
                del wanted[row.subject]
        elif doubtful and doubtful.basis == row.basis:
            renew(connection, row, analysed, doubtful, now)
            del wanted[row.subject]
        else:
            supersede(connection, row, {"version": analysed.version}, now)
    if wanted:
        open_reviews(connection, analysed, list(wanted.values()), now)
    return len(wanted)


def find_doubtful(analysed: Analysed) -> list[Doubtful]:
    """The distinct quotations to review, in text order; if there are too many, the most urgent ones."""
    found: dict[str, Doubtful] = {}
    for quote in analysed.quotes:
        axes = read_axes(quote)
        if doubts := find_doubts(axes):
            subject = subject_of(analysed.source_uri, quote)
            found.setdefault(subject, Doubtful(subject, basis_of(quote), tuple(doubts), quote))
    most = sorted(found.values(), key=lambda doubtful: doubtful.urgency)[:MOST_OPEN]
    chosen = {doubtful.subject for doubtful in most}
    return [doubtful for subject, doubtful in found.items() if subject in chosen]


def read_axes(quote: Mapping[str, Any]) -> Axes:
    """The axes of a quotation of an analysis."""
    verdict = quote["verdict"]
    return Axes(
        fidelity=verdict["fidelity"],
        changes=tuple(verdict["changes"]),
        attribution=verdict["attribution"],
        time=verdict["time"],
        speaker_confidence=quote["speaker"]["confidence"],
    )


def subject_of(source_uri: str, quote: Mapping[str, Any]) -> str:
    """A hash that identifies a quotation in all versions of its article: of its words and speaker."""
    return name_subject(source_uri, quote["content"]["text"], quote["speaker"]["name"])


def name_subject(source_uri: str, text: str, speaker: str | None) -> str:
    """The hash that identifies a stored quote as the subject of reviews, as `subject_of` for an analysis."""
    return digest(storable(source_uri), storable(text), storable(speaker or ""))


def basis_of(quote: Mapping[str, Any]) -> str:
    """A hash of what a review is about: the axes of the verdict, without its explanation."""
    verdict = quote["verdict"]
    changes = " ".join(sorted(verdict["changes"]))
    return digest(verdict["fidelity"], changes, verdict["attribution"], verdict["time"])


def digest(*parts: str) -> str:
    """A hash of 32 hexadecimal digits over several texts."""
    return hashlib.blake2b("\x00".join(parts).encode(), digest_size=16).hexdigest()


def is_settled(row: Row[Any], doubtful: Doubtful) -> bool:
    """Whether a decision was about this verdict or agrees with it."""
    verdict = doubtful.quote["verdict"]
    says = verdict["fidelity"], verdict["attribution"]
    return row.basis == doubtful.basis or says == (row.human_fidelity, row.human_attribution)


def follow(connection: Connection, row: Row[Any], present: Mapping[str, str]) -> None:
    """Update the quote id of a decided review to that of the newest version, if that has the quotation."""
    named = present.get(row.subject, row.quote_id)
    if named != row.quote_id:
        change(connection, row, {"quote_id": named})


def renew(connection: Connection, row: Row[Any], analysed: Analysed, doubtful: Doubtful, now: float) -> None:
    """Continue an open review in a new version of its article."""
    values = describe(analysed, doubtful)
    change(connection, row, values)
    details = {"version": analysed.version, "quote": doubtful.quote["id"]}
    add_entry(connection, row.id, NewEntry("renewed", MACHINE, details=details), now)


def supersede(connection: Connection, row: Row[Any], details: Mapping[str, Any], now: float) -> None:
    """End an open review whose verdict changed or whose quotation is gone."""
    change(connection, row, {"state": "superseded", **FREE})
    add_entry(connection, row.id, NewEntry("superseded", MACHINE, details=details), now)
    publish_event(connection, "review.superseded", build_event_data(row._asdict()), now)


def open_reviews(connection: Connection, analysed: Analysed, wanted: Sequence[Doubtful], now: float) -> None:
    """Open reviews."""
    rows = [
        {
            "id": f"r{secrets.token_hex(12)}",
            "article_id": analysed.article_id,
            "subject": doubtful.subject,
            "state": "open",
            "skips": 0,
            **FREE,
            **describe(analysed, doubtful),
            "revision": 1,
            "opened_at": now,
        }
        for doubtful in wanted
    ]
    connection.execute(insert(reviews), rows)
    entries = [
        (str(row["id"]), NewEntry("opened", MACHINE, details=detail(analysed, doubtful)))
        for row, doubtful in zip(rows, wanted, strict=True)
    ]
    add_entries(connection, entries, now)
    publish_events(connection, "review.opened", [build_event_data(row) for row in rows], now)


def detail(analysed: Analysed, doubtful: Doubtful) -> dict[str, Any]:
    """The details of the entry of an opened review."""
    verdict = doubtful.quote["verdict"]
    return {
        "article": analysed.article_id,
        "version": analysed.version,
        "quote": doubtful.quote["id"],
        "rules": doubtful.rules,
        "fidelity": verdict["fidelity"],
        "changes": list(verdict["changes"]),
        "attribution": verdict["attribution"],
        "time": verdict["time"],
        "engine": analysed.engine,
        "policy": analysed.policy,
    }


def describe(analysed: Analysed, doubtful: Doubtful) -> dict[str, Any]:
    """The columns of a review that describe the quotation and its verdict."""
    verdict = doubtful.quote["verdict"]
    return {
        "article_version": analysed.version,
        "quote_id": doubtful.quote["id"],
        "basis": doubtful.basis,
        "rules": f" {' '.join(doubtful.rules)} ",
        "urgency": doubtful.urgency,
        "quote": storable(json.dumps(doubtful.quote, ensure_ascii=False, separators=(",", ":"))),
        "engine": analysed.engine,
        "policy": analysed.policy,
        "machine_fidelity": verdict["fidelity"],
        "machine_attribution": verdict["attribution"],
    }


def build_event_data(row: Mapping[str, Any]) -> dict[str, Any]:
    """The data of an event about a review: ids and codes."""
    return {
        "id": row["id"],
        "article_id": row["article_id"],
        "quote_id": row["quote_id"],
        "rules": row["rules"].split(),
        "urgency": row["urgency"],
        "fidelity": row["machine_fidelity"],
        "attribution": row["machine_attribution"],
    }


def change(connection: Connection, row: Row[Any], values: Mapping[str, Any]) -> None:
    """Update a review and increment its revision."""
    changed = {**values, "revision": row.revision + 1}
    connection.execute(update(reviews).where(reviews.c.number == row.number).values(changed))


def forget_article(connection: Connection, article_id: str, now: float) -> None:
    """End the open reviews of a deleted article and delete their words. Decisions stay."""
    mine = select(reviews).where(reviews.c.article_id == article_id)
    for row in connection.execute(mine.where(reviews.c.state == "open")).all():
        supersede(connection, row, {"deleted": "article"}, now)
    gone = (reviews.c.article_id == article_id) & (reviews.c.state == "superseded")
    connection.execute(update(reviews).where(gone).values(quote=""))
