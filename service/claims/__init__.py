"""Published fact-checks: reading, retrieval by words and meaning, ranking. Pure."""

from __future__ import annotations

from typing import Final

CLAIMS_ENGINE: Final = "1"  # raised when the same fact-checks would be found otherwise
