"""Who is meant: a labelled table of mentions by name, role and day, and what the rules promise of any."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.people.resolving import Resolution, resolve
from tests.people.registry import CASES, PEOPLE, Case


def answer(case: Case) -> Resolution:
    return resolve(case.mention, PEOPLE, case.on)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.mention} {case.on or ''}")
def test_labelled_mentions(case: Case):
    found = answer(case)
    assert (found.person.id if found.person else None) == case.meant, found.how


def test_the_table_is_large_and_varied():
    kinds = Counter(case.kind for case in CASES)
    assert len(CASES) >= 40
    assert min(kinds.values()) >= 3
    assert sum(case.meant is None for case in CASES) >= 12, "abstaining has to be right too"


def test_figures_by_kind():
    """Print with `-s`: right, abstained and wrong by kind."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for case in CASES:
        found = answer(case)
        name = found.person.id if found.person else None
        outcome = "right" if name == case.meant else "wrong" if name else "abstained"
        counted[case.kind][outcome] += 1
    for kind, counts in counted.items():
        print(f"{kind:24}{counts.total():4}{counts['right']:6}{counts['abstained']:6}{counts['wrong']:6}")
    assert sum(counts["wrong"] for counts in counted.values()) == 0


def test_an_ambiguous_mention_names_who_could_be_meant():
    found = resolve("President Bush", PEOPLE)
    assert found.person is None
    assert found.how == "ambiguous"
    assert {one.id for one in found.possible} == {"bush-41", "bush-43"}


def test_the_rule_that_decided_is_named():
    assert resolve("Donald Trump Jr.", PEOPLE).how == "name"
    assert resolve("Hillary Rodham", PEOPLE).how == "alias"
    assert resolve("President Bush", PEOPLE, date(2005, 5, 1)).how == "role"
    assert resolve("George Bush", PEOPLE, date(1990, 5, 1)).how == "date"
    assert resolve("the Russian president", PEOPLE, date(2014, 5, 1)).how == "post"


def test_nobody_is_meant_by_nothing():
    assert resolve("", PEOPLE).how == resolve("…", PEOPLE).how == "unknown"
    assert resolve("Somebody Else", []).how == "unknown"


NAMES = st.one_of(
    st.sampled_from([case.mention for case in CASES]),
    st.text(max_size=60),
    st.lists(
        st.sampled_from(["President", "Sen.", "George", "H.", "W.", "Bush", "Jr.", "Clinton", "Ms.", "the"]),
        max_size=7,
    ).map(" ".join),
)
DAYS = st.none() | st.dates(date(1700, 1, 1), date(2100, 1, 1))


@given(NAMES, DAYS, st.permutations(PEOPLE))
def test_the_order_of_the_registry_decides_nothing(mention, on, people):
    found, other = resolve(mention, PEOPLE, on), resolve(mention, people, on)
    assert (found.person, found.how) == (other.person, other.how)
    assert set(found.possible) == set(other.possible)


@given(NAMES, DAYS)
def test_whoever_is_meant_is_possible_and_not_excluded(mention, on):
    found = resolve(mention, PEOPLE, on)
    if found.person is not None:
        assert found.person in found.possible
    assert not set(found.possible) & set(found.excluded)


@given(NAMES, DAYS)
def test_a_second_bearer_of_the_same_name_and_posts_makes_it_ambiguous(mention, on):
    found = resolve(mention, PEOPLE, on)
    if found.person is not None:
        twin = replace(found.person, id="twin")
        assert resolve(mention, [*PEOPLE, twin], on).how == "ambiguous"
