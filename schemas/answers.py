"""Results of use cases as the bytes of answers."""

from __future__ import annotations

import json
from typing import Any

from marshmallow import Schema

from schemas.articles import AnalysisSchema, ExtractAnswerSchema
from schemas.check import CheckAnswerSchema
from schemas.quotes import QuoteSchema
from service.usecases.articles.analysis import AnalysedQuote, Analysis, CheckAnswer

ANALYSIS = AnalysisSchema()
QUOTE = QuoteSchema()
CHECK = CheckAnswerSchema()
EXTRACT = ExtractAnswerSchema()
CHECK_LINE = CheckAnswerSchema(only=("verdict", "matches", "factchecks"))


def encode_json(value: Any) -> bytes:
    """Compact JSON in UTF-8, members in the order the schema declares."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def present(schema: Schema, value: Any) -> bytes:
    """A value as JSON bytes, by its schema."""
    return encode_json(schema.dump(value))


def present_analysis(analysis: Analysis) -> bytes:
    """The answer to `POST /v1/articles`."""
    return present(ANALYSIS, analysis)


def present_quote(quote: AnalysedQuote) -> dict[str, Any]:
    """A quotation as the members of an answer."""
    members: dict[str, Any] = json.loads(present(QUOTE, quote))
    return members


def present_check(answer: CheckAnswer) -> bytes:
    """The answer to `POST /v1/check`."""
    return present(CHECK, answer)
