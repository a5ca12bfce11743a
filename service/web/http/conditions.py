"""Conditional requests (RFC 9110, 13): 304 for unchanged resources, 412 for lost updates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from flask import request
from werkzeug.datastructures import ETags
from werkzeug.wrappers import Response as WerkzeugResponse

from service.store import Precondition
from service.store.records import ANY, entity_tag
from service.web.http.openapi import document_parameter
from service.web.services import answer_json

View = TypeVar("View", bound=Callable[..., Any])


def describe_header(name: str, description: str) -> Mapping[str, Any]:
    """The OpenAPI description of a header."""
    return {"name": name, "in": "header", "schema": {"type": "string"}, "description": description}


IF_MATCH: Final = describe_header(
    "If-Match", "The ETag of the version to replace; 412 if another one is stored now."
)
IF_NONE_MATCH: Final = describe_header(
    "If-None-Match",
    "The ETag of a version that you have: 304 if it is current. For PUT, `*`: 412 if it exists.",
)


def conditional_read(view: View) -> View:
    """Document that a view answers with an ETag and supports If-None-Match."""
    return document_parameter(view, IF_NONE_MATCH)


def conditional_write(view: View) -> View:
    """Document that a view supports If-Match and If-None-Match."""
    return document_parameter(document_parameter(view, IF_NONE_MATCH), IF_MATCH)


def conditional_change(view: View) -> View:
    """Document that a view supports If-Match only."""
    return document_parameter(view, IF_MATCH)


def answer_tagged(body: str, tag: str | None = None) -> WerkzeugResponse:
    """A JSON response with its entity tag, or 304 if the client has it."""
    response = answer_json(body.encode())
    response.set_etag(tag or entity_tag(body))
    response.headers["Cache-Control"] = "private, no-cache"  # kept by the client alone, asked after each time
    return response.make_conditional(request)


def read_precondition() -> Precondition:
    """The precondition of a request that writes an article.

    If-Match compares strongly, If-None-Match weakly: as ours are all strong, a weak tag never matches the
    one, and does match the other. A header without a tag matches no article.
    Decisions about its quotations, behind the full stop of a tag, are not overwritten, so they are ignored.
    """
    match = none_match = None
    if "If-Match" in request.headers:
        match = drop_reviews(tags_of(request.if_match, weak=False))
    if "If-None-Match" in request.headers:
        none_match = drop_reviews(tags_of(request.if_none_match, weak=True))
    return Precondition(match, none_match)


def drop_reviews(tags: frozenset[str]) -> frozenset[str]:
    """The parts of entity tags that identify the analysis."""
    return frozenset(tag.partition(".")[0] for tag in tags)


def tags_of(tags: ETags, weak: bool) -> frozenset[str]:
    """The entity tags of a header, `ANY` for a star."""
    return frozenset({ANY}) if tags.star_tag else frozenset(tags.as_set(weak)) - {ANY}
