"""A hundred malformed requests: each is refused clearly, none with a status of 500 or more, and the server goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx

from tests.mcp_server.conftest import Served

HEADERS = {
    "Accept": "application/json, text/event-stream",
    "Content-Type": "application/json",
    "MCP-Protocol-Version": "2025-11-25",
}
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "who_said", "arguments": {"words": "x"}},
}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
VALUES: tuple[Any, ...] = (None, True, 0, -1, 1e308, "", "x", [], {}, [1], {"a": 1})


def malformed() -> Iterator[tuple[bytes, dict[str, str]]]:
    """Bodies with their headers."""
    for body in (
        b"",
        b"{",
        b"[]",
        b"null",
        b"1",
        b'"x"',
        b"\xff\xfe",
        b"{}" * 2,
        b"[" * 5000,
        b'{"jsonrpc":"2.0"',
    ):
        yield body, {}
    for member in ("jsonrpc", "id", "method", "params"):
        for value in VALUES:
            yield json.dumps(CALL | {member: value}).encode(), {}
    for value in VALUES:
        yield json.dumps(CALL | {"params": {"name": value, "arguments": {}}}).encode(), {}
        yield json.dumps(CALL | {"params": {"name": "who_said", "arguments": value}}).encode(), {}
        yield json.dumps(CALL | {"params": {"name": "who_said", "arguments": {"words": value}}}).encode(), {}
    for method in ("tools/nothing", "resources/read", "completion/complete", "initialize", "x" * 10_000):
        yield json.dumps(LIST | {"method": method, "params": {}}).encode(), {}
    for headers in (
        {"Content-Type": "text/plain"}, {"Accept": "text/html"}, {"MCP-Protocol-Version": "1999-01-01"},
        {"MCP-Protocol-Version": "2026-07-28"}, {"Origin": "https://elsewhere.example"}, {"Host": "elsewhere.example"},
        {"Authorization": "Basic eA=="}, {"Authorization": "Bearer"}, {"Mcp-Session-Id": "x"},
    ):  # fmt: skip
        yield json.dumps(LIST).encode(), headers
    yield b"x" * 5_000_000, {}


def test_a_hundred_malformed_calls_are_refused_and_the_server_goes_on(served: Served) -> None:
    asked = list(malformed())
    authorised = {"Authorization": f"Bearer {served.key}"}
    with httpx.Client(timeout=30) as client:
        statuses = []
        for body, headers in asked:
            answer = client.post(served.mcp_url, content=body, headers=HEADERS | authorised | headers)
            statuses.append(answer.status_code)
            assert answer.status_code < 500, (body[:200], answer.text[:300])
            assert "Traceback" not in answer.text
        for method in ("GET", "DELETE", "PUT"):
            assert client.request(method, served.mcp_url, headers=HEADERS).status_code == 405
        good = client.post(served.mcp_url, json=LIST, headers=HEADERS | authorised)
    assert len(asked) >= 100
    assert good.status_code == 200 and len(good.json()["result"]["tools"]) == 5


def test_requests_for_other_names_or_from_other_sites_are_refused(served: Served) -> None:
    with httpx.Client(timeout=30) as client:
        for headers in ({"Host": "elsewhere.example"}, {"Origin": "https://elsewhere.example"}):
            refused = client.post(served.mcp_url, json=LIST, headers=HEADERS | headers)
            assert refused.status_code in (403, 421), headers
        assert client.post(served.mcp_url, json=LIST, headers=HEADERS).status_code == 200
