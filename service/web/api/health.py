"""Health of the service."""

from __future__ import annotations

from flask import Response, json

from schemas.health import LiveSchema, ReadySchema
from service.web.http.parsing import StrictBlueprint
from service.web.services import services

blueprint = StrictBlueprint("health", __name__, description=__doc__ or "")


@blueprint.get("/livez")
@blueprint.response(200, LiveSchema)
def live() -> dict[str, str]:
    """Whether the process answers. Checks nothing else, so that a lost database does not restart it."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@blueprint.response(200, ReadySchema)
@blueprint.alt_response(503, schema=ReadySchema)
def ready() -> Response:
    """Whether requests can be served. Answers within two seconds, even if a part hangs.

    A lost cache only slows requests down: the status is "degraded", with 200. `degraded` names these parts.
    """
    readiness = services().readiness.look()
    state = {
        "status": readiness.status,
        **{name: part.detail for name, part in readiness.parts.items()},
        "degraded": [name for name, part in readiness.parts.items() if part.health != "ok"],
    }
    status = 503 if readiness.status == "unavailable" else 200
    return Response(json.dumps(state), status=status, mimetype="application/json")
