"""The gate before publication: its policy, and what was published against it."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.answers import encode_json, present
from schemas.policy import (
    OverrideInputSchema,
    OverrideSchema,
    OverridesQuerySchema,
    OverridesSchema,
    PoliciesSchema,
    PolicyInputSchema,
    PolicySchema,
    present_policy,
)
from service.store.gate import NewOverride
from service.usecases.publication_gate import GatePolicy
from service.web.api.reviews import reviewer
from service.web.http.conditions import answer_tagged, conditional_change, conditional_read, tags_of
from service.web.http.idempotency import idempotent
from service.web.http.parsing import StrictBlueprint
from service.web.http.scopes import requires
from service.web.services import answer_json, services

NO_VERSION: Final = -1

blueprint = StrictBlueprint("policy", __name__, url_prefix="/v1", description=__doc__ or "")


@blueprint.get("/policy")
@requires("check")
@conditional_read
@blueprint.response(200, PolicySchema)
@blueprint.alt_response(304, description="The policy is the version whose ETag was sent.")
def get_policy() -> WerkzeugResponse:
    """Read the policy: which labels hold an article back, which warn, and which pass.

    `POST /v1/articles?gate=true` decides by it. A label that is listed is decided as listed, any other
    quotation by its severity. Publishers may have rules of their own. Version 0 is built in.
    """
    policy = services().gate.read_policy()
    return answer_tagged(encode_json(present_policy(policy)).decode(), str(policy.version))


@blueprint.put("/policy")
@requires("admin")
@conditional_change
@blueprint.arguments(PolicyInputSchema)
@blueprint.response(200, PolicySchema)
def put_policy(policy: GatePolicy) -> Response:
    """Set another policy. The former versions are kept.

    With `If-Match`, a version that somebody else set in between is not replaced. What is left out is as in
    the policy that is built in.
    """
    set_policy = services().gate.set_policy(policy, reviewer(), read_expected())
    response = answer_json(encode_json(present_policy(set_policy)))
    response.set_etag(str(set_policy.version))
    return response


def read_expected() -> int | None:
    """The version that If-Match names; None without one, and one that there never is for a tag of none."""
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    tags = [tag for tag in tags_of(request.if_match, weak=False) if tag.isascii() and tag.isdecimal()]
    return int(tags[0]) if len(tags) == 1 and len(tags[0]) <= 9 else NO_VERSION


@blueprint.get("/policy/versions")
@requires("read")
@blueprint.response(200, PoliciesSchema)
def list_policies() -> Response:
    """List the versions of the policy with who set them, the newest 100 first."""
    versions = [present_policy(policy) for policy in services().gate.list_policies()]
    return answer_json(encode_json({"versions": versions}))


@blueprint.post("/gate-overrides")
@requires("write")
@idempotent
@blueprint.arguments(OverrideInputSchema)
@blueprint.response(201, OverrideSchema)
def add_override(given: NewOverride) -> Response:
    """Record that an article is published although it is held or could not be checked, and why.

    The record names the key and, if given, the person as the CMS names them. It is in the log of reviews,
    whose entries are chained by hashes, and cannot be changed.
    """
    made = services().gate.override(given, reviewer())
    response = answer_json(present(OverrideSchema(), made))
    response.status_code = 201
    return response


@blueprint.get("/gate-overrides")
@requires("review")
@blueprint.arguments(OverridesQuerySchema, location="query")
@blueprint.response(200, OverridesSchema)
def list_overrides(query: dict[str, Any]) -> Response:
    """List what was published against the policy, the newest first."""
    page = services().gate.list_overrides(query.get("before"), query["limit"])
    return answer_json(present(OverridesSchema(), page))
