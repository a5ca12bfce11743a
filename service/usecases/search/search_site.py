"""The search of the dashboard: quotes, known persons and fact-checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

from service.errors import Fault, InvalidInput
from service.matching.models import Searched
from service.store import Page, Store
from service.store.people.records import PersonPage
from service.usecases.find_factchecks import MOST_FOUND, FactcheckFinder, FactcheckPage, FactcheckSearch

Group = Literal["quotes", "speakers", "factchecks"]
GROUPS: Final[tuple[Group, ...]] = ("quotes", "speakers", "factchecks")
FEW: Final[dict[Group, int]] = {"quotes": 10, "speakers": 5, "factchecks": 5}
MANY: Final = 20


@dataclass(frozen=True, slots=True)
class Search:
    """A search. `speaker` and the days restrict the quotes. With `only`, that group has pages."""

    words: str | None = None
    speaker: str | None = None
    since: date | None = None
    until: date | None = None
    only: Group | None = None
    cursor: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the search has no conditions."""
        return not (self.words or self.speaker or self.since or self.until)


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The results of each group; None if it was not searched."""

    quotes: Page | None = None
    speakers: PersonPage | None = None
    factchecks: FactcheckPage | None = None


@dataclass(frozen=True, slots=True)
class SiteSearch:
    """The search over one store. Raises StoreUnavailable, and InvalidInput for a bad cursor."""

    store: Store

    def search(self, search: Search) -> SearchResults:
        """Search all groups, or one."""
        if search.is_empty:
            return SearchResults()
        wanted = (search.only,) if search.only else GROUPS
        return SearchResults(
            quotes=self._find_quotes(search) if "quotes" in wanted else None,
            speakers=self._find_speakers(search) if "speakers" in wanted else None,
            factchecks=self._find_factchecks(search) if "factchecks" in wanted else None,
        )

    def count_searched(self) -> Searched:
        """The number of quotes and fact-checks, and the last day."""
        return self.store.searched()

    def _find_quotes(self, search: Search) -> Page:
        return self.store.find_quotes(
            search.words,
            speaker=search.speaker,
            since=search.since,
            until=search.until,
            cursor=search.cursor,
            limit=limit_of(search, "quotes"),
        )

    def _find_speakers(self, search: Search) -> PersonPage:
        """Known persons with the words in their names and roles, else with those of the speaker."""
        named = search.words or search.speaker
        if named is None:
            return PersonPage((), None)
        return self.store.people.search(named, None, search.cursor, limit_of(search, "speakers"))

    def _find_factchecks(self, search: Search) -> FactcheckPage:
        """Fact-checks by words and meaning. The encoder is loaded only if there are any."""
        if not search.words or not self.store.searched().factchecks:
            return FactcheckPage((), None)
        offset = parse_offset(search.cursor)
        wanted = FactcheckSearch(search.words, size=limit_of(search, "factchecks"), offset=offset)
        return FactcheckFinder(self.store.factchecks).search(wanted, datetime.now(UTC).date())


def limit_of(search: Search, group: Group) -> int:
    """The number of results of a group on a page."""
    return MANY if search.only else FEW[group]


def parse_offset(cursor: str | None) -> int:
    """The offset of a page of fact-checks. Raises InvalidInput."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 6 and int(cursor) <= MOST_FOUND):
        fault = Fault("/cursor", "Not a cursor of these results; leave it out to start from the beginning.")
        raise InvalidInput("the cursor is not valid", (fault,))
    return int(cursor)
