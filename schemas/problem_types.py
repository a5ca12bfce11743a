"""The kinds of problems: the `type` of problem details, and what people read at its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PREFIX: Final = "/problems/"
UNKNOWN_TYPE: Final = "about:blank"  # of RFC 9457: no more than its status says


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem: its status, what it means, and what a client does about it."""

    name: str
    status: int
    meaning: str
    remedy: str

    @property
    def uri(self) -> str:
        """Its `type`, relative to the address of the service."""
        return PREFIX + self.name


PROBLEM_TYPES: Final[tuple[ProblemType, ...]] = (
    ProblemType(
        "malformed-request", 400, "The body is not valid JSON, not UTF-8, empty or nested too deeply.",
        "Correct the place that `detail` names. The same request fails again.",
    ),
    ProblemType(
        "key-required", 401, "The request has no key, or one that is unknown, revoked or expired.",
        "Send `Authorization: Bearer vb_…`. An administrator makes keys with `verbatim keys create`.",
    ),
    ProblemType(
        "scope-required", 403, "The key is valid and does not have the scope that the request takes.",
        "Use a key with the scope that `detail` names.",
    ),
    ProblemType(
        "not-found", 404, "There is nothing at this address, or what it named was deleted.",
        "Check the address and the id.",
    ),
    ProblemType(
        "method-not-allowed", 405, "The address takes other methods.",
        "Use one of those in the header `Allow`.",
    ),
    ProblemType(
        "not-acceptable", 406, "The address does not give what the header `Accept` asks for.",
        "Ask for one of the formats that `detail` names.",
    ),
    ProblemType(
        "conflict", 409, "The request contradicts the present state: somebody else was faster, or it ended.",
        "Read the present state and decide again.",
    ),
    ProblemType(
        "precondition-failed", 412, "Another version is stored than `If-Match` or `If-None-Match` expects.",
        "Read the present version with its ETag, and send the change again if it still holds.",
    ),
    ProblemType(
        "too-large", 413, "The body is larger than the service takes.",
        "Send less at a time, or ask the operator to raise the limit that `detail` names.",
    ),
    ProblemType(
        "unsupported-media-type", 415, "The body is of a type or an encoding that the address does not take.",
        "Send the type that `detail` names.",
    ),
    ProblemType(
        "invalid-input", 422, "The request is well formed and cannot be meant.",
        "`errors` names each place by a JSON Pointer or a parameter, with what is wrong there.",
    ),
    ProblemType(
        "too-many-requests", 429, "A rate limit of the key, the address or of failed keys is reached.",
        "Wait as many seconds as `Retry-After` says.",
    ),
    ProblemType(
        "internal-error", 500, "The service failed. The log of its operator has the reason.",
        "Try again later; tell the operator the `X-Request-Id` of the answer.",
    ),
    ProblemType(
        "unavailable", 503, "The service is overloaded, its database is away or being migrated.",
        "Wait as many seconds as `Retry-After` says. Nothing of the request was kept.",
    ),
)  # fmt: skip
BY_STATUS: Final[Mapping[int, ProblemType]] = {kind.status: kind for kind in PROBLEM_TYPES}


def problem_type_of(status: int) -> str:
    """The `type` of problem details with a status."""
    kind = BY_STATUS.get(status)
    return kind.uri if kind else UNKNOWN_TYPE
