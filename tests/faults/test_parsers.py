"""Everything that reads what somebody else wrote: it gives a value or says what is wrong, and nothing else."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.imports import QuoteImportSchema, TranscriptSchema
from schemas.strict_json import read_json, read_line
from service.cli.lines import Reader
from service.errors import InvalidInput, SettingsError
from service.settings import Settings, read_settings
from service.store.quotes.search import format_cursor, parse_cursor
from service.store.records import format_key, parse_key
from service.text import read_document
from tests.faults.contract import Contract
from tests.faults.scale import scaled

EXAMPLES = scaled(60, 5_000)
OFTEN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
#: What values of settings, headers and parameters look like, and what they do not.
VALUES = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"(sqlite|redis|postgresql\+psycopg|https?)://[a-z0-9:@/\[\]._%-]{0,20}", fullmatch=True),
    st.from_regex(r"-?[0-9٣]{1,20}(\.[0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]{2,8}Z?)?", fullmatch=True),
    st.from_regex(r'(W/)?"[!-~]{0,20}"(, ?"[a-z]{0,3}")?|\*', fullmatch=True),
    st.sampled_from(
        ["", " ", "*", "info", "0.0.0.0/0", "::1", "true", "Bearer vb_x", "respond-async; wait=10", "\x00"]
    ),
)
HEADERS = (
    "Idempotency-Key", "If-Match", "If-None-Match", "Prefer", "Authorization", "Content-Type", "Accept", "Origin",
    "X-Request-Id", "traceparent", "X-Forwarded-For", "Forwarded", "Range", "Content-Encoding",
)  # fmt: skip
PARAMETERS = (
    "q",
    "speaker",
    "from",
    "to",
    "cursor",
    "limit",
    "as_of",
    "query",
    "pageToken",
    "maxAgeDays",
    "before",
    "after",
)
PLACES = (
    "/v1/quotes", "/v1/quotes/q0123456789abcdef/provenance", "/v1/factcheck/claims:search", "/v1/quotes:export",
    "/v1/articles/a0123456789abcdef/versions", "/v1/webhooks",
)  # fmt: skip
LINES = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(str.encode),
        st.dictionaries(st.sampled_from(["text", "speaker", "said_at", "source", "turns", "uri"]), st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.lists(st.integers(), max_size=2)).map(json.dumps).map(str.encode),
    ),
    max_size=6,
)  # fmt: skip


@OFTEN
@given(st.dictionaries(st.sampled_from([name.upper() for name in Settings.__slots__]), VALUES, max_size=4))
def test_settings(environ):
    try:
        read = read_settings(environ)
    except SettingsError as error:
        assert any(name in str(error) for name in environ)
        assert not any(value in str(error) for value in environ.values() if "@" in value)
    else:
        assert set(asdict(read)) == set(Settings.__slots__)


@OFTEN
@given(
    st.one_of(
        st.text(max_size=40), st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps)
    )
)
def test_json(text):
    try:
        value = read_json(text)
    except (ValueError, RecursionError):
        return
    assert read_json(json.dumps(value)) == value


@OFTEN
@given(st.binary(max_size=60))
def test_a_line(line):
    with suppress(ValueError, RecursionError):
        read_line(line)


@OFTEN
@given(LINES, st.sampled_from([QuoteImportSchema, TranscriptSchema]))
def test_lines(lines, schema):
    reader = Reader(schema())
    stream = b"\n".join(lines)
    records = list(reader.records(io.BytesIO(stream)))
    wanted = [line for line in stream.split(b"\n") if line.strip()]
    assert len(records) + reader.bad == len(wanted)


@OFTEN
@given(st.one_of(st.text(max_size=20), st.from_regex(r"[A-Za-z0-9_=-]{15,20}", fullmatch=True)))
def test_cursors(cursor):
    try:
        place = parse_cursor(cursor)
    except InvalidInput:
        return
    assert format_cursor(*place) == cursor


@OFTEN
@given(st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1))
def test_cursors_of_ours(day, quote):
    assert parse_cursor(format_cursor(day, quote)) == (day, quote)


@OFTEN
@given(st.one_of(st.text(max_size=20), st.from_regex(r"q[0-9a-fA-F]{15,17}", fullmatch=True)))
def test_ids(public_id):
    key = parse_key(public_id)
    assert key is None or format_key(key) == public_id


@OFTEN
@given(st.text(st.sampled_from("<>/&;#=\"'`*_[]()!-\n\t a1p|\\“”\x00\ud800"), max_size=60), st.sampled_from(["plain", "html", "markdown"]))  # fmt: skip
def test_documents(body, form):
    document = read_document(body, form, None)
    assert all(0 <= block.start < block.end <= len(document.text) for block in document.blocks)
    if form == "plain":
        assert document.text == body


@pytest.fixture(scope="module")
def contract(whole_app):
    return Contract(whole_app)


@OFTEN
@given(
    st.dictionaries(st.sampled_from(HEADERS), VALUES, max_size=3),
    st.sampled_from(["/v1/check", "/v1/articles"]),
)
def test_headers(whole_app, contract, headers, path):
    sent = {name: value.encode("latin-1", "ignore").decode("latin-1") for name, value in headers.items()}
    sent = {
        name: "".join(char for char in value if char >= " " and char != "\x7f")
        for name, value in sent.items()
    }
    body = (
        b'{"quote": "we go to the town"}'
        if path.endswith("check")
        else b'{"body_text": "Yes.", "store": false}'
    )
    with whole_app.test_client().post(
        path, data=body, headers={"Content-Type": "application/json"} | sent
    ) as answer:
        assert contract.find_violation("post", answer) is None


@OFTEN
@given(st.dictionaries(st.sampled_from(PARAMETERS), VALUES, max_size=3), st.sampled_from(PLACES))
def test_parameters(whole_app, contract, parameters, path):
    storable = {name: value.encode("utf-8", "ignore").decode() for name, value in parameters.items()}
    with whole_app.test_client().get(path, query_string=storable) as answer:
        assert contract.find_violation("get", answer) is None
