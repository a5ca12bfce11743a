"""The saved news pages, served on a port of their own, as other people's pages are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGES = Path(__file__).with_name("pages")
EDITORS = Path(__file__).with_name("editors")  # pages that are no articles: drafts, a drawing, narrow columns
#: Pages that let nothing of anybody's in: no script, style, image, connection or frame.
STRICT = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; require-trusted-types-for 'script'; trusted-types"
)
POLICIES = {"strict.html": STRICT, "sandboxed.html": "sandbox allow-scripts"}
#: Pages that differ in their policy alone.
SAME = {"sandboxed.html": "strict.html"}


class Handler(BaseHTTPRequestHandler):
    """Answers with files of PAGES, and notes who asked for what."""

    def do_GET(self) -> None:
        """A page, or 404."""
        name = self.path.partition("?")[0].lstrip("/")
        path = next(
            (folder / name for folder in (PAGES, EDITORS) if (folder / name).is_file()),
            PAGES / SAME.get(name, name),
        )
        if "/" in name or not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if name in POLICIES:
            self.send_header("Content-Security-Policy", POLICIES[name])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def running(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server with this handler for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def running_newsstand() -> AbstractContextManager[str]:
    """The address of the saved pages."""
    return running(Handler)
