"""Text in, quotations out: who is said to have said what. Pure; `extract` is the only door."""

from __future__ import annotations

from service.extraction.extract import ENGINE, extract
from service.extraction.quotation import Extraction, Quotation, Speaker

__all__ = ["ENGINE", "Extraction", "Quotation", "Speaker", "extract"]
