"""Small ways in that were open once: ends of time, rights of files, answers that others keep or embed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from service.store import open_store
from tests.apps import running_app

BODY = "“We will dredge the harbour this year,” Ann Marlow said."


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with running_app(f"sqlite:///{tmp_path_factory.mktemp('edges')}/s.sqlite3") as app:
        yield app.test_client()


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("0001-01-01T00:00:00+14:00", 422),
        ("9999-12-31T23:59:59-12:00", 422),
        ("0001-01-01T00:00:00+00:00", 200),
        ("9999-12-31T23:59:59Z", 200),
        ("0001-01-01", 200),
    ],
)
def test_the_ends_of_time(client, moment, status):
    answer = client.post("/v1/articles", json={"body_text": BODY, "uri": "urn:a", "published_at": moment})
    assert answer.status_code == status, answer.text
    if status == 422:
        assert answer.get_json()["errors"][0]["pointer"] == "/published_at"


def test_a_store_is_readable_to_its_owner_alone(tmp_path: Path):
    path = tmp_path / "deep" / "store.sqlite3"
    store = open_store(f"sqlite:///{path}", migrate=True)
    try:
        store.ping()
        files = sorted(path.parent.iterdir())
        assert path in files
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    finally:
        store.close()


@pytest.mark.parametrize("path", ["/v1/quotes", "//v1/quotes", "///v1//quotes", "/v1/nowhere"])
def test_no_cache_on_the_way_keeps_an_answer_and_no_page_embeds_it(client, path):
    headers = client.get("/", environ_overrides={"PATH_INFO": path}).headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
