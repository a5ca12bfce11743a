"""Whatever is stored: what is made of it is valid, and the words come back as they were."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.standards.annotations import AnnotatedArticle, present_collection
from schemas.standards.nodes import Addresses, as_iri, as_web_address
from schemas.standards.prov_json import present_provenance
from schemas.standards.schema_org import present_article, present_quotation
from schemas.standards.spreadsheets import (
    ARTICLE_COLUMNS,
    STORED_COLUMNS,
    article_row,
    present_cell,
    present_table,
    recover_cell,
    stored_row,
)
from service.matching.models import Origin
from service.store.articles.analyses import AnalysisRun
from service.store.records import Lineage, Sighting, StoredQuote, storable
from tests.apps import running_app
from tests.examples import examples
from tests.standards.published import (
    find_annotation_faults,
    find_schema_org_faults,
    read_annotation,
    read_prov,
)

HERE = Addresses("http://localhost/")
HOSTILE = (
    "=cmd|' /C calc'!A0", '"', '""', "'", "a\r\nb", "\n", "\u202egnihtemos\u202c", "\u200f", "\ufeff", "\u2028",
    "<script>", "\\u0000", "{{x}}", '{"@id": "urn:x"}', "@context", "_:b0", "a;b\tc,d", "\x7f", "\U0001f1e9", "e\u0301",
)  # fmt: skip
#: What a store holds: no NUL and no half of a surrogate pair ever came in.
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join)).map(
    storable
)
URIS = st.one_of(
    TEXTS,
    st.sampled_from(
        ["https://example.org/a?b=%20#c", "urn:isbn:1", "http://[::1]/", "https://example.org/[x]"]
    ),
    st.sampled_from(
        ["javascript:alert(1)", "https://", "http://a b/", "https://example.org/%zz", "//x", "mailto:a@b"]
    ),
)
DAYS = st.none() | st.dates()
ORIGINS = st.builds(
    Origin,
    uri=URIS,
    title=TEXTS,
    publisher=TEXTS,
    published_at=DAYS,
    kind=st.sampled_from(["article", "transcript", "speech", "report"]) | TEXTS,
)
QUOTES = st.builds(
    StoredQuote,
    id=st.integers(0, 20).map(lambda number: f"q{number:016x}"),
    text=TEXTS,
    form=st.sampled_from(["direct", "indirect", "mixed"]),
    speaker=st.none() | TEXTS,
    said_at=DAYS,
    turn=st.just(0),
    position=st.just(0),
    second_hand=st.booleans(),
    origin=ORIGINS,
)
RUNS = st.builds(
    AnalysisRun,
    article_id=st.just("a0123456789abcdef"),
    version=st.integers(1, 9),
    engine=TEXTS,
    policy=TEXTS,
    analysed_at=st.datetimes(timezones=st.just(UTC)),
)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def over_the_wire(document):
    """What a client reads of it."""
    return json.loads(json.dumps(document, ensure_ascii=False).encode().decode())


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with running_app(f"sqlite:///{tmp_path_factory.mktemp('mapping')}/s.sqlite3") as app:
        yield app.test_client()


@settings(SLOW, max_examples=examples(3, 8))
@given(
    quotes=st.lists(QUOTES, min_size=1, max_size=15), kind=st.sampled_from([None, "person", "organisation"])
)
def test_any_quote_is_a_quotation(quotes, kind):
    nodes = [over_the_wire(present_quotation(quote, HERE, kind=kind)) for quote in quotes]
    # Each with an id of its own: as one node they would have several texts, and that is allowed too.
    assert find_schema_org_faults(*nodes) == []
    for node, quote in zip(nodes, quotes, strict=True):
        assert node.get("text", "") == quote.text
        assert node.get("spokenByCharacter", {}).get("name") == (quote.speaker or None)
        assert node["isBasedOn"].get("identifier", "") == quote.origin.uri


@SLOW
@given(
    members=st.lists(QUOTES, min_size=1, max_size=6, unique_by=lambda quote: quote.id),
    run=st.none() | RUNS,
    data=st.data(),
)
def test_any_lineage_is_prov(members, run, data):
    first, *others = members
    sightings = [Sighting(first, "first")]
    for other in others:
        sightings.append(Sighting(other, data.draw(st.sampled_from(["repeat", "variant"]))))
    lineage = Lineage(data.draw(st.sampled_from([first, *others])), tuple(sightings), len(sightings))
    runs = {first.origin.uri: run} if run and first.origin.uri else {}
    text = json.dumps(present_provenance(lineage, runs, HERE), ensure_ascii=False)
    document = read_prov(text)
    ids = {quote.id for quote in [first, *others]}
    values = {}
    for record in document.get_records():
        if record.identifier is not None and record.identifier.uri.startswith(HERE.quote("")):
            [values[record.identifier.localpart]] = record.get_attribute("prov:value") or [""]
    assert set(values) == ids
    assert values[first.id] == first.text
    again = document.serialize(format="json")
    assert read_prov(again) == document


@SLOW
@given(
    pieces=st.lists(st.sampled_from([*HOSTILE, "“", "”", '"', " said Ann Marlow. ", " he said, ", "\n\n", "We will. "]) | TEXTS, max_size=20),
    uri=URIS,
    headline=TEXTS,
)  # fmt: skip
def test_any_article_in_any_form(client, pieces, uri, headline):
    described = {"headline": headline} | ({"uri": uri} if uri.strip() else {})
    response = client.post("/v1/articles", json={"body_text": "".join(pieces), **described})
    if response.status_code != 200:
        assert response.status_code == 422
        return
    analysis = response.get_json()
    article = AnnotatedArticle(analysis, 1, datetime(2026, 11, 23, tzinfo=UTC))
    collection = over_the_wire(present_collection(article, HERE))
    assert find_annotation_faults(collection) == []
    for annotation in collection["first"]["items"]:
        read_annotation(annotation)
        for target in annotation["target"]:
            if isinstance(target["selector"], list):
                words, place = target["selector"]
                assert analysis["text"][place["start"] : place["end"]] == words["exact"]
    node = over_the_wire(present_article(analysis, HERE))
    assert [part.get("text", "") for part in node.get("hasPart", [])] == [
        quote["content"]["text"] for quote in analysis["quotes"]
    ]
    table = read_table("".join(present_table(ARTICLE_COLUMNS, map(article_row, analysis["quotes"]))))
    assert [row["text"] for row in table] == [quote["content"]["text"] for quote in analysis["quotes"]]


@settings(SLOW, max_examples=examples(2, 5))
@given(bodies=st.lists(TEXTS, min_size=1, max_size=8), uri=URIS, headline=TEXTS)
def test_any_article_is_one_of_schema_org(client, bodies, uri, headline):
    described = {
        "headline": headline,
        "publisher": headline,
        "byline": headline,
        "published_at": "2026-11-23",
    }
    described |= {"uri": uri} if uri.strip() else {}
    told = "\n\n".join(f"“{body} and so we will go on,” Ann Marlow said." for body in bodies)
    response = client.post("/v1/articles", json={"body_text": told, **described})
    assert response.status_code == 200, response.text
    assert find_schema_org_faults(over_the_wire(present_article(response.get_json(), HERE))) == []


def read_table(text):
    """The rows of a CSV file as a strict reader has them, cells recovered."""
    rows = csv.DictReader(io.StringIO(text.encode().decode("utf-8-sig"), newline=""), strict=True)
    return [{name: recover_cell(cell) for name, cell in row.items()} for row in rows]


@settings(SLOW, max_examples=examples(60, 200))
@given(quotes=st.lists(QUOTES, max_size=5))
def test_any_quotes_as_a_table(quotes):
    text = "".join(present_table(STORED_COLUMNS, map(stored_row, quotes)))
    table = read_table(text)
    wanted = [["" if cell is None else str(cell) for cell in stored_row(quote)] for quote in quotes]
    assert [list(row.values()) for row in table] == wanted
    assert text.count("\r\n") >= len(quotes) + 1


@settings(SLOW, max_examples=500)
@given(text=st.text(st.sampled_from("='+-@\t\r\n \u200b\ufeff＝a"), max_size=6) | TEXTS)
def test_no_cell_is_a_formula_and_all_come_back(text):
    cell = present_cell(text)
    assert recover_cell(cell) == text
    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}
    shown = cell.lstrip(" \u200b\ufeff\x00")  # as a spreadsheet might trim it
    assert shown[:1] not in {"=", "+", "-", "@"}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "'=1", "\ufeff=1"]
)
def test_what_looks_like_a_formula_gets_an_apostrophe(text):
    assert present_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "'Twas", "’tis", "1-2", "“=1”", "email@example.org", "—no"])
def test_other_texts_are_left_alone(text):
    assert present_cell(text) == text


def test_numbers_and_days_are_left_alone():
    assert [present_cell(value) for value in (-1, 0.5, None, date(2026, 1, 5))] == [
        -1,
        0.5,
        None,
        date(2026, 1, 5),
    ]


@pytest.mark.parametrize(
    "name", ["https://example.org/ä?b=%20#c", "urn:article:0", "http://[::1]:8000/v1", "mailto:a@b"]
)
def test_iris(name):
    assert as_iri(name) == name


@pytest.mark.parametrize(
    "name",
    [None, "", "a speech", "https:", "http://a b/", "https://a/%zz", "a\n:b", "https://a/\u202e", "1a:b", "x:\ud800", "/a"],
)  # fmt: skip
def test_what_is_no_iri(name):
    assert as_iri(name) is None


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("https://example.org", True),
        ("HTTP://[::1]:80/", True),
        ("https://example.org:8443/a#b", True),
        ("urn:a:b", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https:example.org", False),
        ("http://a:b:c/", False),
    ],
)
def test_web_addresses(name, is_one):
    assert (as_web_address(name) == name) is is_one


@pytest.mark.parametrize("wrong", ["\x00", "\ud800"])
def test_what_cannot_be_written_never_comes_in(client, wrong):
    for member in ("body_text", "uri", "headline"):
        response = client.post("/v1/articles", json={"body_text": "No.", member: f"a{wrong}b"})
        assert response.status_code == 422
        assert [fault["pointer"] for fault in response.get_json(force=True)["errors"]] == [f"/{member}"]
