"""Which articles are one text printed twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.matching.retrieval.near_copies import drop_quotations, is_near_copy, sketch_text
from service.matching.thresholds import SKETCH_SIZE

WIRE = (
    "The port authority said on Monday that the northern harbour will stay closed to ferries until the ice has "
    "gone, after two boats were crushed against the new pier last week. “We will not let anybody sail into that,” "
    "said Ann Dorr, who runs the harbour. The council is to meet on Thursday to decide who pays for the repairs, "
    "which insurers put at four million crowns. Fishermen gathered at the quay and asked for a share of the money."
)
OTHER = (
    "Ferries to the islands were cancelled again today and nobody can say when they will run. Passengers who had "
    "waited since dawn were sent home. “We will not let anybody sail into that,” Ann Dorr, the harbour master, told "
    "reporters in a short statement outside her office. The shipping line offers refunds and a bus across the bridge."
)


def alike(first: str, second: str) -> bool:
    assert is_near_copy(sketch_text(first), sketch_text(second)) == is_near_copy(
        sketch_text(second), sketch_text(first)
    )
    return is_near_copy(sketch_text(first), sketch_text(second))


def test_the_same_text_with_another_byline_is_a_copy() -> None:
    assert alike(WIRE, f"By our own reporter\n\n{WIRE} With material from agencies.")


def test_a_copy_with_an_altered_quotation_is_still_a_copy() -> None:
    assert alike(WIRE, WIRE.replace("We will not let", "We will let"))


def test_the_first_half_of_a_report_is_a_copy() -> None:
    assert alike(WIRE, WIRE[: WIRE.index("The council")])


def test_two_reports_that_share_a_quotation_are_two() -> None:
    assert not alike(WIRE, OTHER)


def test_short_texts_are_compared_whole() -> None:
    short = "“We will close the harbour to small boats this winter,” Ann Dorr said."
    assert alike(short, short.replace("said", "said on Monday"))
    assert not alike(short, "“Nobody has asked the keepers of the lighthouse,” Ann Dorr said.")
    assert not alike(short, WIRE)


def test_nothing_is_a_copy_of_nothing() -> None:
    assert not alike("", "")
    assert not alike("", WIRE)


def test_what_stands_in_marks_is_left_out() -> None:
    assert "sail into that" not in drop_quotations(WIRE)
    assert "said Ann Dorr" in drop_quotations(WIRE)


@given(st.text(max_size=400))
def test_any_text_has_a_sketch(text: str) -> None:
    sketch = sketch_text(text)
    assert len(sketch.smallest) <= SKETCH_SIZE
    assert all(-(1 << 63) <= one < 1 << 63 for one in sketch.smallest)
    if sketch.words:
        assert is_near_copy(sketch, sketch)
