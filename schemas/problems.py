"""RFC 9457 problem details: the format of all errors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from marshmallow import fields

from schemas.fields import OutputSchema
from schemas.problem_types import problem_type_of
from service.errors import (
    Conflict,
    Fault,
    InvalidInput,
    MigrationDue,
    NotFound,
    Overloaded,
    PreconditionFailed,
    StoreUnavailable,
    TooLarge,
    VerbatimError,
)

#: HTTP status of each error. SettingsError is not here: it ends the process before it serves.
STATUS_OF: Mapping[type[VerbatimError], HTTPStatus] = {
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    MigrationDue: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: VerbatimError) -> HTTPStatus:
    """The status of an error, by the nearest class of its own that the map names."""
    return next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)


class FaultSchema(OutputSchema):
    """One thing wrong: an RFC 6901 pointer into the body (or the parameter's name) and the fault."""

    pointer = fields.String()
    parameter = fields.String()
    detail = fields.String(required=True)


class ProblemSchema(OutputSchema):
    """`application/problem+json`."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(FaultSchema))


class GoogleErrorSchema(OutputSchema):
    """An error in the format of Google's API."""

    code = fields.Integer(required=True)
    message = fields.String(required=True)
    status = fields.String(required=True)


class GoogleProblemSchema(ProblemSchema):
    """A problem as of RFC 9457, with Google's format in `error`."""

    error = fields.Nested(GoogleErrorSchema, required=True)


def describe_problem(status: int, detail: str, errors: Iterable[Mapping[str, str]] = ()) -> str:
    """Problem details as JSON, for an answer or a failed job."""
    title = HTTPStatus(status).phrase
    body: dict[str, Any] = {
        "type": problem_type_of(status),
        "title": title,
        "status": status,
        "detail": detail,
    }
    if listed := [dict(error) for error in errors]:
        body["errors"] = listed
    return json.dumps(body)


def describe_error(error: Exception) -> str:
    """The error of a job as problem details; unexpected errors have the status 500."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, VerbatimError):
        status = status_of(error)
    faults = error.faults if isinstance(error, InvalidInput) else ()
    detail = str(error).rstrip(".")
    return describe_problem(status, f"{detail[:1].upper()}{detail[1:]}.", present_faults(faults))


def present_faults(faults: Iterable[Fault], parameter: bool = False) -> list[dict[str, str]]:
    """Faults as members of `errors`: pointers into a body, or names of parameters."""
    if parameter:
        return [{"parameter": fault.pointer.lstrip("/"), "detail": fault.detail} for fault in faults]
    return [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]
