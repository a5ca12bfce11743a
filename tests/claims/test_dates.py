"""Dates as publishers write them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.claims.dates import read_day

DAY = date(2020, 10, 6)


@pytest.mark.parametrize(
    "value",
    [
        "2020-10-06", "2020-10-06T23:59:59-08:00", "2020-10-06 12:00:00", "20201006", "2020/10/6", "2020.10.06",
        "October 6, 2020", "Oct. 6th, 2020", "6 October 2020", "Tue, 06 Oct 2020 10:00:00 GMT",
        1601985600, 1601985600000, ["", "2020-10-06"],
    ],
)  # fmt: skip
def test_one_reading(value: Any):
    assert read_day(value) == DAY


@pytest.mark.parametrize("value", ["13/02/2020", "02/13/2020"])
def test_a_day_beyond_twelve_tells_the_order(value: str):
    assert read_day(value) == date(2020, 2, 13)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "0000-00-00",
        "2020-02-30",
        "06/10/2020",
        "last week",
        "2020",
        2020,
        True,
        {},
        "9" * 200,
        float("inf"),
    ],
)
def test_no_reading(value: Any):
    assert read_day(value) is None


@given(st.text() | st.floats() | st.integers())
def test_nothing_breaks_it(value: Any):
    day = read_day(value)
    assert day is None or 1800 <= day.year <= 2200
