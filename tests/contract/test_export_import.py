"""What is exported can be imported, into the same and into the other kind of database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.apps import running_app

NDJSON = "application/x-ndjson"


def move(url: str, lines: bytes) -> tuple[bytes, dict[str, Any]]:
    """Import lines into an empty store; what it exports then, and the summary of the import."""
    with running_app(url) as app:
        client = app.test_client()
        answer = client.post("/v1/quotes:import?kind=quotes", data=lines, content_type=NDJSON)
        summary = json.loads(answer.text.splitlines()[-1])
        return client.get("/v1/quotes:export").data, summary


def test_an_export_is_an_import_and_the_second_round_is_the_same_to_the_byte(
    tmp_path: Path, postgres_store: str
) -> None:
    with running_app(f"sqlite:///{tmp_path}/a.sqlite3") as app:
        client = app.test_client()
        transcript = {
            "uri": "urn:talk",
            "title": "A talk",
            "published_at": "2020-01-02",
            "turns": [{"speaker": "Ann Lee", "text": "We count the ships. We count them again each day."}],
        }
        client.post("/v1/quotes:import?kind=transcripts", data=json.dumps(transcript), content_type=NDJSON)
        article = {"body_text": "“The harbour is deep,” said Ann Lee. Tom Ray said the harbour was shallow."}
        client.post("/v1/articles", json={**article, "uri": "urn:a", "published_at": "2020-01-03"})
        first = client.get("/v1/quotes:export").data
    assert len(first.splitlines()) >= 3
    on_postgres, summary = move(postgres_store, first)
    assert (summary["status"], summary["refused"]) == ("complete", 0), summary
    back, summary = move(f"sqlite:///{tmp_path}/b.sqlite3", on_postgres)
    assert (summary["status"], summary["refused"]) == ("complete", 0), summary
    assert back == on_postgres
    lost = [
        {name for name in before if before[name] != after[name]}
        for before, after in zip(
            map(json.loads, first.splitlines()), map(json.loads, back.splitlines()), strict=True
        )
    ]
    assert all(names <= {"id"} for names in lost), "a sentence of a transcript gets the id of a quotation"
