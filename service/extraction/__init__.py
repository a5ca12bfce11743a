"""Text to quotations: who is said to have said what. Pure; `extract` is the only function to call."""

from __future__ import annotations

from service.extraction.models import Acts, Extraction, Quotation, Speaker
from service.extraction.pipeline import ENGINE, extract

__all__ = ["ENGINE", "Acts", "Extraction", "Quotation", "Speaker", "extract"]
