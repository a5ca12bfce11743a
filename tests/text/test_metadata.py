"""What pages and files say of themselves: JSON-LD, front matter, the encoding."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text import read_document
from service.text.charset import decode_page
from service.text.metadata import NOTHING, split_front_matter

DATA = (
    '{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Star"},{"@type":"NewsArticle",'
    '"headline":"Wall to be built","author":[{"@type":"Person","name":"Jo Lee"},{"name":"Tom Hale"}],'
    '"datePublished":"2026-01-04T10:00:00Z","inLanguage":"en-GB"}]}'
)
SENTENCE = "The council of the harbour met on Monday for the third time and spoke of walls. “We will build it,” said Ruth Adler. "


def page(data: str, body: str = "<article><p>Words of the page.</p></article>") -> str:
    return f'<html><head><script type="application/ld+json">{data}</script></head><body>{body}</body></html>'


def test_json_ld_of_a_page() -> None:
    document = read_document(page(DATA), "html")
    found = document.metadata
    assert (found.headline, found.byline, found.published) == (
        "Wall to be built",
        "Jo Lee, Tom Hale",
        date(2026, 1, 4),
    )
    assert document.language == "en-GB"


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "[]",
        "null",
        '{"@type":"Person","name":"x"}',
        '{"@type":3,"headline":"x"}',
        "[" * 5000,
        '"\\u0000"',
    ],
)
def test_data_that_describes_no_article(data: str) -> None:
    assert read_document(page(data), "html").metadata == NOTHING


def test_values_of_the_wrong_kind_are_left_out() -> None:
    data = (
        '{"@type":"NewsArticle","headline":{"a":1},"author":7,"datePublished":"2026-13-40","articleBody":[1]}'
    )
    found = read_document(page(data), "html").metadata
    assert found == NOTHING


def test_an_article_that_stands_in_the_data_alone() -> None:
    body = (SENTENCE * 4).strip()
    data = f'{{"@type":"NewsArticle","articleBody":"{body}"}}'
    document = read_document(page(data, "<div id='app'></div>"), "html")
    assert document.text == body
    assert all(body[block.start : block.end] for block in document.blocks)


def test_an_article_in_the_page_is_read_from_the_page() -> None:
    body = (SENTENCE * 4).strip()
    document = read_document(
        page(f'{{"@type":"NewsArticle","articleBody":"{body}"}}', f"<p>{body}</p>"), "html"
    )
    assert document.text == body


@pytest.mark.parametrize(
    ("body", "headline", "byline", "published"),
    [
        ("---\ntitle: Wall\nauthor: Jo Lee\ndate: 2026-01-04\n---\n\nText.", "Wall", "Jo Lee", date(2026, 1, 4)),
        ('---\r\ntitle: "Wall: a tale"\r\nauthors: [Jo Lee, Tom Hale]\r\n---\r\nText.', "Wall: a tale", "Jo Lee, Tom Hale", None),
        ("---\nheadline: 'Wall'\ntags:\n  - sea\n  - wall\npublished: 2026-01-04T10:00:00Z # draft\n---\nText.", "Wall", None, date(2026, 1, 4)),
        ('+++\ntitle = "Wall"\ndate = 2026-01-04\n+++\nText.', "Wall", None, date(2026, 1, 4)),
        ("\ufeff---\ntitle: Wall\nlang: en\n---\nText.", "Wall", None, None),
    ],
)  # fmt: skip
def test_front_matter(body: str, headline: str, byline: str | None, published: date | None) -> None:
    document = read_document(body, "markdown")
    assert document.text == "Text."
    found = document.metadata
    assert (found.headline, found.byline, found.published) == (headline, byline, published)


@pytest.mark.parametrize(
    "body", ["---\n\nText.\n\n---\n\nMore.", "Text.\n---\ntitle: x\n---", "---\ntitle: x\n", ""]
)
def test_a_rule_is_no_front_matter(body: str) -> None:
    assert split_front_matter(body) == (NOTHING, body)


@given(st.text(max_size=200))
def test_front_matter_leaves_the_rest(body: str) -> None:
    assert split_front_matter("---\ntitle: x\n---\n" + body)[1] == body
    assert split_front_matter(body)[1] in body


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("<meta charset=windows-1252>", "cp1252"),
        ("<meta charset='iso-8859-1'>", "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">', "iso-8859-2"),
        ("<meta charset=shift_jis>", "cp932"),
        ('<?xml version="1.0" encoding="windows-1251"?>', "cp1251"),
        ("", "utf-8"),
        ("<meta charset=utf-8>", "utf-8-sig"),
        ("", "utf-16"),
    ],
)
def test_the_encoding_of_a_page(declared: str, encoding: str) -> None:
    words = {"cp932": "東京", "cp1251": "Москва", "iso-8859-2": "Łódź"}.get(encoding, "“Café”")
    text = f"{declared}<p>{words}</p>"
    if encoding == "cp1252":
        text = f"{declared}<p>“Café” – €5</p>"
    assert decode_page(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "head", [b"", b"<meta charset=utf-8>", b"<meta charset=nonsense>", b"<meta charset=base64>"]
)
def test_bytes_in_no_known_encoding(head: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decode_page(head + b"<p>caf\xe9 \xff\xfe</p>")
