"""Requests that bring sources of their own: larger than others, and never kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from flask import current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from service.sources.models import MAX_SOURCE_BYTES
from service.web.http.idempotency import HEADER
from service.web.http.parsing import refuse

View = TypeVar("View", bound=Callable[..., Any])
ESCAPED: Final = 2  # bytes of JSON for a byte of text, at most, as programs write it
MEMBER: Final = b'"sources"'


def with_sources(view: View) -> View:
    """Put under `requires` of a view that takes `sources`: its body may be larger by as much as these may.

    A body without them is held to MAX_BODY_BYTES as any other.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        usual = int(current_app.config["MAX_CONTENT_LENGTH"])
        request.max_content_length = usual + ESCAPED * MAX_SOURCE_BYTES
        body = request.get_data(cache=True)
        if len(body) > usual and MEMBER not in body:
            raise RequestEntityTooLarge
        return view(*args, **kwargs)

    return answer  # type: ignore[return-value]


def refuse_key() -> None:
    """Answer 422 where an answer is to be kept for repetitions that is not to be kept at all."""
    if HEADER in request.headers:
        refuse(
            422,
            f"A request with sources takes no {HEADER}: its answer holds their words, which are not kept. "
            "It can be sent again as it is.",
        )
