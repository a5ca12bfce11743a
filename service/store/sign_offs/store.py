"""Sign-offs in a database. A change, its entry in the record and its event are one transaction."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update

from service.errors import Conflict, Fault, InvalidInput, NotFound, PreconditionFailed
from service.store.articles import articles as stored_articles
from service.store.engine.database import Database
from service.store.events.publish import publish_event
from service.store.records import ANY, QuoteRecord, storable
from service.store.reviews.analysis_sync import supersede
from service.store.reviews.audit import Action, HistoryEntry, NewEntry, add_entry, read_histories
from service.store.reviews.preconditions import find_unknown_quotes
from service.store.reviews.records import Reviewer
from service.store.sign_offs.article_state import find_signed, refresh
from service.store.sign_offs.records import EvidenceFile, Signed, SignOff, Statement, read_sign_off
from service.store.tables import articles, evidence_files, reviews, sign_offs

MAX_FILES: Final = 100  # of one article
FILE_COLUMNS: Final = [evidence_files.c[name] for name in EvidenceFile.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class Place:
    """The quotation that is signed off: in which version of its article, and how the machine read it.

    `review` is the subject of reviews of it; `text_hash` is of the article's text as it was read.
    """

    article_id: str
    version: int
    subject: str
    machine: Mapping[str, Any]
    review: str
    text_hash: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A corrected quotation, and all quotations of its article as they are with it.

    `quote` is None where a correction is taken back."""

    quote: Mapping[str, Any] | None
    quotes: tuple[QuoteRecord, ...]


class SignOffStore:
    """What people say of quotations. Methods raise StoreUnavailable if the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    def find_of(self, article_id: str) -> dict[str, SignOff]:
        """An article's sign-offs by their subjects, also of quotations that it no longer has."""
        with self._database.read() as connection:
            return find_signed(connection, article_id)

    def find_of_many(self, article_ids: Sequence[str]) -> dict[str, dict[str, SignOff]]:
        """The sign-offs of several articles, by the ids of the articles."""
        found: dict[str, dict[str, SignOff]] = {article_id: {} for article_id in article_ids}
        wanted = select(sign_offs).where(sign_offs.c.article_id.in_(article_ids))
        with self._database.read() as connection:
            for row in connection.execute(wanted):
                found[row.article_id][row.subject] = read_sign_off(row)
        return found

    def find_histories(self, ids: Sequence[str]) -> dict[str, list[HistoryEntry]]:
        """The entries of sign-offs in the record, by their ids, the oldest first."""
        with self._database.read() as connection:
            return read_histories(connection, ids)

    def sign(
        self,
        place: Place,
        statement: Statement,
        corrected: Corrected | None,
        who: Reviewer,
        order: tuple[frozenset[str] | None, float],
    ) -> Signed:
        """Record a statement in place of the former one. The same of the same person again changes nothing.

        `order` is the expected entity tags of If-Match, and the time. With a correction, `corrected` is its
        outcome; the quotes of the article are replaced by the corrected ones, and open reviews of the
        machine's reading end. Raises NotFound for a deleted article, Conflict if it was changed since it was
        read, PreconditionFailed, and InvalidInput for evidence that is not stored.
        """
        expected, now = order
        with self._database.write() as connection:
            article = connection.execute(select(articles).where(articles.c.id == place.article_id)).first()
            if article is None:
                raise NotFound("no article has this id")
            if (article.version, article.text_hash) != (place.version, place.text_hash):
                raise Conflict("the article was changed meanwhile; read it again")
            row = find_row(connection, place)
            standing = row if row is not None and stands(row, place.version) else None
            check_tag(standing, expected)
            if standing is not None and is_repeated(standing, who, statement, place.version):
                return Signed(read_sign_off(standing), None)
            refuse_unknown_evidence(connection, place.article_id, statement)
            values = describe(place, statement, corrected, who, now)
            if corrected is None and standing is not None and standing.correction is not None:
                raise Conflict("somebody else has corrected this quote meanwhile; read it again")
            sign_off = write_row(connection, row, place, values)
            if corrected is not None:
                stored_articles.correct_quotes(connection, article, corrected.quotes)
            if statement.correction is not None:
                end_review(connection, place, sign_off.id, now)
            refresh(connection, place.article_id)
            entry = add_entry(connection, sign_off.id, describe_entry(place, statement, who), now)
            publish_event(connection, "sign_off.changed", describe_event(sign_off, entry), now)
            return Signed(sign_off, entry)

    def carry(self, sign_off: SignOff, place: Place, statement: Statement, corrected: Corrected) -> None:
        """Apply a correction again: to a new version of its article, in which the machine reads the same, or
        with what is known since."""
        with self._database.write() as connection:
            article = connection.execute(select(articles).where(articles.c.id == place.article_id)).first()
            if article is None or article.version != place.version:
                return  # somebody stored another version, which is carried to by who did
            values = {
                "version": place.version,
                "correction": json.dumps(statement.members()["correction"]),
                "corrected": write_json(corrected.quote),
                "machine": write_json(place.machine),
                "revision": sign_offs.c.revision + 1,
            }
            same = (sign_offs.c.id == sign_off.id) & (sign_offs.c.revision == sign_off.revision)
            connection.execute(update(sign_offs).where(same).values(values))
            refresh(connection, place.article_id)
            stored_articles.correct_quotes(connection, article, corrected.quotes)

    def add_file(self, file: EvidenceFile, content: bytes, key_id: str) -> None:
        """Keep a file as evidence. Raises NotFound, InvalidInput if the article has too many."""
        with self._database.write() as connection:
            wanted = articles.c.id == storable(file.article_id)
            if connection.execute(select(articles.c.id).where(wanted)).first() is None:
                raise NotFound("no article has this id")
            mine = select(func.count()).where(evidence_files.c.article_id == file.article_id)
            if connection.execute(mine).scalar_one() >= MAX_FILES:
                raise InvalidInput(f"an article has at most {MAX_FILES} files")
            values = {name: getattr(file, name) for name in EvidenceFile.__dataclass_fields__}
            connection.execute(insert(evidence_files).values(**values, content=content, key_id=key_id))

    def find_files(self, article_id: str) -> dict[str, EvidenceFile]:
        """The files of an article by their ids, without their contents."""
        mine = evidence_files.c.article_id == storable(article_id)
        with self._database.read() as connection:
            rows = connection.execute(select(*FILE_COLUMNS).where(mine)).all()
        return {row.id: EvidenceFile(*row) for row in rows}

    def read_file(self, article_id: str, file_id: str) -> tuple[EvidenceFile, bytes]:
        """A file with its content. Raises NotFound."""
        mine = (evidence_files.c.article_id == storable(article_id)) & (
            evidence_files.c.id == storable(file_id)
        )
        with self._database.read() as connection:
            row = connection.execute(select(*FILE_COLUMNS, evidence_files.c.content).where(mine)).first()
        if row is None:
            raise NotFound("the article has no file with this id")
        *described, content = row
        return EvidenceFile(*described), bytes(content)


def find_row(connection: Connection, place: Place) -> Row[Any] | None:
    """The row of a quotation, None if nobody has said anything of it."""
    mine = (sign_offs.c.article_id == place.article_id) & (sign_offs.c.subject == place.subject)
    return connection.execute(select(sign_offs).where(mine)).first()


def stands(row: Row[Any], version: int) -> bool:
    """Whether a sign-off is shown with a version: not where its correction could not be carried to it."""
    return row.correction is None or row.version == version


def check_tag(row: Row[Any] | None, expected: frozenset[str] | None) -> None:
    """Raise PreconditionFailed if the sign-off is not the one that was read. "0" is the tag of none."""
    if expected is None or (ANY in expected and row is not None):
        return
    tag = f"{row.id}.{row.revision}" if row is not None else "0"
    if tag not in expected:
        raise PreconditionFailed("somebody else has signed this quote off meanwhile; read it again")


def is_repeated(row: Row[Any], who: Reviewer, statement: Statement, version: int) -> bool:
    """Whether the same person said the same of the same version, as when a request is repeated."""
    same = read_sign_off(row).statement.members() == statement.members()
    return same and row.key_id == who.owner and row.version == version


def refuse_unknown_evidence(connection: Connection, article_id: str, statement: Statement) -> None:
    """Raise InvalidInput if the evidence names quotes or files that are not stored."""
    faults = list(find_unknown_quotes(connection, [one.quote_id for one in statement.evidence]))
    for place, one in enumerate(statement.evidence):
        if one.file_id is None:
            continue
        mine = (evidence_files.c.id == one.file_id) & (evidence_files.c.article_id == article_id)
        if connection.execute(select(evidence_files.c.id).where(mine)).first() is None:
            faults.append(Fault(f"/evidence/{place}/file_id", "The article has no file with this id."))
    if faults:
        raise InvalidInput("the evidence is not there", tuple(faults))


def describe(
    place: Place, statement: Statement, corrected: Corrected | None, who: Reviewer, now: float
) -> dict[str, Any]:
    """The columns of a statement."""
    members = statement.members()
    has_correction = statement.correction is not None
    assert not has_correction or corrected is not None
    return {
        "version": place.version,
        "status": statement.status,
        "note": statement.note,
        "evidence": write_json(members["evidence"]),
        "correction": write_json(members["correction"]) if has_correction else None,
        "corrected": write_json(corrected.quote) if has_correction and corrected else None,
        "machine": write_json(place.machine),
        "by": who.name,
        "key_id": who.owner,
        "at": now,
    }


def write_row(
    connection: Connection, row: Row[Any] | None, place: Place, values: Mapping[str, Any]
) -> SignOff:
    """Write the row of a quotation."""
    if row is None:
        named = {"id": f"o{secrets.token_hex(12)}", "article_id": place.article_id, "subject": place.subject}
        connection.execute(insert(sign_offs).values(**named, **values, revision=1))
    else:
        changed = {**values, "revision": row.revision + 1}
        connection.execute(update(sign_offs).where(sign_offs.c.id == row.id).values(changed))
    written = find_row(connection, place)
    return read_sign_off(written)


def end_review(connection: Connection, place: Place, sign_off_id: str, now: float) -> None:
    """End the open review of a reading that was corrected: its verdict does not stand any more."""
    mine = (reviews.c.article_id == place.article_id) & (reviews.c.subject == place.review)
    for row in connection.execute(select(reviews).where(mine, reviews.c.state == "open")).all():
        supersede(connection, row, {"corrected": sign_off_id}, now)


def describe_entry(place: Place, statement: Statement, who: Reviewer) -> NewEntry:
    """The entry of the record: all that was said, and how the machine read the quotation."""
    action: Action = "signed_off" if statement.status else "withdrawn"
    if statement.correction and not statement.status:
        action = "corrected"
    read = {"machine": dict(place.machine), "article": place.article_id, "version": place.version}
    return NewEntry(action, who.name, who.owner, statement.members() | read)


def describe_event(sign_off: SignOff, entry: HistoryEntry) -> dict[str, Any]:
    """The data of an event: ids and codes."""
    return {
        "id": sign_off.id,
        "article_id": sign_off.article_id,
        "status": sign_off.statement.status,
        "corrected": sign_off.corrected is not None,
        "by": sign_off.by,
        "entry": {"number": entry.number, "hash": entry.hash},
    }


def write_json(value: Any) -> str:
    """Compact JSON that databases can hold."""
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def find_ids(connection: Connection, article_id: str) -> list[str]:
    """The ids of an article's sign-offs."""
    mine = sign_offs.c.article_id == storable(article_id)
    return list(connection.execute(select(sign_offs.c.id).where(mine).order_by(sign_offs.c.number)).scalars())


def forget_sign_offs(connection: Connection, ids: Iterable[str], now: float) -> None:
    """Note that the words of deleted sign-offs were deleted with their article."""
    for sign_off_id in ids:
        add_entry(connection, sign_off_id, NewEntry("forgotten", "verbatim"), now)


def digest_of(content: bytes) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
