"""One page from an address that a user gives, whatever stands at the other end."""

from __future__ import annotations

import gzip
import ipaddress
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from service.outbound import Forbidden, Limits, Unreachable, fetch, parse_networks
from service.outbound.fetch import MAX_PAGE, MAX_REDIRECTS

HERE = parse_networks(("127.0.0.1",))
PAGE = b"<html><body><p>We will not close it, she said.</p></body></html>"
HTML = {"Content-Type": "text/html; charset=windows-1252"}
Reply = tuple[int, dict[str, str], bytes]


@pytest.fixture
def site() -> Iterator[tuple[str, dict[str, Callable[[], Reply]], list[dict[str, str]]]]:
    """A web server whose answers a test sets by path: its address, the answers, and the heads it was sent."""
    answers: dict[str, Callable[[], Reply]] = {}
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
            status, head, body = answers[self.path]()
            self.send_response(status)
            for name, value in head.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", answers, asked
    server.shutdown()
    server.server_close()


def get(url: str, total_s: float = 10.0):
    return fetch(url, {"User-Agent": "test"}, Limits(total_s, HERE))


def test_a_page_is_fetched(site):
    url, answers, asked = site
    answers["/a?b=1"] = lambda: (200, HTML, PAGE)
    page = get(f"{url}/a?b=1#part")
    assert (page.url, page.content_type, page.charset, page.data) == (
        f"{url}/a?b=1", "text/html", "windows-1252", PAGE,
    )  # fmt: skip
    assert asked[0]["user-agent"] == "test"
    assert "cookie" not in asked[0]


def test_nothing_is_fetched_from_here_unless_it_is_allowed(site):
    url, _, asked = site
    with pytest.raises(Forbidden, match="private or special"):
        fetch(url + "/a", {}, Limits(10.0))
    assert asked == []


def test_redirects_are_followed_to_where_they_may_lead(site):
    url, answers, _ = site
    answers["/old"] = lambda: (301, {"Location": "/new#part"}, b"")
    answers["/new"] = lambda: (200, HTML, PAGE)
    assert get(url + "/old").url == url + "/new"


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1/",
        "http://user:secret@127.0.0.1/",
        "http://[::1/",
        "http://0x7f.1/",
    ],
)
def test_a_redirect_leads_nowhere_else(site, location):
    url, answers, asked = site
    answers["/old"] = lambda: (302, {"Location": location}, b"")
    with pytest.raises(Forbidden):
        get(url + "/old")
    assert len(asked) == 1


def test_a_ring_of_redirects_ends(site):
    url, answers, asked = site
    answers["/ring"] = lambda: (307, {"Location": "/ring"}, b"")
    with pytest.raises(Unreachable, match="redirects more than"):
        get(url + "/ring")
    assert len(asked) == MAX_REDIRECTS + 1


def test_all_redirects_share_one_limit_of_time(site):
    url, answers, asked = site

    def answer() -> Reply:
        time.sleep(0.2)
        return 302, {"Location": "/slow"}, b""

    answers["/slow"] = answer
    with pytest.raises(Unreachable, match="no answer within"):
        get(url + "/slow", total_s=0.5)
    assert len(asked) <= 3


@pytest.mark.parametrize(
    ("status", "head", "body", "told"),
    [
        (404, HTML, b"", "status 404"),
        (200, {"Content-Type": "image/png"}, b"", "no page of text"),
        (200, {"Content-Type": "application/pdf"}, b"", "no page of text"),
        (200, {**HTML, "Content-Encoding": "br"}, b"", "not asked for"),
        (200, {**HTML, "Content-Encoding": "gzip"}, b"no gzip", "damaged"),
        (200, HTML, b"x" * (MAX_PAGE + 1), "larger than"),
        (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(bytes(50_000_000)), "larger than"),
        (302, {}, b"", "redirects nowhere"),
    ],
)
def test_what_is_no_page_is_refused_with_its_reason(site, status, head, body, told):
    url, answers, _ = site
    answers["/"] = lambda: (status, head, body)
    with pytest.raises(Unreachable, match=told):
        get(url + "/")


def test_a_packed_page_is_unpacked(site):
    url, answers, _ = site
    answers["/"] = lambda: (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(PAGE))
    assert get(url + "/").data == PAGE


def test_looking_a_name_up_counts_as_time(site):
    url, answers, asked = site
    answers["/"] = lambda: (200, HTML, PAGE)

    def resolve(host, port):
        time.sleep(0.3)
        return [ipaddress.ip_address("127.0.0.1")]

    address = url.replace("127.0.0.1", "news.example") + "/"
    with pytest.raises(Unreachable, match="no answer within"):
        fetch(address, {}, Limits(0.2, HERE, resolve=resolve))
    assert asked == []
    assert fetch(address, {}, Limits(10.0, HERE, resolve=resolve)).data == PAGE
