"""Attacks on people's accounts: sessions, forms, links, roles, and what answers tell."""

from __future__ import annotations

import itertools
import re

import pytest
import structlog

from service import logs
from service.app import create_app
from service.settings import Settings
from service.usecases import accounts as accounts_module
from service.usecases.passwords import HASHER
from service.web.dashboard import password_guesses
from service.web.dashboard.pages.accounts import sign_in
from service.web.services import EXTENSION
from tests.apps import running_app
from tests.stores import make_migrated
from tests.web.dashboard.colleague import PASSWORD, Colleague, accounts_of, add_person, signed_in
from tests.web.dashboard.test_session import forge
from tests.web.dashboard.visitor import BROWSER

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
FORMS = (
    "/people",
    "/people/p1aaaaaaaa/link",
    "/people/p1aaaaaaaa/role",
    "/people/p1aaaaaaaa/disable",
    "/people/p1aaaaaaaa/enable",
    "/account/password",
    "/account/sign-out-everywhere",
)


NUMBERS = itertools.count()


def fresh_email() -> str:
    """Of nobody yet: sign-ins are counted by account."""
    return f"somebody{next(NUMBERS)}@paper.example"


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """A server that these tests share, with room for all their failures."""
    url = f"sqlite:///{tmp_path_factory.mktemp('locked')}/s.sqlite3"
    with running_app(url, access="locked", rate_limit_address=0, rate_limit_failures=1_000) as app:
        yield app


@pytest.fixture
def admin(locked):
    return signed_in(locked, fresh_email(), "admin")


@pytest.fixture
def ann(locked):
    """The address of a person who has a password."""
    return add_person(locked, fresh_email()).email


def test_a_planted_session_is_not_signed_in_by_its_victim(locked, ann):
    browser = Colleague(locked)
    browser.token()
    planted = browser.cookies()["verbatim"]
    assert browser.sign_in_as(ann).status_code == 303
    assert browser.cookies()["verbatim"] != planted
    other = Colleague(locked)
    other.client.set_cookie("verbatim", planted, domain="localhost")
    assert not other.is_in()


def test_the_token_of_before_the_sign_in_is_worth_nothing_after(locked, ann):
    browser = Colleague(locked)
    before = browser.token()
    browser.sign_in_as(ann)
    sent = browser.client.post("/account/sign-out-everywhere", data={"csrf_token": before}, headers=BROWSER)
    assert sent.status_code == 403
    assert browser.is_in()


@pytest.mark.parametrize("address", FORMS)
def test_no_form_is_sent_without_its_token(admin, address):
    assert admin.client.post(address, data={"role": "admin"}, headers=BROWSER).status_code == 403
    assert admin.client.post(address, data={"csrf_token": "x"}, headers=BROWSER).status_code == 403
    assert admin.is_in()


@pytest.mark.parametrize("address", ["/sign-in", *FORMS])
def test_no_form_is_sent_by_another_site(admin, address):
    headers = {"Origin": "https://attacker.example"}
    assert admin.post(address, {"role": "admin"}, headers=headers).status_code == 403
    assert admin.post(address, {}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert admin.is_in()


def test_an_invitation_is_not_accepted_by_another_site(locked):
    link = accounts_of(locked).invite("Ivy", "ivy@paper.example", "admin")
    fields = {"password": PASSWORD, "again": PASSWORD}
    address = f"/invitation/{link.token}"
    assert Colleague(locked).client.post(address, data=fields, headers=BROWSER).status_code == 403
    assert Colleague(locked).post(address, fields, headers={"Origin": "null"}).status_code == 403
    assert accounts_of(locked).find_invited(link.token).password is None


@pytest.mark.parametrize(
    "back",
    [
        "https://attacker.example/",
        "//attacker.example",
        "/\\attacker.example",
        "javascript:alert(1)",
        "/v1/quotes",
    ],
)
def test_nobody_is_led_away_after_a_password(locked, ann, back):
    answer = Colleague(locked).sign_in_as(ann, back=back)
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_link_is_no_use_a_second_time(locked):
    link = accounts_of(locked).invite("Jo", "jo@paper.example", "reader")
    fields = {"password": PASSWORD, "again": PASSWORD}
    first, second = Colleague(locked), Colleague(locked)
    second.get(f"/invitation/{link.token}")
    assert first.post(f"/invitation/{link.token}", fields).status_code == 303
    again = second.post(
        f"/invitation/{link.token}", {"password": "another fen 53", "again": "another fen 53"}
    )
    assert again.status_code == 404
    assert accounts_of(locked).verify("jo@paper.example", PASSWORD) is not None


def test_a_link_ends(locked, monkeypatch):
    link = accounts_of(locked).invite("Kim", "kim@paper.example", "reader")
    lasts = accounts_module.INVITATION_LASTS

    class Later(accounts_module.datetime):
        @classmethod
        def now(cls, tz=None):
            return accounts_module.timedelta(seconds=1) + lasts + super().now(tz)

    monkeypatch.setattr(accounts_module, "datetime", Later)
    assert Colleague(locked).get(f"/invitation/{link.token}").status_code == 404


def test_links_cannot_be_guessed(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", access="locked", rate_limit_failures=5) as app:
        link = accounts_of(app).invite("Lee", "lee@paper.example", "reader")
        assert len(link.token) >= 43  # 256 bits
        guesses = [f"{link.token[:-1]}{letter}" for letter in "-_0123456789" if link.token[-1] != letter]
        wrong = [Colleague(app).get(f"/invitation/{guess}").status_code for guess in guesses]
        assert wrong[0] == 404
        assert wrong[-1] == 429


@pytest.mark.parametrize("token", ["", "a" * 5_000, "%00", "..%2f..%2fv1", "' OR 1=1 --", "é" * 43])
def test_odd_links_are_not_found(locked, token):
    answer = Colleague(locked).get(f"/invitation/{token}")
    assert answer.status_code in (404, 414)
    assert "<form class" not in answer.text


def test_the_answer_does_not_tell_who_has_an_account(locked, ann):
    disabled = add_person(locked, "gone@paper.example")
    accounts_of(locked).disable(disabled.id)
    accounts_of(locked).invite("New", "new@paper.example", "reader")
    answers = []
    for email in (ann, "gone@paper.example", "new@paper.example", "none@paper.example"):
        answer = Colleague(locked).sign_in_as(email, "wrong wrong wrong")
        answers.append(
            (
                answer.status_code,
                re.sub(r"csrf.token\W+(content|value)=\"[^\"]+", "", answer.text).replace(email, ""),
            )
        )
    assert len(set(answers)) == 1
    assert answers[0][0] == 401


def test_an_unknown_address_costs_a_hash_too(locked, ann, monkeypatch):
    verified = []
    real = type(HASHER).verify
    monkeypatch.setattr(type(HASHER), "verify", lambda *given: verified.append(given[1]) or real(*given))
    Colleague(locked).sign_in_as(ann, "wrong wrong wrong")
    Colleague(locked).sign_in_as("none@paper.example", "wrong wrong wrong")
    costs = [hashed.rpartition("$")[0].rpartition("$")[0] for hashed in verified]
    assert len(costs) == 2
    assert costs[0] == costs[1]


def test_guesses_from_many_addresses_are_limited_by_account_and_the_person_still_gets_in(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", access="locked") as app:
        person = signed_in(app, "ann@paper.example")
        person.post("/sign-out")
        answers = []
        for number in range(password_guesses.ATTEMPTS + 2):
            come_from = {"REMOTE_ADDR": f"192.0.2.{number}"}
            fields = {"email": "ann@paper.example", "password": f"guess number {number}"}
            answers.append(Colleague(app).post("/sign-in", fields, environ_overrides=come_from).status_code)
        assert answers == [401] * (password_guesses.ATTEMPTS - 1) + [429] * 3  # her own sign-in counted too
        assert Colleague(app).sign_in_as("ann@paper.example").status_code == 429  # a stranger, rightly or not
        assert person.sign_in_as("ann@paper.example").status_code == 303  # in the browser that she uses


def test_guesses_at_many_accounts_are_limited_by_address_and_the_person_still_gets_in(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", access="locked", rate_limit_failures=4) as app:
        person = signed_in(app, "ann@paper.example")
        person.post("/sign-out")
        answers = [
            Colleague(app).sign_in_as(f"a{n}@paper.example", "guess guess 1").status_code for n in range(6)
        ]
        assert answers == [401] * 4 + [429, 429]
        assert person.sign_in_as("ann@paper.example").status_code == 303


def test_nobody_makes_a_browser_known_that_is_not(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", access="locked") as app:
        add_person(app, "ann@paper.example")
        browser = Colleague(app)
        browser.client.set_cookie(password_guesses.NAME, "WyJhIl0.aaaaaa.bbbbbbbbbbb", domain="localhost")
        answers = [
            browser.sign_in_as("ann@paper.example", f"guess number {n}").status_code for n in range(11)
        ]
        assert answers[-1] == 429
        known = signed_in(app, "bob@paper.example", name="Bob")  # knows Bob, and not Ann
        assert known.sign_in_as("ann@paper.example").status_code == 429


@pytest.mark.parametrize("role", ["reader", "reporter", "editor"])
def test_no_role_but_admin_reaches_the_people(locked, role):
    person = signed_in(locked, f"{role}@paper.example", role)
    own = accounts_of(locked).find_by_email(f"{role}@paper.example")
    assert person.get("/people").status_code == 403
    invited = {"name": "X", "email": f"x-{role}@paper.example", "role": "admin"}
    assert person.post("/people", invited).status_code == 403
    assert person.post(f"/people/{own.id}/role", {"role": "admin"}).status_code == 403
    assert person.post(f"/people/{own.id}/link").status_code == 403
    assert accounts_of(locked).get(own.id).role == role
    assert accounts_of(locked).find_by_email(invited["email"]) is None


def test_a_reader_does_not_check_or_review_and_a_reporter_does_not_review(locked):
    reader = signed_in(locked, "reader@paper.example", "reader")
    reporter = signed_in(locked, "reporter@paper.example", "reporter")
    assert reader.get("/articles/check").status_code == 403
    assert reader.check("“Words,” she said.").status_code == 403
    assert reporter.get("/articles/check").status_code == 200
    assert reporter.get("/review").status_code == 403
    assert reporter.get("/sources/add").status_code == 403


def test_a_role_is_not_chosen_with_an_invitation(locked):
    link = accounts_of(locked).invite("Max", "max@paper.example", "reader")
    fields = {"password": PASSWORD, "again": PASSWORD, "role": "admin", "email": "chief@paper.example"}
    browser = Colleague(locked)
    assert browser.post(f"/invitation/{link.token}", fields).status_code == 303
    assert browser.get("/people").status_code == 403
    assert accounts_of(locked).find_by_email("max@paper.example").role == "reader"


def test_a_disabled_persons_session_link_and_password_end(locked):
    person = signed_in(locked, "nia@paper.example")
    found = accounts_of(locked).find_by_email("nia@paper.example")
    link = accounts_of(locked).renew_link(found.id)
    accounts_of(locked).disable(found.id)
    assert not person.is_in()
    assert Colleague(locked).get(f"/invitation/{link.token}").status_code == 404
    assert person.sign_in_as("nia@paper.example").status_code == 401
    accounts_of(locked).enable(found.id)
    assert not person.is_in()  # a session that has ended does not come back


def test_a_copied_cookie_ends_when_its_owner_signs_out_everywhere(locked):
    person = signed_in(locked, "oz@paper.example")
    thief = Colleague(locked)
    thief.client.set_cookie("verbatim", person.cookies()["verbatim"], domain="localhost")
    assert thief.is_in()
    person.post("/account/sign-out-everywhere")
    assert not thief.is_in()


@pytest.mark.parametrize(
    "members",
    [
        {"account": "ID"},
        {"account": "ID", "number": None},
        {"account": "ID", "number": "1"},
        {"account": "ID", "number": 0},
        {"account": "ID", "number": 2},
        {"account": ["ID"], "number": 1},
        {"account": "p1zzzzzzzz", "number": 1},
        {"key": "ID"},
    ],
)
def test_an_odd_session_is_nobodys(locked, members):
    found = add_person(locked, "pia@paper.example")
    odd = {name: found.id if value == "ID" else value for name, value in members.items()}
    now = int(accounts_module.time.time())
    browser = Colleague(locked)
    browser.client.set_cookie(
        "verbatim", forge(locked, odd | {"since": now, "seen": now}), domain="localhost"
    )
    assert not browser.is_in()


def test_an_id_of_an_account_is_no_key(locked):
    found = add_person(locked, fresh_email())
    for token in (found.id, f"vb_{found.id}_{'a' * 40}"):
        headers = {"Authorization": f"Bearer {token}"}
        assert locked.test_client().get("/v1/quotes", headers=headers).status_code == 401
    assert Colleague(locked).sign_in(token=f"vb_{found.id}_{'a' * 40}").status_code == 401


def test_a_session_of_a_person_is_nothing_to_the_api(admin):
    assert admin.is_in()
    assert admin.client.get("/v1/quotes").status_code == 401
    assert admin.client.post("/v1/articles", json={"body_text": "“Words,” she said."}).status_code == 401


def test_names_are_shown_as_text(locked, admin):
    made = admin.post("/people", {"name": HOSTILE, "email": "xss@paper.example", "role": "reader"})
    person = Colleague(locked)
    found = accounts_of(locked).find_by_email("xss@paper.example")
    link = accounts_of(locked).renew_link(found.id)
    pages = [made.text, admin.get("/people").text, person.get(f"/invitation/{link.token}").text]
    person.post(f"/invitation/{link.token}", {"password": PASSWORD, "again": PASSWORD})
    pages += [person.get("/account").text, person.get("/articles").text]
    assert [page.count("alert(1)") > 0 for page in pages] == [True] * 5
    assert not any("<script>alert" in page or "<img src=x" in page for page in pages)


@pytest.mark.parametrize(
    "email", [HOSTILE + "@paper.example", "a@b.example\r\nSet-Cookie: a=b", "a\x00@b.example", "é" * 300]
)
def test_odd_addresses_are_refused_and_shown_as_text(locked, ann, email):
    answer = Colleague(locked).sign_in_as(email, "wrong wrong wrong")
    assert answer.status_code in (401, 422)
    assert "<script>alert" not in answer.text
    assert not any("a=b" in value for name, value in answer.headers if name == "Set-Cookie")


def test_a_password_of_a_megabyte_is_not_hashed(locked, ann, monkeypatch):
    monkeypatch.setattr("service.usecases.passwords.is_password", None)
    answer = Colleague(locked).sign_in_as(ann, "a" * 900_000)
    assert answer.status_code in (413, 422)
    assert "aaaa" not in answer.text


def test_no_secret_is_logged(tmp_path, monkeypatch):
    lines = []
    monkeypatch.setattr(logs, "write_whole", lambda written: lines.extend(written.decode().splitlines()))
    url = make_migrated(f"sqlite:///{tmp_path}/s.sqlite3")
    app = create_app(Settings(database_url=url, log_level="INFO"))
    # One that was used before keeps the level of that time.
    monkeypatch.setattr(sign_in, "log", structlog.get_logger("verbatim.access"))
    link = accounts_of(app).invite("Ann", "ann@paper.example", "reader")
    browser = Colleague(app)
    browser.post(f"/invitation/{link.token}", {"password": PASSWORD, "again": PASSWORD})
    assert browser.sign_in_as("ann@paper.example", "wrong wrong wrong").status_code == 401
    browser.get("/account").close()
    app.extensions[EXTENSION].store.close()
    logs.BUFFER.flush()
    told = "\n".join(lines)
    assert any("/account" in line and link.account.id in line for line in lines), lines
    assert "password_refused" in told
    assert not any(secret in told for secret in (link.token, PASSWORD, "wrong wrong", "ann@paper"))


def test_cookies_of_people_are_out_of_reach(locked, ann):
    browser = Colleague(locked, "https://localhost")
    cookies = [value for name, value in browser.sign_in_as(ann).headers if name == "Set-Cookie"]
    assert len(cookies) == 2
    assert all("HttpOnly" in one and "SameSite=Strict" in one and "Secure" in one for one in cookies)
    assert all(one.startswith("__Host-verbatim") and "Domain" not in one for one in cookies)
