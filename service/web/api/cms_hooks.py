"""Receive articles that a content management system publishes, signed with a shared secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any, Final

import marshmallow as ma
from flask import Response, abort, make_response, request, url_for

from schemas.pushes import ARTICLE, Push, PushSchema
from schemas.superdesk import read_ninjs
from schemas.validation_errors import find_faults
from schemas.wordpress import read_post
from service.errors import InvalidInput
from service.store.records import article_id
from service.usecases.receive_push import PushedArticle, PushResult
from service.web.http.parsing import StrictBlueprint, parse_json, refuse
from service.web.http.scopes import spend_unasked, unlocked
from service.web.services import services

blueprint = StrictBlueprint("hooks", __name__, url_prefix="/v1/hooks", description=__doc__ or "")

SUPERDESK_HEADER: Final = "x-superdesk-signature"
#: HMAC-SHA256 of the body: plugins differ in the header's name only, and in hexadecimal or base64.
WORDPRESS_HEADERS: Final = (
    "X-Hub-Signature-256",
    "X-Webhook-Signature",
    "X-WP-Webhook-Signature",
    "X-WC-Webhook-Signature",
    "X-Signature",
)
BODY: Final = {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
Matches = Callable[[bytes, bytes], bool]


@blueprint.post("/superdesk")
@unlocked
@blueprint.doc(requestBody=BODY)
@blueprint.response(201, PushSchema)
@blueprint.alt_response(200, schema=PushSchema, description="Nothing was to be done.")
def push_superdesk() -> Response:
    """Receive an item of Superdesk's HTTP push, in Superdesk's ninjs or IPTC's ninjs 2 or 3.

    Authenticated by the signature `x-superdesk-signature: sha1=…`, HMAC-SHA1 of the body with
    SUPERDESK_SECRET, without an API key. A known guid replaces the article; a pubstatus other than usable
    deletes it.
    """
    return receive_push("superdesk", is_signed_by_superdesk, read_ninjs)


@blueprint.post("/wordpress")
@unlocked
@blueprint.doc(requestBody=BODY)
@blueprint.response(201, PushSchema)
@blueprint.alt_response(200, schema=PushSchema, description="Nothing was to be done.")
def push_wordpress() -> Response:
    """Receive a WordPress post: an object of its REST API, bare or wrapped by a webhook plugin.

    Authenticated by a signature, HMAC-SHA256 of the body with WORDPRESS_SECRET in hexadecimal (with or
    without `sha256=`) or base64, in `X-Hub-Signature-256` or `X-Webhook-Signature`, without an API key. A
    known post replaces the article; a post that is no longer published is deleted.
    """
    return receive_push("wordpress", is_signed_by_wordpress, read_post)


def receive_push(system: str, is_signed: Matches, read: Callable[[Any], Push]) -> Response:
    """Verify the signature of a push, read it, and do what it asks for."""
    if refusal := spend_unasked():
        abort(refusal)
    secret = services().background.secrets.get(system)
    if secret is None:
        refuse(403, f"This server accepts no pushes from here: {system.upper()}_SECRET is not set.")
    body = request.get_data(cache=True)
    if not is_signed(secret, body):
        refuse(401, "The signature is missing, or not that of this body under the shared secret.")
    try:
        push = read(parse_json(body))
    except ma.ValidationError as error:
        faults = tuple(find_faults(error.normalized_messages()))  # type: ignore[no-untyped-call]
        raise InvalidInput("The item cannot be used.", faults) from error
    if push.ignored is not None:
        return answer_push(PushResult("ignored", push.uri, article_id(push.uri, ""), reason=push.ignored))
    article = push.article
    result = services().background.pushes.receive(
        PushedArticle(
            push.uri,
            hashlib.sha256(body).hexdigest(),
            push.changed_at,
            owner=f"hook:{system}",
            body=json.dumps(article) if article is not None else None,
            load=(lambda: ARTICLE.load(article)) if article is not None else None,
        )
    )
    return answer_push(result)


def answer_push(result: PushResult) -> Response:
    """The outcome of a push: 200 if it was ignored, else 201, as Superdesk accepted no other 2xx once."""
    response = make_response(PushSchema().dump(result), 200 if result.outcome == "ignored" else 201)
    if result.job is not None:
        response.headers["Location"] = url_for("jobs.get_job", job_id=result.job)
    return response


def is_signed_by_superdesk(secret: bytes, body: bytes) -> bool:
    """Whether the request carries Superdesk's signature of its body."""
    expected = f"sha1={hmac.new(secret, body, hashlib.sha1).hexdigest()}"
    return is_same(request.headers.get(SUPERDESK_HEADER, ""), expected)


def is_signed_by_wordpress(secret: bytes, body: bytes) -> bool:
    """Whether the request carries a signature of its body, by one of the names and forms that plugins use."""
    digest = hmac.new(secret, body, hashlib.sha256)
    expected = (digest.hexdigest(), b64encode(digest.digest()).decode())
    shown = (request.headers.get(name, "").strip().removeprefix("sha256=") for name in WORDPRESS_HEADERS)
    return any(is_same(signature, form) for signature in shown for form in expected)


def is_same(shown: str, expected: str) -> bool:
    """Whether a signature is the expected one, compared in constant time."""
    return hmac.compare_digest(shown.encode("utf-8", "replace"), expected.encode())
