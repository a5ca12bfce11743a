"""The tools, by the official client in two revisions of the protocol, over HTTP and standard input, and by fastmcp."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import fastmcp
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.mcp_server.conftest import CHANGED, INTERVIEW, SAID, Served

TOOLS = {"check_draft", "check_quote", "who_said", "find_factchecks", "get_source"}
REVISIONS = {"legacy": "2025-11-25", "2026-07-28": "2026-07-28"}
Call = Callable[[Client], Awaitable[Any]]


def ask(served: Served, mode: str, call: Call, key: str | None = None) -> Any:
    """What a call gives, by the official client over HTTP."""

    async def run() -> Any:
        headers = {"Authorization": f"Bearer {key or served.key}"} if key != "" else {}
        async with httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False) as http:
            transport = streamable_http_client(served.mcp_url, http_client=http)
            async with Client(transport, mode=mode) as client:
                return await call(client)

    return asyncio.run(run())


def call_tool(served: Served, mode: str, name: str, key: str | None = None, **arguments: Any) -> Any:
    return ask(served, mode, lambda client: client.call_tool(name, arguments), key)


def result(answer: Any) -> dict[str, Any]:
    assert not answer.is_error, answer.content
    found: dict[str, Any] = answer.structured_content
    return found


@pytest.fixture(params=REVISIONS)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_revision_is_the_one_that_was_asked_for(served: Served, mode: str) -> None:
    async def read(client: Client) -> str:
        return str(client.session.protocol_version)

    assert ask(served, mode, read) == REVISIONS[mode]


def test_every_tool_only_reads_and_has_schemas(served: Served, mode: str) -> None:
    tools = ask(served, mode, lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and tool.description and tool.output_schema for tool in tools)
    given = [member for tool in tools for member in tool.input_schema["properties"].values()]
    assert given and all(member.get("description") or "$ref" in str(member) for member in given)


def test_a_changed_quotation_of_a_draft_comes_first_with_what_was_said(served: Served, mode: str) -> None:
    text = f"“{SAID}” Bob Reyes said on Monday. “{CHANGED},” Bob Reyes said again."
    sources = [{"text": INTERVIEW, "title": "Interview", "published_at": "2026-11-20"}]
    found = result(call_tool(served, mode, "check_draft", text=text, sources=sources))
    assert found["quotes_found"] == 2 and found["worst"] == 3 and found["left_out"] == 0
    first = found["quotes"][0]
    assert (first["label"], first["severity"], first["number"]) == ("changed", 3, 2)
    assert "200 families" in first["said"]["text"] and first["said"]["speaker"] == "Bob Reyes"
    assert "200 families" in first["correction"]
    assert found["quotes"][1]["label"] == "confirmed"


def test_what_is_not_in_the_sources_is_told(served: Served, mode: str) -> None:
    text = "“Nobody has shown me a single map of the new harbour,” Carla Stone said."
    found = result(call_tool(served, mode, "check_draft", text=text, sources=[{"text": INTERVIEW}], most=1))
    assert found["labels"] == {"not_in_sources": 1}


def test_a_quotation_is_checked(served: Served, mode: str) -> None:
    found = result(
        call_tool(served, mode, "check_quote", quote=CHANGED, speaker="Bob Reyes", day="2026-11-21")
    )
    assert (found["label"], found["severity"]) == ("changed", 3)
    assert found["said"]["said_at"] == "2026-11-20"
    [match] = found["matches"]
    assert match["link"].startswith(f"{served.url}/quotes/") and match["source"] == "Interview with Bob Reyes"


def test_who_said_it_is_found(served: Served, mode: str) -> None:
    found = result(call_tool(served, mode, "who_said", words="raise taxes on 200 families"))
    assert [quote["speaker"] for quote in found["quotes"]] == ["Bob Reyes"] and found["more"] is False


def test_a_source_is_read_by_turns(served: Served, mode: str) -> None:
    found = result(call_tool(served, mode, "get_source", source_id=served.source_id, most=1))
    assert found["title"] == "Interview with Bob Reyes" and len(found["turns"]) == 1
    assert found["turns"][0]["text"].startswith("We will not raise")


def test_factchecks_are_searched(served: Served, mode: str) -> None:
    assert result(call_tool(served, mode, "find_factchecks", claim="taxes in the valley")) == {
        "factchecks": []
    }


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("get_source", {"source_id": "s0000"}, "no source has this id"),
        ("check_draft", {"text": "  "}, "/body_text"),
        ("check_draft", {"text": "x", "sources": [{"text": " "}]}, "/sources/0"),
        ("who_said", {"words": "x", "most": 99}, "most"),
        ("check_quote", {"quote": "x" * 6000}, "5000"),
        ("get_source", {"source_id": "../../livez"}, "source_id"),
    ],
)
def test_an_error_says_what_is_wrong_and_where(
    served: Served, mode: str, name: str, arguments: dict[str, Any], told: str
) -> None:
    answer = call_tool(served, mode, name, **arguments)
    assert answer.is_error and told in answer.content[0].text


@pytest.mark.parametrize("key", ["", "vb_aaaaaaaaaa_" + "a" * 40])
def test_nothing_is_answered_without_a_right_key(served: Served, mode: str, key: str) -> None:
    answer = call_tool(served, mode, "who_said", key, words="taxes")
    assert answer.is_error and "key" in answer.content[0].text


def test_a_key_can_do_what_its_scopes_allow(served: Served, mode: str) -> None:
    answer = call_tool(served, mode, "check_quote", served.weak_key, quote=CHANGED)
    assert answer.is_error and "scope check" in answer.content[0].text
    assert not call_tool(served, mode, "who_said", served.weak_key, words="raise taxes").is_error


def test_prompts_are_given(served: Served, mode: str) -> None:
    async def read(client: Client) -> str:
        assert {prompt.name for prompt in (await client.list_prompts()).prompts} == {
            "check_before_publication",
            "trace_quotation",
        }
        given = await client.get_prompt("trace_quotation", {"quote": SAID})
        return str(given.messages[0].content.text)

    assert SAID in ask(served, mode, read)


def test_over_standard_input_the_key_is_that_of_the_environment(served: Served, mode: str) -> None:
    async def run() -> Any:
        parameters = StdioServerParameters(
            command=sys.executable,
            args=["-m", "service.cli", "mcp", "--url", served.url],
            env={"VERBATIM_API_KEY": served.key},
        )
        async with Client(parameters, mode=mode) as client:
            return await client.call_tool("who_said", {"words": "raise taxes"})

    assert result(asyncio.run(run()))["quotes"][0]["speaker"] == "Bob Reyes"


def test_fastmcp_calls_every_tool(served: Served) -> None:
    async def run() -> list[Any]:
        async with fastmcp.Client(served.mcp_url, auth=served.key) as client:
            assert {tool.name for tool in await client.list_tools()} == TOOLS
            return [
                await client.call_tool("check_draft", {"text": f"“{SAID}” Bob Reyes said."}),
                await client.call_tool("check_quote", {"quote": CHANGED}),
                await client.call_tool("who_said", {"words": "raise taxes"}),
                await client.call_tool("find_factchecks", {"claim": "taxes"}),
                await client.call_tool("get_source", {"source_id": served.source_id}),
            ]

    answers = asyncio.run(run())
    assert len(answers) == 5 and all(answer.structured_content for answer in answers)
