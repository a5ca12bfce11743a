"""One search for the dashboard: quotes, known speakers and fact-checks that have the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

from service.errors import Fault, InvalidInput
from service.store import Page, Store
from service.store.people.records import PersonPage
from service.usecases.find_factchecks import MOST_FOUND, FactcheckFinder, FactcheckPage, FactcheckSearch

Group = Literal["quotes", "speakers", "factchecks"]
GROUPS: Final[tuple[Group, ...]] = ("quotes", "speakers", "factchecks")
FEW: Final[dict[Group, int]] = {"quotes": 10, "speakers": 5, "factchecks": 5}
MANY: Final = 20


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `speaker` and the days narrow the quotes; with `only`, that group is paged through
    by `cursor`."""

    words: str | None = None
    speaker: str | None = None
    since: date | None = None
    until: date | None = None
    only: Group | None = None
    cursor: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.words or self.speaker or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Found:
    """What each group has; None where it was not looked at."""

    quotes: Page | None = None
    speakers: PersonPage | None = None
    factchecks: FactcheckPage | None = None


def find(store: Store, search: Search) -> Found:
    """Look in all groups, or in one. Raises InvalidInput for a bad cursor."""
    if search.is_empty:
        return Found()
    wanted = (search.only,) if search.only else GROUPS
    return Found(
        quotes=find_quotes(store, search) if "quotes" in wanted else None,
        speakers=find_speakers(store, search) if "speakers" in wanted else None,
        factchecks=find_factchecks(store, search) if "factchecks" in wanted else None,
    )


def limit_of(search: Search, group: Group) -> int:
    """How many a group shows."""
    return MANY if search.only else FEW[group]


def find_quotes(store: Store, search: Search) -> Page:
    """Quotes with all the words, by the speaker and of the days."""
    return store.find_quotes(
        search.words,
        speaker=search.speaker,
        since=search.since,
        until=search.until,
        cursor=search.cursor,
        limit=limit_of(search, "quotes"),
    )


def find_speakers(store: Store, search: Search) -> PersonPage:
    """Known people by their names and posts: of the words, else of the speaker that is named."""
    named = search.words or search.speaker
    if named is None:
        return PersonPage((), None)
    return store.people.search(named, None, search.cursor, limit_of(search, "speakers"))


def find_factchecks(store: Store, search: Search) -> FactcheckPage:
    """Reviewed claims by words and meaning. The encoder is only loaded where there are any."""
    if not search.words or not store.searched().factchecks:
        return FactcheckPage((), None)
    offset = parse_offset(search.cursor)
    wanted = FactcheckSearch(search.words, size=limit_of(search, "factchecks"), offset=offset)
    return FactcheckFinder(store.factchecks).search(wanted, datetime.now(UTC).date())


def parse_offset(cursor: str | None) -> int:
    """Where a page of fact-checks begins. Raises InvalidInput."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 6 and int(cursor) <= MOST_FOUND):
        fault = Fault("/cursor", "Not a place in these results; leave it out to start from the beginning.")
        raise InvalidInput("the cursor is not valid", (fault,))
    return int(cursor)
