"""Which web pages may call the API."""

import pytest

from tests.apps import running_app

CMS = "https://cms.example.org"
EXTENSION = "chrome-extension://abcdefghijklmnop"


@pytest.fixture
def open_to(tmp_path):
    """A client of an app that those origins may use, locked, as it would be."""
    with running_app(
        f"sqlite:///{tmp_path}/s.sqlite3", access="locked", cors_origins=(CMS, EXTENSION)
    ) as app:
        yield app.test_client()


def preflight(client, origin, path="/v1/check"):
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    return client.options(path, headers=asked)


@pytest.mark.parametrize("origin", [CMS, EXTENSION])
def test_a_listed_origin(open_to, origin):
    asked = preflight(open_to, origin)
    assert asked.status_code == 200, "no key is asked for: browsers send none with this"
    assert asked.headers["Access-Control-Allow-Origin"] == origin
    allowed = asked.headers["Access-Control-Allow-Headers"].lower()
    assert "authorization" in allowed
    assert "content-type" in allowed
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in asked.headers
    refused = open_to.post("/v1/check", json={"quote": "a"}, headers={"Origin": origin})
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == origin, "so that the page can read why"
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]
    assert "Origin" in refused.headers["Vary"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://cms.example.org.evil.example",
        "https://cmsXexample.org",
        "http://cms.example.org",
        "https://cms.example.org:8443",
        "null",
        "*",
        "",
    ],
)
def test_another_origin(open_to, origin):
    assert "Access-Control-Allow-Origin" not in preflight(open_to, origin).headers
    assert "Access-Control-Allow-Origin" not in open_to.get("/v1/quotes", headers={"Origin": origin}).headers


def test_only_the_api_is_opened(open_to):
    assert "Access-Control-Allow-Origin" not in open_to.get("/livez", headers={"Origin": CMS}).headers


def test_nobody_by_default(client):
    assert "Access-Control-Allow-Origin" not in preflight(client, CMS).headers
    answer = client.get("/v1/quotes", headers={"Origin": CMS})
    assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]
