"""The bundled article and a family of quotes, asked for in every form, and held to what was published."""

import csv
import io
import json

import pytest
from prov.constants import PROV, PROV_TYPE
from prov.model import ProvActivity, ProvDerivation, ProvGeneration

from schemas.standards.spreadsheets import recover_cell
from service.text.selectors import TextQuote, locate
from service.usecases.api_keys import KeyRing
from service.web.services import EXTENSION
from tests.apps import post_article, sample_article
from tests.standards.published import (
    find_annotation_faults,
    find_schema_org_faults,
    read_annotation,
    read_prov,
)

WORDS = "The harbour will be dredged to eleven metres by the autumn"


@pytest.fixture(scope="module")
def article(client):
    response = client.post("/v1/articles", json=sample_article())
    assert response.status_code == 200, response.text
    return response.get_json()


@pytest.fixture(scope="module")
def family(client):
    """The ids of a first sighting, of a repeat and of a variant; the speaker of one is an organisation."""
    told = [
        (WORDS, "2026-01-05", "Ann Marlow"),
        (WORDS, "2026-02-05", "the Harbour Authority"),
        (WORDS.replace("eleven", "nineteen"), "2026-03-05", "Ann Marlow"),
    ]
    return [
        post_article(client, f"“{words},” {speaker} said.", uri=f"urn:article:{number}", published_at=day)[
            "quotes"
        ][0]["id"]
        for number, (words, day, speaker) in enumerate(told)
    ]


def get(client, path, content_type, **headers):
    with client.get(path, headers=headers) as response:
        assert response.status_code == 200, response.text
        assert response.content_type == content_type
        assert "Accept" in response.vary
        return response.text


def get_linked(client, path, **headers):
    return json.loads(get(client, path, "application/ld+json", **headers))


def get_rows(client, path):
    text = get(client, path, "text/csv; charset=utf-8; header=present")
    assert text.startswith("\ufeff")
    assert text.endswith("\r\n")
    rows = list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))
    return [{name: recover_cell(cell) for name, cell in row.items()} for row in rows]


def test_a_quote_is_a_quotation(client, family):
    node = get_linked(client, f"/v1/quotes/{family[0]}?format=jsonld")
    assert find_schema_org_faults(node) == []
    assert (node["@type"], node["text"]) == ("Quotation", f"{WORDS},")
    assert node["spokenByCharacter"] == {"@type": "Person", "name": "Ann Marlow"}
    assert node["isBasedOn"]["@id"] == "urn:article:0"
    assert "url" not in node["isBasedOn"]  # that is no address


def test_a_speaker_that_is_no_person_is_not_called_one(client, family):
    analysed = client.get(f"/v1/quotes/{family[1]}").get_json()
    node = get_linked(client, f"/v1/quotes/{family[1]}?format=jsonld")
    assert find_schema_org_faults(node) == []
    assert node["spokenByCharacter"] == {"@type": "Organization", "name": analysed["speaker"]["name"]}


def test_an_article_has_its_quotations(client, article):
    node = get_linked(client, f"/v1/articles/{article['id']}", Accept="application/ld+json")
    assert find_schema_org_faults(node) == []
    assert node["url"] == article["uri"]
    assert [part["text"] for part in node["hasPart"]] == [one["content"]["text"] for one in article["quotes"]]


def test_provenance_is_prov(client, family):
    path = f"/v1/quotes/{family[2]}/provenance?format=prov"
    document = read_prov(get(client, path, "application/provenance+json"))
    quoted = list(document.get_records(ProvDerivation))
    assert len(quoted) == 3
    assert all(one.get_asserted_types() == {PROV["Quotation"]} for one in quoted)
    names = {str(one.args[0]) for one in quoted}
    assert names == {f"quote:{one}" for one in family}
    [record] = document.get_record(f"quote:{family[0]}")
    assert record.identifier.uri == f"http://localhost/v1/quotes/{family[0]}"
    assert [str(kind) for kind in record.get_attribute(PROV_TYPE)] == ["schema:Quotation"]


def test_provenance_names_engine_and_policy(client, family):
    posted = client.get("/v1/quotes?q=dredged").get_json()["quotes"]
    assert {one["id"] for one in posted} == set(family)
    plain = json.loads(client.get(f"/v1/quotes/{family[0]}/provenance?format=prov").data)
    document = read_prov(json.dumps(plain))
    assert len(list(document.get_records(ProvGeneration))) == 3
    engines = {agent.get("schema:softwareVersion") for agent in plain["agent"].values()} - {None}
    versions = {entity.get("schema:version") for entity in plain["entity"].values()} - {None}
    check = client.post("/v1/articles", json={"body_text": "No.", "store": False}).get_json()
    assert (engines, versions) == ({check["engine"]}, {check["policy"]})
    assert {one["prov:plan"] for one in plain["wasAssociatedWith"].values()} <= set(plain["entity"])


def test_provenance_of_imported_words(client):
    transcript = {
        "uri": "a speech, on paper",
        "title": "On piers",
        "kind": "speech",
        "publisher": "",
        "published_at": "1911-05-04",
        "turns": [{"speaker": "A. Wharfinger", "text": "Every pier ends somewhere in the water."}],
    }
    address = "/v1/quotes:import?kind=transcripts"
    with client.post(address, data=json.dumps(transcript), content_type="application/x-ndjson") as response:
        assert '"added":1' in response.text.replace(" ", "")
    [quote] = client.get("/v1/quotes?q=pier&speaker=Wharfinger").get_json()["quotes"]
    document = read_prov(client.get(f"/v1/quotes/{quote['id']}/provenance?format=prov").text)
    assert any(str(one.label) == "import" for one in document.get_records(ProvActivity))
    assert "wasAssociatedWith" not in json.loads(document.serialize(format="json"))  # nobody knows by what
    node = get_linked(client, f"/v1/quotes/{quote['id']}?format=jsonld")
    assert find_schema_org_faults(node) == []
    assert "@id" not in node["isBasedOn"]


def test_annotations_are_web_annotations(client, article):
    path = f"/v1/articles/{article['id']}/annotations"
    content_type = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    collection = json.loads(get(client, path, content_type))
    assert find_annotation_faults(collection) == []
    assert collection["total"] == len(article["quotes"]) == len(collection["first"]["items"])
    page = json.loads(get(client, collection["last"].removeprefix("http://localhost"), content_type))
    assert find_annotation_faults(page) == []
    assert page["items"] == collection["first"]["items"]
    for annotation in page["items"]:
        read_annotation(annotation)


def test_annotations_lead_to_the_words(client, article):
    collection = client.get(f"/v1/articles/{article['id']}/annotations").get_json(force=True)
    assert collection["first"]["items"]
    for annotation, quote in zip(collection["first"]["items"], article["quotes"], strict=True):
        told = [target for target in annotation["target"] if "scope" in target]
        text = client.get(told[0]["source"]["id"].removeprefix("http://localhost")).text
        assert text == article["text"]
        places = []
        for target in told:
            words, place = target["selector"]
            assert text[place["start"] : place["end"]] == words["exact"]
            found = locate(text, TextQuote(words["exact"], words["prefix"], words["suffix"]))
            assert found == (place["start"], place["end"])
            places.append({"start": place["start"], "end": place["end"]})
        assert places == quote["content"]["spans"]
        assert [target["source"] for target in annotation["target"][len(told) :]] == [article["uri"]] * len(
            told
        )


def test_annotations_have_no_more_pages_than_they_say(client, article):
    assert client.get(f"/v1/articles/{article['id']}/annotations?page=1").status_code == 404
    assert client.get(f"/v1/articles/{article['id']}/annotations?page=-1").status_code == 422
    assert client.get("/v1/articles/a0/annotations").status_code == 404


def test_many_quotations_come_in_pages(client):
    told = "\n\n".join(
        f"“Pier {number} will be closed for repairs until spring,” she said." for number in range(230)
    )
    posted = post_article(client, told, uri="https://example.org/piers")
    assert len(posted["quotes"]) == 230
    address, seen = f"/v1/articles/{posted['id']}/annotations?page=0", []
    while address:
        page = client.get(address.removeprefix("http://localhost")).get_json(force=True)
        assert page["startIndex"] == len(seen)
        seen += [annotation["id"].partition("#")[2] for annotation in page["items"]]
        address = page.get("next")
    assert seen == [quote["id"] for quote in posted["quotes"]]


def test_quotes_of_an_article_as_a_table(client, article):
    rows = get_rows(client, f"/v1/articles/{article['id']}?format=csv")
    assert [row["text"] for row in rows] == [quote["content"]["text"] for quote in article["quotes"]]
    assert [row["fidelity"] for row in rows] == [quote["verdict"]["fidelity"] for quote in article["quotes"]]


def test_a_search_as_a_table_has_all_pages(client, family, article):
    listed, query = [], "limit=7"
    while query:
        page = client.get(f"/v1/quotes?{query}").get_json()
        listed += page["quotes"]
        query = f"limit=7&cursor={page['next']}" if page["next"] else None
    assert len(listed) > 7
    for path in ("/v1/quotes?format=csv", "/v1/quotes?format=csv&limit=3"):
        rows = get_rows(client, path)
        assert [row["id"] for row in rows] == [quote["id"] for quote in listed]
        assert [row["text"] for row in rows] == [quote["text"] for quote in listed]
    assert [row["id"] for row in get_rows(client, "/v1/quotes?format=csv&q=nineteen%20metres")] == [family[2]]
    assert get_rows(client, "/v1/quotes?format=csv&q=purple") == []
    assert client.get("/v1/quotes?format=csv&cursor=x").status_code == 422


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/csv"),
        ("text/csv", "text/csv"),
        ("application/ld+json", "application/ld+json"),
        ('application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"', "application/ld+json"),
        ("application/json;q=0.2, application/ld+json;q=0.9", "application/ld+json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/html", None),
        ("application/json;q=0, application/ld+json;q=0, text/csv;q=0", None),
        ("nonsense", None),
    ],
)
def test_what_accept_asks_for(client, article, accept, answered):
    headers = {} if accept is None else {"Accept": accept}
    response = client.get(f"/v1/articles/{article['id']}", headers=headers)
    if answered is None:
        assert response.status_code == 406
        assert "text/csv" in response.get_json(force=True)["detail"]
    else:
        assert (response.status_code, response.mimetype) == (200, answered)


def test_format_goes_before_accept(client, article):
    path = f"/v1/articles/{article['id']}"
    assert client.get(f"{path}?format=csv", headers={"Accept": "application/json"}).mimetype == "text/csv"
    assert client.get(f"{path}?format=json", headers={"Accept": "text/html"}).mimetype == "application/json"
    refused = client.get(f"{path}?format=xml")
    assert refused.status_code == 422
    assert refused.get_json(force=True)["errors"][0]["parameter"] == "format"


def test_each_form_has_a_tag_of_its_own(client, article):
    path = f"/v1/articles/{article['id']}"
    tags = {}
    for form in ("json", "jsonld", "csv"):
        response = client.get(f"{path}?format={form}")
        tags[form] = response.headers["ETag"]
        again = client.get(f"{path}?format={form}", headers={"If-None-Match": tags[form]})
        assert (again.status_code, "Accept" in again.vary) == (304, True)
        links = response.headers.getlist("Link")
        assert len(links) == 2
        assert all(f"?format={form}>" not in link for link in links)
    assert len(set(tags.values())) == 3


def test_addresses_are_those_the_client_used(client, family):
    path = f"/v1/quotes/{family[0]}?format=jsonld"
    # Without a key, ACCESS=open answers only under this machine's own names.
    keys = KeyRing(client.application.extensions[EXTENSION].store.keys)
    bearer = {"Authorization": f"Bearer {keys.create('reader', {'read'}).token}"}
    node = client.get(path, base_url="https://desk.example.org:8443/", headers=bearer).get_json(force=True)
    assert node["@id"] == f"https://desk.example.org:8443/v1/quotes/{family[0]}"
    six = client.get(path, base_url="http://[::1]:8000/", headers=bearer).get_json(force=True)
    assert six["@id"] == f"http://[::1]:8000/v1/quotes/{family[0]}"
    assert client.get(path, headers=bearer | {"Host": 'a"><b>'}).status_code == 400


def test_forms_are_documented(client):
    paths = client.get("/openapi.json").get_json()["paths"]
    for path, forms in {
        "/v1/quotes": {"application/json", "text/csv"},
        "/v1/quotes/{quote_id}": {"application/json", "application/ld+json"},
        "/v1/quotes/{quote_id}/provenance": {"application/json", "application/provenance+json"},
        "/v1/articles/{article_id}": {"application/json", "application/ld+json", "text/csv"},
        "/v1/articles/{article_id}/annotations": {"application/ld+json"},
        "/v1/articles/{article_id}/versions/{version}": {"application/json", "text/plain"},
    }.items():
        operation = paths[path]["get"]
        assert set(operation["responses"]["200"]["content"]) == forms, path
        assert operation["responses"]["200"]["description"]
        assert "406" in operation["responses"]
        [asked] = [one for one in operation["parameters"] if one["name"] == "format"]
        assert len(asked["schema"]["enum"]) == len(forms)
