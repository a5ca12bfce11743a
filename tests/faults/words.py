"""Words that can be counted again."""

THINGS = ("bridge", "harbour", "school", "railway", "hospital", "museum", "archive", "stadium")


def quotation(number: int) -> str:
    """Words that no other number has."""
    return f"We will open the {THINGS[number % 8]} number {number} before the winter of that year"
