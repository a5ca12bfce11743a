"""Writing fact-checks: each in place of what its address held before, its words joined to those stored."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
from sqlalchemy import Connection, delete, select, update

from service.claims.drafting import FactcheckDraft, texts_of
from service.claims.factcheck import Factcheck
from service.claims.index import ID_BITS, hash_language, hash_name
from service.errors import InvalidInput
from service.store.engine.batch_sql import insert_rows, select_by_keys, split_chunks
from service.store.ingest.quote_drafts import ordinal
from service.store.state import record_change
from service.store.tables import factcheck_index, factcheck_postings, factcheck_state, factchecks

COLUMNS: Final = (
    "id", "key", "page", "number", "content_hash", "url", "claim", "claimant", "claimed_on", "title",
    "publisher", "site", "reviewed_on", "rating", "language", "vectors",
)  # fmt: skip
INDEX_COLUMNS: Final = ("id", "revision", "length", "day", "reviewed_on", "site", "language", "codes")
POSTING_COLUMNS: Final = ("term", "segment", "size", "entries")
Outcome = Literal["added", "changed", "unchanged"]
WHOLE: Final = 1_024  # entries of a segment that is left as it is; a smaller one is joined to what comes next
MAX_ID: Final = (1 << ID_BITS) - 1


@dataclass(frozen=True, slots=True)
class ImportedFactchecks:
    """What storing fact-checks did: an outcome for each, in order."""

    outcomes: tuple[Outcome, ...]
    withdrawn: int = 0  # claims that a page no longer has


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored of an address: enough to see what has changed."""

    id: int
    key: int
    number: int
    content_hash: int
    texts: tuple[str, str]


@dataclass(slots=True)
class _Changes:
    """What has to be written."""

    fresh: list[FactcheckDraft] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    restated: list[tuple[int, Factcheck]] = field(default_factory=list)  # the texts are the same

    def note(self, draft: FactcheckDraft, old: _Stored | None) -> Outcome:
        """Note the changes that a draft makes to the stored fact-check."""
        if old is None:
            self.fresh.append(draft)
            return "added"
        if old.content_hash == content_hash(draft.factcheck):
            return "unchanged"
        if old.texts == texts_of(draft.factcheck):
            self.restated.append((old.id, draft.factcheck))
        else:
            self.gone.append(old.id)
            self.fresh.append(draft)
        return "changed"


def page_key(url: str) -> int:
    """A signed 64-bit number of an address."""
    return _hash(url)


def key_of(factcheck: Factcheck) -> int:
    """The public id as the number that is stored."""
    number = int(factcheck.id[1:], 16)
    return number - (1 << 64) if number >> 63 else number


def write_factchecks(
    connection: Connection, drafts: Sequence[FactcheckDraft], encoder: str
) -> ImportedFactchecks:
    """Store drafts; an address's fact-checks replace all that it had. Of one address twice the last counts.

    An unchanged one is left alone. One whose texts have changed gets a new number, so that no posting of its
    old words leads to it.
    """
    pages: dict[int, dict[int, FactcheckDraft]] = {}
    for draft in drafts:
        of_page = pages.setdefault(page_key(draft.factcheck.url), {})
        if draft.factcheck.number == 0:
            of_page.clear()
        of_page[draft.factcheck.number] = draft
    stored = _find_stored(connection, list(pages))
    changes = _Changes()
    outcomes: dict[int, Outcome] = {}
    for page, of_page in pages.items():
        before = stored.get(page, {})
        for number, draft in of_page.items():
            outcomes[key_of(draft.factcheck)] = changes.note(draft, before.pop(number, None))
        changes.gone += [old.id for old in before.values()]
    withdrawn = sum(outcome == "added" for outcome in outcomes.values())
    withdrawn += len(changes.gone) - len(changes.fresh)
    if changes.fresh or changes.gone or changes.restated:
        _write(connection, changes, encoder)
    return ImportedFactchecks(tuple(_tell(drafts, outcomes)), withdrawn)


def _tell(drafts: Sequence[FactcheckDraft], outcomes: dict[int, Outcome]) -> Iterator[Outcome]:
    """The outcome of each draft; a repeated address is compared with the first one."""
    last: dict[int, int] = {}
    for draft in drafts:
        key, content = key_of(draft.factcheck), content_hash(draft.factcheck)
        if key not in last:
            yield outcomes.get(key, "changed")
        else:
            yield "unchanged" if last[key] == content else "changed"
        last[key] = content


def _write(connection: Connection, changes: _Changes, encoder: str) -> None:
    fresh = changes.fresh
    state = connection.execute(select(factcheck_state)).one()
    revision, first = state.revision + 1, state.next_id
    if first + len(fresh) > MAX_ID:
        raise InvalidInput("the store has no numbers left for fact-checks")
    withdraw(connection, changes.gone, revision)
    for number, factcheck in changes.restated:
        _restate(connection, number, revision, factcheck)
    numbered = list(enumerate(fresh, start=first))
    insert_rows(connection, factchecks, COLUMNS, [_row(number, draft) for number, draft in numbered])
    index_rows = [_index_row(number, revision, draft) for number, draft in numbered]
    insert_rows(connection, factcheck_index, INDEX_COLUMNS, index_rows)
    segment = state.next_segment
    write_postings(connection, numbered, segment)
    connection.execute(
        update(factcheck_state).values(
            revision=revision,
            factchecks=factcheck_state.c.factchecks + len(fresh) - len(changes.gone),
            next_id=first + len(fresh),
            next_segment=segment + 1,
            encoder=encoder,
        )
    )
    record_change(connection, 0)  # answers name fact-checks, so cached ones are out of date


def replace_vectors(connection: Connection, drafts: Sequence[FactcheckDraft]) -> None:
    """Put other vectors in place of stored ones. Nobody reads them until `change_encoder` says so."""
    keys = [key_of(draft.factcheck) for draft in drafts]
    statement = select(factchecks.c.id, factchecks.c.key)
    ids = {row.key: row.id for row in select_by_keys(connection, statement, factchecks.c.key, keys)}
    for key, draft in zip(keys, drafts, strict=True):
        if key in ids:
            values = {"vectors": draft.vectors.tobytes()}
            connection.execute(update(factchecks).where(factchecks.c.id == ids[key]).values(values))
            connection.execute(
                update(factcheck_index).where(factcheck_index.c.id == ids[key]).values(codes=draft.codes)
            )


def change_encoder(connection: Connection, encoder: str) -> None:
    """Record the encoder of the stored vectors; every process then reads all codes again."""
    revision = connection.execute(select(factcheck_state.c.revision)).scalar_one() + 1
    connection.execute(update(factcheck_index).values(revision=revision))
    connection.execute(update(factcheck_state).values(revision=revision, encoder=encoder))
    record_change(connection, 0)


def withdraw(connection: Connection, ids: Sequence[int], revision: int) -> None:
    """Remove fact-checks; their empty rows in the index tell other processes."""
    for chunk in split_chunks(ids):
        connection.execute(delete(factchecks).where(factchecks.c.id.in_(chunk)))
        connection.execute(
            update(factcheck_index).where(factcheck_index.c.id.in_(chunk)).values(revision=revision, length=0)
        )


def _restate(connection: Connection, number: int, revision: int, factcheck: Factcheck) -> None:
    """Update the members of a fact-check other than its texts."""
    days = [day for day in (factcheck.claimed_on, factcheck.reviewed_on) if day]
    connection.execute(
        update(factchecks)
        .where(factchecks.c.id == number)
        .values(
            content_hash=content_hash(factcheck),
            claimant=factcheck.claimant,
            claimed_on=factcheck.claimed_on,
            title=factcheck.title,
            publisher=factcheck.publisher,
            reviewed_on=factcheck.reviewed_on,
            rating=factcheck.rating,
            language=factcheck.language,
        )
    )
    connection.execute(
        update(factcheck_index)
        .where(factcheck_index.c.id == number)
        .values(
            revision=revision,
            day=max(days, default=None),
            reviewed_on=factcheck.reviewed_on,
            language=hash_language(factcheck.language) if factcheck.language else 0,
        )
    )


def content_hash(factcheck: Factcheck) -> int:
    """Of all that is shown of a fact-check."""
    return _hash(repr(factcheck))


def _find_stored(connection: Connection, pages: Sequence[int]) -> dict[int, dict[int, _Stored]]:
    table = factchecks.c
    statement = select(
        table.id, table.key, table.page, table.number, table.content_hash, table.claim, table.title
    )
    found: dict[int, dict[int, _Stored]] = defaultdict(dict)
    for row in select_by_keys(connection, statement, table.page, pages):
        texts = (row.claim, row.title or row.claim)
        found[row.page][row.number] = _Stored(row.id, row.key, row.number, row.content_hash, texts)
    return found


def _row(number: int, draft: FactcheckDraft) -> tuple[Any, ...]:
    factcheck = draft.factcheck
    return (
        number,
        key_of(factcheck),
        page_key(factcheck.url),
        factcheck.number,
        content_hash(factcheck),
        factcheck.url,
        factcheck.claim,
        factcheck.claimant,
        ordinal(factcheck.claimed_on),
        factcheck.title,
        factcheck.publisher,
        factcheck.site,
        ordinal(factcheck.reviewed_on),
        factcheck.rating,
        factcheck.language,
        draft.vectors.tobytes(),
    )


def _index_row(number: int, revision: int, draft: FactcheckDraft) -> tuple[Any, ...]:
    factcheck = draft.factcheck
    reviewed = ordinal(factcheck.reviewed_on)
    return (
        number,
        revision,
        draft.length,
        max(reviewed, ordinal(factcheck.claimed_on)),
        reviewed,
        hash_name(factcheck.site),
        hash_language(factcheck.language) if factcheck.language else 0,
        draft.codes,
    )


def write_postings(
    connection: Connection, numbered: Iterable[tuple[int, FactcheckDraft]], segment: int
) -> None:
    """Write who has which term. A term's small segment is replaced by one that holds the new entries too.

    So a search reads few rows, however small the imports were, and what is large is not written again.
    """
    entries: dict[int, list[int]] = defaultdict(list)
    for number, draft in numbered:
        for term, times in draft.terms.items():
            entries[term].append(times << ID_BITS | number)
    table, small = factcheck_postings.c, dict[int, list[tuple[int, bytes]]]()
    for chunk in split_chunks(sorted(entries)):
        taken = delete(factcheck_postings).where(table.term.in_(chunk), table.size < WHOLE)
        for row in connection.execute(taken.returning(table.term, table.segment, table.entries)):
            small.setdefault(row.term, []).append((row.segment, bytes(row.entries)))
    rows = []
    for term, listed in sorted(entries.items()):
        before = b"".join(stored for _, stored in sorted(small.get(term, ())))
        joined = before + np.array(listed, dtype="<u4").tobytes()
        rows.append((term, segment, len(joined) // 4, joined))
    insert_rows(connection, factcheck_postings, POSTING_COLUMNS, rows)


def _hash(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
