"""An article fetched from its address, and checked."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from selectolax.lexbor import LexborHTMLParser

from service.usecases.articles.fetch_article import MOST_AT_ONCE
from service.web.services import EXTENSION
from tests.apps import running_app
from tests.web.dashboard.visitor import Visitor

PAGE = """<!doctype html><html><head><title>Harbour stays open</title></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Harbour stays open</h1>
<p>The council met on Monday in the old town hall, for the second time since the winter storms.</p>
<p>“We will not close the caf\xe9 by the harbour before the spring,” said Ann Marlow, the harbour master.</p>
<p>About forty people had come to the old town hall, more than at any meeting since the flood.</p></article>
<script>alert(1)</script></body></html>"""


# What servers call Latin 1 is Windows-1252, as browsers read it: Latin 1 itself has no curly quotation marks.
CHARSETS = {
    "/harbour": "windows-1252",
    "/latin": "ISO-8859-1",
    "/undeclared": None,
    "/odd": "no-such-charset",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path in CHARSETS
        charset = CHARSETS.get(self.path)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html" + (f"; charset={charset}" if charset else ""))
        self.end_headers()
        if found:
            self.wfile.write(PAGE.encode("windows-1252"))

    def log_message(self, format, *args):
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def allowing(tmp_path_factory):
    """A server that fetches pages, from this machine too."""
    url = f"sqlite:///{tmp_path_factory.mktemp('fetch')}/s.sqlite3"
    with running_app(url, fetch_pages=True, fetch_networks=("127.0.0.1",)) as app:
        yield app


def check(visitor, address, body=""):
    answer = visitor.post("/articles/check", data={"address": address, "body": body, "format": "auto"})
    return answer.status_code, LexborHTMLParser(answer.text)


@pytest.mark.parametrize("path", CHARSETS)
def test_its_encoding_is_read_as_browsers_read_it(allowing, site, path):
    _, page = check(Visitor(allowing), site + path)
    marks = [mark.text() for mark in page.css("#results mark")]
    assert marks == ["We will not close the café by the harbour before the spring,"]


def test_an_article_is_fetched_reduced_and_checked(allowing, site):
    status, page = check(Visitor(allowing), f"{site}/harbour")
    assert status == 200
    marks = [mark.text() for mark in page.css("#results mark")]
    assert marks == ["We will not close the café by the harbour before the spring,"]
    assert "Ann Marlow" in page.css_first(".quote").text()
    assert page.css_first("#uri").attributes["value"] == f"{site}/harbour"
    assert "Sport" not in page.css_first("#results").text()
    assert "alert(1)" not in page.css_first("#results").text()


def test_a_text_that_was_pasted_goes_before_an_address(allowing, site):
    status, page = check(
        Visitor(allowing), f"{site}/none", "“Nobody asked us about the night bus,” said Ann Marlow."
    )
    assert status == 200
    assert [mark.text() for mark in page.css("#results mark")] == ["Nobody asked us about the night bus,"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("{site}/none", "status 404"),
        ("http://10.0.0.1/", "private or special address"),
        ("https://169.254.169.254/latest", "private or special address"),
        ("harbour", "must start with https://"),
        ("file:///etc/passwd", "must start with https://"),
    ],
)
def test_why_nothing_was_fetched_is_told_at_the_field(allowing, site, path, told):
    status, page = check(Visitor(allowing), path.format(site=site))
    assert status == 422
    assert told in page.css_first("#fault-address").text()
    assert page.css_first("#results .quote") is None


def test_no_more_than_a_few_are_fetched_at_a_time(allowing, site):
    slots = allowing.extensions[EXTENSION].fetcher.slots
    for _ in range(MOST_AT_ONCE):
        assert slots.acquire(blocking=False)
    try:
        assert check(Visitor(allowing), f"{site}/harbour")[0] == 503
    finally:
        slots.release(MOST_AT_ONCE)
    assert check(Visitor(allowing), f"{site}/harbour")[0] == 200


def test_where_it_is_not_allowed_there_is_no_field_and_no_request(visitor, site):
    assert LexborHTMLParser(visitor.get("/articles/check").text).css_first("#address") is None
    status, page = check(visitor, f"{site}/harbour")
    assert status == 422
    assert page.css_first("#results .quote") is None
