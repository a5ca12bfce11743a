"""Stored quotes: searched, paged, read one by one, followed through time."""

import json

import pytest

from schemas.quotes import LineageSchema, QuotePageSchema, StoredQuoteSchema
from tests.apps import post_article

WORDS = "The harbour will be dredged to eleven metres by the autumn"


@pytest.fixture
def told(client):
    """Three articles: the first sighting, a repeat, and a variant with another number."""
    posted = []
    for number, (words, day) in enumerate(
        [(WORDS, "2026-01-05"), (WORDS, "2026-02-05"), (WORDS.replace("eleven", "nineteen"), "2026-03-05")]
    ):
        posted.append(
            post_article(
                client,
                f"“{words},” Ann Marlow said.",
                uri=f"urn:article:{number}",
                published_at=day,
                publisher="Port News",
            )["quotes"][0]["id"]
        )
    return posted


def get(client, path, schema):
    response = client.get(path)
    assert response.status_code == 200, response.text
    answer = response.get_json()
    assert schema().validate(answer) == {}
    return answer


def test_search_by_words_speaker_and_day(client, told):
    def found(query):
        return [quote["id"] for quote in get(client, f"/v1/quotes?{query}", QuotePageSchema)["quotes"]]

    assert set(found("q=dredged")) == set(told)
    assert found("q=nineteen%20metres") == [told[2]]
    assert found("q=purple") == []
    assert set(found("speaker=Marlow")) == set(told)
    assert found("speaker=Kovac") == []
    assert found("from=2026-02-01&to=2026-02-28") == [told[1]]


def test_newest_first_and_page_by_page(client, told):
    seen, query = [], "limit=1"
    while True:
        page = get(client, f"/v1/quotes?{query}", QuotePageSchema)
        seen += [quote["id"] for quote in page["quotes"]]
        if page["next"] is None:
            break
        query = f"limit=1&cursor={page['next']}"
    assert seen == told[::-1]


def test_one_quote_with_its_source(client, told):
    quote = get(client, f"/v1/quotes/{told[0]}", StoredQuoteSchema)
    assert quote["text"].rstrip(",") == WORDS
    assert quote["speaker"] == {"name": "Ann Marlow"}
    assert (quote["said_at"], quote["source"]["publisher"]) == ("2026-01-05", "Port News")


def test_lineage_tells_first_repeat_and_variant(client, told):
    lineage = get(client, f"/v1/quotes/{told[2]}/provenance", LineageSchema)
    assert [(member["relation"], member["quote"]["id"]) for member in lineage["sightings"]] == [
        ("first", told[0]),
        ("repeat", told[1]),
        ("variant", told[2]),
    ]
    changed = [step for step in lineage["sightings"][2]["alignment"] if step["op"] != "keep"]
    assert [(step["theirs"].strip(), step["ours"].strip()) for step in changed] == [("eleven", "nineteen")]
    assert lineage["total"] == 3


def test_lineage_as_of_a_day(client, told):
    lineage = get(client, f"/v1/quotes/{told[0]}/provenance?as_of=2026-02-10", LineageSchema)
    assert [member["quote"]["id"] for member in lineage["sightings"]] == told[:2]


def test_a_check_as_of_a_day_is_repeatable(client, told):
    def fidelity(as_of):
        response = client.post("/v1/check", json={"quote": WORDS, "speaker": "Ann Marlow", "as_of": as_of})
        return json.loads(response.data)["verdict"]["fidelity"]

    assert fidelity("2026-01-04") == "no_match"
    assert fidelity("2026-01-05") == "verbatim"


def test_strange_checks_get_clear_answers(client, told):
    def verdict(**body):
        response = client.post("/v1/check", json=body)
        assert response.status_code == 200, response.text
        return response.get_json()["verdict"]

    assert verdict(quote="dredged")["fidelity"] == "insufficient"
    assert verdict(quote="and of the to a in")["fidelity"] == "insufficient"
    assert verdict(quote="word " * 5000)["fidelity"] == "no_match"
    assert verdict(quote="…")["fidelity"] == "insufficient"
    future = verdict(quote=WORDS, speaker="Ann Marlow", date="2999-01-01")
    assert (future["fidelity"], future["time"]) == ("verbatim", "recycled")
