"""Fields that several schemas share."""

from datetime import UTC, date, datetime

import pytest
from marshmallow import ValidationError

from schemas.fields import Moment, StrictDate


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2025-03-31", date(2025, 3, 31)),
        ("2025-03-31T23:30:00-05:00", date(2025, 3, 31)),
        ("2025-03-31T10:00:00Z", date(2025, 3, 31)),
        ("2025-03-31 10:00", date(2025, 3, 31)),
        ("0001-01-01", date(1, 1, 1)),
    ],
)
def test_a_day(given, day):
    assert StrictDate().deserialize(given) == day


@pytest.mark.parametrize(
    "given",
    [
        "",
        "2025",
        "2025-3-1",
        "20250331",
        "2025-W14-1",
        "2025-02-30",
        "31.03.2025",
        "2025-03-31Tnoon",
        "٢٠٢٥-٠٣-٣١",
        20250331,
        True,
    ],
)
def test_no_day(given):
    with pytest.raises(ValidationError):
        StrictDate().deserialize(given)


def test_a_moment_has_a_zone():
    assert Moment().deserialize("2025-03-31") == datetime(2025, 3, 31, tzinfo=UTC)
    assert Moment().deserialize("2025-03-31T10:00:00") == datetime(2025, 3, 31, 10, tzinfo=UTC)
    assert Moment().deserialize("2025-03-31T10:00:00+02:00").astimezone(UTC).hour == 8
