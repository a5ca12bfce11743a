"""Idempotency-Key: the same answer again, once done, and clear refusals."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.store.idempotency import LEASE_S
from service.web.http import idempotency
from service.web.services import EXTENSION

ARTICLES = "/v1/articles"
BODY = {"uri": "urn:a", "body_text": "“The harbour will be dredged this year,” Ann Marlow said."}


def post(client, body=BODY, key="k", **headers):
    return client.post(ARTICLES, json=body, headers={"Idempotency-Key": key, **headers})


def problem_of(response, status):
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    return response.get_json(force=True)


def count_versions(client, answer):
    listed = client.get(f"{ARTICLES}/{answer.get_json()['id']}/versions")
    return len(listed.get_json()["versions"])


def test_the_same_request_is_answered_the_same_and_done_once(client):
    first = post(client)
    other = client.post(ARTICLES, json={**BODY, "headline": "Changed since"})
    again = post(client)
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert again.content_type == first.content_type
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["X-Content-Type-Options"] == "nosniff"
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert count_versions(client, other) == 2, "what was stored in between stays"


def test_the_key_of_another_request_is_refused(client):
    post(client)
    assert "another request" in problem_of(post(client, {**BODY, "headline": "x"}), 422)["detail"]
    assert post(client, {**BODY, "headline": "x"}, key="other").status_code == 200


def test_a_key_may_stand_in_quotation_marks(client):
    first = post(client, key='"8e03978e-40d5-43dd-bc93-6894a57f9324"')
    again = post(client, key="8e03978e-40d5-43dd-bc93-6894a57f9324")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.data == first.data


@pytest.mark.parametrize("key", ["", "  ", '""', "x" * 256, '"open', "a b", "é", "a\\b"])
def test_what_is_no_key_is_refused(client, key):
    assert "visible ASCII" in problem_of(post(client, key=key), 400)["detail"]


def test_an_error_is_not_kept(client):
    problem_of(post(client, {"body_text": 5}), 422)
    problem_of(post(client, {}), 422)
    assert post(client).status_code == 200
    assert "Idempotency-Replayed" not in post(client, key="new").headers


def test_a_failure_of_ours_leaves_the_key_free(client, app, monkeypatch):
    analyser = type(app.extensions[EXTENSION].analyser)

    def fail(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr(analyser, "analyse", fail)
    problem_of(post(client), 500)
    monkeypatch.undo()
    assert post(client).status_code == 200


def test_while_the_first_is_under_way_the_second_is_told_when_to_ask(app, monkeypatch):
    analyser = type(app.extensions[EXTENSION].analyser)
    begun, go_on = threading.Event(), threading.Event()
    analyse = analyser.analyse

    def wait(*arguments):
        begun.set()
        assert go_on.wait(30)
        return analyse(*arguments)

    monkeypatch.setattr(analyser, "analyse", wait)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, app.test_client())
        assert begun.wait(30)
        refused = post(app.test_client())
        assert "still being worked on" in problem_of(refused, 409)["detail"]
        assert 1 <= int(refused.headers["Retry-After"]) <= LEASE_S
        go_on.set()
        assert first.result().status_code == 200
    assert post(app.test_client()).data == first.result().data


def test_a_long_request_keeps_its_lease(app, client, monkeypatch):
    store = app.extensions[EXTENSION].store
    renewed = threading.Event()
    monkeypatch.setattr(idempotency, "LEASE_S", 0.03)
    monkeypatch.setattr(type(store.idempotency), "renew", lambda *_: renewed.set() or True)
    analyser = type(app.extensions[EXTENSION].analyser)
    analyse = analyser.analyse
    monkeypatch.setattr(analyser, "analyse", lambda *given: renewed.wait(30) and analyse(*given))
    assert post(client).status_code == 200
    assert renewed.is_set()


def test_a_store_that_goes_away_at_the_end_costs_only_the_repetition(app, client, monkeypatch):
    from service.errors import StoreUnavailable

    def fail(*_):
        raise StoreUnavailable("gone")

    store = app.extensions[EXTENSION].store
    monkeypatch.setattr(type(store.idempotency), "complete", fail)
    assert post(client).status_code == 200
    monkeypatch.undo()
    assert count_versions(client, client.post(ARTICLES, json=BODY)) == 1


def test_openapi_tells_of_the_header(client):
    spec = client.get("/openapi.json").get_json()
    for path in (ARTICLES, "/v1/quotes:import"):
        named = [parameter["name"] for parameter in spec["paths"][path]["post"]["parameters"]]
        assert "Idempotency-Key" in named, path
    headers = [
        parameter["name"] for parameter in spec["paths"][ARTICLES + "/{article_id}"]["put"]["parameters"]
    ]
    assert {"If-Match", "If-None-Match"} <= set(headers)
