"""What holds for every page of the dashboard."""

from __future__ import annotations

import gzip
import re

import pytest

from schemas.problem_types import PROBLEM_TYPES
from service.usecases.api_keys import SCOPES
from service.web.dashboard.assets import load_assets
from service.web.dashboard.page import ANYBODY
from tests.apps import sample_article
from tests.web.dashboard.visitor import BROWSER

#: What anybody may see: nothing in it is of an article or a newsroom, except what was shared by a secret link.
OPEN = {
    "dashboard.show_invitation",
    "dashboard.accept_invitation",
    "dashboard.begin_at_provider",
    "dashboard.come_back_from_provider",
    "dashboard.show_sign_in",
    "dashboard.sign_in",
    "dashboard.sign_out",
    "dashboard.send_asset",
    "dashboard.show_bookmarklet",
    "dashboard.show_help",
    "dashboard.list_problems",
    "dashboard.show_problem",
    "dashboard.show_shared",
}
DIRECTIVES = (
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
)  # fmt: skip


def routes(app, wanted, without=()):
    """Method and an address of every page of the dashboard, of the methods that are wanted."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("dashboard.") and rule.endpoint not in without:
            path = re.sub(r"<[^>]*any\('([^']+)'[^>]*>", r"\1", rule.rule)
            path = re.sub(r"<[^>]*int:[^>]+>", "1", path)
            path = re.sub(r"<[^>]+>", "x", path)
            for method in sorted(rule.methods & wanted):
                yield method, path


def changing(app):
    return list(routes(app, {"POST", "PUT", "PATCH", "DELETE"}))


def test_every_page_names_its_scope(app):
    views = {name: view for name, view in app.view_functions.items() if name.startswith("dashboard.")}
    assert len(views) >= 8
    undeclared = [
        name for name, view in views.items() if getattr(view, "page_scope", None) not in (*SCOPES, ANYBODY)
    ]
    assert undeclared == []
    open_to_all = {name for name, view in views.items() if view.page_scope == ANYBODY}
    assert open_to_all == OPEN


def test_nobody_sees_a_page_without_signing_in(guest):
    checked = list(routes(guest.app, {"GET"}, without=OPEN))
    assert checked
    for method, path in checked:
        answer = guest.get(path)
        assert (answer.status_code, answer.location[:8]) == (303, "/sign-in"), (method, path)


def test_nothing_is_changed_without_the_token_of_a_page(visitor):
    """Walks every route that changes something: no token, another's, and one that was made up."""
    found = changing(visitor.app)
    assert len(found) >= 4
    visitor.token()  # so that there is a session which expects one
    other = type(visitor)(visitor.app).token()
    for method, path in found:
        for token in (None, "", "x", other):
            data = {} if token is None else {"csrf_token": token}
            answer = visitor.client.open(path, method=method, data=data, headers=BROWSER)
            assert answer.status_code == 403, (method, path, token)
            answer = visitor.client.open(
                path,
                method=method,
                json={},
                headers={"Accept": "application/json", "X-CSRF-Token": token or ""},
            )
            assert answer.status_code == 403, (method, path, token)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_nothing_is_changed_from_another_page_whatever_token_it_has(visitor, headers):
    checked = list(changing(visitor.app))
    assert checked
    for method, path in checked:
        data = {"csrf_token": visitor.token()}
        answer = visitor.client.open(path, method=method, data=data, headers=BROWSER | headers)
        assert answer.status_code == 403, (method, path)
        assert "not the dashboard" in answer.text
        assert "Set-Cookie" not in answer.headers  # which would sign out the user who was made to send this


def test_the_desks_own_forms_pass(visitor):
    for headers in ({"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {}):
        assert visitor.post("/sign-out", headers=headers).status_code == 303


@pytest.mark.parametrize("mode", ["no-cors", "cors", "nested-navigate"])
def test_other_pages_may_link_to_the_desk_and_load_nothing_of_it(visitor, mode):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": "empty"}
    for path in ("/articles/check", "/sign-in", "/try"):
        assert visitor.get(path, headers=headers).status_code == 403
    framed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert visitor.get("/articles/check", headers=framed).status_code == 403


def every_page(visitor):
    """Every page that answers without a body, on a store with an article: address and answer."""
    stored = visitor.client.post("/v1/articles", json=sample_article()).get_json()
    review = visitor.client.get("/v1/reviews").get_json()["reviews"]
    quote = stored["quotes"][0]["id"]
    known = {
        "article_id": stored["id"], "review_id": review[0]["id"] if review else "x", "quote_id": quote,
    }  # fmt: skip
    for rule in visitor.app.url_map.iter_rules():
        if not rule.endpoint.startswith("dashboard.") or "GET" not in rule.methods or "events" in rule.rule:
            continue
        path = re.sub(r"<[^>]*any\('([^']+)'[^>]*>", r"\1", rule.rule)
        path = re.sub(r"<(?:[^>:]+:)?(\w+)>", lambda found: known.get(found[1], "x"), path)
        yield path, visitor.get(path)
    yield "fault", visitor.get("/articles/view/nowhere")


def test_every_page_has_the_strict_policy_and_is_kept_by_no_cache(visitor):
    pages = 0
    for path, answer in every_page(visitor):
        policy = answer.headers["Content-Security-Policy"]
        for directive in DIRECTIVES:
            assert directive in policy.split("; "), path
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        if answer.content_type.startswith("text/html"):
            pages += 1
            assert answer.headers["Cache-Control"] == "no-store", path
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert not re.search(r"<script(?![^>]*\ssrc=)", answer.text), path
            assert not re.search(r"<[^>]*\s(style|on\w+)=", answer.text), path
            assert "<style" not in answer.text, path
            assert len(re.findall(r"<h1\b", answer.text)) == 1, path
    assert pages >= 6


def test_every_address_on_a_page_is_of_this_server_and_there(visitor):
    for path in ("/articles/check", "/try", "/sign-in"):
        text = visitor.get(path).text
        addresses = set(re.findall(r'<(?:link|script|img)[^>]*\s(?:src|href)="([^"]+)"', text))
        assert len(addresses) >= 2
        for address in addresses:
            assert address.startswith("/dashboard/static/"), address
            assert visitor.get(address).status_code == 200


def test_assets_are_kept_for_good_under_an_address_that_changes_with_them(visitor):
    assets = load_assets()
    assert {"dashboard.css", "dashboard.js"} <= set(assets.by_name)
    for name, asset in assets.by_name.items():
        answer = visitor.get(f"/dashboard/static/{assets.version}/{name}")
        assert answer.data == asset.body
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
        packed = visitor.get(
            f"/dashboard/static/{assets.version}/{name}", headers={"Accept-Encoding": "gzip"}
        )
        if packed.headers.get("Content-Encoding") == "gzip":
            assert gzip.decompress(packed.data) == asset.body
        assert packed.headers["Vary"] == "Accept-Encoding"


def test_a_former_address_of_an_asset_is_answered_and_not_kept(visitor):
    answer = visitor.get("/dashboard/static/0123456789abcdef/dashboard.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    for name in ("nothing.css", "..%2f..%2fapp.py", "dashboard.css%00.js", ""):
        assert visitor.get(f"/dashboard/static/x/{name}").status_code == 404


def test_a_fault_is_a_page_for_people_and_a_problem_for_modules(visitor):
    page = visitor.get("/articles/view/nowhere")
    assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")
    problem = visitor.client.get("/articles/view/nowhere", headers={"Accept": "application/json"})
    assert (problem.status_code, problem.content_type) == (404, "application/problem+json")


def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_programs(visitor):
    page = visitor.get("/no-such-page/at-all")
    assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")
    assert "There is no such page" in page.text and 'href="/"' in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"] and "Set-Cookie" not in page.headers
    for path, accept in (("/no-such-page", "application/json"), ("/v1/nothing", "text/html"), ("/no", "*/*")):
        problem = visitor.client.get(path, headers={"Accept": accept})
        assert (problem.status_code, problem.content_type) == (404, "application/problem+json"), path


def test_the_type_of_a_problem_is_the_address_of_its_page(visitor):
    told = visitor.client.post("/v1/check", json={}).get_json()
    assert told["type"] == "/problems/invalid-input"
    page = visitor.get(told["type"])
    assert page.status_code == 200 and "JSON Pointer" in page.text and "422" in page.text
    everything = visitor.get("/problems").text
    assert all(f'href="{kind.uri}"' in everything for kind in PROBLEM_TYPES)
    assert visitor.get("/problems/nothing").status_code == 404


def test_an_unforeseen_fault_tells_nothing_of_its_inside(visitor, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("the words of an article")

    monkeypatch.setattr("service.web.dashboard.pages.check.present_form", fail)
    answer = visitor.get("/articles/check")
    assert answer.status_code == 500
    assert "words of an article" not in answer.text
    assert "<h1>" in answer.text
