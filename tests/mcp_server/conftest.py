"""A locked service with an interview, and `verbatim mcp` in front of it over HTTP."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from service.usecases.api_keys import KeyRing
from tests.faults.running import serving
from tests.processes import start_module, wait_until
from tests.servers import find_free_port
from tests.stores import open_migrated

SAID = "We will not raise taxes on 200 families in the valley this year."
CHANGED = "We will not raise taxes on 900 families in the valley this year"
INTERVIEW = f"Bob Reyes: {SAID}\nBob Reyes: The harbour has waited for long enough."


@dataclass(frozen=True, slots=True)
class Served:
    """The addresses of the service and of its MCP server, keys, and the id of a stored interview."""

    url: str
    mcp_url: str
    key: str  # with `check` and `read`
    weak_key: str  # with `read` alone
    source_id: str


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("mcp")
    database = f"sqlite:///{folder}/s.sqlite3"
    store = open_migrated(database)
    ring = KeyRing(store.keys)
    key, weak, writer = (
        ring.create(name, scopes).token
        for name, scopes in (("mcp", ["check", "read"]), ("weak", ["read"]), ("archive", ["sources"]))
    )
    with serving(folder, DATABASE_URL=database, ACCESS="locked", WEB_CONCURRENCY="1") as service:
        url = f"http://127.0.0.1:{service.port}"
        given = {
            "title": "Interview with Bob Reyes",
            "kind": "interview",
            "published_at": "2026-11-20",
            "text": INTERVIEW,
        }
        added = httpx.post(
            f"{url}/v1/sources", json=given, headers={"Authorization": f"Bearer {writer}"}, timeout=60
        )
        assert added.status_code == 201, added.text
        port = find_free_port()
        process = start_module("service.cli", "mcp", "--url", url, "--http", f"127.0.0.1:{port}")
        try:
            wait_until(lambda: is_listening(port))
            yield Served(url, f"http://127.0.0.1:{port}/mcp", key, weak, added.json()["id"])
        finally:
            process.kill()
            process.communicate()
    store.close()


def is_listening(port: int) -> bool:
    """Whether something accepts connections on a port of this machine."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0
