"""Whole pages are reduced to their article; fragments stay as they are."""

from __future__ import annotations

import pytest

from service.text import read_document
from service.text.page import is_whole_page

STORY = "".join(
    f"<p>The harbour council met for the {word} time this year to talk about the new sea wall, which will cost "
    f"four million and take two summers to build, said Ruth Adler, who chairs it.</p>"
    for word in ("first", "second", "third", "fourth", "fifth")
)
MENU = "<ul><li><a href='/a'>News</a></li><li><a href='/b'>Sport: Town 'will fight on'</a></li></ul>"
COMMENTS = (
    "<div id='comments'><h3>Comments</h3><div class='comment'><p>“What a waste,” said Bob.</p></div></div>"
)
PAGE = (
    f"<!doctype html><html><head><title>Sea wall</title></head><body>{MENU}<article><h1>Sea wall to be built</h1>"
    f"{STORY}</article>{COMMENTS}</body></html>"
)


def test_a_page_is_its_article():
    text = read_document(PAGE, "html").text
    assert "fifth time this year" in text
    assert "will fight on" not in text
    assert "What a waste" not in text


def test_places_are_those_of_the_text():
    document = read_document(PAGE, "html")
    blocks = [document.text[block.start : block.end] for block in document.blocks]
    assert sum(block.startswith("The harbour council") for block in blocks) == 5


def test_a_fragment_stays_whole():
    text = read_document(STORY + COMMENTS, "html").text
    assert "What a waste" in text


@pytest.mark.parametrize(
    "body", ["<html>", "<html><body></body></html>", "<body><p>“Short,” he said.</p></body>"]
)
def test_a_page_without_an_article_stays_as_it_is(body):
    assert (
        read_document(body, "html").text
        == read_document(body.replace("<html>", "").replace("<body>", ""), "html").text
    )


def test_knows_a_page():
    assert is_whole_page(PAGE)
    assert not is_whole_page("<p>The &lt;html&gt; tag</p>")
