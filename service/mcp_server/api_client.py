"""Requests of tools to the HTTP API of a running service, with the key of whoever calls the tool."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2
from mcp.server.mcpserver.exceptions import ToolError

TIMEOUT_S: Final = 60.0
CONNECT_S: Final = 5.0
MOST_BYTES: Final = 20_000_000  # of an answer


@dataclass(frozen=True, slots=True)
class ApiClient:
    """The API of one service. `url` ends without a slash; `key` is used where the caller shows none."""

    url: str
    key: str | None = None

    async def get(self, path: str, query: Mapping[str, Any], key: str | None) -> dict[str, Any]:
        """The answer to GET. Raises ToolError with what the service says is wrong."""
        given = {name: value for name, value in query.items() if value is not None}
        return await self._send("GET", path, key, params=given)

    async def post(self, path: str, body: Mapping[str, Any], key: str | None) -> dict[str, Any]:
        """The answer to POST with a JSON body. Raises ToolError with what the service says is wrong."""
        given = {name: value for name, value in body.items() if value is not None}
        return await self._send("POST", path, key, json=given)

    async def _send(self, method: str, path: str, key: str | None, **options: Any) -> dict[str, Any]:
        shown = key or self.key
        headers = {"Authorization": f"Bearer {shown}"} if shown else {}
        timeout = httpx2.Timeout(TIMEOUT_S, connect=CONNECT_S)
        try:
            async with (
                httpx2.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False) as client,
                client.stream(method, self.url + path, headers=headers, **options) as response,
            ):
                body = await read_body(response)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ToolError(f"Verbatim does not answer at {self.url} ({type(error).__name__}).") from None
        return read_answer(response.status_code, body)


async def read_body(response: httpx2.Response) -> bytes:
    """The body, up to a limit. Raises ToolError beyond it."""
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            raise ToolError("Verbatim's answer is too large to be passed on.")
    return bytes(body)


def read_answer(status: int, body: bytes) -> dict[str, Any]:
    """The members of an answer. Raises ToolError with the problem's details."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ToolError(f"What answers is not Verbatim's API (status {status}).")
    if status >= 400:
        faults = [
            f"{fault.get('pointer') or fault.get('parameter') or ''}: {fault.get('detail', '')}".lstrip(": ")
            for fault in answer.get("errors", ())
        ]
        raise ToolError(" ".join([str(answer.get("detail", f"Status {status}.")), *faults]))
    return answer
