"""Where sentences and clauses of a text end, word by word."""

import pytest

from service.matching.align.passage import ClaimText


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("We won. They lost", [1, 3]),
        ("Dr. Hale won! They lost", [2, 4]),
        ("Ask Mr. Hale. Now", [2, 3]),
        ("Who is Dr? He left", [2, 4]),  # another mark than a full stop ends it all the same
        ("We won … They lost", [1, 3]),
    ],
)
def test_a_sentence_ends_with_its_mark_unless_a_title_is_abbreviated(text: str, ends: list[int]) -> None:
    side = ClaimText(text)
    assert [word for word in range(len(side.forms)) if side.ends_sentence(word)] == ends
