"""What is pasted, chosen or dropped, as an article or as a fault that says where."""

from __future__ import annotations

import io

import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from service.errors import InvalidInput
from service.web.dashboard.article_form import field_of, find_format, read_form
from service.web.dashboard.form_input import place_faults

PLAIN = "“We will dredge the harbour,” she said. 3 < 4 * 5 and 2 ** 3 ** 1."


@pytest.mark.parametrize(
    ("body", "format"),
    [
        (PLAIN, "plain"),
        ("<p>“Yes,” she said.</p>", "html"),
        ("\n <!DOCTYPE html><html><body>x</body></html>", "html"),
        ("<!-- saved --><div>x</div>", "html"),
        ("<3 is what he said", "plain"),
        ("<b>only begun", "plain"),
        ("# Headline\n\nText", "markdown"),
        ("See [the report](https://a.example/b).", "markdown"),
        ("He was **very** sure.", "markdown"),
        ("[sic] (as he said)", "plain"),
        ("#hashtag first", "plain"),
        ("- a list\n- of things", "plain"),
        ("", "plain"),
    ],
)
def test_a_format_is_told_by_its_looks(body, format):
    assert find_format(body) == format


@pytest.mark.parametrize(
    "body", ["[" * 100_000, "**" * 50_000, "[a](" * 25_000, "<" * 100_000, "#" * 100_000]
)
def test_and_in_bounded_time(body):
    assert find_format(body) in ("plain", "markdown")


def chosen(content, name):
    return FileStorage(io.BytesIO(content), filename=name)


def test_a_file_goes_before_the_field_and_tells_its_format():
    form = read_form(MultiDict({"body": "typed"}), chosen(b"<p>File</p>", "a.HTM"))
    assert (form.body, form.format) == ("<p>File</p>", "html")
    assert read_form(MultiDict({"format": "plain"}), chosen(b"# x", "a.md")).format == "plain"
    assert read_form(MultiDict({"body": "typed"}), chosen(b"", "")).body == "typed"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("“é”".encode(), "“é”"),
        (b"\xef\xbb\xbfx", "x"),
        ("“é”".encode("utf-16"), "“é”"),
    ],
)
def test_text_is_read_as_it_says_it_is_encoded(content, text):
    assert read_form(MultiDict(), chosen(content, "a.txt")).body == text


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"%PDF-1.7", b"\x00\x01\x02\x03" * 9, b""])
def test_what_cannot_be_read_is_named(content):
    with pytest.raises(InvalidInput) as caught:
        read_form(MultiDict(), chosen(content, "a.docx"))
    assert "a.docx" in place_faults(caught.value.faults, field_of)["file"]


def test_faults_are_told_by_their_fields():
    form = read_form(MultiDict({"body": " ", "published_at": "yesterday", "uri": "x" * 3_000}))
    with pytest.raises(InvalidInput) as caught:
        form.read()
    assert set(place_faults(caught.value.faults, field_of)) == {"body", "published_at", "uri"}


def test_empty_fields_are_not_given():
    article = read_form(MultiDict({"body": PLAIN, "headline": "  ", "uri": ""})).read()
    assert (article.headline, article.uri, article.store) == (None, None, False)
    assert article.body == PLAIN


def test_lines_as_browsers_send_them():
    assert read_form(MultiDict({"body": "a\r\n\r\nb"})).body == "a\n\nb"
