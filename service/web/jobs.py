"""Work in the background: ask how far it is."""

from __future__ import annotations

from flask import Response

from schemas.answers import encode_json
from schemas.jobs import JobSchema
from service.errors import NotFound
from service.queue import JobState
from service.web.access import requires
from service.web.parsing import StrictBlueprint
from service.web.services import answer_json, services

blueprint = StrictBlueprint("jobs", __name__, url_prefix="/v1/jobs", description=__doc__ or "")


@blueprint.get("/<string:job_id>")
@requires("check")
@blueprint.response(200, JobSchema)
def get_job(job_id: str) -> Response:
    """Ask how far an article sent with `Prefer: respond-async` is, and get its analysis once it is done."""
    queue = services().queue
    if queue is None:
        raise NotFound("this server has no queue: REDIS_URL is not set")
    return answer_json(present_job(queue.state(job_id)))


def present_job(state: JobState) -> bytes:
    """A job as JSON; the analysis goes in as the bytes that it was written as."""
    analysis = state.result["analysis"].encode() if state.result else b"null"
    head = encode_json({"id": state.id, "status": state.status})
    return head[:-1] + b',"result":' + analysis + b"}"
