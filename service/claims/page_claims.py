"""Several reviews at one address: which are one review come again, and which are reviews of their own.

Publishers review several claims on one page, and send them together or one by one. What comes together is the
page as it is now. What comes alone is added to the page: a review of a claim that it has already, or of one
corrected in a word or two, takes that one's place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz.fuzz import ratio

from service.claims.factcheck import Factcheck

CORRECTED: Final = 90.0  # ratio of characters between a claim and the same with a slip mended


@dataclass(frozen=True, slots=True)
class PlacedFactchecks:
    """`pages` are all fact-checks of the addresses that are touched, each address's together and in order;
    `given` are the ones that came in, in their order, with the numbers that they have on their pages."""

    pages: tuple[Factcheck, ...]
    given: tuple[Factcheck, ...]


def place_claims(
    factchecks: Sequence[Factcheck], find_page: Callable[[str], Sequence[Factcheck]]
) -> PlacedFactchecks:
    """Number fact-checks among those that their pages have already.

    `find_page` gives what is stored of an address. A run of one address, numbered from 0, came together.
    """
    pages: dict[str, dict[int, Factcheck]] = {}
    given: list[Factcheck] = []
    for together in split_runs(factchecks):
        url = together[0].url
        if len(together) > 1:
            pages[url] = {one.number: one for one in together}
            given += together
            continue
        if url not in pages:
            pages[url] = {one.number: one for one in find_page(url)}
        number = find_number(together[0].claim, pages[url])
        placed = replace(together[0], number=number)
        pages[url][number] = placed
        given.append(placed)
    ordered = (page[number] for page in pages.values() for number in sorted(page))
    return PlacedFactchecks(tuple(ordered), tuple(given))


def split_runs(factchecks: Sequence[Factcheck]) -> Iterator[list[Factcheck]]:
    """Fact-checks by the page that they came with: each begins with the number 0."""
    run: list[Factcheck] = []
    for factcheck in factchecks:
        if run and (factcheck.number == 0 or factcheck.url != run[0].url):
            yield run
            run = []
        run.append(factcheck)
    if run:
        yield run


def find_number(claim: str, page: dict[int, Factcheck]) -> int:
    """The number of the review on a page that reviews this claim, else the first that is free."""
    words = _fold(claim)
    for number, stored in page.items():
        if _fold(stored.claim) == words:
            return number
    near = [(ratio(words, _fold(stored.claim)), -number) for number, stored in page.items()]
    best, number = max(near, default=(0.0, 0))
    if best >= CORRECTED and _numbers(claim) == _numbers(page[-number].claim):
        return -number
    return next(number for number in range(len(page) + 1) if number not in page)


def _fold(claim: str) -> str:
    return " ".join(claim.casefold().split())


def _numbers(claim: str) -> list[str]:
    """The figures in a claim: with another one it is another claim, however little differs."""
    return [word for word in _fold(claim).split() if any(char.isdigit() for char in word)]
