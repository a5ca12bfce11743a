"""The registry of speakers over HTTP: who is known, what becomes of ids, what they said when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from service.store import QuoteImport, SourceRecord, Store
from service.usecases.api_keys import KeyRing
from service.web.services import EXTENSION
from tests.apps import post_article, running_app

MAYOR = {"title": "Mayor of Alba", "from": "2001-01-01", "to": "2005-01-01"}
ANA = {"name": "Ana Duarte", "aliases": ["Ana M. Duarte"], "roles": [MAYOR], "ids": {"wikidata": "Q100"}}
TAXES = "We will never raise taxes on working families in this harbour city."


@pytest.fixture
def store(app: Flask) -> Store:
    found: Store = app.extensions[EXTENSION].store
    return found


def add(client: FlaskClient, **members: Any) -> str:
    response = client.post("/v1/speakers", json=members)
    assert response.status_code == 201, response.text
    name: str = response.get_json()["id"]
    assert response.headers["Location"] == f"/v1/speakers/{name}"
    return name


def said(store: Store, *quotes: tuple[str, str, str | None]) -> None:
    """Quotes as (text, speaker, day), each of a source of its own."""
    store.import_quotes(
        QuoteImport(text, speaker, date.fromisoformat(day) if day else None,
                    SourceRecord(f"urn:test:{n}-{speaker}-{day}", f"Source {n}", "The Post", None, "quotes"))
        for n, (text, speaker, day) in enumerate(quotes)
    )  # fmt: skip


class TestPeople:
    def test_who_was_added_is_read_changed_and_removed(self, client: FlaskClient):
        name = add(client, **ANA)
        read = client.get(f"/v1/speakers/{name}")
        shown = read.get_json()
        assert {member: shown[member] for member in ANA} == ANA
        assert (shown["status"], shown["merged_into"], shown["version"]) == ("active", None, 1)
        tag = read.headers["ETag"]
        assert client.get(f"/v1/speakers/{name}", headers={"If-None-Match": tag}).status_code == 304
        changed = client.put(f"/v1/speakers/{name}", json={"name": "Ana Stone"}, headers={"If-Match": tag})
        assert changed.status_code == 200
        assert changed.get_json() | {"updated_at": 0} == shown | {
            "name": "Ana Stone", "aliases": [], "roles": [], "ids": {"wikidata": None}, "version": 2, "updated_at": 0,
        }  # fmt: skip
        assert client.put(f"/v1/speakers/{name}", json=ANA, headers={"If-Match": tag}).status_code == 412
        assert client.delete(f"/v1/speakers/{name}").status_code == 204
        assert client.get(f"/v1/speakers/{name}").status_code == 404
        assert client.post(f"/v1/speakers/{name}:undo", json={}).status_code == 200
        assert client.get(f"/v1/speakers/{name}").get_json()["name"] == "Ana Stone"

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"name": " "}, "/name"),
            ({"name": "X" * 201}, "/name"),
            ({"name": "X\x00"}, "/name"),
            ({"name": "X", "ids": {"wikidata": "12"}}, "/ids/wikidata"),
            ({"name": "X", "ids": {"wikidata": "Q1\n"}}, "/ids/wikidata"),
            ({"name": "X", "ids": {"viaf": "12"}}, "/ids/viaf"),
            ({"name": "X", "roles": [{"title": "Y", "from": "2020"}]}, "/roles/0/from"),
            (
                {"name": "X", "roles": [{"title": "Y", "from": "2020-01-02", "to": "2020-01-01"}]},
                "/roles/0/to",
            ),
            ({"name": "X", "aliases": ["ok", ""]}, "/aliases/1"),
            ({"name": "X", "aliases": ["a"] * 201}, "/aliases"),
            ({"nom": "X", "name": "X"}, "/nom"),
        ],
    )
    def test_what_is_wrong_is_named(self, client: FlaskClient, wrong: dict[str, Any], pointer: str):
        response = client.post("/v1/speakers", json=wrong)
        assert response.status_code == 422
        assert [error["pointer"] for error in response.get_json()["errors"]] == [pointer]

    def test_a_taken_wikidata_id_is_a_conflict(self, client: FlaskClient):
        name = add(client, **ANA)
        response = client.post("/v1/speakers", json={"name": "X", "ids": {"wikidata": "Q100"}})
        assert response.status_code == 409
        assert name in response.get_json()["detail"]

    def test_search(self, client: FlaskClient):
        name = add(client, **ANA)
        add(client, name="Lee Okafor")
        for query in ("q=duar", "q=mayor%20alba", "wikidata=Q100"):
            (found,) = client.get(f"/v1/speakers?{query}").get_json()["speakers"]
            assert found["id"] == name
        page = client.get("/v1/speakers?limit=1").get_json()
        rest = client.get(f"/v1/speakers?limit=1&cursor={page['next']}").get_json()
        assert [len(page["speakers"]), len(rest["speakers"]), rest["next"]] == [1, 1, None]
        assert client.get("/v1/speakers?cursor=x").status_code == 422

    def test_writing_takes_another_scope_than_reading(self, tmp_path):
        with running_app(f"sqlite:///{tmp_path}/store.sqlite3", access="locked") as app:
            client = app.test_client()
            ring = KeyRing(app.extensions[EXTENSION].store.keys)
            reader = {"Authorization": f"Bearer {ring.create('reader', {'read'}).token}"}
            writer = {"Authorization": f"Bearer {ring.create('The desk', {'write', 'read'}).token}"}
            assert client.get("/v1/speakers").status_code == 401
            assert client.get("/v1/speakers", headers=reader).status_code == 200
            assert client.post("/v1/speakers", json=ANA, headers=reader).status_code == 403
            name = client.post("/v1/speakers", json=ANA, headers=writer).get_json()["id"]
            for act in ("merge", "split", "undo"):
                answer = client.post(f"/v1/speakers/{name}:{act}", json={}, headers=reader)
                assert answer.status_code == 403
            (entry,) = client.get(f"/v1/speakers/{name}/history", headers=reader).get_json()["entries"]
            assert entry["actor"] == "The desk"

    def test_the_description_is_valid(self, client: FlaskClient):
        spec = client.get("/openapi.json").get_json()
        validate(spec)
        assert set(spec["paths"]["/v1/speakers/{speaker_id}"]) - {"parameters"} == {"get", "put", "delete"}
        assert "/v1/speakers/{speaker_id}/timeline" in spec["paths"]


class TestMerging:
    def test_a_merged_id_leads_on_until_it_is_undone(self, client: FlaskClient):
        ana, lee = add(client, **ANA), add(client, name="Lee Okafor")
        answer = client.post(f"/v1/speakers/{ana}:merge", json={"speaker": lee, "note": "the same"})
        assert [one["status"] for one in answer.get_json()["speakers"]] == ["active", "merged"]
        read = client.get(f"/v1/speakers/{lee}")
        assert (read.status_code, read.headers["Location"]) == (307, f"/v1/speakers/{ana}")
        hostile = "_external=1&_scheme=javascript&_anchor=x&_method=POST&speaker_id=other"
        led = client.get(f"/v1/speakers/{lee}?{hostile}").headers["Location"]
        assert led == f"/v1/speakers/{ana}?{hostile}", "a query is a query, and no argument of url_for"
        assert read.get_json()["merged_into"] == ana
        timeline = client.get(f"/v1/speakers/{lee}/timeline?q=boats&limit=3")
        assert timeline.headers["Location"] == f"/v1/speakers/{ana}/timeline?q=boats&limit=3"
        assert client.get(f"/v1/speakers/{lee}", follow_redirects=True).get_json()["id"] == ana
        assert client.put(f"/v1/speakers/{lee}", json=ANA).status_code == 409
        assert client.post(f"/v1/speakers/{ana}:undo", json={"note": "no"}).status_code == 200
        assert client.get(f"/v1/speakers/{lee}").get_json()["name"] == "Lee Okafor"
        history = client.get(f"/v1/speakers/{lee}/history").get_json()["entries"]
        assert [(one["action"], one["note"]) for one in history] == [
            ("undone", "no"), ("merged", "the same"), ("created", None),
        ]  # fmt: skip

    def test_a_split_and_its_faults(self, client: FlaskClient):
        both = add(client, name="Ana Duarte", aliases=["Annie"], roles=[MAYOR])
        wrong = client.post(f"/v1/speakers/{both}:split", json={"name": "Ana Duarte", "aliases": ["Bob"]})
        assert wrong.status_code == 422
        assert wrong.get_json()["errors"][0]["pointer"] == "/aliases/0"
        answer = client.post(
            f"/v1/speakers/{both}:split", json={"name": "Ana Duarte", "roles": [MAYOR], "note": "two women"}
        )
        kept, new = answer.get_json()["speakers"]
        assert (kept["roles"], new["roles"]) == ([], [MAYOR])
        resolved = client.get("/v1/speakers:resolve?name=Mayor Ana Duarte&date=2003-01-01").get_json()
        assert resolved["speaker"]["id"] == new["id"]

    def test_nothing_to_undo(self, client: FlaskClient):
        name = add(client, **ANA)
        assert client.post(f"/v1/speakers/{name}:undo", json={"operation": 99}).status_code == 404
        assert client.post(f"/v1/speakers/{name}:undo", json={"operation": "1"}).status_code == 422
        assert client.post("/v1/speakers/p0000000000000000:undo", json={}).status_code == 404

    def test_who_could_be_meant_is_told(self, client: FlaskClient):
        names = {add(client, name="Kim Lee", roles=[{"title": title}]) for title in ("Judge", "Mayor")}
        answer = client.get("/v1/speakers:resolve?name=Kim Lee").get_json()
        assert (answer["speaker"], answer["how"]) == (None, "ambiguous")
        assert {one["id"] for one in answer["candidates"]} == names


class TestQuotes:
    def test_an_articles_quotes_name_the_known_speaker(self, client: FlaskClient):
        text = f'"{TAXES}" Mayor Ana M. Duarte said on Monday.'
        before = post_article(client, text, published_at="2003-01-01")
        assert before["quotes"][0]["speaker"]["id"] is None
        name = add(client, **ANA)
        after = post_article(client, text, published_at="2003-01-01")
        assert (after["quotes"][0]["speaker"]["id"], after["quotes"][0]["speaker"]["name"]) == (
            name,
            "Ana Duarte",
        )
        (stored,) = client.get("/v1/quotes?q=taxes").get_json()["quotes"]
        assert stored["speaker"]["id"] == name
        assert client.get(f"/v1/quotes/{stored['id']}").get_json()["speaker"]["id"] == name
        lineage = client.get(f"/v1/quotes/{stored['id']}/provenance").get_json()
        assert lineage["sightings"][0]["quote"]["speaker"]["id"] == name

    def test_two_of_one_name_are_kept_apart(self, client: FlaskClient):
        mayor = add(client, name="Kim Lee", roles=[MAYOR])
        judge = add(client, name="Kim Lee", roles=[{"title": "Judge", "from": "2010-01-01"}])
        for published_at, who in (("2003-01-01", mayor), ("2012-01-01", judge)):
            (quote,) = post_article(client, f'"{TAXES}" Kim Lee said.', published_at=published_at)["quotes"]
            assert quote["speaker"]["id"] == who
        (quote,) = post_article(client, f'"{TAXES}" Kim Lee said.')["quotes"]
        assert quote["speaker"]["id"] is None, "without a day nobody can tell"

    @pytest.mark.parametrize(
        ("claimed", "by", "alone", "known"),
        [
            ("Donald Trump Jr.", "Donald Trump", "same", "misattributed"),
            ("Donald Trump", "Donald Trump Jr.", "same", "misattributed"),
            ("Ms. Clinton", "Bill Clinton", "same", "misattributed"),
            ("Ms. Clinton", "Hillary Clinton", "same", "same"),
            ("Ike", "Dwight Eisenhower", "misattributed", "same"),
            ("Hillary Rodham", "Hillary Clinton", "misattributed", "same"),
            ("Somebody Else", "Bill Clinton", "misattributed", "misattributed"),
        ],
    )
    def test_a_verdict_knows_who_is_who(
        self, client: FlaskClient, store: Store, claimed: str, by: str, alone: str, known: str
    ):
        said(store, (TAXES, by, "1999-01-01"))
        check = {"quote": TAXES, "speaker": claimed}
        assert client.post("/v1/check", json=check).get_json()["verdict"]["attribution"] == alone
        for name, aliases in (
            ("Donald Trump", ["Donald J. Trump"]), ("Donald Trump Jr.", []), ("Bill Clinton", []),
            ("Hillary Clinton", ["Hillary Rodham"]), ("Dwight Eisenhower", ["Ike"]),
        ):  # fmt: skip
            add(client, name=name, aliases=aliases)
        answer = client.post("/v1/check", json=check).get_json()
        assert answer["verdict"]["attribution"] == known, "the cache must not remember the registry of before"
        assert answer["matches"][0]["speaker"]["id"].startswith("p")


class TestTimeline:
    @pytest.fixture
    def ana(self, client: FlaskClient, store: Store) -> Iterator[str]:
        said(
            store,
            (TAXES, "Ana Duarte", "2001-05-01"),
            (TAXES.replace("never ", ""), "Mayor Ana M. Duarte", "2003-05-01"),
            (TAXES, "A. Duarte", "2004-05-01"),
            ("Nobody had planned for ice, and we lost nine fine boats.", "Ana Duarte", "2002-02-02"),
            ("Nobody had planned for ice, and we lost twelve fine boats.", "Ana Duarte", "2002-03-02"),
            ("Taxes on the harbour are a matter for the council.", "Ana Duarte", None),
            (TAXES, "Bob Duarte", "2001-06-01"),
            (TAXES, "Lee Okafor", "2001-07-01"),
        )
        yield add(client, **ANA)

    def test_what_they_said_when(self, client: FlaskClient, ana: str):
        answer = client.get(f"/v1/speakers/{ana}/timeline").get_json()
        days = [one["quote"]["said_at"] for one in answer["statements"]]
        assert days == ["2004-05-01", "2003-05-01", "2002-03-02", "2002-02-02", "2001-05-01", None]
        assert {one["quote"]["speaker"]["id"] for one in answer["statements"]} == {ana}
        assert answer["names"] == ["A. Duarte", "Ana Duarte", "Mayor Ana M. Duarte"]
        assert answer["speaker"]["id"] == ana
        assert "taxes" in answer["statements"][0]["about"]
        assert answer["next"] is None

    def test_repeats_and_contradictions_stand_beside(self, client: FlaskClient, ana: str):
        newest, opposite, *_, first, _ = client.get(f"/v1/speakers/{ana}/timeline").get_json()["statements"]
        (repeat,) = first["repeats"]
        assert (repeat["relation"], repeat["quote"]["id"]) == ("repeat", newest["quote"]["id"])
        (against,) = first["contradictions"]
        assert against["quote"]["id"] == opposite["quote"]["id"]
        assert against["differs_in"] == ["negation"]
        assert against["explanation"] == "Differs in: negation."
        assert against["quote"]["said_at"] == "2003-05-01"
        assert against["quote"]["source"]["uri"]
        assert [step["theirs"] for step in against["alignment"] if step["op"] == "drop"] == ["never"]
        assert {one["quote"]["id"] for one in opposite["contradictions"]} == {
            newest["quote"]["id"], first["quote"]["id"],
        }  # fmt: skip

    def test_a_number_is_told(self, client: FlaskClient, ana: str):
        (nine,) = client.get(f"/v1/speakers/{ana}/timeline?q=nine").get_json()["statements"]
        assert [one["differs_in"] for one in nine["contradictions"]] == [["number"]]

    def test_what_is_about_the_same_is_no_contradiction(self, client: FlaskClient, ana: str):
        (council,) = client.get(f"/v1/speakers/{ana}/timeline?q=council").get_json()["statements"]
        assert council["contradictions"] == council["repeats"] == []

    def test_pages_and_filters(self, client: FlaskClient, ana: str):
        seen, cursor = [], ""
        while True:
            page = client.get(f"/v1/speakers/{ana}/timeline?limit=2{cursor}").get_json()
            seen += [one["quote"]["id"] for one in page["statements"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        whole = client.get(f"/v1/speakers/{ana}/timeline?limit=50").get_json()["statements"]
        assert seen == [one["quote"]["id"] for one in whole]
        assert len(seen) == len(set(seen)) == 6
        some = client.get(f"/v1/speakers/{ana}/timeline?from=2002-01-01&to=2002-12-31&q=ice").get_json()
        assert len(some["statements"]) == 2
        assert client.get(f"/v1/speakers/{ana}/timeline?q=…").get_json()["statements"] == []

    @pytest.mark.parametrize("wrong", ["limit=0", "limit=51", "cursor=x", "from=2002&to=x", "x=1",
                                       "from=2003-01-01&to=2002-01-01"])  # fmt: skip
    def test_wrong_questions(self, client: FlaskClient, ana: str, wrong: str):
        assert client.get(f"/v1/speakers/{ana}/timeline?{wrong}").status_code == 422

    def test_a_namesakes_words_are_not_theirs(self, client: FlaskClient, ana: str):
        add(client, name="Ana Duarte", roles=[{"title": "Judge", "from": "2004-01-01"}])
        days = {
            one["quote"]["said_at"]
            for one in client.get(f"/v1/speakers/{ana}/timeline").get_json()["statements"]
        }
        assert days == {"2003-05-01", "2002-03-02", "2002-02-02", "2001-05-01"}, "not when both may be meant"

    def test_after_a_merge_there_is_one_timeline(self, client: FlaskClient, ana: str):
        lee = add(client, name="Lee Okafor")
        assert len(client.get(f"/v1/speakers/{lee}/timeline").get_json()["statements"]) == 1
        client.post(f"/v1/speakers/{ana}:merge", json={"speaker": lee})
        assert len(client.get(f"/v1/speakers/{ana}/timeline").get_json()["statements"]) == 7

    def test_nobodys_timeline(self, client: FlaskClient):
        assert client.get("/v1/speakers/p0000000000000000/timeline").status_code == 404
        name = add(client, name="Silent Sam")
        assert client.get(f"/v1/speakers/{name}/timeline").get_json()["statements"] == []
