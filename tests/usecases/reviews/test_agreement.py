"""How often people agree with the machine."""

import math
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store.reviews.records import Tally
from service.usecases.reviews.agreement import (
    bound_share,
    end_of,
    find_kappa,
    measure,
    measure_agreement,
    start_of,
)

MONDAY = date(2026, 11, 23)
CODES = st.sampled_from(["verbatim", "altered", "fabricated"])
PAIRS = st.lists(st.tuples(CODES, CODES), min_size=10, max_size=60)


def tally(machine, human, count=1, day=MONDAY, rules=("meaning_altered",), attribution=("same", "same")):
    return Tally(day, rules, machine, attribution[0], human, attribution[1], count)


def test_a_known_table():
    """The example of Wikipedia's article on Cohen's kappa: 20, 5, 10, 15 give 0.4."""
    pairs = Counter({("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15})
    assert find_kappa(pairs) == pytest.approx(0.4)


def test_a_known_interval():
    """Wilson's interval of 10 of 20, as R's binom.confint(10, 20, method = "wilson") gives it."""
    low, high = bound_share(10, 20)
    assert (low, high) == (pytest.approx(0.2993, abs=1e-4), pytest.approx(0.7007, abs=1e-4))
    assert bound_share(0, 0) == (None, None)
    assert bound_share(0, 5)[0] == pytest.approx(0.0)
    assert bound_share(5, 5)[1] == pytest.approx(1.0)


@given(PAIRS)
def test_kappa_is_one_for_always_and_never_more(pairs):
    kappa = find_kappa(Counter(pairs))
    assert kappa is None or kappa <= 1 + 1e-9
    same = find_kappa(Counter((one, one) for one, _ in pairs))
    assert same is None or math.isclose(same, 1.0)
    assert (same is None) == (len({one for one, _ in pairs}) == 1)
    swapped = find_kappa(Counter((other, one) for one, other in pairs))
    assert (kappa is None) == (swapped is None)
    assert kappa is None or math.isclose(kappa, swapped)


def test_of_few_or_of_one_kind_it_says_nothing():
    assert find_kappa(Counter({("altered", "altered"): 5, ("verbatim", "altered"): 4})) is None
    assert find_kappa(Counter({("altered", "altered"): 50})) is None


def test_both_axes_have_to_agree():
    figure = measure(
        [
            tally("altered", "altered", 3),
            tally("altered", "verbatim", 2),
            tally("altered", "altered", 1, attribution=("same", "misattributed")),
        ]
    )
    assert (figure.decided, figure.agreed, figure.share) == (6, 3, 0.5)
    assert figure.low < 0.5 < figure.high


def test_over_time_by_rule_and_by_verdict():
    told = measure_agreement(
        [
            tally("altered", "altered", 2),
            tally("altered", "fabricated", 1, day=MONDAY + timedelta(6)),
            tally("verbatim", "verbatim", 1, day=MONDAY + timedelta(7), rules=("misattributed",)),
            tally("spliced", "spliced", 4, MONDAY - timedelta(1), rules=("spliced", "misattributed")),
        ],
        "week",
    )
    assert [(one.start, one.end, one.figure.decided, one.figure.agreed) for one in told.periods] == [
        (date(2026, 11, 16), date(2026, 11, 22), 4, 4),
        (date(2026, 11, 23), date(2026, 11, 29), 3, 2),
        (date(2026, 11, 30), date(2026, 12, 6), 1, 1),
    ]
    assert {one.name: one.figure.decided for one in told.rules} == {
        "meaning_altered": 3,
        "misattributed": 5,
        "spliced": 4,
    }
    assert {one.name: one.figure.share for one in told.verdicts} == {
        "altered": pytest.approx(2 / 3),
        "spliced": 1.0,
        "verbatim": 1.0,
    }
    assert sum(cell.count for cell in told.confusion if cell.axis == "fidelity") == told.total.decided == 8


@given(st.dates(date(1, 2, 1), date(9998, 1, 1)), st.sampled_from(["day", "week", "month"]))
def test_each_day_is_in_one_period(day, by):
    start = start_of(day, by)
    assert start <= day <= end_of(start, by)
    assert start_of(end_of(start, by), by) == start
    assert start_of(end_of(start, by) + timedelta(1), by) == end_of(start, by) + timedelta(1)
