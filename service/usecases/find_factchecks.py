"""Published fact-checks: find those of a claim, search them, import them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from service.claims.drafting import Encoder, draft_factchecks
from service.claims.encoder import ENCODER
from service.claims.factcheck import Factcheck
from service.claims.index import Filter
from service.claims.page_claims import place_claims
from service.claims.query import Query, read_query
from service.claims.ranking import LEAST_WORDS, SHORTLIST, RankedFactcheck, order_factchecks, rank
from service.claims.reading import Reading
from service.claims.terms import read_stems
from service.errors import Fault, StoreUnavailable
from service.store.factchecks.search import Candidate, FactcheckStore, Question
from service.store.factchecks.writing import Outcome
from service.usecases.import_records import Line, Summary, gather_batches

MOST_GIVEN: Final = 3  # fact-checks of one text
MOST_FOUND: Final = 1_000  # that a search pages through
SAVED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class FactcheckFinder:
    """Finds the published fact-checks of claims."""

    store: FactcheckStore
    encoder: Encoder = field(default=ENCODER)

    def find(self, text: str, as_of: date | None = None) -> tuple[RankedFactcheck, ...]:
        """The fact-checks of the claim in a text, the most certain first; doubtful ones are marked.

        With `as_of`, only what was published until that day. Loads the encoder: do not ask an empty store.
        """
        if len(read_stems(text)) < LEAST_WORDS:
            return ()
        query = read_query(text, self.encoder)
        ranked = rank(query, self._candidates(query, Filter(reviewed_until=as_of), SHORTLIST), MOST_GIVEN)
        return tuple(one for one in ranked if one.status is not None)

    def search(self, request: FactcheckSearch, today: date) -> FactcheckPage:
        """A page of the claims that fit the request, the best first; without a query the newest first."""
        age = request.max_age_days
        wanted = Filter(
            site=request.site,
            language=request.language,
            newest_from=today - timedelta(days=min(age, today.toordinal() - 1)) if age is not None else None,
        )
        end = request.offset + request.size
        most = min(max(end + 1, SHORTLIST), MOST_FOUND)
        if request.query:
            query = read_query(request.query, self.encoder)
            found = order_factchecks(query, self._candidates(query, wanted, most))
        else:
            found = self.store.find_newest(wanted, 0, most)
        claims = group_claims(found[:MOST_FOUND])
        return FactcheckPage(tuple(claims[request.offset : end]), end if len(claims) > end else None)

    def _candidates(self, query: Query, wanted: Filter, most: int) -> list[Candidate]:
        question = Question(query.terms, query.vector, self.encoder.fingerprint, wanted)
        return self.store.find_candidates(question, most)


@dataclass(frozen=True, slots=True)
class FactcheckSearch:
    """The conditions of a search; `site` is a publisher's host."""

    query: str | None
    language: str | None = None
    site: str | None = None
    max_age_days: int | None = None
    size: int = 10
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ReviewedClaim:
    """A claim with its reviews, in order."""

    text: str
    claimant: str | None
    claimed_on: date | None
    reviews: tuple[Factcheck, ...]


@dataclass(frozen=True, slots=True)
class FactcheckPage:
    """A page of claims; `next_offset` is the offset of the next one, None at the end."""

    claims: tuple[ReviewedClaim, ...]
    next_offset: int | None


def group_claims(found: Iterable[Factcheck]) -> list[ReviewedClaim]:
    """Fact-checks of one claim by one claimant together, where the first of them stands."""
    groups: dict[tuple[str, str], list[Factcheck]] = {}
    for factcheck in found:
        key = (factcheck.claim.casefold(), (factcheck.claimant or "").casefold())
        groups.setdefault(key, []).append(factcheck)
    return [
        ReviewedClaim(
            reviews[0].claim,
            reviews[0].claimant,
            next((review.claimed_on for review in reviews if review.claimed_on), None),
            tuple(reviews),
        )
        for reviews in groups.values()
    ]


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """The result of a line: an outcome for each of its fact-checks, and its faults."""

    number: int
    factchecks: tuple[tuple[str, Outcome], ...]  # public id and outcome
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class FactcheckImporter:
    """Stores fact-checks, replacing those that their pages had before."""

    store: FactcheckStore
    encoder: Encoder = field(default=ENCODER)

    def save(self, factchecks: Sequence[Factcheck]) -> tuple[tuple[str, Outcome], ...]:
        """Store fact-checks, and give the public id and the outcome of each, in order.

        Those of one address that come one by one stand beside each other there; those that come together are
        all that it has. Reads the meaning of those whose texts are new.
        """
        self.renew_meanings()
        placed = place_claims(factchecks, self.store.find_page)
        outcomes: dict[str, Outcome] = {}
        for some in split_pages(placed.pages, SAVED_AT_ONCE):
            known = self.store.find_vectors(some, self.encoder.fingerprint)
            drafts = draft_factchecks(some, known, self.encoder)
            saved = self.store.save(drafts, self.encoder.fingerprint).outcomes
            outcomes |= {one.id: outcome for one, outcome in zip(some, saved, strict=True)}
        return tuple(list_outcomes(placed.given, outcomes))

    def renew_meanings(self) -> int:
        """Read all stored texts again where another encoder has read them; how many that were."""
        if self.store.encoder() in ("", self.encoder.fingerprint):
            return 0
        renewed = 0
        for some in self.store.iterate():
            for part in range(0, len(some), SAVED_AT_ONCE):
                chunk = some[part : part + SAVED_AT_ONCE]
                self.store.replace_vectors(draft_factchecks(chunk, [None] * len(chunk), self.encoder))
                renewed += len(chunk)
        self.store.set_encoder(self.encoder.fingerprint)
        return renewed

    def import_lines(self, lines: Iterable[Line | None], summary: Summary) -> Iterator[list[ImportedLine]]:
        """Store the readings of lines, and give the results of each batch once it is kept.

        As `importing.import_lines`: ends early, without an exception, where the stream or the store breaks.
        """
        try:
            for batch in gather_batches(lines, summary):
                results = self._store_batch(batch)
                count_lines(summary, results)
                yield results
        except StoreUnavailable:
            summary.broken = "the store does not answer any more; send what has no result here again"

    def _store_batch(self, batch: Sequence[Line]) -> list[ImportedLine]:
        readings: list[Reading] = [line.record or Reading((), line.faults) for line in batch]
        outcomes = iter(self.save([one for reading in readings for one in reading.factchecks]))
        return [
            ImportedLine(
                line.number,
                tuple(next(outcomes) for _ in reading.factchecks),
                reading.faults,
            )
            for line, reading in zip(batch, readings, strict=True)
        ]


def list_outcomes(
    given: Iterable[Factcheck], outcomes: Mapping[str, Outcome]
) -> Iterator[tuple[str, Outcome]]:
    """Id and outcome of each; a repetition within the batch is compared with the first."""
    last: dict[str, Factcheck] = {}
    for factcheck in given:
        before = last.get(factcheck.id)
        if before is None:
            yield factcheck.id, outcomes.get(factcheck.id, "changed")
        else:
            yield factcheck.id, "unchanged" if before == factcheck else "changed"
        last[factcheck.id] = factcheck


def count_lines(summary: Summary, results: Sequence[ImportedLine]) -> None:
    """Count results: a line counts as added if anything of it is new."""
    for result in results:
        summary.lines = result.number
        if not result.factchecks:
            summary.refused += 1
        elif any(outcome != "unchanged" for _, outcome in result.factchecks):
            summary.added += 1
        else:
            summary.duplicates += 1


def split_pages(factchecks: Sequence[Factcheck], size: int) -> Iterator[Sequence[Factcheck]]:
    """Runs of about `size`; claims that follow each other on one page are not divided."""
    start = 0
    while start < len(factchecks):
        end = min(start + size, len(factchecks))
        while end < len(factchecks) and factchecks[end].number:
            end += 1
        yield factchecks[start:end]
        start = end
