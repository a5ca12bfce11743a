"""Articles replaced, forgotten and read again, under conditions and without."""

import pytest

from service.store.records import article_id
from tests.apps import post_article

URI = "urn:harbour"
ID = article_id(URI, "")
PATH = f"/v1/articles/{ID}"
FIRST = "“The harbour will be dredged to eleven metres by the autumn,” Ann Marlow said on Monday."
SECOND = "“The harbour will be dredged to twelve metres by the autumn,” Ann Marlow said on Monday."


def put(client, text, *, path=PATH, uri=URI, headers=None, **members):
    body = {"body_text": text, **({"uri": uri} if uri else {}), **members}
    return client.put(path, json=body, headers=headers or {})


def stored_texts(client):
    return [quote["text"] for quote in client.get("/v1/quotes?limit=100").get_json()["quotes"]]


def problem_of(response, status):
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    return response.get_json(force=True)


def test_put_makes_an_article_where_there_is_none(client):
    response = put(client, FIRST)
    assert response.status_code == 201
    assert response.headers["Location"] == PATH
    read = client.get(PATH)
    assert (read.data, read.headers["ETag"]) == (response.data, response.headers["ETag"])
    assert response.get_json()["id"] == ID
    assert len(stored_texts(client)) == 1


def test_put_replaces_text_and_quotes_and_keeps_the_version(client):
    first = post_article(client, FIRST, uri=URI)
    response = put(client, SECOND)
    assert response.status_code == 200
    assert client.get(PATH).data == response.data
    assert "twelve" in stored_texts(client)[0]
    assert len(stored_texts(client)) == 1
    listed = client.get(f"{PATH}/versions").get_json()
    assert [line["version"] for line in listed["versions"]] == [2, 1]
    assert listed["next"] is None
    assert client.get(f"{PATH}/versions/1").get_json() == first
    assert client.get(f"{PATH}/versions/2").data == response.data


def test_put_of_what_is_stored_changes_nothing(client):
    first = put(client, FIRST, headline="Dredging")
    post_article(client, "“Nothing to add here at all today,” the mayor said.", uri="urn:between")
    again = put(client, FIRST, headline="Dredging")
    assert (again.status_code, again.data) == (200, first.data)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert len(client.get(f"{PATH}/versions").get_json()["versions"]) == 1


def test_of_two_writers_with_the_same_etag_one_is_refused(client):
    seen = put(client, FIRST).headers["ETag"]
    mine = put(client, SECOND, headers={"If-Match": seen})
    theirs = put(client, FIRST.replace("eleven", "thirteen"), headers={"If-Match": seen})
    assert mine.status_code == 200
    assert "changed since" in problem_of(theirs, 412)["detail"] or "If-Match" in theirs.text
    assert client.get(PATH).data == mine.data
    assert "twelve" in stored_texts(client)[0]
    assert put(client, FIRST, headers={"If-Match": mine.headers["ETag"]}).status_code == 200


def test_a_write_whose_answer_was_lost_may_be_sent_again(client):
    seen = put(client, FIRST).headers["ETag"]
    done = put(client, SECOND, headers={"If-Match": seen})
    again = put(client, SECOND, headers={"If-Match": seen})
    assert (again.status_code, again.data) == (200, done.data)


@pytest.mark.parametrize(
    ("headers", "on_none", "on_stored"),
    [
        ({}, 201, 200),
        ({"If-Match": "*"}, 412, 200),
        ({"If-Match": '"abc", "def"'}, 412, 412),
        ({"If-Match": '"*"'}, 412, 412),
        ({"If-Match": 'W/"abc"'}, 412, 412),
        ({"If-Match": ""}, 412, 412),
        ({"If-None-Match": "*"}, 201, 412),
        ({"If-None-Match": '"abc"'}, 201, 200),
    ],
)
def test_conditions_of_a_put(client, headers, on_none, on_stored):
    assert put(client, FIRST, headers=headers).status_code == on_none
    put(client, FIRST)
    assert put(client, SECOND, headers=headers).status_code == on_stored
    assert len(stored_texts(client)) == 1


def test_a_weak_etag_never_matches_and_is_none(client):
    seen = put(client, FIRST).headers["ETag"]
    assert put(client, SECOND, headers={"If-Match": f"W/{seen}"}).status_code == 412
    assert put(client, SECOND, headers={"If-None-Match": f"W/{seen}"}).status_code == 412
    assert client.get(PATH, headers={"If-None-Match": f"W/{seen}"}).status_code == 304


def test_readers_are_spared_what_they_have(client):
    put(client, FIRST)
    quote = client.get("/v1/quotes").get_json()["quotes"][0]["id"]
    for path in (PATH, f"{PATH}/versions/1", f"/v1/quotes/{quote}"):
        read = client.get(path)
        for had in (read.headers["ETag"], "*", f'"other", {read.headers["ETag"]}'):
            spared = client.get(path, headers={"If-None-Match": had})
            assert (spared.status_code, spared.data) == (304, b"")
            assert spared.headers["ETag"] == read.headers["ETag"]
        assert client.get(path, headers={"If-None-Match": '"other"'}).data == read.data


def test_the_uri_of_another_article_is_refused(client):
    problem = problem_of(put(client, FIRST, uri="urn:other"), 422)
    assert problem["errors"][0]["pointer"] == "/uri"
    assert article_id("urn:other", "") in problem["errors"][0]["detail"]
    assert stored_texts(client) == []


def test_a_uri_left_out_is_the_stored_one(client):
    post_article(client, FIRST, uri=URI)
    response = put(client, SECOND, uri=None)
    assert response.status_code == 200
    assert response.get_json()["uri"] == URI


def test_an_article_without_uri_keeps_its_text(client):
    first = post_article(client, FIRST)
    path = f"/v1/articles/{first['id']}"
    problem = problem_of(put(client, SECOND, path=path, uri=None), 422)
    assert article_id(None, SECOND) in problem["errors"][0]["detail"]
    renamed = put(client, FIRST, path=path, uri=None, headline="Dredging")
    assert renamed.status_code == 200
    assert renamed.get_json()["headline"] == "Dredging"


def test_what_is_put_is_stored(client):
    problem = problem_of(put(client, FIRST, store=False), 422)
    assert problem["errors"][0]["pointer"] == "/store"


def test_delete_forgets_everything(client):
    seen = put(client, FIRST).headers["ETag"]
    put(client, SECOND)
    assert client.delete(PATH, headers={"If-Match": seen}).status_code == 412
    assert client.get(PATH).status_code == 200
    deleted = client.delete(PATH, headers={"If-Match": client.get(PATH).headers["ETag"]})
    assert (deleted.status_code, deleted.data) == (204, b"")
    for path in (PATH, f"{PATH}/versions", f"{PATH}/versions/1"):
        assert client.get(path).status_code == 404
    assert stored_texts(client) == []
    assert client.delete(PATH).status_code == 404
    assert client.delete(PATH, headers={"If-Match": "*"}).status_code == 404


@pytest.mark.parametrize("text", [FIRST, "A report in which nobody says a word."])
def test_the_same_article_after_its_deletion_is_stored_again(client, text):
    post_article(client, text, uri=URI)
    client.delete(PATH)
    post_article(client, text, uri=URI)
    assert client.get(PATH).status_code == 200


def test_a_headline_changed_and_changed_back_is_stored_each_time(client):
    for headline in ("One", "Two", "One"):
        post_article(client, FIRST, uri=URI, headline=headline)
        assert client.get(PATH).get_json()["headline"] == headline
    assert len(client.get(f"{PATH}/versions").get_json()["versions"]) == 3
    [quote] = client.get("/v1/quotes").get_json()["quotes"]
    assert quote["source"]["title"] == "One"


def test_versions_come_in_pages(client):
    for number in range(5):
        put(client, FIRST, headline=f"Headline {number}")
    first = client.get(f"{PATH}/versions?limit=2").get_json()
    assert [line["version"] for line in first["versions"]] == [5, 4]
    second = client.get(f"{PATH}/versions?limit=3&before={first['next']}").get_json()
    assert [line["version"] for line in second["versions"]] == [3, 2, 1]
    assert second["next"] is None
    assert client.get(f"{PATH}/versions?before=1").get_json() == {"versions": [], "next": None}


@pytest.mark.parametrize("query", ["before=0", "before=x", "limit=0", "limit=101", "cursor=1"])
def test_a_bad_query_of_versions(client, query):
    put(client, FIRST)
    problem = problem_of(client.get(f"{PATH}/versions?{query}"), 422)
    assert problem["errors"][0]["parameter"] == query.split("=")[0]


@pytest.mark.parametrize("number", ["0", "99", "9" * 30])
def test_versions_that_are_not_there(client, number):
    put(client, FIRST)
    problem_of(client.get(f"{PATH}/versions/{number}"), 404)
    problem_of(client.get("/v1/articles/a0/versions"), 404)
