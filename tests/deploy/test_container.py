"""The image of deploy/Dockerfile is built and started, and the services of deploy/compose.yaml are started from it.

PostgreSQL and Redis are those of the other tests: images of theirs would have to be fetched. `make test-container`
runs it, in some minutes, as root of a Debian.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from service.usecases.api_keys import KeyRing
from tests.deploy.dockerfile import instructions
from tests.deploy.image import Buildah, require_tools
from tests.deploy.test_compose import COMPOSE, PASSWORDS, environment_of, interpolate
from tests.faults.load import Client, Request, ask
from tests.processes import wait_until
from tests.servers import find_free_port
from tests.stores import open_migrated

pytestmark = pytest.mark.container
ARTICLE = {"body_text": "“We will dredge the harbour this year,” Ann Marlow said.", "uri": "urn:a"}
START_S = 120.0


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Buildah:
    """The image, built."""
    require_tools()
    folder = tmp_path_factory.mktemp("image")
    buildah = Buildah(folder)
    buildah.make_base(folder)
    buildah.build()
    return buildah


def answers(port: int, log: Path) -> None:
    """Wait until the service is ready."""
    wait_until(
        lambda: ask(port, "GET", "/readyz").status == 200, f"the service, {log.read_text()[-2_000:]}", START_S
    )


def served_by() -> list[str]:
    """The command of the image."""
    (command,) = instructions("CMD", stage=-1)
    return command.words()


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(interpolate(COMPOSE.read_text(), PASSWORDS))
    return loaded


def test_it_runs_as_its_own_user(image: Buildah, tmp_path: Path) -> None:
    program = (
        "import os, sys; print(os.getuid(), os.getgid(), os.access('/opt/verbatim', os.W_OK), sys.prefix)"
    )
    with image.running("python", "-c", program, log=tmp_path / "log") as process:
        assert process.wait(120) == 0, (tmp_path / "log").read_text()
    assert (tmp_path / "log").read_text().split() == ["10001", "10001", "False", "/opt/verbatim"]


def test_its_own_command_serves_on_sqlite_and_is_locked(image: Buildah, tmp_path: Path) -> None:
    port, log = find_free_port(), tmp_path / "log"
    with image.running(*served_by(), log=log, HOST="127.0.0.1", PORT=str(port)):
        answers(port, log)
        assert ask(port, "POST", "/v1/articles", ARTICLE).status == 401


@pytest.fixture
def services(compose, postgres_store: str, redis_empty_url: str) -> Iterator[tuple[dict[str, str], str]]:
    """The environment of compose's services with the tests' servers, and a key."""
    store = open_migrated(postgres_store)
    key = KeyRing(store.keys).create("Everything", ["admin"]).token
    store.close()
    here = {"DATABASE_URL": postgres_store, "REDIS_URL": redis_empty_url, "HOST": "127.0.0.1"}
    yield environment_of(compose, "web") | here | {"PORT": str(find_free_port())}, key


def test_the_services_of_compose_work_together(image: Buildah, compose, services, tmp_path: Path) -> None:
    settings, key = services
    port = int(settings["PORT"])
    with image.running(
        *compose["services"]["migrate"]["command"], log=tmp_path / "migrate", **settings
    ) as migrate:
        assert migrate.wait(120) == 0, (tmp_path / "migrate").read_text()
    worker_command = compose["services"]["worker"]["command"]
    with (
        image.running(*served_by(), log=tmp_path / "web", **settings),
        image.running(*worker_command, log=tmp_path / "worker", **settings),
        closing(Client(port)) as client,
    ):
        answers(port, tmp_path / "web")
        bearer = {"Authorization": f"Bearer {key}"}
        at_once = client.send(Request("POST", "/v1/articles", ARTICLE, headers=bearer))
        assert at_once.status == 200
        assert [quote["content"]["text"] for quote in at_once.json()["quotes"]]
        later = client.send(
            Request(
                "POST",
                "/v1/articles",
                ARTICLE | {"uri": "urn:b"},
                headers=bearer | {"Prefer": "respond-async"},
            )
        )
        assert later.status == 202
        job = Request("GET", urlsplit(later.headers["location"]).path, headers=bearer)
        wait_until(lambda: client.send(job).json()["status"] == "done", "the worker's job", START_S)
