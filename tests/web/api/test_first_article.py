"""The article that the product is first shown with."""

import pytest

from schemas.articles import AnalysisSchema
from tests.apps import rare_earths

pytestmark = pytest.mark.corpora


@pytest.fixture
def analysis(client):
    response = client.post("/v1/articles", json=rare_earths())
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
    for leftover in ("](", "[said", "Related article", "Very Angry", "http", "**", "<"):
        assert leftover not in analysis["text"]


def test_the_envoy_is_quoted_directly(analysis):
    [direct] = [quote for quote in quotes_by(analysis, "Kirill Dmitriev") if quote["type"] == "direct"]
    assert direct["content"]["text"].startswith("Rare earth metals are an important area for cooperation")
    assert direct["content"]["text"].rstrip(",").endswith("projects in Russia")
    assert direct["act"] == "speech"


def test_the_envoy_is_reported(analysis):
    assert any(
        "a number of companies had expressed interest in joint projects" in words
        for words in contents(quotes_by(analysis, "Kirill Dmitriev"))
    )


def test_the_possessor_is_not_the_speaker(analysis):
    [quote] = [
        q
        for q in analysis["quotes"]
        if "have started discussions on developing reserves" in q["content"]["text"]
    ]
    assert quote["speaker"]["name"] == "Kirill Dmitriev"


def test_putin_is_quoted_three_times(analysis):
    said = " | ".join(contents(quotes_by(analysis, "Vladimir Putin")))
    assert "Moscow was open to working with Washington" in said
    assert "American and Russian companies were already “in touch”" in said
    assert "Russia is a world leader in rare earth minerals, with “far more” reserves than Ukraine" in said


def test_scare_quotes_stay_in_their_mixed_quote(analysis):
    for fragment in ("in touch", "far more"):
        [quote] = [q for q in analysis["quotes"] if fragment in q["content"]["text"]]
        assert quote["type"] == "mixed"


def test_trump_accuses(analysis):
    assert any(
        "trying to back out of the rare earth deal" in words
        for words in contents(quotes_by(analysis, "Donald Trump"))
    )


def test_the_ministry_is_the_source_and_the_newspaper_passed_it_on(analysis):
    [quote] = [q for q in analysis["quotes"] if "658 million metric tons" in q["content"]["text"]]
    assert "Natural Resources Ministry" in quote["speaker"]["name"]
    assert quote["speaker"]["kind"] == "organisation"
    assert quote["via"]["name"] == "Izvestia"
    assert quote["verdict"]["form"] == "second_hand"
