"""A POST to a checked address, whose answer counts by its status alone."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.outbound.address import Resolve, Target
from service.outbound.allowed_addresses import Network
from service.outbound.exchange import Limits, Request, Unreachable, exchange

TOTAL_TIMEOUT_S: Final = 15.0
MAX_ANSWER: Final = 16_384  # bytes of the answer that are read and ignored


@dataclass(frozen=True, slots=True)
class Answer:
    """The parts of an answer that a sender of webhooks needs."""

    status: int
    retry_after: str | None = None


def post(  # noqa: PLR0913 - what a request is made of
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    networks: Sequence[Network] = (),
    tls: ssl.SSLContext | None = None,
    resolve: Resolve | None = None,
    total_s: float = TOTAL_TIMEOUT_S,
) -> Answer:
    """Send a body to a target. Raises Forbidden, before anything is sent, and Unreachable.

    `networks` are allowed although they are not public. The request ends within `total_s` seconds, however
    slowly the other side answers.
    """
    answer: Answer | None = None
    limits = Limits(total_s, networks, tls, resolve)
    try:
        with exchange(target, Request("POST", headers, body), limits) as response:
            answer = Answer(response.status, response.getheader("Retry-After"))
            response.read(MAX_ANSWER)
    except Unreachable:
        if answer is None:  # a body that breaks off does not matter
            raise
    assert answer is not None
    return answer
