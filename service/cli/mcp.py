"""`verbatim mcp`: tools for assistants, over standard input and output or over HTTP."""

from __future__ import annotations

import os

import click

from service.cli.examples import examples
from service.errors import SettingsError

KEY: str = "VERBATIM_API_KEY"


@click.command(
    epilog=examples(
        "verbatim mcp",
        "VERBATIM_API_KEY=vb_… verbatim mcp --url https://verbatim.example.org",
        "verbatim mcp --http 127.0.0.1:8001 --name verbatim.example.org",
    )
)
@click.option("--url", default=None, help="The service to ask; without it http://127.0.0.1:PORT.")
@click.option(
    "--http", "address", metavar="HOST:PORT", help="Serve /mcp over HTTP instead of standard input."
)
@click.option(
    "--name", "names", multiple=True, metavar="HOST", help="A name that clients use for it (--http)."
)
def mcp(url: str | None, address: str | None, names: tuple[str, ...]) -> None:
    """Give assistants tools to check quotations with.

    check_draft, check_quote, who_said, find_factchecks and get_source, by the Model Context Protocol. They
    ask a running service by its HTTP API. Over standard input, the key is VERBATIM_API_KEY; over HTTP, each
    client sends its own (`Authorization: Bearer vb_…`).
    """
    try:
        from service.mcp_server.api_client import ApiClient
        from service.mcp_server.running import serve_http, serve_stdio
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"verbatim mcp needs the package {error.name}: pip install 'verbatim[mcp]'"
        ) from None
    asked = (url or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}").rstrip("/")
    if not asked.startswith(("http://", "https://")):
        raise SettingsError(f"--url is not an address: {asked}")
    if address is None:
        serve_stdio(ApiClient(asked, os.environ.get(KEY) or None))
        return
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise SettingsError(f"--http takes HOST:PORT, such as 127.0.0.1:8001, not {address}")
    serve_http(ApiClient(asked), host, int(port), names)
