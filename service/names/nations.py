"""Words for nations, each with the name they are compared by: "russian" and "moscow" with "russia"."""

from __future__ import annotations

from typing import Final

from service.english.word_lists import read_word_pairs

_NATIONS: Final = read_word_pairs("service.names", "nations.txt")
NATIONALITIES: Final = _NATIONS["nationalities"]
COUNTRIES: Final = _NATIONS["countries"]
CAPITALS: Final = _NATIONS["capitals"]
