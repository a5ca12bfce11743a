"""Several reviews at one address."""

from __future__ import annotations

from dataclasses import replace

from service.claims.factcheck import Factcheck
from service.claims.page_claims import place_claims

MOON = Factcheck("https://example.org/space", "The moon is made of green cheese.", rating="False")
SUN = replace(MOON, claim="The sun is 4,600 years old.")


def place(*given: Factcheck, stored: tuple[Factcheck, ...] = ()) -> tuple[list[int], list[str]]:
    placed = place_claims(given, lambda url: [one for one in stored if one.url == url])
    return [one.number for one in placed.given], [one.claim for one in placed.pages]


def test_two_claims_that_come_one_by_one_are_two() -> None:
    assert place(MOON, SUN) == ([0, 1], [MOON.claim, SUN.claim])


def test_what_comes_alone_is_added_to_what_is_stored() -> None:
    assert place(SUN, stored=(MOON,)) == ([1], [MOON.claim, SUN.claim])


def test_the_same_claim_takes_its_own_place() -> None:
    stored = (MOON, replace(SUN, number=1))
    assert place(replace(SUN, claim="the sun is  4,600 years old."), stored=stored)[0] == [1]


def test_a_slip_that_is_mended_is_no_other_claim_but_another_figure_is() -> None:
    assert place(replace(MOON, claim="The moon is made of gren cheese."), stored=(MOON,))[0] == [0]
    assert place(replace(SUN, claim="The sun is 4,700 years old."), stored=(SUN,))[0] == [1]


def test_what_comes_together_is_all_that_the_page_has() -> None:
    sea = replace(MOON, claim="The sea is dry.", number=1)
    assert place(MOON, sea, stored=(replace(SUN, number=0),)) == ([0, 1], [MOON.claim, sea.claim])


def test_pages_are_kept_apart() -> None:
    elsewhere = replace(SUN, url="https://example.org/other")
    assert place(MOON, elsewhere)[0] == [0, 0]
