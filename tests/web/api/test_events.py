"""Events over HTTP. Without gunicorn's socket a stream ends when all is told that there is."""

import json

import pytest

from service.store.events import log as events
from service.web.http.overload import gates
from tests.apps import post_article

SAID = "“The harbour will be dredged to eleven metres by the autumn,” Ann Marlow said on Monday."


def read_stream(text):
    """The events of a stream: type, id, data. Those of one field only are none."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.partition(": ")[::2] for line in block.splitlines() if not line.startswith(":"))
        if "data" in fields:
            found.append((fields["event"], fields["id"], json.loads(fields["data"])))
    return found


def follow(client, **asked):
    headers = {"Last-Event-ID": asked.pop("last")} if "last" in asked else {}
    with client.get("/v1/events", query_string=asked, headers=headers) as answer:
        assert answer.status_code == 200, answer.text
        assert answer.mimetype == "text/event-stream"
        return read_stream(answer.text)


def test_what_happens_is_told(client):
    [(kind, start, _)] = follow(client)
    assert kind == "ready"
    article = post_article(client, SAID, uri="urn:a")
    ready, told = follow(client, last=start)
    assert ready[0] == "ready"
    assert told[0] == "article.analysed"
    assert (told[2]["id"], told[2]["uri"], told[2]["fidelity"]) == (article["id"], "urn:a", {"no_match": 1})
    assert "harbour" not in json.dumps(told)
    client.delete(f"/v1/articles/{article['id']}")
    [_, gone] = follow(client, after=told[1])
    assert gone[0] == "article.deleted"
    assert follow(client, last=gone[1])[1:] == []
    assert [event[0] for event in follow(client, after="0")[1:]] == ["article.analysed", "article.deleted"]


def test_only_what_is_asked_for(client):
    article = post_article(client, SAID, uri="urn:a")
    client.delete(f"/v1/articles/{article['id']}")
    assert [event[0] for event in follow(client, after="0", types="article.deleted,review")] == [
        "ready",
        "article.deleted",
    ]
    answer = client.get("/v1/events?types=articles")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] == "types"


def test_who_was_away_too_long_is_told_to_begin_anew(client, monkeypatch):
    monkeypatch.setattr(events, "MOST_KEPT", 3)
    monkeypatch.setattr(events, "PRUNE_EVERY", 1)
    for number in range(6):
        post_article(client, SAID, uri=f"urn:{number}")
    reset, ready = follow(client, after="1")
    assert (reset[0], reset[2]) == ("reset", {"reason": "too_old", "first": 4})
    assert ready[2] == {"number": 6}
    assert len(follow(client, after="3")) == 1 + 3
    assert follow(client, last="nonsense")[0][2]["reason"] == "unreadable"
    assert follow(client, last="3.ffffffff")[0][2]["reason"] == "other_store"


def test_there_is_room_for_so_many(client, app):
    with app.app_context():
        following = gates().following
        leave = [following.enter() for _ in range(8)]
    refused = client.get("/v1/events")
    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    leave.pop()()
    for _ in range(3):
        answer = client.get("/v1/events")
        assert answer.status_code == 200
        answer.close()


@pytest.mark.parametrize("path", ["/v1/events?after=", "/v1/events?types=", "/v1/events?more=1"])
def test_bad_questions(client, path):
    assert client.get(path).status_code == 422
