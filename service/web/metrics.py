"""Numbers for Prometheus: what was counted, in every process of this server, and how its parts are."""

from __future__ import annotations

from flask import Blueprint, Response

import service
from service.extraction import ENGINE
from service.matching import POLICY
from service.telemetry.exposition import CONTENT_TYPE, State, expose
from service.usecases.readiness import Readiness
from service.web.access import requires
from service.web.services import services

# No part of the API's description: its form is Prometheus'.
blueprint = Blueprint("metrics", __name__)
BUILD = {"version": service.__version__, "engine": ENGINE, "policy": POLICY}


@blueprint.get("/metrics")
@requires("read")
def show() -> Response:
    """Everything counted, in the text format of Prometheus."""
    response = Response(expose(list_states(services().readiness.look())))
    response.headers["Content-Type"] = CONTENT_TYPE
    response.headers["Cache-Control"] = "no-store"
    return response


def list_states(readiness: Readiness) -> list[State]:
    """What is not counted but looked up."""
    health = {name: part.health for name, part in readiness.parts.items()}
    return [
        State("verbatim_build_info", "What runs here.", ((BUILD, 1.0),)),
        State(
            "verbatim_degraded",
            "1 where a part is not well: requests are answered without it, or not at all.",
            tuple(({"part": name}, float(state != "ok")) for name, state in health.items()),
        ),
        State(
            "verbatim_ready",
            "1 where requests can be served.",
            (({}, float(readiness.status != "unavailable")),),
        ),
    ]
