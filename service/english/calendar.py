"""Names of months and weekdays, in lower case."""

from __future__ import annotations

from typing import Final

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
# How texts abbreviate them before a day; "mar", "jun" and "jul" are rather other words or names.
MONTH_ABBREVIATIONS: Final = ("jan", "feb", "apr", "aug", "sept", "sep", "oct", "nov", "dec")
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
