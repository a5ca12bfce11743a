"""The gate before publication over HTTP: its policy, decisions and overrides; on both databases."""

import pytest

from schemas.policy import GatedAnalysisSchema, OverrideSchema, PolicySchema
from service.web.services import EXTENSION
from tests.apps import import_record, make_client, running_app

SAID = "We will not raise taxes on 200 families in the valley this year."
CHANGED = "“We will not raise taxes on 900 families in the valley this year,” Bob Reyes said on Monday."
RIGHT = "“We will not raise taxes on 200 families in the valley this year,” Bob Reyes said on Monday."
UNKNOWN = "“Nobody has shown me a single map of the new harbour,” Carla Stone said afterwards."
GERMAN = (
    "„Wir werden die Steuern für 200 Familien im Tal in diesem Jahr nicht erhöhen“, sagte der Bürgermeister am "
    "Montag. Der Gemeinderat tagte drei Stunden lang und vertagte die Entscheidung auf den nächsten Monat."
)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    url = f"sqlite:///{tmp_path}/s.sqlite3"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_store")
    with running_app(url, access="locked", rate_limit_key=0, rate_limit_address=0) as app:
        import_record(
            make_client(app, "archive", "sources"), SAID, "Bob Reyes", "2026-11-20", uri="urn:speech"
        )
        yield app


@pytest.fixture
def cms(app):
    return make_client(app, "cms", "write", "read")


@pytest.fixture
def admin(app):
    return make_client(app, "Ada", "admin")


def ask(client, body, *, store=False, **members):
    sent = {"body_text": body, "store": store, "status": "draft"} | members
    answer = client.post("/v1/articles?gate=true", json=sent)
    assert answer.status_code == 200, answer.get_json()
    assert GatedAnalysisSchema().validate(answer.get_json(), partial=True) == {}
    return answer.get_json()


def test_without_the_query_there_is_no_decision(cms):
    answer = cms.post("/v1/articles", json={"body_text": RIGHT, "store": False})
    assert "gate" not in answer.get_json()


def test_the_policy_that_is_built_in_holds_what_must_not_be_published(cms):
    held = ask(cms, CHANGED)["gate"]
    assert held["decision"] == "hold" and held["policy"] == 0
    [reason] = held["reasons"]
    assert reason["label"] == "changed" and reason["severity"] == 3 and reason["number"] == 1
    assert "The words were changed" in reason["text"] and "900 families" in reason["text"]
    assert "Bob Reyes" in reason["text"]
    assert ask(cms, RIGHT)["gate"] == {"decision": "pass", "reasons": [], "policy": 0}
    assert ask(cms, UNKNOWN)["gate"]["decision"] == "pass"


def test_the_gravest_reason_decides_and_stands_first(cms, admin):
    admin.put("/v1/policy", json={"labels": {"not_found": "warn"}})
    held = ask(cms, f"{UNKNOWN} {CHANGED}")["gate"]
    assert held["decision"] == "hold"
    assert [reason["decision"] for reason in held["reasons"]] == ["hold", "warn"]
    assert [reason["number"] for reason in held["reasons"]] == [2, 1]


def test_a_policy_decides_at_once_also_what_is_in_the_cache(cms, admin):
    assert ask(cms, UNKNOWN)["gate"]["decision"] == "pass"
    put = admin.put("/v1/policy", json={"labels": {"not_found": "hold"}})
    assert put.status_code == 200 and PolicySchema().validate(put.get_json()) == {}
    held = ask(cms, UNKNOWN)["gate"]
    assert (held["decision"], held["policy"]) == ("hold", 1)
    assert ask(cms, CHANGED)["gate"]["decision"] == "hold"  # by its severity


def test_a_publisher_may_have_rules_of_its_own(cms, admin):
    mild = {"severities": {"0": "pass", "1": "pass", "2": "pass", "3": "warn"}}
    assert admin.put("/v1/policy", json={"publishers": {"Valley Post": mild}}).status_code == 200
    assert ask(cms, CHANGED, publisher="valley post ")["gate"]["decision"] == "warn"
    assert ask(cms, CHANGED, publisher="Harbour Times")["gate"]["decision"] == "hold"
    assert ask(cms, CHANGED)["gate"]["decision"] == "hold"


def test_what_is_not_in_the_given_sources_is_held(cms):
    sources = [{"title": "Interview", "kind": "interview", "text": f"BOB REYES: {SAID}"}]
    held = ask(cms, UNKNOWN, sources=sources)["gate"]
    assert held["decision"] == "hold"
    assert [reason["label"] for reason in held["reasons"]] == ["not_in_sources"]


def test_what_cannot_be_checked_is_told(cms, admin):
    warned = ask(cms, GERMAN)["gate"]
    assert warned["decision"] == "warn"
    assert "not checked" in warned["reasons"][0]["text"] and warned["reasons"][0]["label"] is None
    admin.put("/v1/policy", json={"unchecked": "hold"})
    assert ask(cms, GERMAN)["gate"]["decision"] == "hold"
    admin.put("/v1/policy", json={"unchecked": "pass"})
    assert all(reason["label"] for reason in ask(cms, GERMAN)["gate"]["reasons"])


@pytest.mark.parametrize(
    ("status", "decision"),
    [("right", "pass"), ("confirmed_by_phone", "pass"), ("ignore", "pass"), ("fix", "hold"),
     ("cannot_be_confirmed", "hold")],
)  # fmt: skip
def test_what_a_person_signed_off_decides(app, cms, status, decision):
    article = ask(cms, CHANGED, store=True, uri="urn:news")
    where = f"/v1/articles/{article['id']}/quotes/{article['quotes'][0]['id']}/sign-off"
    zoe = make_client(app, "Zoë", "review", "read")
    assert zoe.put(where, json={"status": status}).status_code == 200
    gate = ask(cms, CHANGED, store=True, uri="urn:news")["gate"]
    assert gate["decision"] == decision
    assert [reason["signed_off"] for reason in gate["reasons"]] == [status] * (decision != "pass")


def test_an_unknown_query_value_is_refused(cms):
    answer = cms.post("/v1/articles?gate=perhaps", json={"body_text": RIGHT})
    assert answer.status_code == 422


def test_a_gate_answers_at_once_whatever_is_preferred(cms):
    sent = {"body_text": CHANGED, "store": False}
    answer = cms.post("/v1/articles?gate=true", json=sent, headers={"Prefer": "respond-async"})
    assert answer.status_code == 200 and answer.get_json()["gate"]["decision"] == "hold"


def test_every_version_of_the_policy_is_kept_with_who_set_it(app, admin):
    first = admin.get("/v1/policy")
    assert first.get_json()["version"] == 0 and first.get_json()["set_by"] is None
    admin.put("/v1/policy", json={"labels": {"repeated": "warn"}})
    admin.put("/v1/policy", json={"labels": {"repeated": "warn"}})  # the same again
    admin.put("/v1/policy", json={})
    versions = admin.get("/v1/policy/versions").get_json()["versions"]
    assert [one["version"] for one in versions] == [2, 1]
    assert versions[1]["labels"] == {"repeated": "warn"} and versions[0]["labels"] == {}
    assert {one["set_by"] for one in versions} == {"Ada"}
    assert all(one["set_at"] for one in versions)
    assert list(app.extensions[EXTENSION].store.verify()) == []


def test_a_policy_that_somebody_else_changed_is_not_replaced(admin):
    tag = admin.get("/v1/policy").headers["ETag"]
    assert admin.put("/v1/policy", json={}, headers={"If-Match": tag}).status_code == 200
    stale = admin.put("/v1/policy", json={"unchecked": "hold"}, headers={"If-Match": tag})
    assert stale.status_code == 412 and "read it again" in stale.get_json()["detail"]
    assert admin.put("/v1/policy", json={}, headers={"If-Match": '"x"'}).status_code == 412
    assert admin.get("/v1/policy", headers={"If-None-Match": '"1"'}).status_code == 304


@pytest.mark.parametrize(
    ("policy", "place"),
    [
        ({"severities": {"3": "pass"}}, "/severities"),
        ({"severities": {"4": "hold"}}, "/severities/4"),
        ({"labels": {"wrong": "hold"}}, "/labels"),
        ({"labels": {"changed": "never"}}, "/labels"),
        ({"unchecked": None}, "/unchecked"),
        ({"publishers": {"A": {}, "a ": {}}}, "/publishers"),
        ({"publishers": {" ": {}}}, "/publishers"),
        ({"publishers": {"A": {"severities": {"2": "hold", "3": "warn"}}}}, "/publishers/A/severities"),
        ({"rules": {}}, "/rules"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused_with_its_place(admin, policy, place):
    answer = admin.put("/v1/policy", json=policy)
    assert answer.status_code == 422, answer.get_json()
    assert any(error["pointer"].startswith(f"#{place}") or error["pointer"].startswith(place)
               for error in answer.get_json()["errors"]), answer.get_json()  # fmt: skip
    assert admin.get("/v1/policy").get_json()["version"] == 0


def test_only_an_administrator_sets_the_policy(app, cms):
    assert cms.put("/v1/policy", json={}).status_code == 403
    assert make_client(app, "desk", "check").get("/v1/policy").status_code == 200
    assert (
        make_client(app, "reader", "read").post("/v1/gate-overrides", json={"reason": "x"}).status_code == 403
    )
    assert cms.get("/v1/gate-overrides").status_code == 403


def test_an_override_is_recorded_with_its_reason(app, cms):
    held = ask(cms, CHANGED, uri="https://valley.example/1", headline="Taxes")["gate"]
    given = {
        "reason": "The minutes were corrected on Tuesday; the clerk confirmed 900.",
        "labels": [reason["label"] for reason in held["reasons"]],
        "policy": held["policy"], "uri": "https://valley.example/1", "headline": "Taxes", "person": "E. Dahl",
    }  # fmt: skip
    made = cms.post("/v1/gate-overrides", json=given)
    assert made.status_code == 201 and OverrideSchema().validate(made.get_json()) == {}
    assert made.get_json()["by"] == "cms" and made.get_json()["decision"] == "hold"
    reviewer = make_client(app, "Zoë", "review")
    [listed] = reviewer.get("/v1/gate-overrides").get_json()["overrides"]
    assert listed == made.get_json()
    assert list(app.extensions[EXTENSION].store.verify()) == []


@pytest.mark.parametrize("reason", ["", "   ", None, "x" * 100_000])
def test_an_override_needs_a_reason(cms, reason):
    answer = cms.post("/v1/gate-overrides", json={"reason": reason})
    assert answer.status_code == 422


def test_overrides_are_listed_in_pages_the_newest_first(app, cms):
    for number in range(5):
        assert cms.post("/v1/gate-overrides", json={"reason": f"reason {number}"}).status_code == 201
    reviewer = make_client(app, "Zoë", "review")
    first = reviewer.get("/v1/gate-overrides?limit=2").get_json()
    rest = reviewer.get(f"/v1/gate-overrides?limit=9&before={first['next_before']}").get_json()
    told = [one["reason"] for one in first["overrides"] + rest["overrides"]]
    assert told == [f"reason {number}" for number in range(4, -1, -1)]
    assert rest["next_before"] is None
