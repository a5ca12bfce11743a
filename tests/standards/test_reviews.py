"""What people decide, in every form: beside the machine's verdict, and as a ClaimReview."""

import csv
import io

import pytest

from schemas.standards.spreadsheets import recover_cell
from tests.apps import import_record, post_article, running_app
from tests.standards.published import find_annotation_faults, find_schema_org_faults, read_annotation

SAID = "We will not raise taxes on 200 families in the valley this year"
ALTERED = f"“{SAID.replace('not ', '')},” Ann Marlow said on Monday."
REASON = "=The tape has it otherwise.\nTwice."


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with running_app(f"sqlite:///{tmp_path_factory.mktemp('reviews')}/s.sqlite3") as app:
        client = app.test_client()
        import_record(client, SAID, "Ann Marlow", "2026-11-20", uri="urn:speech")
        yield client


@pytest.fixture(scope="module")
def article(client):
    """An article with one quotation that was decided about, and one that nobody looked at."""
    body = f"{ALTERED}\n\n“It rained in the valley for most of the week,” Bob Reyes said."
    return post_article(
        client, body, uri="https://example.org/taxes", published_at="2026-11-23", headline="Tax"
    )


@pytest.fixture(scope="module")
def decided(client, article):
    """The decided review's id."""
    [line] = client.get("/v1/reviews").get_json()["reviews"]
    undecided = client.get(f"/v1/reviews/{line['id']}?format=jsonld")
    assert (undecided.status_code, undecided.mimetype) == (404, "application/problem+json")
    decision = {
        "verdict": {"fidelity": "fabricated", "attribution": "misattributed"},
        "reason": REASON,
        "evidence": [
            {"url": "https://example.org/tape?a=[1]", "note": "the tape"},
            {"quote_id": article["quotes"][0]["matches"][0]["quote_id"]},
        ],
    }
    response = client.post(f"/v1/reviews/{line['id']}/decision", json=decision)
    assert response.status_code == 200, response.text
    return line["id"]


def rows_of(client, path):
    with client.get(path) as response:
        assert response.status_code == 200, response.text
        text = response.text
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    return [{name: recover_cell(cell) for name, cell in row.items()} for row in rows]


def test_a_decided_review_is_a_claim_review(client, article, decided):
    response = client.get(f"/v1/reviews/{decided}", headers={"Accept": "application/ld+json"})
    assert (response.status_code, response.mimetype) == (200, "application/ld+json")
    node = response.get_json(force=True)
    assert find_schema_org_faults(node) == []
    assert node["@id"] == f"http://localhost/v1/reviews/{decided}"
    assert node["reviewRating"]["alternateName"] == "Misattributed, fabricated"
    assert "ratingValue" not in node["reviewRating"]
    assert (node["reviewBody"], node["itemReviewed"]["@type"]) == (REASON, "Claim")
    quotation = node["itemReviewed"]["appearance"]
    assert quotation["@id"] == f"http://localhost/v1/quotes/{article['quotes'][0]['id']}"
    assert quotation["isBasedOn"]["url"] == article["uri"]
    # That address is none: its brackets would have to be escaped. It is told all the same.
    assert [cited.get("@id", cited["identifier"]) for cited in node["citation"]] == [
        "https://example.org/tape?a=[1]",
        f"http://localhost/v1/quotes/{article['quotes'][0]['matches'][0]['quote_id']}",
    ]


def test_quotations_lead_to_their_review(client, article, decided):
    path = f"/v1/quotes/{article['quotes'][0]['id']}?format=jsonld"
    quotation = client.get(path).get_json(force=True)
    whole = client.get(f"/v1/articles/{article['id']}?format=jsonld").get_json(force=True)
    assert find_schema_org_faults(quotation, whole) == []
    reviewed, other = whole["hasPart"]
    assert quotation["review"] == reviewed["review"]
    assert reviewed["review"]["@id"] == f"http://localhost/v1/reviews/{decided}"
    assert "review" not in other


def test_annotations_say_what_people_said_and_who(client, article, decided):
    collection = client.get(f"/v1/articles/{article['id']}/annotations").get_json(force=True)
    assert find_annotation_faults(collection) == []
    reviewed, other = collection["first"]["items"]
    read_annotation(reviewed)
    said = {body.get("value"): body.get("creator") for body in reviewed["body"]}
    assert said["reviewed fidelity: fabricated"]["name"]
    assert said[REASON] == said["reviewed fidelity: fabricated"]
    assert said["fidelity: altered"] is None  # the machine's own word stands beside
    assert not any("creator" in body for body in other["body"])


def test_tables_have_decisions(client, article, decided):
    reviewed, other = rows_of(client, f"/v1/articles/{article['id']}?format=csv")
    assert (reviewed["fidelity"], reviewed["reviewed_fidelity"]) == ("altered", "fabricated")
    assert (reviewed["review_reason"], other["review_reason"]) == (REASON, "")
    [row] = rows_of(client, "/v1/reviews?format=csv&state=decided")
    assert (row["id"], row["machine_fidelity"], row["reviewed_fidelity"]) == (
        decided,
        "altered",
        "fabricated",
    )
    assert row["text"] == article["quotes"][0]["content"]["text"]
    assert row["evidence"].startswith("https://example.org/tape")
    assert rows_of(client, "/v1/reviews?format=csv&state=open") == []


def test_a_queue_as_a_table_has_all_pages(client, article, decided):
    for number in range(5):
        post_article(
            client, ALTERED.replace("200", str(number + 1)), uri=f"urn:n{number}", published_at="2026-11-23"
        )
    listed = client.get("/v1/reviews?state=open").get_json()["reviews"]
    assert len(listed) >= 5
    rows = rows_of(client, "/v1/reviews?format=csv&state=open&limit=2")
    assert [row["id"] for row in rows] == [line["id"] for line in listed]


def test_a_decision_outlives_its_article(client, decided):
    said = "The old bridge can not carry lorries of more than twelve tonnes"
    import_record(client, said, "Ann Marlow", "2026-11-20", uri="urn:bridge")
    altered = f"“{said.replace('not ', '')},” Ann Marlow said."
    gone = post_article(client, altered, uri="https://example.org/gone", published_at="2026-11-23")
    lines = client.get("/v1/reviews?state=open&limit=100").get_json()["reviews"]
    [review] = [line["id"] for line in lines if line["article"]["id"] == gone["id"]]
    verdict = {
        "verdict": {"fidelity": "altered", "attribution": "same", "changes": ["negation"]},
        "reason": "Tape.",
    }
    assert client.post(f"/v1/reviews/{review}/decision", json=verdict).status_code == 200
    before = client.get(f"/v1/reviews/{review}?format=jsonld").get_json(force=True)
    assert client.delete(f"/v1/articles/{gone['id']}").status_code == 204
    after = client.get(f"/v1/reviews/{review}?format=jsonld").get_json(force=True)
    assert find_schema_org_faults(after) == []
    source = after["itemReviewed"]["appearance"].pop("isBasedOn")
    assert before["itemReviewed"]["appearance"].pop("isBasedOn")["url"] == "https://example.org/gone"
    assert source["@id"] == f"http://localhost/v1/articles/{gone['id']}"
    assert after == before
