"""Exports of an analysis in standard formats (docs/standards.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.standards.annotations import AnnotatedArticle, annotate, present_collection
from schemas.standards.representations import ANNOTATIONS, CSV, JSON_LD
from schemas.standards.schema_org import present_article
from schemas.standards.spreadsheets import ARTICLE_COLUMNS, article_row, present_table
from service.web.http.negotiation import addresses, answer_document, answer_form, name_file

ENDINGS: Final = {"csv": "csv", "jsonld": "jsonld", "annotations": "annotations.jsonld"}


def answer_export(
    analysis: Mapping[str, Any], form: str, name: str, stored: AnnotatedArticle | None = None
) -> WerkzeugResponse:
    """An analysis as a file; as annotations only if it is stored, since these refer to a version."""
    if form == "csv":
        table = "".join(present_table(ARTICLE_COLUMNS, map(article_row, analysis["quotes"])))
        answer = answer_form(table, CSV)
    elif form == "annotations" and stored is not None:
        answer = answer_document(gather_annotations(stored), ANNOTATIONS)
    else:
        answer = answer_document(present_article(analysis, addresses()), JSON_LD)
    return name_file(answer, f"{name}.{ENDINGS[form]}")


def gather_annotations(stored: AnnotatedArticle) -> dict[str, Any]:
    """All annotations in one page, since a file has no address for further pages."""
    collection = present_collection(stored, addresses())
    first = collection["first"]
    first["items"] = [annotate(stored, quote, addresses()) for quote in stored.analysis["quotes"]]
    first.pop("next", None)
    return collection | {"last": first["id"]}
