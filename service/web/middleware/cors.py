"""CORS: web pages of the listed origins may call the API from a browser; none by default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Flask
from flask_cors import CORS

SENT: Final = (
    "Authorization",
    "Content-Type",
    "Prefer",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
)
SHOWN: Final = (
    "Cache-Status",
    "ETag",
    "Location",
    "Preference-Applied",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
)
PREFLIGHT_KEPT_S: Final = 600


def allow_origins(app: Flask, origins: Sequence[str]) -> None:
    """Let pages of these origins read answers of the API. Keys are sent in a header, never as cookies."""
    if origins:
        CORS(
            app,
            resources={r"/v1/*": {"origins": list(origins)}},
            allow_headers=list(SENT),
            expose_headers=list(SHOWN),
            methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            max_age=PREFLIGHT_KEPT_S,
            supports_credentials=False,
            vary_header=True,
            always_send=False,
        )
