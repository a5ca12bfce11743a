"""Names compared as people use them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.names.comparison import compare_names, names_agree

SAME = [
    ("Joe R Biden", "Biden"),
    ("Joe R Biden", "President Joe Biden"),
    ("Joe R Biden", "Joseph R. Biden Jr."),
    ("Bob J Dole", "Robert J. Dole"),
    ("Bob J Dole", "Senator Dole"),
    ("George W Bush", "George Bush"),
    ("George HW Bush", "George H.W. Bush"),
    ("Bill J Clinton", "William Jefferson Clinton"),
    ("W Mitt Romney", "Gov. Mitt Romney"),
    ("H Ross Perot", "Ross Perot"),
    ("Jimmy E Carter", "James Earl Carter Jr."),
    ("Michael S Dukakis", "Mike Dukakis"),
    ("Macron, Emmanuel", "Emmanuel Macron"),
    ("Nicolás Maduro", "Nicolas Maduro"),
    ("Volodymyr Zelenskyy", "Volodymyr Zelensky"),
    ("Ursula von der Leyen", "von der Leyen"),
    ("Colleen O'Connor", "Colleen O’Connor"),
    ("JD Vance", "J. D. Vance"),
    ("Kim Jong Un", "Kim Jong-un"),
    ("Xi Jinping", "President Xi"),
    ("Federal Reserve Chair Jerome Powell", "Jerome Powell"),
    ("Kremlin spokesman Dmitry Peskov", "Dmitry Peskov"),
    ("the World Bank", "World Bank"),
    ("President of France Emmanuel Macron", "Emmanuel Macron"),
    ("Secretary of State Antony Blinken", "Antony Blinken"),
    ("Speaker of the House Mike Johnson", "Mike Johnson"),
    ("Martin Luther King", "Martin Luther King Jr."),
]
DIFFERENT = [
    ("George W Bush", "George HW Bush"),
    ("George W. Bush", "George H. W. Bush"),
    ("Hillary R Clinton", "Bill J Clinton"),
    ("John F Kerry", "John F Kennedy"),
    ("John Kerry", "John Edwards"),
    ("Michael Smith", "John Smith"),
    ("Kim Jong Un", "Kim Jong Il"),
    ("Vladimir Putin", "Volodymyr Zelensky"),
    ("Martin Luther King Sr.", "Martin Luther King Jr."),
]
COMPATIBLE = [
    ("a spokesman for Joe Biden", "Joe R Biden"),
    ("the Kremlin", "Kremlin spokesman Dmitry Peskov"),
    ("Biden's office", "Joe Biden"),
    ("the Biden administration", "President Joe Biden"),
    ("a spokesperson for John Kerry", "John F Kerry"),
    ("the Foreign Ministry", "Foreign Minister Wang Yi"),
    ("Treasury Department", "Treasury Secretary Janet Yellen"),
    ("Chinese Foreign Ministry", "Chinese Foreign Ministry spokesman Lin Jian"),
]
UNKNOWN = [("", "Biden"), ("the president", "Joe Biden"), ("White House officials", "Joe Biden")]


@pytest.mark.parametrize(
    ("a", "b", "agreement"),
    [
        (*pair, agreement)
        for agreement, pairs in (
            ("same", SAME),
            ("different", DIFFERENT),
            ("compatible", COMPATIBLE),
            ("unknown", UNKNOWN),
        )
        for pair in pairs
    ],
)
def test_names_compare_as_people_use_them(a: str, b: str, agreement: str) -> None:
    assert (compare_names(a, b), compare_names(b, a)) == (agreement, agreement)
    assert names_agree(a, b) is (agreement == "same")


def test_ministries_of_two_countries_do_not_speak_for_each_other() -> None:
    assert compare_names("Chinese Foreign Ministry", "Russian Foreign Minister Sergey Lavrov") != "compatible"


@given(st.text(max_size=60), st.text(max_size=60))
def test_comparing_is_symmetric_on_any_text(a: str, b: str) -> None:
    assert compare_names(a, b) == compare_names(b, a)


@given(st.text(max_size=60))
def test_a_name_never_contradicts_itself(name: str) -> None:
    assert compare_names(name, name) in ("same", "unknown")
