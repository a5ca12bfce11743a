"""Serving the tools: over standard input and output, or over HTTP beside the service."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from service.mcp_server.api_client import ApiClient
from service.mcp_server.tools import build_server

MOST_BODY: Final = 4 * 1024 * 1024  # bytes: a draft with its sources
PATH: Final = "/mcp"


def serve_stdio(api: ApiClient) -> None:
    """Serve one client, which started this process, until it ends."""
    build_server(api).run("stdio")


class PostOnly:
    """Refuses other methods with 405: without sessions there is no stream to open and no session to end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app: Final = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] != "POST":
            refusal = PlainTextResponse("Send POST.\n", HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "POST"})
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def build_http_app(api: ApiClient, hosts: list[str]) -> Starlette:
    """The application for HTTP: stateless, JSON answers. Requests for other hosts are refused."""
    app = build_server(api).streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=MOST_BODY,
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection=True,
            allowed_hosts=hosts,
            allowed_origins=[f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")],
        ),
    )
    app.add_middleware(PostOnly)
    return app


def serve_http(api: ApiClient, host: str, port: int, names: tuple[str, ...]) -> None:
    """Serve HTTP until the process is ended. `names` are further names that clients may use for it."""
    hosts = [f"{host}:{port}", f"localhost:{port}", f"127.0.0.1:{port}", *names]
    uvicorn.run(build_http_app(api, hosts), host=host, port=port, log_level="warning", access_log=False)
