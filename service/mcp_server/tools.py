"""The tools and prompts: what an assistant can ask, in the words of an editor. All of them only read."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

import service
from service.mcp_server.api_client import ApiClient
from service.mcp_server.results import (
    CheckedDraft,
    CheckedWords,
    Factcheck,
    FoundFactchecks,
    FoundQuotes,
    SourceText,
    SourceTurn,
    read_draft,
    read_passage,
    read_said,
    shorten,
    urls_of,
)

READ_ONLY: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
INSTRUCTIONS: Final = (
    "Verbatim says who said something, when, and whether those were the words, from transcripts, "
    "statements and articles that are stored in it and from sources that are given. `not_found` "
    "means that no source it searched has the words, never that nobody said them. Quote `said` "
    "exactly, with its speaker, day and source. Do not turn a verdict into a judgement about a "
    "person."
)
MOST_SOURCES: Final = 20
MOST_TEXT: Final = 500_000  # characters of a draft
MOST_WORDS: Final = 5_000  # characters of a quotation or a question


class GivenSource(BaseModel):
    """A source that a draft was written from. It is not stored."""

    text: str = Field(description="The transcript, statement or document.", max_length=2_000_000)
    title: str | None = Field(None, description="What to call it.", max_length=500)
    kind: Literal[
        "transcript", "hearing", "debate", "speech", "interview", "court", "broadcast", "captions",
        "press_release", "statement", "letter", "post", "book", "document",
    ] = Field("interview", description="What it is.")  # fmt: skip
    published_at: date | None = Field(None, description="The day it was said or published.")


Words = Annotated[str, Field(min_length=1, max_length=MOST_WORDS)]


def build_server(api: ApiClient) -> MCPServer[Any]:
    """The server, whose tools ask this API."""
    server: MCPServer[Any] = MCPServer(
        "verbatim", title="Verbatim", instructions=INSTRUCTIONS, version=service.__version__
    )
    add_checks(server, api)
    add_searches(server, api)
    add_prompts(server)
    return server


def key_of(context: Context[Any, Any]) -> str | None:
    """The API key in the header of the request, None over stdio. Raises ToolError for another scheme."""
    request = context.request_context.request
    given = request.headers.get("authorization") if request is not None else None
    if given is None:
        return None
    scheme, _, key = given.strip().partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise ToolError("Send an API key of Verbatim: `Authorization: Bearer vb_…`.")
    return str(key.strip())


def add_checks(server: MCPServer[Any], api: ApiClient) -> None:
    """Add the tools that check words."""

    @server.tool(title="Check a draft", annotations=READ_ONLY)
    async def check_draft(
        context: Context[Any, Any],
        text: Annotated[str, Field(min_length=1, max_length=MOST_TEXT, description="The draft.")],
        format: Annotated[Literal["text", "html", "markdown"], Field(description="Of the draft.")] = "text",
        sources: Annotated[
            list[GivenSource], Field(max_length=MOST_SOURCES, description="What it was written from.")
        ] = [],  # noqa: B006  never changed
        most: Annotated[int, Field(ge=1, le=100, description="Quotations to return.")] = 25,
    ) -> CheckedDraft:
        """Find every quotation of a draft with its speaker, and check each against the sources and the store.

        With sources, quotations that none of them has are `not_in_sources`. Nothing is stored.
        """
        body = {
            f"body_{format}": text,
            "store": False,
            "status": "draft",
            "sources": [source.model_dump(mode="json", exclude_none=True) for source in sources] or None,
        }
        return read_draft(await api.post("/v1/articles", body, key_of(context)), most)

    @server.tool(title="Check a quotation", annotations=READ_ONLY)
    async def check_quote(
        context: Context[Any, Any],
        quote: Annotated[Words, Field(description="The words, without quotation marks.")],
        speaker: Annotated[
            str | None, Field(max_length=500, description="Who is said to have said it.")
        ] = None,
        day: Annotated[date | None, Field(description="The day it is said to have been said.")] = None,
    ) -> CheckedWords:
        """Check one quotation: were those the words, who really said it, and when."""
        body = {"quote": quote, "speaker": speaker, "date": day.isoformat() if day else None}
        answer = await api.post("/v1/check", body, key_of(context))
        verdict = answer["verdict"]
        return CheckedWords(
            label=verdict["label"],
            severity=verdict["severity"],
            explanation=verdict["explanation"],
            said=read_said(verdict.get("said")),
            correction=verdict.get("correction"),
            matches=[read_passage(match, api.url) for match in answer["matches"][:5]],
            factchecks=urls_of(answer["factchecks"]),
        )


def add_searches(server: MCPServer[Any], api: ApiClient) -> None:
    """Add the tools that look something up."""

    @server.tool(title="Who said it", annotations=READ_ONLY)
    async def who_said(
        context: Context[Any, Any],
        words: Annotated[Words, Field(description="Words, or some of them in the right order.")],
        speaker: Annotated[str | None, Field(max_length=500, description="Only of this person.")] = None,
        most: Annotated[int, Field(ge=1, le=20, description="Quotes to return.")] = 5,
    ) -> FoundQuotes:
        """Search stored quotes and transcripts for words, and say who said them and when."""
        query = {"q": words, "speaker": speaker, "limit": most}
        answer = await api.get("/v1/quotes", query, key_of(context))
        return FoundQuotes(
            quotes=[read_passage(quote, api.url) for quote in answer["quotes"]],
            more=answer["next"] is not None,
        )

    @server.tool(title="Find fact-checks", annotations=READ_ONLY)
    async def find_factchecks(
        context: Context[Any, Any],
        claim: Annotated[Words, Field(description="The claim.")],
        most: Annotated[int, Field(ge=1, le=20, description="Fact-checks to return.")] = 5,
    ) -> FoundFactchecks:
        """Find published fact-checks of a claim. They are not Verbatim's, and may be of something similar."""
        query = {"query": claim, "pageSize": most}
        answer = await api.get("/v1/factcheck/claims:search", query, key_of(context))
        found = []
        for one in answer.get("claims", ()):
            for review in one.get("claimReview", ()):
                found.append(
                    Factcheck(
                        claim=shorten(one.get("text", "")),
                        claimant=one.get("claimant"),
                        rating=review.get("textualRating"),
                        publisher=review.get("publisher", {}).get("name"),
                        url=review.get("url"),
                        published_at=review.get("reviewDate"),
                    )
                )
        return FoundFactchecks(factchecks=found[:most])

    @server.tool(title="Read a source", annotations=READ_ONLY)
    async def get_source(
        context: Context[Any, Any],
        source_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="Its id.")],
        first_turn: Annotated[int, Field(ge=1, le=100_000, description="Where to begin.")] = 1,
        most: Annotated[int, Field(ge=1, le=200, description="Turns to return.")] = 40,
    ) -> SourceText:
        """Read a stored interview, transcript or statement, with who says what."""
        source = await api.get(f"/v1/sources/{source_id}", {}, key_of(context))
        turns, first = source["turns"], first_turn - 1
        return SourceText(
            id=source["id"],
            title=source["title"],
            kind=source["kind"],
            published_at=source["published_at"],
            uri=source["uri"],
            machine=bool(source["machine"]),
            words=source["words"],
            turns=[
                SourceTurn(number=number, speaker=turn["speaker"], text=turn["text"], start_s=turn["start_s"])
                for number, turn in enumerate(turns[first : first + most], first_turn)
            ],
            more=source["has_more"] or len(turns) > first + most,
        )


def add_prompts(server: MCPServer[Any]) -> None:
    """Add the prompts."""

    @server.prompt(title="Check before publication")
    def check_before_publication(draft: str) -> str:
        """Go through a draft as an editor does before it is published."""
        return (
            "Check this draft with `check_draft`; ask me for the interviews and statements that it was "
            "written from, and give them as `sources`. Then list every quotation with severity 2 or 3, "
            "the gravest first: the words of the draft, what was really said with speaker, day and "
            "source, and the wording to print. List what is not in the sources separately, as questions "
            f"to the reporter. Change nothing else.\n\n{draft}"
        )

    @server.prompt(title="Trace a quotation")
    def trace_quotation(quote: str) -> str:
        """Find out where a quotation comes from."""
        return (
            f"Where does this come from, and were those the words? “{quote}”\n\nUse `check_quote`, then "
            "`who_said` for its first sighting and `find_factchecks`. Say what is known, what is not, "
            "and what to ask whom."
        )
