"""Background jobs."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Response, url_for

from schemas.answers import encode_json
from schemas.jobs import JobSchema, JobStateSchema
from service.store.jobs.rows import JobRecord
from service.usecases.background.job_progress import JobReport
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
    return answer_json(present_job(services().background.progress.get(job_id, readable_owner())))


def owner_name() -> str:
    """The owner of what this request creates: its key, or one name for all without a key."""
    asking = principal()
    return asking.key_id or asking.name


def readable_owner() -> str | None:
    """The owner whose jobs and webhooks the request may see; None, with the scope `admin`, for all."""
    return None if principal().may("admin") else owner_name()


def present_job(report: JobReport) -> bytes:
    """A job as JSON, with the analysis exactly as it was stored."""
    job = report.job
    members = STATE.dump(job)
    members["ahead"] = report.ahead
    members["problem"] = json.loads(job.problem) if job.problem else None
    return encode_json(members)[:-1] + b',"result":' + (report.analysis or "null").encode() + b"}"


def answer_accepted(job: JobRecord, status: int = HTTPStatus.ACCEPTED) -> Response:
    """The answer to a request that created a job: the job, and its address."""
    response = answer_json(present_job(services().background.progress.report(job)))
    response.status_code = status
    response.headers["Location"] = url_for("jobs.get_job", job_id=job.id)
    return response
