"""Articles for load: each with one quotation of its own, so that what was kept of it can be counted."""

from __future__ import annotations

from typing import Any

from tests.faults.words import quotation

SPEAKERS = ("Anna Kowalska", "Peter Brandt", "Maria Lopez", "John Carter", "Ruth Okafor")


def article(number: int, words: int = 0, **members: Any) -> dict[str, Any]:
    """The article `number`, with at least so many words besides its quotation."""
    speaker = SPEAKERS[number % 5]
    filler = " ".join(
        f"The council met again on day {day} and heard the same report." for day in range(words // 12)
    )
    return {
        "uri": f"https://example.org/faults/{number}",
        "headline": f"Council meets, part {number}",
        "published_at": "2026-01-05",
        "body_text": f"“{quotation(number)},” {speaker} said on Monday.\n\n{filler}".strip(),
        **members,
    }
