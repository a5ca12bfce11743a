"""Batches: analyse many articles in the background."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import marshmallow as ma
from flask import request, url_for

from schemas.articles import ArticleInputSchema
from schemas.jobs import BatchPageSchema, BatchSchema
from schemas.problems import describe_problem, present_faults
from schemas.strict_json import read_json
from schemas.validation_errors import find_faults
from service.store.jobs.batches import BatchRecord
from service.usecases.background.accept_jobs import BatchItem, JobAcceptor
from service.web.api.jobs import owner_name, readable_owner
from service.web.http.body_limits import takes_body_of
from service.web.http.idempotency import idempotent, request_name
from service.web.http.parsing import StrictBlueprint, parse_json, refuse
from service.web.http.scopes import requires
from service.web.services import services

blueprint = StrictBlueprint("batches", __name__, url_prefix="/v1/batches", description=__doc__ or "")

MAX_ITEMS: Final = 1_000
NDJSON: Final = ("application/x-ndjson", "application/ndjson", "application/jsonl")
ARTICLE = ArticleInputSchema()
BODY: Final = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "array", "items": {"type": "object"}, "minItems": 1, "maxItems": MAX_ITEMS}
        },
        NDJSON[0]: {"schema": {"type": "string"}},
    },
}


@blueprint.post("")
@requires("write")
@takes_body_of(lambda: services().background.batch_max_bytes)  # each article: MAX_BODY_BYTES
@idempotent
@blueprint.doc(requestBody=BODY)
@blueprint.response(202, BatchSchema)
def post_batch() -> tuple[dict[str, Any], int, dict[str, str]]:
    """Analyse up to 1,000 articles in the background.

    Takes a JSON list of what `POST /v1/articles` takes, or NDJSON with one article on each line. An invalid
    article becomes a failed item with its problem; the others are analysed. When this request is answered,
    all articles are stored as jobs. Articles with the same uri are processed in the order they are sent.
    """
    batch = jobs().accept_batch(list(read_items()), owner_name(), request_name())
    location = url_for("batches.get_batch", batch_id=batch.id)
    return present_batch(batch, 0, 100), 202, {"Location": location}


@blueprint.get("/<string:batch_id>")
@requires("read")
@blueprint.arguments(BatchPageSchema, location="query")
@blueprint.response(200, BatchSchema)
def get_batch(page: dict[str, int], batch_id: str) -> dict[str, Any]:
    """Read the progress of a batch and the result of each article.

    A batch can be read with the key that created it, and is kept for a week after its end.
    """
    batch = services().background.progress.get_batch(batch_id, readable_owner())
    return present_batch(batch, page["start"], page["limit"])


def jobs() -> JobAcceptor:
    """The use case that accepts jobs. Answers 501 without a queue."""
    found = services().background.jobs
    if found is None:
        refuse(501, "This server has no background jobs: REDIS_URL is not set.")
    return found


def present_batch(batch: BatchRecord, start: int, limit: int) -> dict[str, Any]:
    """A batch with a page of its items."""
    records = services().background.progress.list_items(batch, start, limit)
    items = [
        {
            "position": record.position,
            "id": record.id,
            "status": record.status,
            "article_id": record.article_id,
            "version": record.version,
            "problem": json.loads(record.problem) if record.problem else None,
        }
        for record in records
    ]
    over = batch.finished_at is not None
    after = start + limit
    return {
        "id": batch.id,
        "status": "done" if over else "running" if batch.done + batch.failed else "queued",
        "total": batch.total,
        "done": batch.done,
        "failed": batch.failed,
        "created_at": batch.created_at,
        "finished_at": batch.finished_at,
        "items": items,
        "next": after if after < batch.total else None,
    }


def read_items() -> Iterator[BatchItem]:
    """The articles of the request, validated. Answers 4xx if there are none or too many."""
    lines = request.mimetype in NDJSON
    if not lines and request.mimetype != "application/json":
        refuse(415, f"Send a JSON list as application/json, or lines of JSON as {NDJSON[0]}.")
    body = request.get_data(cache=True)
    if not body.strip():
        refuse(400, "The body is empty; articles are expected.")
    given: Any = [line for line in body.split(b"\n") if line.strip()] if lines else parse_json(body)
    if not isinstance(given, list):
        refuse(422, "The request is not valid: a JSON list of articles is expected.")
    if not 1 <= len(given) <= MAX_ITEMS:
        refuse(422, f"A batch holds 1 to {MAX_ITEMS} articles; here are {len(given)}.")
    for one in given:
        yield read_line(one) if lines else read_item(one)


def read_line(line: bytes) -> BatchItem:
    """The item of a line of NDJSON; invalid JSON becomes an item with a problem."""
    try:
        return read_item(read_json(line.decode()))
    except UnicodeDecodeError as error:
        return BatchItem("", problem=describe_problem(400, f"Not valid UTF-8 at byte {error.start}."))
    except (ValueError, RecursionError) as error:
        where = f": {error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        return BatchItem("", problem=describe_problem(400, f"Not valid JSON{where}."))


def read_item(given: Any) -> BatchItem:
    """The item of an article; an invalid one becomes an item with a problem."""
    body = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    most = services().background.article_max_bytes
    if len(body) > most:
        return BatchItem("", problem=describe_problem(413, f"The article is larger than {most} characters."))
    try:
        article = ARTICLE.load(given)
    except ma.ValidationError as error:
        faults = present_faults(find_faults(error.normalized_messages()))  # type: ignore[no-untyped-call]
        return BatchItem("", problem=describe_problem(422, "The article is not valid.", faults))
    return BatchItem(body, article.uri)
