"""What the benchmark of trust counts by, on inputs small enough to count by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.benchmarks.trust.copies import change_entity, change_negation, change_number
from tests.benchmarks.trust.readings import Count, is_real_repeat, is_repeated, label_of, longest_run
from tests.benchmarks.trust.reported import invent_name
from tests.benchmarks.trust.table import ROWS, Row, render


def verdict(fidelity: str, attribution: str = "same", **members: Any) -> dict[str, Any]:
    return {"fidelity": fidelity, "attribution": attribution, "changes": [], **members}


@pytest.mark.parametrize(
    ("given", "label"),
    [
        (verdict("verbatim"), "confirmed"),
        (verdict("abridged", "compatible"), "confirmed"),
        (verdict("verbatim", "unresolved"), "words_only"),
        (verdict("verbatim", "misattributed"), "wrong_person"),
        (verdict("supported", "misattributed"), "wrong_person"),
        (verdict("spliced"), "changed"),
        (verdict("truncated"), "context"),
        (verdict("insufficient", "unresolved"), "unclear"),
        (verdict("supported"), "supported"),
        (verdict("verbatim", label="repeated"), "repeated"),  # the policy's own label stands
    ],
)
def test_an_older_policy_is_read_by_its_axes(given: dict[str, Any], label: str):
    assert label_of(given) == label


def test_the_longest_run_is_of_words_in_a_row():
    assert longest_run(["a", "b", "c", "d"], ["x", "b", "c", "a", "d"]) == 2
    assert longest_run(["a", "b"], []) == 0


def test_eight_words_in_a_row_are_a_repeat_and_fewer_of_a_longer_quotation_are_none():
    ours = ["we", "will", "build", "the", "tunnel", "in", "four", "years", "and", "then", "the", "bridge"]
    assert is_repeated(ours, ["well", "we", "will", "build", "the", "tunnel", "in", "four", "years"])
    assert not is_repeated(ours, ["well", "we", "will", "build", "the", "tunnel"])


def test_a_short_quotation_is_repeated_only_whole():
    assert is_repeated(["build", "the", "tunnel"], ["we", "will", "build", "the", "tunnel", "soon"])
    assert not is_repeated(["build", "the", "bridge"], ["we", "will", "build", "the", "tunnel", "soon"])


def test_only_the_marked_words_of_a_mixed_quotation_count():
    text = "She said the mayor was “a very patient man” about it."
    start = text.index("a very")
    quote = {
        "passages": [{"start": start, "end": start + len("a very patient man")}],
        "content": {"spans": [{"start": 9, "end": len(text)}]},
        "matches": [{"text": "He is a very patient man, my brother."}],
    }
    assert is_real_repeat(quote, text)
    assert not is_real_repeat({**quote, "passages": []}, text)
    assert not is_real_repeat({**quote, "matches": []}, text)


def test_changes_change_one_thing():
    assert change_number("It took 14 months to build 3 roads.") == "It took 29 months to build 3 roads."
    assert change_number("It took 1,400 men.") is None
    assert change_negation("I will not go.") == "I will go."
    assert change_negation("He is in the house.") == "He is not in the house."
    assert change_negation("Gone!") is None
    assert change_entity("We never left Iraq.") == "We never left Egypt."
    assert change_entity("We never left.") is None


def test_invented_names_differ():
    assert len({invent_name(number) for number in range(400)}) == 400


def test_a_count_keeps_what_counts():
    count = Count()
    count.add(True, {"quote": "a"})
    count.add(False, {"quote": "b"})
    assert (str(count), count.examples) == ("50.00 % (1 of 2)", [{"quote": "a"}])
    assert str(Count()) == "0.00 % (0 of 0)"


def test_the_table_marks_what_is_not_reached():
    shown = render({"policy 1": {"unrelated": 7.9}, "this": {"unrelated": 1.2, "genuine": 99.0}}, "this")
    assert "| 7.90 % | 1.20 % ! | <= 1 % | <= 0.3 % |" in shown
    assert "| - | 99.00 % | >= 97 % | >= 99 % |" in shown
    assert len(shown.splitlines()) == 4


def test_rows_have_keys_of_their_own():
    assert len({row.key for row in ROWS}) == len(ROWS)
    assert Row("key", "title").is_reached(1.0) is None
