"""Every page of the dashboard with addresses that show it, so that no page is forgotten when all are looked at.

A route that is added has to be named here: `test_every_page_is_looked_at` fails until it is.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Flask
from playwright.sync_api import Page

from service.usecases.accounts import Accounts
from service.web.dashboard import blueprint
from tests.browser.served import Served

#: Routes of the dashboard that are no page: files, streams, and what modules fetch.
NO_PAGES: Final = frozenset(
    {
        "/dashboard/events",
        "/sign-in/provider",
        "/dashboard/static/<version>/<name>",
        "/quotes/<string:quote_id>/lineage.csv",
        "/quotes/<string:quote_id>/lineage.prov.json",
        "/quotes/<string:quote_id>/quote.jsonld",
        "/articles/view/<string:article_id>/export/<any('csv', 'jsonld', 'annotations'):form>",
        "/articles/view/<string:article_id>/corrected.txt",
        "/articles/view/<string:article_id>/evidence/<string:file_id>",
        "/review/queue.csv",
        "/review/<string:review_id>.jsonld",
        "/search/quotes.csv",
        "/quotes/<string:quote_id>/place",
    }
)
#: What is visited for each route. `{quote}` and the like stand for what the store has (`find_subjects`).
ADDRESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "/": ("/",),
    "/sign-in": ("/sign-in",),
    "/articles/check": ("/articles/check",),
    "/articles/view/<string:article_id>": (
        "/articles/view/{article}",
        "/articles/view/{article}?verdict=altered",
    ),
    "/articles": ("/articles", "/articles?status=draft&sort=open&q=nothing+like+it"),
    "/articles/view/<string:article_id>/changes": ("/articles/view/{article}/changes?from=1&to=1",),
    "/shared/<string:token>": ("/shared/{shared}",),
    "/people": ("/people",),
    "/account": ("/account",),
    "/invitation/<string:token>": ("/invitation/{invited}",),
    "/publication": ("/publication", "/publication?publisher=Valley+Post"),
    "/problems": ("/problems",),
    "/problems/<string:name>": ("/problems/invalid-input",),
    "/bookmarklet": ("/bookmarklet",),
    "/help": ("/help",),
    "/lookup": (
        "/lookup",
        "/lookup?quote=In+this+present+crisis%2C+government+is+the+solution+to+our+problem",
    ),
    "/try": ("/try",),
    "/try/draft": ("/try/draft",),
    "/search": ("/search", "/search?q=taxes", "/search?q=nobody+ever+said+these"),
    "/quotes/<string:quote_id>": ("/quotes/{quote}", "/quotes/{source}"),
    "/speakers": ("/speakers", "/speakers?q=marlow"),
    "/speakers/<string:speaker_id>": ("/speakers/{speaker}",),
    "/sources": ("/sources", "/sources?list=sources"),
    "/sources/add": ("/sources/add",),
    "/sources/<string:source_id>": ("/sources/{kept}", "/sources/{kept}?q=taxes"),
    "/review": ("/review", "/review?state=decided", "/review?state=superseded&rule=spliced"),
    "/review/agreement": ("/review/agreement", "/review/agreement?by=day&from=2020-01-01&to=2020-02-01"),
    "/review/<string:review_id>": ("/review/{review}", "/review/{decided}"),
}
DETAILS = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"


def desk_routes() -> set[str]:
    """The routes of the dashboard that can be visited."""
    app = Flask("dashboard", static_folder=None)
    app.register_blueprint(blueprint)
    return {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


def find_subjects(served: Served) -> dict[str, str]:
    """Ids of things that are worth a look: doubted, decided, with matches and a history."""
    store = served.store
    decided = next(iter(store.reviews.find_page("decided", None, None, 1, 0.0).items), None)
    if decided is None:
        decide_one(served)
        return find_subjects(served)
    waiting = store.reviews.find_page("open", "meaning_altered", None, 1, 0.0).items[0]
    kept, _ = store.sources.find_place(waiting.quote["matches"][0]["quote_id"])
    return {
        "kept": kept,
        "decided": decided.id,
        "review": waiting.id,
        "article": waiting.article.id,
        "invited": Accounts(store.accounts)
        .invite("Zoë", f"{secrets.token_hex(4)}@paper.example", "reader")
        .token,
        "shared": share(served, waiting.article.id),
        "quote": waiting.quote_id,
        "source": waiting.quote["matches"][0]["quote_id"],
        "speaker": waiting.quote["speaker"]["id"],
    }


def share(served: Served, article_id: str) -> str:
    """The token of a link to an article."""
    made = served.post(f"/v1/articles/{article_id}/share-links", {}, served.new_key(["review"], "Zoë"))
    return str(made["address"]).rpartition("/")[2]


def decide_one(served: Served) -> None:
    """Somebody decides a review by the API."""
    review = served.store.reviews.find_page("open", "misattributed", None, 1, 0.0).items[0]
    decision = {
        "verdict": {"fidelity": "verbatim", "attribution": "misattributed"},
        "reason": "I asked both of them.",
        "evidence": [{"url": "https://checks.example/asked", "note": "The recording"}],
    }
    key = served.new_key(["review"], "Zoë")
    served.post(f"/v1/reviews/{review.id}/decision", decision, key)


def find_addresses(served: Served) -> Iterator[str]:
    """All that is visited."""
    subjects = find_subjects(served)
    for addresses in ADDRESSES.values():
        for address in addresses:
            yield re.sub(r"\{(\w+)\}", lambda name: subjects[name[1]], address)


def visit(page: Page, address: str, **options: Any) -> None:
    """Go to a page and unfold all that it folds away."""
    response = page.goto(address, wait_until="load", **options)
    assert response is not None, address
    assert response.status == 200, f"{address}: {response.status}"
    page.evaluate(DETAILS)


def visit_all_of(page: Page, subjects: Mapping[str, str]) -> Iterator[str]:
    """Visit every page that shows one of these subjects, and say where each time."""
    for first, *_ in ADDRESSES.values():
        wanted = re.findall(r"\{(\w+)\}", first)
        if wanted and all(subjects.get(name) for name in wanted):
            visit(page, first.format(**subjects))
            yield page.url
