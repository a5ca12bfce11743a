"""Published fact-checks: read as found, found again by words and by meaning, weighed. Pure."""

from __future__ import annotations

from typing import Final

CLAIMS_ENGINE: Final = "1"  # raised when the same fact-checks would be found otherwise
