"""Metrics for Prometheus, summed over all processes of this server."""

from __future__ import annotations

from flask import Blueprint, Response

import service
from service.errors import VerbatimError
from service.extraction import ENGINE
from service.matching import POLICY
from service.telemetry.exposition import CONTENT_TYPE, State, expose
from service.usecases.readiness import Readiness
from service.web.http.scopes import requires
from service.web.services import services
from service.wiring import Services

# Not in the API's description: the format is that of Prometheus.
blueprint = Blueprint("metrics", __name__)
BUILD = {"version": service.__version__, "engine": ENGINE, "policy": POLICY}


@blueprint.get("/metrics")
@requires("read")
def show() -> Response:
    """All metrics in the text format of Prometheus."""
    served = services()
    readiness = served.readiness.look()
    states = list_states(readiness)
    if readiness.status != "unavailable":  # do not wait for a store that hangs
        states += list_backlog(served)
    response = Response(expose(states))
    response.headers["Content-Type"] = CONTENT_TYPE
    response.headers["Cache-Control"] = "no-store"
    return response


def list_states(readiness: Readiness) -> list[State]:
    """States that are read at each request, not counted."""
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


def list_backlog(served: Services) -> list[State]:
    """Open jobs and the age of the oldest; nothing without a queue, or while the store does not answer."""
    if served.queue is None:
        return []
    try:
        backlog = served.background.progress.measure_backlog()
    except VerbatimError:
        return []
    return [
        State("verbatim_queue_depth", "Jobs that wait or are being done.", (({}, float(backlog.open)),)),
        State(
            "verbatim_queue_oldest_job_age_seconds",
            "How long the oldest of the jobs that could be done has waited.",
            (({}, backlog.oldest_s),),
        ),
    ]
