"""Articles: analysed, stored once, found again."""

import hashlib

import pytest

from schemas.articles import AnalysisSchema
from tests.apps import import_record, lithium_talks, post_article, sample_article

SAID = "The harbour will be dredged to eleven metres by the autumn."
FIRST = "“The harbour will be dredged to eleven metres by the autumn,” Ann Marlow said on Monday."


@pytest.fixture
def analysis(client):
    response = client.post("/v1/articles", json=lithium_talks())
    assert response.status_code == 200
    return response.get_json()


def quotes_by(analysis, name):
    return [quote for quote in analysis["quotes"] if quote["speaker"]["name"] == name]


def contents(quotes):
    return [quote["content"]["text"] for quote in quotes]


def test_the_answer_is_what_its_schema_says(analysis):
    assert AnalysisSchema().validate(analysis) == {}


def test_every_span_gives_the_words_shown(analysis):
    text = analysis["text"]
    assert analysis["quotes"]
    for quote in analysis["quotes"]:
        for part in (quote["content"], quote["cue"], quote["source"]):
            if part:
                cut = " … ".join(text[span["start"] : span["end"]] for span in part["spans"])
                assert cut == part["text"]
        by_words, by_place = quote["selector"]
        assert text[by_place["start"] : by_place["end"]] == by_words["exact"]


def test_links_and_related_articles_leave_nothing(analysis):
    for leftover in ("](", "[said", "Related article", "Deeply Annoyed", "http", "**", "<"):
        assert leftover not in analysis["text"]


def test_the_envoy_is_quoted_directly(analysis):
    [direct] = [quote for quote in quotes_by(analysis, "Pavel Rudin") if quote["type"] == "direct"]
    assert direct["content"]["text"].startswith("Lithium is an important field for both countries")
    assert direct["content"]["text"].rstrip(",").endswith("refineries in the north")
    assert direct["act"] == "speech"


def test_the_envoy_is_reported(analysis):
    assert any(
        "a number of firms had shown interest in shared mines" in words
        for words in contents(quotes_by(analysis, "Pavel Rudin"))
    )


def test_the_possessor_is_not_the_speaker(analysis):
    [quote] = [
        q
        for q in analysis["quotes"]
        if "have started discussions on new lithium mines" in q["content"]["text"]
    ]
    assert quote["speaker"]["name"] == "Pavel Rudin"


def test_the_president_is_quoted_three_times(analysis):
    said = " | ".join(contents(quotes_by(analysis, "Ilya Brandov")))
    assert "Norland was ready to work with Valdoria" in said
    assert "Norland and Valdoria firms were already “in contact”" in said
    assert "Norland is a world leader in lithium, with “far larger” deposits than Sandholm" in said


def test_scare_quotes_stay_in_their_mixed_quote(analysis):
    for fragment in ("in contact", "far larger"):
        [quote] = [q for q in analysis["quotes"] if fragment in q["content"]["text"]]
        assert quote["type"] == "mixed"


def test_the_other_president_accuses(analysis):
    assert any(
        "trying to walk away from the lithium deal" in words
        for words in contents(quotes_by(analysis, "Dale Hooper"))
    )


def test_the_ministry_is_the_source_and_the_newspaper_passed_it_on(analysis):
    [quote] = [q for q in analysis["quotes"] if "412 million metric tons" in q["content"]["text"]]
    assert "Ministry of Mines" in quote["speaker"]["name"]
    assert quote["speaker"]["kind"] == "organisation"
    assert quote["via"]["name"] == "Tollmere Gazette"
    assert quote["verdict"]["form"] == "second_hand"


def test_the_same_article_twice_is_stored_once_and_hit(client):
    first = client.post("/v1/articles", json=lithium_talks())
    count = len(client.get("/v1/quotes?limit=100").get_json()["quotes"])
    second = client.post("/v1/articles", json=lithium_talks())
    assert first.headers["Cache-Status"].startswith("verbatim; fwd=uri-miss")
    assert second.headers["Cache-Status"].startswith("verbatim; hit")
    assert hashlib.sha256(first.data).digest() == hashlib.sha256(second.data).digest()
    assert len(client.get("/v1/quotes?limit=100").get_json()["quotes"]) == count > 0


def test_an_article_is_no_evidence_for_itself(client):
    first = post_article(client, FIRST, uri="urn:first")
    # Another write in between: the second answer is computed anew, against a store that holds the first.
    post_article(client, "“Nothing to add here at all today,” the mayor said.", uri="urn:between")
    again = post_article(client, FIRST, uri="urn:first")
    assert first["quotes"][0]["verdict"]["fidelity"] == "no_match"
    assert again["quotes"][0]["verdict"]["fidelity"] == "no_match"
    assert again["quotes"][0]["id"] == first["quotes"][0]["id"]


def test_a_repeat_finds_the_first(client):
    first = post_article(client, FIRST, uri="urn:first", published_at="2026-01-05", publisher="Port News")
    [quote] = post_article(
        client,
        "Marlow was clear: “The harbour will be dredged to eleven metres by the autumn,” Ann Marlow said.",
        uri="urn:second",
        published_at="2026-01-06",
    )["quotes"]
    assert quote["verdict"]["fidelity"] == "verbatim"
    assert quote["verdict"]["attribution"] == "same"
    assert quote["verdict"]["time"] == "contemporaneous"
    assert quote["matches"][0]["quote_id"] == first["quotes"][0]["id"]
    assert quote["matches"][0]["source"]["uri"] == "urn:first"
    assert quote["matches"][0]["source"]["publisher"] == "Port News"


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("The harbour will not be dredged to eleven metres by the autumn", "negation"),
        ("The harbour will be dredged to nineteen metres by the autumn", "number"),
        ("The harbour may be dredged to eleven metres by the autumn", "modality"),
    ],
)
def test_a_change_is_named_and_shown(client, words, change):
    import_record(client, SAID, "Ann Marlow", "2026-01-05")
    [quote] = post_article(client, f"“{words},” Ann Marlow said.", uri="urn:second")["quotes"]
    assert quote["verdict"]["fidelity"] == "altered"
    assert change in quote["verdict"]["changes"]
    steps = quote["matches"][0]["alignment"]
    assert {step["op"] for step in steps} > {"keep"}
    ours = " ".join(step["ours"] for step in steps if step["ours"])
    assert [word.strip(",") for word in ours.split()] == words.split()


def test_other_speaker_is_misattributed(client):
    import_record(client, SAID, "Ann Marlow", "2026-01-05")
    [quote] = post_article(
        client,
        "“The harbour will be dredged to eleven metres by the autumn,” Peter Kovac said.",
        uri="urn:second",
    )["quotes"]
    assert quote["verdict"]["fidelity"] == "verbatim"
    assert quote["verdict"]["attribution"] == "misattributed"
    assert "Ann Marlow" in quote["verdict"]["explanation"]


def test_store_off_leaves_nothing(client):
    answer = post_article(client, FIRST, store=False)
    assert answer["stored"] is False
    assert client.get("/v1/quotes").get_json()["quotes"] == []
    assert client.get(f"/v1/articles/{answer['id']}").status_code == 404


def test_a_stored_analysis_is_read_as_it_was_given(client):
    posted = client.post("/v1/articles", json=lithium_talks())
    read = client.get(f"/v1/articles/{posted.get_json()['id']}")
    assert read.data == posted.data
    unchanged = client.get(read.request.path, headers={"If-None-Match": read.headers["ETag"]})
    assert unchanged.status_code == 304
    assert unchanged.data == b""


def test_a_new_text_replaces_the_old_under_its_uri(client):
    post_article(client, FIRST, uri="urn:first")
    post_article(client, "“The harbour will stay as it is for ever,” Ann Marlow said.", uri="urn:first")
    texts = [quote["text"] for quote in client.get("/v1/quotes").get_json()["quotes"]]
    assert [text.rstrip(",") for text in texts] == ["The harbour will stay as it is for ever"]


def test_the_bundled_article_gets_verdicts_of_several_kinds(client, app):
    from service.cli.sample import import_samples
    from service.web.services import EXTENSION

    import_samples(app.extensions[EXTENSION].store)
    quotes = client.post("/v1/articles", json=sample_article()).get_json()["quotes"]
    verdict_of = {quote["content"]["text"].split(",")[0]: quote["verdict"] for quote in quotes}
    assert verdict_of["Let us never negotiate out of fear"]["fidelity"] in ("verbatim", "abridged")
    assert "number" in verdict_of["I see two-thirds of a nation ill-housed"]["changes"]
    assert "negation" in verdict_of["In this present crisis"]["changes"]
    assert verdict_of["Peace"]["attribution"] == "misattributed"
    assert (
        verdict_of[
            "We have to give the American people one that lives within its means. The era of big government is over"
        ]["fidelity"]
        == "truncated"
    )
    assert (
        verdict_of["We would rather paint a wall twice than put words into anyone’s mouth"]["fidelity"]
        == "no_match"
    )


@pytest.mark.parametrize("named", [{}, {"speaker": "Ann Marlow"}])
def test_a_record_decides_whatever_an_article_printed(client, named):
    import_record(
        client,
        "The harbour will not be dredged before the autumn, and no contract is signed.",
        "Ann Marlow",
        "2026-01-05",
    )
    printed = "“The harbour will be dredged before the autumn, and no contract is signed,” Ann Marlow said."
    post_article(client, printed, uri="urn:printed", published_at="2026-01-06")
    words = "The harbour will be dredged before the autumn, and no contract is signed"
    verdict = client.post("/v1/check", json={"quote": words, **named}).get_json()["verdict"]
    assert (verdict["label"], verdict["evidence"], verdict["changes"]) == ("changed", "record", ["negation"])


UNREPORTED = (
    "The mayor, Ann Lee, said the harbour would open in May. The book is called “The long road home”. "
    "“It is late for the eleven ferries of the bay,” said Ann Lee."
)


def test_what_reports_no_words_is_given_on_request_and_never_stored(client):
    article = {"body_text": UNREPORTED, "uri": "urn:unreported"}
    everything = client.post("/v1/articles?acts=all", json=article).get_json()
    assert "none" in [quote["act"] for quote in everything["quotes"]]
    assert AnalysisSchema().validate(everything) == {}
    stored = client.get(f"/v1/articles/{everything['id']}").get_json()
    usual = client.post("/v1/articles", json=article).get_json()
    reported = [quote["id"] for quote in everything["quotes"] if quote["act"] != "none"]
    for analysis in (stored, usual):
        assert [quote["id"] for quote in analysis["quotes"]] == reported
        assert analysis["summary"] == everything["summary"]
    assert sum(usual["summary"]["counts"].values()) == len(reported)
    assert client.get("/v1/quotes?q=long road home").get_json()["quotes"] == []


def test_the_acts_are_part_of_what_is_remembered(client):
    article = {"body_text": UNREPORTED, "store": False}
    usual, everything = (
        [client.post(f"/v1/articles{query}", json=article) for _ in range(2)][1]
        for query in ("", "?acts=all")
    )
    assert "hit" in usual.headers["Cache-Status"] and "hit" in everything.headers["Cache-Status"]
    assert len(usual.get_json()["quotes"]) < len(everything.get_json()["quotes"])


@pytest.mark.parametrize("query", ["acts=none", "acts=", "act=all"])
def test_other_acts_are_refused(client, query):
    assert client.post(f"/v1/articles?{query}", json={"body_text": UNREPORTED}).status_code == 422
