"""CandidateFinder: which stored quotes share rare fingerprints with a text."""

from __future__ import annotations

import math
import threading
import time
from array import array
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from cachetools import LRUCache
from sqlalchemy import Connection

from service.matching.retrieval.fingerprints import (
    find_pairs,
    find_triples,
    posting_range,
    rank_string,
    word_range,
)
from service.matching.retrieval.ranking import Best, Ids, Weighted, is_variant, select_best
from service.matching.thresholds import SHORT_QUERY
from service.store.engine.batch_sql import split_chunks
from service.store.engine.compiled_queries import SIZES
from service.store.retrieval.candidates import (
    KEEP,
    MOST_RANKED,
    Found,
    Frequencies,
    find_phrase,
    find_primary,
    read_first,
    read_found,
    read_postings,
    read_range,
    weigh_fingerprints,
)

CROWDED: Final = 0.2  # of the candidates are reports: then records are looked for behind them
MOST_RECENT: Final = 1_024  # texts: those of a few articles
RECENT_S: Final = 10.0


class Wanted(NamedTuple):
    """The fingerprints of a text, and those that are searched for."""

    hashes: list[int]
    chosen: list[Weighted]


class NearMatch(NamedTuple):
    """The first stored quote that a text is a variant of; None if there is none."""

    id: int | None


def find_near_match(codes: Sequence[int], found: Iterable[Found]) -> NearMatch:
    """The first of a text's candidates, by id, that it is a variant of."""
    ranks = rank_string(codes)
    return NearMatch(next((one.id for one in found if is_variant(ranks, one.words)), None))


class RecentMatches:
    """The near matches of recently searched texts: an article's quotations are judged first, and then stored
    with the quotes they are variants of. Thread-safe."""

    def __init__(self) -> None:
        self._matches: LRUCache[bytes, tuple[float, NearMatch]] = LRUCache(MOST_RECENT)
        self._changing = threading.Lock()

    def note(self, codes: Sequence[int], match: NearMatch) -> None:
        """Remember what a text is a variant of."""
        with self._changing:
            self._matches[_key(codes)] = time.monotonic(), match

    def get(self, codes: Sequence[int]) -> NearMatch | None:
        """The match found within the last `RECENT_S` seconds; None if the text was not searched."""
        with self._changing:
            noted_at, match = self._matches.get(_key(codes), (-math.inf, NearMatch(None)))
        return match if time.monotonic() - noted_at <= RECENT_S else None


def _key(codes: Sequence[int]) -> bytes:
    return array("I", codes).tobytes()


def find_candidates(
    connection: Connection, codes: Sequence[int], known: Frequencies, keep: int
) -> tuple[list[Found], bool]:
    """The candidates for one text, best first, and whether as good ones had to be left out."""
    return CandidateFinder(connection, known).find([codes], keep)[0]


class CandidateFinder:
    """Finds candidates for a text and for its parts: what one made read, the next does not read again.

    Near matches that are found are kept in `recent`.
    """

    def __init__(
        self, connection: Connection, known: Frequencies, recent: RecentMatches | None = None
    ) -> None:
        self._connection, self._known, self._recent = connection, known, recent
        self._lists: dict[int, Ids] = {}  # by fingerprint, the quotes that have it
        self._found: dict[int, Found] = {}

    def find(self, texts: Sequence[Sequence[int]], keep: int) -> list[tuple[list[Found], bool]]:
        """For each text the `keep` quotes that share most with it, by summed inverse document frequency.

        In the order of their ids, and with whether more share as much as the last of them. A text of one word
        finds quotes with that word. Behind many reports, up to `keep` from records
        and statements follow.
        """
        wanted = [self._weigh(codes) for codes in texts]
        self._read_lists([one for text in wanted for one in text.chosen if len(text.chosen) > 1])
        chosen = [self._choose(codes, text, keep) for codes, text in zip(texts, wanted, strict=True)]
        new = dict.fromkeys(id_ for best in chosen for id_ in best.ids if id_ not in self._found)
        self._found |= {one.id: one for one in read_found(self._connection, list(new))}
        found = [[self._found[id_] for id_ in sorted(best.ids) if id_ in self._found] for best in chosen]
        if self._recent is not None and keep == KEEP:
            for codes, ones in zip(texts, found, strict=True):
                self._recent.note(codes, find_near_match(codes, ones))
        return [
            (self._add_primary(text, ones, best, keep), best.is_tied)
            for text, ones, best in zip(wanted, found, chosen, strict=True)
        ]

    def _add_primary(self, wanted: Wanted, found: list[Found], best: Best, keep: int) -> list[Found]:
        """Where reports take the places, the records and statements behind them too: however many papers
        print some words, the record of them is looked at."""
        if len(best.ids) < keep or sum(one.is_report for one in found) < CROWDED * keep:
            return found
        chosen = wanted.chosen
        if len(chosen) > 1:
            ranked = select_best([(one.weight, self._lists[one.hash]) for one in chosen], MOST_RANKED).ids
        elif chosen:
            ranked = read_first(self._connection, posting_range(chosen[0].hash), MOST_RANKED)
        else:
            ranked = []
        known = set(best.ids)
        behind = find_primary(self._connection, [one for one in ranked if one not in known], keep)
        return found + read_found(self._connection, behind)

    def _weigh(self, codes: Sequence[int]) -> Wanted:
        hashes = find_pairs(codes) + (find_triples(codes) if self._known.trigrams else [])
        if not hashes or len(codes) == 1:
            return Wanted(hashes, [])
        return Wanted(hashes, weigh_fingerprints(self._connection, hashes, len(codes), self._known))

    def _read_lists(self, wanted: Sequence[Weighted]) -> None:
        hashes = dict.fromkeys(one.hash for one in wanted if one.hash not in self._lists)
        for chunk in split_chunks(list(hashes), SIZES[-1]):
            self._lists |= read_postings(self._connection, chunk)

    def _choose(self, codes: Sequence[int], wanted: Wanted, keep: int) -> Best:
        """The ids of a text's candidates."""
        if len(codes) == 1:
            ids = read_range(self._connection, posting_range(*word_range(codes[0])), keep)
            return Best(ids, len(ids) == keep)
        hashes, chosen = wanted
        if not chosen:  # function words only: what is exactly the same is all there is to find
            return Best([], bool(codes))
        if len(chosen) == 1:  # it may be so common that only some can be read: all share the same
            ids = read_first(self._connection, posting_range(chosen[0].hash), keep + 1)
            best = Best(ids[:keep], len(ids) > keep)
        else:
            best = select_best([(one.weight, self._lists[one.hash]) for one in chosen], keep)
        if best.is_tied and len(codes) <= SHORT_QUERY and len(chosen) < len(hashes):
            whole = find_phrase(self._connection, chosen[0].hash, hashes, keep)
            return Best(list(dict.fromkeys(whole + best.ids))[:keep], True)
        return best
