"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from flask import Response, json

from schemas.health import LiveSchema, ReadySchema
from service.errors import VerbatimError
from service.web.parsing import StrictBlueprint
from service.web.services import services

blueprint = StrictBlueprint("health", __name__, description=__doc__ or "")


@blueprint.get("/livez")
@blueprint.response(200, LiveSchema)
def live() -> dict[str, str]:
    """The process answers. Looks at nothing else, so that a lost database does not restart it."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@blueprint.response(200, ReadySchema)
@blueprint.alt_response(503, schema=ReadySchema)
def ready() -> Response:
    """Whether requests can be served. A lost cache only slows them down: "degraded", still 200."""
    store, status = "ok", "ready"
    if not services().cache.ping():
        status = "degraded"
    try:
        services().store.ping()
        if services().store.migration_due():
            store, status = "migration due", "unavailable"
    except VerbatimError:
        store, status = "unavailable", "unavailable"
    state = {"status": status, "store": store, "cache": services().cache.describe()}
    return Response(
        json.dumps(state), status=503 if status == "unavailable" else 200, mimetype="application/json"
    )
