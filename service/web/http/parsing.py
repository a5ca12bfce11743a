"""Parsing of requests: strict JSON, and errors that name the place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import marshmallow as ma
from flask import Request, abort
from flask_smorest import Blueprint
from webargs.core import is_json
from webargs.flaskparser import FlaskParser

from schemas.problems import present_faults
from schemas.strict_json import MAX_DEPTH, read_json
from schemas.validation_errors import find_faults
from service.web.http.problems import problem

View = TypeVar("View", bound=Callable[..., Any])


class StrictParser(FlaskParser):
    """JSON bodies must be JSON objects in UTF-8, sent as such; unknown members and parameters are refused."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012  the base declares it so
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "json": ma.RAISE,
    }

    def _raw_load_json(self, req: Request) -> Any:
        if not is_json(req.mimetype):
            refuse(415, "Send the body as application/json.")
        body = req.get_data(cache=True)
        if not body.strip():
            refuse(400, "The body is empty; a JSON object is expected.")
        return parse_json(body)

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        # webargs nests marshmallow's messages under the name of the location.
        [(location, messages)] = error.normalized_messages().items()  # type: ignore[no-untyped-call]
        faults = find_faults(messages)
        abort(problem(422, "The request is not valid.", present_faults(faults, location != "json")))


def parse_json(body: bytes) -> Any:
    """The value of a JSON text. Answers 400 with the place if it is not valid."""
    try:
        return read_json(body.decode())
    except UnicodeDecodeError as error:
        refuse(400, f"The body is not valid UTF-8 at byte {error.start}.")
    except json.JSONDecodeError as error:
        refuse(400, f"The body is not valid JSON: {error.msg} at line {error.lineno} column {error.colno}.")
    except RecursionError:
        refuse(400, f"The body is nested too deeply, more than {MAX_DEPTH} levels.")
    except ValueError as error:  # such as a number of thousands of digits
        refuse(400, f"The body is not valid JSON: {error}.")


def refuse(status: int, detail: str) -> NoReturn:
    """End the request with a problem."""
    abort(problem(status, detail))


class StrictBlueprint(Blueprint):
    """A blueprint whose arguments are parsed strictly, and whose operations are named after their views."""

    ARGUMENTS_PARSER = StrictParser()

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Register a view under an address; `get()`, `post()` and the like call this."""
        register = super().route(rule, **options)

        def name(view: View) -> View:
            named: View = register(self.doc(operationId=view.__name__)(view))
            return named

        return name
