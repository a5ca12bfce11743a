"""Families of quotes: the same words wherever they were seen, and the variants of them.

Quotes of the same normalised words share a family by a hash, at no cost. Whether new words are a variant of
stored ones is asked once, when a quotation of an article (or of a small import) arrives; the family of a
variant then points to that of the words it was found by.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import Connection, and_, func, insert, select

from service.matching.retrieval.fingerprints import encode_word, hash_words, split_words
from service.matching.retrieval.ranking import align_variants
from service.store.engine.batch_sql import select_by_keys, split_chunks
from service.store.quotes.search import build_quotes, get_row, read_quote
from service.store.records import Lineage, Sighting, StoredQuote
from service.store.retrieval.candidates import KEEP, MAX_DAY, Frequencies, said_day
from service.store.retrieval.fingerprint_search import CandidateFinder, RecentMatches, find_near_match
from service.store.tables import UNKNOWN_DAY, quotes, variants

MAX_FAMILIES: Final = 200
MAX_SIGHTINGS: Final = 200
TEXTS_AT_ONCE: Final = 50  # looked up together: an article's; what is read for them is held in memory


def find_heads(
    connection: Connection, texts: Iterable[str], known: Frequencies, recent: RecentMatches
) -> dict[int, int]:
    """For texts that are a variant of stored words: their family, and the family it belongs to.

    Texts whose very words are stored already are passed over; their place was settled when those came.
    """
    words_of = {hash_words(words): words for words in map(split_words, texts)}
    seen = select_by_keys(connection, select(quotes.c.family), quotes.c.family, list(words_of))
    for family in {row.family for row in seen}:
        del words_of[family]
    heads: dict[int, int] = {}
    for chunk in split_chunks(list(words_of.items()), TEXTS_AT_ONCE):
        heads |= find_nearest_families(connection, dict(chunk), known, recent)
    pointed = select_by_keys(connection, select(variants), variants.c.family, list(heads.values()))
    head_of = {row.family: row.head for row in pointed}
    return {family: head_of.get(nearest, nearest) for family, nearest in heads.items()}


def find_nearest_families(
    connection: Connection, words_of: dict[int, list[str]], known: Frequencies, recent: RecentMatches
) -> dict[int, int]:
    """For families whose words are a variant of a stored quote: that quote's family."""
    codes_of = {family: [encode_word(word) for word in words] for family, words in words_of.items()}
    match_of = {family: recent.get(codes) for family, codes in codes_of.items()}
    unknown = [family for family, match in match_of.items() if match is None]
    looked_up = CandidateFinder(connection, known).find([codes_of[family] for family in unknown], KEEP)
    for family, (found, _) in zip(unknown, looked_up, strict=True):
        match_of[family] = find_near_match(codes_of[family], found)
    near = {
        family: match.id for family, match in match_of.items() if match is not None and match.id is not None
    }
    columns = select(quotes.c.id, quotes.c.family)
    stored = select_by_keys(connection, columns, quotes.c.id, list(near.values()))
    family_of = {row.id: row.family for row in stored}
    return {family: family_of[nearest] for family, nearest in near.items() if nearest in family_of}


def link_variants(connection: Connection, heads: dict[int, int]) -> None:
    """Keep what `find_heads` found, except families that were linked in the meantime."""
    linked = select_by_keys(connection, select(variants.c.family), variants.c.family, list(heads))
    known = {row.family for row in linked}
    rows = [
        {"family": family, "head": head}
        for family, head in heads.items()
        if family not in known and family != head
    ]
    if rows:
        connection.execute(insert(variants), rows)


def trace_lineage(connection: Connection, public_id: str, as_of: date | None) -> Lineage:
    """The family of a quote: its first sighting, then repeats and variants by date. Raises NotFound.

    With `as_of`, only what was seen by that day.
    """
    row = get_row(connection, public_id)
    pointed = connection.execute(select(variants.c.head).where(variants.c.family == row.family)).scalar()
    head = pointed if pointed is not None else row.family
    members = select(variants.c.family).where(variants.c.head == head).limit(MAX_FAMILIES)
    families = [head, *connection.execute(members).scalars()]
    last_day = as_of.toordinal() if as_of else MAX_DAY
    first_day = UNKNOWN_DAY + 1 if as_of else UNKNOWN_DAY
    mine = and_(quotes.c.family.in_(families), said_day.between(first_day, last_day))
    total = connection.execute(select(func.count()).select_from(quotes).where(mine)).scalar_one()
    undated_last = (said_day == UNKNOWN_DAY, said_day, quotes.c.id)
    in_order = build_quotes().where(mine).order_by(*undated_last).limit(MAX_SIGHTINGS)
    sightings = relate_sightings(
        [(sighted.family, read_quote(sighted)) for sighted in connection.execute(in_order)]
    )
    return Lineage(read_quote(row), sightings, total)


def relate_sightings(members: list[tuple[int, StoredQuote]]) -> tuple[Sighting, ...]:
    """How each member of a family, in order, stands to the first."""
    if not members:
        return ()
    first_family, first = members[0]
    sightings = [Sighting(first, "first")]
    for family, quote in members[1:]:
        if family == first_family:
            sightings.append(Sighting(quote, "repeat"))
        else:
            sightings.append(Sighting(quote, "variant", align_variants(first.text, quote.text)))
    return tuple(sightings)
