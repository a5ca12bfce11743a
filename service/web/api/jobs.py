"""Background jobs."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Response, url_for

from schemas.answers import encode_json
from schemas.jobs import JobSchema, JobStateSchema
from service.errors import NotFound
from service.store.jobs.rows import JobRecord
from service.usecases.background.accept_jobs import read_answer
from service.web.http.parsing import StrictBlueprint
from service.web.http.scopes import principal, requires
from service.web.services import answer_json, services

blueprint = StrictBlueprint("jobs", __name__, url_prefix="/v1/jobs", description=__doc__ or "")
STATE = JobStateSchema()


@blueprint.get("/<string:job_id>")
@requires("read")
@blueprint.response(200, JobSchema)
def get_job(job_id: str) -> Response:
    """Read the progress of a job, and its analysis when it is done.

    A job can be read with the key that created it, and is kept for a week after its end. If the article has
    been deleted since, its result is null.
    """
    return answer_json(present_job(services().store.jobs.get_job(job_id, readable_owner())))


def owner_name() -> str:
    """Who owns what this request makes: its key, or all together who need none."""
    asking = principal()
    return asking.key_id or asking.name


def readable_owner() -> str | None:
    """Whose things this request may see: its own, and with the scope `admin` everybody's (None)."""
    return None if principal().may("admin") else owner_name()


def present_job(job: JobRecord) -> bytes:
    """A job as JSON; the analysis goes in as the bytes that it was written as."""
    store = services().store
    members = STATE.dump(job)
    members["ahead"] = store.jobs.count_ahead(job) if job.status == "queued" else None
    members["problem"] = json.loads(job.problem) if job.problem else None
    try:
        answer = read_answer(store, job)
    except NotFound:  # deleted since
        answer = None
    return encode_json(members)[:-1] + b',"result":' + (answer or "null").encode() + b"}"


def answer_accepted(job: JobRecord, status: int = HTTPStatus.ACCEPTED) -> Response:
    """The answer to a request that made a job: what it is, and where to ask for it."""
    response = answer_json(present_job(job))
    response.status_code = status
    response.headers["Location"] = url_for("jobs.get_job", job_id=job.id)
    return response
