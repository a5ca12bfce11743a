"""How long from a click on the toolbar button to the verdict on the page, and the server's share of that.

A real Chromium with the extension, a locked service of one process, words that differ each time (computed) and
the same words again (from the service's memory). `make bench-extension`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from tests.browser.extension.browsing import Extended, Inside, running_extension
from tests.browser.extension.newsstand import running_newsstand
from tests.browser.served import running_service

WARM_UP = 5
TARGET_MS = 300
#: The worker's own clock at the click, and how long its fetch took until the body was there.
WATCH = """() => {
    globalThis.clicks = []; globalThis.fetches = [];
    const now = () => performance.timeOrigin + performance.now();
    chrome.action.onClicked.addListener(() => clicks.push(now()));
    const own = globalThis.fetch;
    globalThis.fetch = async (...given) => {
        const began = now(); const response = await own(...given); const body = await response.arrayBuffer();
        fetches.push(now() - began); return new Response(body, response);
    };
}"""
#: The page's clock when the verdict is there and a frame has been drawn with it.
SEEN = """new Promise((done) => {
    const look = () => globalThis.verbatim?.overlay?.card?.face.querySelector(".label")
        ? requestAnimationFrame(() => done(performance.timeOrigin + performance.now())) : requestAnimationFrame(look);
    look();
})"""


def read_quotes() -> list[str]:
    """The words of the bundled sample."""
    lines = (files("service.sample") / "quotes.ndjson").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def measure(extended: Extended, page: Page, inside: Inside, words: str) -> tuple[float, float]:
    """Milliseconds from the click to the verdict, and of these from request to answer."""
    page.evaluate(
        """(words) => {
            const heading = document.querySelector("h1");
            heading.textContent = words;
            getSelection().selectAllChildren(heading);
        }""",
        words,
    )
    extended.press(page)
    seen = inside.evaluate(SEEN)
    click, fetch = extended.worker.evaluate("[clicks.at(-1), fetches.at(-1)]")
    page.keyboard.press("Escape")
    return seen - click, fetch


def tell(name: str, times: list[tuple[float, float]]) -> None:
    """A line of the table."""
    whole, server = [one for one, _ in times], [one for _, one in times]
    worst = quantiles(whole, n=20)[-1]
    print(
        f"{name:<22} n={len(times):<3} click to verdict: median {median(whole):6.1f} ms, p95 {worst:6.1f} ms; "
        f"of these request to answer: median {median(server):6.1f} ms"
    )


def main() -> None:
    """Measure and print."""
    quotes = read_quotes()
    with (
        tempfile.TemporaryDirectory() as directory,
        sync_playwright() as playwright,
        running_newsstand() as stand,
    ):
        place = Path(directory)
        (place / "service").mkdir()
        with (
            running_service(place / "service", ACCESS="locked") as served,
            running_extension(playwright, place / "browser", ("http://127.0.0.1/*",)) as extended,
        ):
            extended.configure(served.url, served.new_key(["check"]))
            extended.worker.evaluate(WATCH)
            page = extended.context.new_page()
            page.goto(f"{stand}/plain.html")
            inside = Inside(page, extended.id)
            run: Callable[[str], tuple[float, float]] = lambda words: measure(extended, page, inside, words)  # noqa: E731
            for words in quotes[:WARM_UP]:
                run(words)
            new = [run(words) for words in quotes[WARM_UP:]]
            again = [run(quotes[0]) for _ in range(20)]
            tell("words asked first", new)
            tell("the same words again", again)
            print(f"target: {TARGET_MS} ms")


if __name__ == "__main__":
    main()
