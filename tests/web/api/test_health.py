"""Liveness and readiness: a lost cache is a degradation, a lost or outdated store is not ready."""

from service.app import create_app
from service.settings import Settings
from service.web.services import EXTENSION
from tests.apps import running_app
from tests.servers import find_free_port

WELL = {"status": "ready", "store": "ok", "writes": "ok", "cache": "in-process", "degraded": []}


def test_all_well(client):
    assert client.get("/livez").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.get_json() == {**WELL, "model": ready.get_json()["model"]}


def test_redis_away_is_degraded_and_still_serves(tmp_path):
    nowhere = f"redis://127.0.0.1:{find_free_port()}/0"
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", redis_url=nowhere) as app:
        client = app.test_client()
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert ready.get_json()["status"] == "degraded"
        answer = client.post("/v1/check", json={"quote": "one two three four five six"})
        assert answer.status_code == 200
        assert "fwd=bypass" in answer.headers["Cache-Status"]


def test_postgresql_away_is_unavailable_and_says_when_to_try_again():
    url = f"postgresql+psycopg://nobody@127.0.0.1:{find_free_port()}/none"
    app = create_app(Settings(database_url=url, log_level="CRITICAL", access="open"))
    try:
        client = app.test_client()
        assert client.get("/livez").status_code == 200
        ready = client.get("/readyz")
        assert (ready.status_code, ready.get_json()["store"]) == (503, "unavailable")
        refused = client.post("/v1/check", json={"quote": "one two three four five six"})
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert "nobody" not in refused.text
    finally:
        app.extensions[EXTENSION].store.close()


def test_an_outdated_schema_is_not_ready(postgres_database):
    app = create_app(Settings(database_url=postgres_database(), log_level="CRITICAL", access="open"))
    try:
        client = app.test_client()
        ready = client.get("/readyz")
        assert (ready.status_code, ready.get_json()["store"]) == (503, "migration due")
        assert client.post("/v1/check", json={"quote": "one two three four"}).status_code == 503
    finally:
        app.extensions[EXTENSION].store.close()


def test_every_answer_carries_an_id_and_the_security_headers(client):
    first, second = client.get("/livez"), client.get("/nowhere")
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    for response in (first, second):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
