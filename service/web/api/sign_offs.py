"""Sign-off: what people say of each quotation of a stored article, with evidence, and corrections."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request, url_for

from schemas.answers import encode_json
from schemas.review_answers import ReviewHistorySchema, describe_entry
from schemas.sign_offs import (
    EvidenceFileSchema,
    SignedQuoteSchema,
    SignOffInputSchema,
    SignOffsSchema,
    present_sign_offs,
    present_signed_quote,
)
from service.errors import Fault, InvalidInput
from service.store.sign_offs.records import Statement
from service.usecases.reviews.sign_offs import (
    MAX_FILE_BYTES,
    NOTHING,
    SignedQuote,
    SignOffOrder,
)
from service.web.api.reviews import reviewer
from service.web.http.body_limits import takes_body_of
from service.web.http.conditions import conditional_change, tags_of
from service.web.http.idempotency import idempotent
from service.web.http.overload import costly
from service.web.http.parsing import StrictBlueprint, refuse
from service.web.http.scopes import requires
from service.web.services import answer_json, services

FORM: Final = "multipart/form-data"
MOST_OF_FORM: Final = 10_000  # bytes beside the file
FILE_FORM: Final = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}

blueprint = StrictBlueprint("sign_offs", __name__, url_prefix="/v1/articles", description=__doc__ or "")


@blueprint.get("/<string:article_id>/sign-offs")
@requires("read")
@blueprint.response(200, SignOffsSchema)
def list_sign_offs(article_id: str) -> Response:
    """List the quotations of a stored article with what people said of each, and how many are signed off."""
    return answer_json(encode_json(present_sign_offs(services().sign_offs.open(article_id))))


@blueprint.get("/<string:article_id>/quotes/<string:quote_id>/sign-off")
@requires("read")
@blueprint.response(200, SignedQuoteSchema)
def get_sign_off(article_id: str, quote_id: str) -> Response:
    """Read a quotation of a stored article with its sign-off, null if nobody has said anything of it."""
    return answer_signed(services().sign_offs.open(article_id).find(quote_id))


@blueprint.put("/<string:article_id>/quotes/<string:quote_id>/sign-off")
@requires("review")
@conditional_change
@costly
@blueprint.arguments(SignOffInputSchema)
@blueprint.response(200, SignedQuoteSchema)
def put_sign_off(statement: Statement, article_id: str, quote_id: str) -> Response:
    """Sign a quotation off: its status, a note and evidence, in place of what was said before.

    `status` is `right`, `fix` (to be changed), `confirmed_by_phone`, `cannot_be_confirmed` or `ignore`. A
    `correction` says what the machine read wrongly, the speaker or the words: the quotation is then judged
    again and shown as corrected, here, in its article, in searches and to later articles. What was said
    before, and what the machine had read, stays in the history. The same again changes nothing. The id of a
    quotation whose words are corrected changes; both ids lead to it. With `If-Match`, a sign-off that
    somebody changed since it was read is not replaced; the ETag of none is `"0"`.
    """
    return answer_signed(services().sign_offs.sign(order(article_id, quote_id, statement)))


@blueprint.delete("/<string:article_id>/quotes/<string:quote_id>/sign-off")
@requires("review")
@conditional_change
@blueprint.response(200, SignedQuoteSchema)
def withdraw_sign_off(article_id: str, quote_id: str) -> Response:
    """Take back all that was said of a quotation, with its correction. The history keeps it."""
    return answer_signed(services().sign_offs.withdraw(order(article_id, quote_id, NOTHING)))


@blueprint.get("/<string:article_id>/quotes/<string:quote_id>/sign-off/history")
@requires("read")
@blueprint.response(200, ReviewHistorySchema)
def get_sign_off_history(article_id: str, quote_id: str) -> dict[str, Any]:
    """Read what was said of a quotation, by whom and when, and what the machine had read, the oldest first.

    Entries are never changed or deleted. They are in the log of all reviews, each with a hash of itself and
    of the entry before it.
    """
    found = services().sign_offs.open(article_id).find(quote_id)
    histories = services().sign_offs.find_histories([found])
    return {"entries": [describe_entry(entry) for entries in histories.values() for entry in entries]}


@blueprint.post("/<string:article_id>/evidence-files")
@requires("review")
@takes_body_of(lambda: MAX_FILE_BYTES + MOST_OF_FORM)
@idempotent
@blueprint.response(201, EvidenceFileSchema)
@blueprint.doc(requestBody=FILE_FORM)
def add_evidence_file(article_id: str) -> Response:
    """Keep a file as evidence for the quotations of an article, of up to 5 MB. Name its id in a sign-off."""
    if request.mimetype != FORM:
        refuse(415, f"Send the file as {FORM}.")
    sent = request.files.get("file")
    if sent is None:
        raise InvalidInput("there is no file", (Fault("/file", "Missing data for required field."),))
    file = services().sign_offs.keep_file(article_id, sent.filename or "", sent.read(), reviewer())
    response = answer_json(encode_json(EvidenceFileSchema().dump(file)))
    response.status_code = 201
    response.headers["Location"] = url_for(
        "sign_offs.get_evidence_file", article_id=article_id, file_id=file.id
    )
    return response


@blueprint.get("/<string:article_id>/evidence-files/<string:file_id>")
@requires("read")
@blueprint.response(200, content_type="application/octet-stream", description="The file.")
def get_evidence_file(article_id: str, file_id: str) -> Response:
    """Read a file that is kept as evidence. It is always sent as a download."""
    return answer_file(article_id, file_id)


def answer_file(article_id: str, file_id: str) -> Response:
    """A file as a download, which no browser shows as a page of this service."""
    file, content = services().sign_offs.read_file(article_id, file_id)
    response = Response(content, content_type="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def order(article_id: str, quote_id: str, statement: Statement) -> SignOffOrder:
    """The sign-off that this request makes, with the version that it expects."""
    expected = tags_of(request.if_match, weak=False) if "If-Match" in request.headers else None
    return SignOffOrder(article_id, quote_id, statement, reviewer(), expected)


def answer_signed(quote: SignedQuote) -> Response:
    """A quotation with its sign-off, as JSON with its ETag."""
    response = answer_json(encode_json(present_signed_quote(quote)))
    response.set_etag(quote.tag)
    return response
