"""Whatever is sent: an answer whose offsets are true, or a problem; never a 500."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.articles import AnalysisSchema
from tests.apps import running_app

MARKS = "“”‘’\"'„«»‹›「」`"
PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            " said ",
            "Ann Marlow",
            " he ",
            ", ",
            ". ",
            "\n\n",
            " According to ",
            "<p>",
            "</p>",
            "<br>",
            "[a](b)",
            "**",
            "&quot;",
        ]
    ),
    st.text(MARKS, min_size=1, max_size=4),
)
ARTICLES = st.lists(PIECES, max_size=25).map("".join)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.sampled_from(
    [
        "uri",
        "headline",
        "published_at",
        "language",
        "store",
        "body_text",
        "body_html",
        "quote",
        "speaker",
        "date",
    ]
)
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def first_answers():
    """By article id, the answer that was given first."""
    return {}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with running_app(f"sqlite:///{tmp_path_factory.mktemp('properties')}/s.sqlite3") as app:
        yield app.test_client()


@QUIET
@given(article=ARTICLES, body=st.sampled_from(["body_text", "body_html", "body_markdown"]))
def test_any_text(client, first_answers, article, body):
    response = client.post("/v1/articles", json={body: article})
    if response.status_code != 200:
        assert response.status_code == 422
        assert [fault["pointer"] for fault in response.get_json(force=True)["errors"]] == [f"/{body}"]
        return
    answer = response.get_json()
    assert AnalysisSchema().validate(answer) == {}
    text = answer["text"]
    if body == "body_text":
        assert text == article
    for quote in answer["quotes"]:
        spans = quote["content"]["spans"]
        assert " … ".join(text[span["start"] : span["end"]] for span in spans) == quote["content"]["text"]
        assert [span["start"] for span in spans] == sorted(span["start"] for span in spans)
    # The same text in another format is the same article: it is analysed anew, and its answer stays what it was.
    first = first_answers.setdefault(answer["id"], response.data)
    assert client.get(f"/v1/articles/{answer['id']}").data in (first, response.data)


@QUIET
@given(
    body=st.dictionaries(MEMBERS | st.text(max_size=5), JSON_VALUES, max_size=4) | JSON_VALUES,
    path=st.sampled_from(["/v1/articles", "/v1/check"]),
)
def test_any_json(client, body, path):
    response = client.post(path, data=json.dumps(body), content_type="application/json")
    assert response.status_code in (200, 400, 422)
    if response.status_code != 200:
        assert response.content_type == "application/problem+json"
        assert response.get_json(force=True)["detail"]


@QUIET
@given(
    body=st.binary(max_size=60),
    content_type=st.sampled_from(["application/json", "text/html", "", "application/json; charset=x"]),
)
def test_any_bytes(client, body, content_type):
    assert client.post("/v1/check", data=body, content_type=content_type).status_code in (200, 400, 415, 422)


@QUIET
@given(
    query=st.dictionaries(
        st.sampled_from(["q", "speaker", "from", "to", "cursor", "limit", "x"]), st.text(max_size=12)
    )
)
def test_any_query(client, query):
    assert client.get("/v1/quotes", query_string=query).status_code in (200, 422)


@QUIET
@given(name=st.text(min_size=1, max_size=20))
def test_any_name(client, name):
    for path in ("quotes", "articles", "jobs"):
        assert client.get(f"/v1/{path}/{name}").status_code in (
            200,
            308,
            404,
            422,
        )  # 422: a name with "?" asks something
