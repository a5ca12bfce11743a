"""Views whose requests may be larger than others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request

View = TypeVar("View", bound=Callable[..., Any])


def takes_body_of(most_bytes: Callable[[], int]) -> Callable[[View], View]:
    """Put above `idempotent`, which reads the body: a view's own limit in place of MAX_BODY_BYTES.

    `most_bytes` is asked at each request, since it may be a setting.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Any:
            request.max_content_length = most_bytes()
            return view(*args, **kwargs)

        return answer  # type: ignore[return-value]

    return decorate
