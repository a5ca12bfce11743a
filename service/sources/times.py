"""Times as transcripts write them: `0:49`, `00:01:02`, `[1:02:03.5]`, `00:00:01,000 --> 00:00:04,000`."""

from __future__ import annotations

import re
from typing import Final

#: Hours, minutes and seconds; a part of a second after a point or a comma, or frames after a colon.
CLOCK: Final = r"\d{1,3}:\d{2}(?::\d{2}(?:[:;]\d{2})?)?(?:[.,]\d{1,6})?(?![\d:])"
_BETWEEN: Final = r"[ ]?(?:-{1,2}>|[-–—]|to|→|,(?=\d))[ ]?"
#: A time or a range of times, in brackets or without.
SPAN: Final = rf"[\[(<{{]?[ ]?{CLOCK}(?:{_BETWEEN}{CLOCK})?[ ]?[\])>}}]?"
_CLOCK: Final = re.compile(CLOCK)
_PARTS: Final = re.compile(r"\d+")


def read_clock(text: str) -> float | None:
    """Seconds of a time such as "1:02:03.5"; None if there is none."""
    found = _CLOCK.search(text)
    return None if found is None else seconds_of(found[0])


def read_span(text: str) -> tuple[float | None, float | None]:
    """Start and end of a range of times; the end is None if one time stands alone."""
    times = [seconds_of(clock) for clock in _CLOCK.findall(text)]
    if not times:
        return None, None
    end = times[1] if len(times) > 1 and times[1] >= times[0] else None
    return times[0], end


def seconds_of(clock: str) -> float:
    """Seconds of a time; frames of a fourth field are left out."""
    whole, _, part = clock.replace(",", ".").replace(";", ":").partition(".")
    fields = [int(field) for field in whole.split(":")][:3]
    seconds = 0
    for field in fields:
        seconds = seconds * 60 + field
    return seconds + (float(f"0.{part}") if part else 0.0)
