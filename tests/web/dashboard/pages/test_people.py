"""Signing in as a person, one's account, and the people page of administrators."""

from __future__ import annotations

import re

import pytest

from service.web.services import EXTENSION
from tests.apps import post_article
from tests.web.dashboard.colleague import PASSWORD, Colleague, accounts_of, add_person, signed_in
from tests.web.dashboard.pages.test_sign_off import form_of
from tests.web.dashboard.visitor import Visitor

BODY = "“Nobody has shown me a single map of the new harbour,” Carla Stone said afterwards."
LINK = re.compile(r'id="link" type="text" readonly value="http://localhost(/invitation/[\w-]+)"')


def test_without_people_the_page_asks_for_a_key(tmp_path, app):
    page = Visitor(app).get("/sign-in").text
    assert "API key" in page
    assert "Password" not in page


def test_from_invitation_to_sign_off_under_a_name(locked):
    admin = signed_in(locked, "chief@paper.example", "admin", "Zoë Chief")
    asked = {"name": "Bo Reyes", "email": "bo@paper.example", "role": "editor"}
    made = admin.post("/people", asked)
    assert made.status_code == 200
    [link] = LINK.findall(made.text)
    browser = Colleague(locked)
    shown = browser.get(link)
    assert "Bo Reyes" in shown.text
    answer = browser.post(link, {"password": PASSWORD, "again": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    page = browser.get("/account").text
    assert "Bo Reyes" in page
    assert "Editor or fact-checker" in page
    key = browser.ring.create("CMS", ("write", "read")).token
    headers = {"Authorization": f"Bearer {key}"}
    sent = {"body_text": BODY, "uri": "urn:bo"}
    article = locked.test_client().post("/v1/articles", json=sent, headers=headers).get_json()
    address = f"/articles/view/{article['id']}/quotes/{article['quotes'][0]['id']}/sign-off"
    fields = form_of(browser.get(f"/articles/view/{article['id']}").text, 1)
    done = browser.post(address, fields | {"status": "right", "note": "I called her."})
    assert done.status_code in (200, 303), done.text
    person = accounts_of(locked).find_by_email("bo@paper.example")
    stored = locked.extensions[EXTENSION].store.sign_offs.find_of(article["id"]).values()
    assert [(one.by, one.key_id) for one in stored] == [("Bo Reyes", person.id)]


def test_the_form_comes_back_with_the_address_and_without_the_password(locked):
    add_person(locked, "ann@paper.example")
    browser = Colleague(locked)
    answer = browser.sign_in_as("ann@paper.example", "wrong wrong wrong")
    assert answer.status_code == 401
    assert 'value="ann@paper.example"' in answer.text
    assert "wrong wrong" not in answer.text
    assert "The e-mail address or the password is wrong." in answer.text
    assert browser.sign_in_as("ann@paper.example", "").status_code == 422


def test_one_is_led_back_after_signing_in(locked):
    add_person(locked, "ann@paper.example")
    answer = Colleague(locked).sign_in_as("ann@paper.example", back="/search?q=harbour")
    assert (answer.status_code, answer.location) == (303, "/search?q=harbour")


def test_another_password_ends_other_sessions(locked):
    here = signed_in(locked, "cy@paper.example")
    there = Colleague(locked)
    there.sign_in_as("cy@paper.example")
    fields = {"old": PASSWORD, "password": "another fen 53 mill", "again": "another fen 53 mill"}
    assert here.post("/account/password", fields | {"again": "x"}).status_code == 422
    assert "not your present password" in here.post("/account/password", fields | {"old": "x"}).text
    assert "12 characters" in here.post("/account/password", fields | {"password": "x", "again": "x"}).text
    assert here.post("/account/password", fields).status_code == 303
    assert "is changed" in here.get("/account?changed=password").text
    assert not there.is_in()
    assert Colleague(locked).sign_in_as("cy@paper.example").status_code == 401
    assert Colleague(locked).sign_in_as("cy@paper.example", "another fen 53 mill").status_code == 303


def test_signing_out_everywhere_ends_every_session(locked):
    here, there = signed_in(locked, "di@paper.example"), Colleague(locked)
    there.sign_in_as("di@paper.example")
    assert there.is_in()
    assert here.post("/account/sign-out-everywhere").location == "/sign-in"
    assert not here.is_in()
    assert not there.is_in()


def test_an_administrator_disables_and_enables(locked):
    admin, person = signed_in(locked, "chief@paper.example", "admin"), signed_in(locked, "ed@paper.example")
    found = accounts_of(locked).find_by_email("ed@paper.example")
    assert admin.post(f"/people/{found.id}/disable").status_code == 303
    assert not person.is_in()
    assert "Disabled" in admin.get("/people").text
    assert admin.post(f"/people/{found.id}/link").status_code == 409
    assert admin.post(f"/people/{found.id}/enable").status_code == 303
    assert person.sign_in_as("ed@paper.example").status_code == 303


def test_a_role_is_changed_while_somebody_is_signed_in(locked):
    admin, person = signed_in(locked, "chief@paper.example", "admin"), signed_in(locked, "fi@paper.example")
    found = accounts_of(locked).find_by_email("fi@paper.example")
    assert person.get("/articles/check").status_code == 200
    assert admin.post(f"/people/{found.id}/role", {"role": "reader"}).status_code == 303
    answer = person.get("/articles/check")
    assert answer.status_code == 403
    assert "Your role, reader, does not include this" in answer.text
    assert admin.post(f"/people/{found.id}/role", {"role": "owner"}).status_code == 422


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": "", "email": "x@paper.example", "role": "reader"}, "The name must be"),
        ({"name": "X", "email": "x", "role": "reader"}, "The e-mail address must be"),
        ({"name": "X", "email": "chief@paper.example", "role": "reader"}, "has an account already"),
    ],
)
def test_an_invitation_that_cannot_be_made_says_why(locked, fields, fault):
    answer = signed_in(locked, "chief@paper.example", "admin").post("/people", fields)
    assert answer.status_code == 422
    assert fault in answer.text


def test_a_forgotten_password_is_replaced_by_a_link(locked):
    admin = signed_in(locked, "chief@paper.example", "admin")
    person = signed_in(locked, "gus@paper.example")
    found = accounts_of(locked).find_by_email("gus@paper.example")
    [link] = LINK.findall(admin.post(f"/people/{found.id}/link").text)
    assert person.is_in()  # until the link is used
    new = "three quiet otters 5"
    browser = Colleague(locked)
    assert "The two passwords differ" in browser.post(link, {"password": new, "again": "x"}).text
    assert browser.post(link, {"password": new, "again": new}).status_code == 303
    assert not person.is_in()
    assert browser.is_in()


def test_this_machine_may_invite_without_a_key(app):
    made = Visitor(app).post("/people", {"name": "A", "email": "a@paper.example", "role": "admin"})
    assert len(LINK.findall(made.text)) == 1
    assert "Password" in Visitor(app).get("/sign-in").text
    assert post_article(app.test_client(), BODY)["quotes"]  # the API asks for nothing, as before


def test_a_key_has_no_account(guest):
    guest.sign_in("admin")
    assert guest.get("/account").status_code == 303
    assert guest.post("/account/sign-out-everywhere").status_code == 303
    assert guest.get("/people").status_code == 200
