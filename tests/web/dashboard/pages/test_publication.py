"""What may be published: rules for all publishers and for one, versions, and what was published nevertheless."""

from __future__ import annotations

import re

import pytest

from service.web.services import EXTENSION
from tests.apps import running_app
from tests.web.dashboard.visitor import Visitor

RULES = {
    "severity-0": "pass",
    "severity-1": "pass",
    "severity-2": "warn",
    "severity-3": "hold",
    "unchecked": "warn",
}


@pytest.fixture
def app(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", access="locked", rate_limit_address=0) as app:
        yield app


@pytest.fixture
def admin(app):
    found = Visitor(app)
    found.sign_in("admin")
    return found


def gate_of(app):
    return app.extensions[EXTENSION].gate


def chosen(page, name):
    select = re.search(rf'<select id="{name}".*?</select>', page, re.S)[0]
    return re.search(r'value="(\w*)" selected', select)[1] if " selected" in select else ""


def test_rules_are_saved_and_shown(app, admin):
    saved = admin.post("/publication", RULES | {"label-not_found": "hold", "version": "0"})
    assert saved.status_code == 303
    page = admin.get(saved.location).text
    assert "The rules were saved" in page
    assert chosen(page, "label-not_found") == "hold" and chosen(page, "label-changed") == ""
    assert gate_of(app).read_policy().rules.labels == {"not_found": "hold"}
    assert "(these)" in page


def test_a_publisher_has_rules_of_its_own_until_they_are_removed(app, admin):
    own = RULES | {"publisher": "Valley <b>Post", "severity-3": "warn", "version": "0"}
    page = admin.get(admin.post("/publication", own).location).text
    assert chosen(page, "severity-3") == "warn" and "Valley &lt;b&gt;Post" in page
    assert chosen(admin.get("/publication").text, "severity-3") == "hold"
    removed = admin.post("/publication", {"publisher": "Valley <b>Post", "remove": "1", "version": "1"})
    assert removed.status_code == 303 and gate_of(app).read_policy().publishers == {}


def test_rules_that_cannot_be_meant_are_refused_with_the_reason(app, admin):
    refused = admin.post("/publication", RULES | {"severity-2": "hold", "severity-3": "pass"})
    assert refused.status_code == 422 and "more mildly" in refused.text
    assert admin.post("/publication", {"severity-0": "never"}).status_code == 422
    assert gate_of(app).read_policy().version == 0


def test_what_somebody_else_changed_meanwhile_is_not_replaced(app, admin):
    admin.post("/publication", RULES | {"version": "0"})
    late = admin.post("/publication", RULES | {"unchecked": "hold", "version": "0"})
    assert late.status_code == 409 and "somebody else changed the policy" in late.text
    assert gate_of(app).read_policy().rules.unchecked == "warn"


def test_only_an_administrator_changes_the_rules(app):
    reader = Visitor(app)
    reader.sign_in("read")
    page = reader.get("/publication").text
    assert "Only an administrator" in page and ">Save<" not in page and "Published nevertheless" not in page
    assert reader.post("/publication", RULES).status_code == 403
    assert gate_of(app).read_policy().version == 0


def test_what_was_published_nevertheless_is_listed_with_the_reason(app, admin):
    key = admin.ring.create("cms", ("write",)).token
    given = {
        "reason": "<i>The clerk</i> confirmed it.",
        "headline": "Taxes",
        "labels": ["changed"],
        "person": "E. Dahl",
    }
    sent = app.test_client().post(
        "/v1/gate-overrides", json=given, headers={"Authorization": f"Bearer {key}"}
    )
    assert sent.status_code == 201
    page = admin.get("/publication").text
    assert "&lt;i&gt;The clerk&lt;/i&gt; confirmed it." in page and "E. Dahl" in page and "Changed" in page
