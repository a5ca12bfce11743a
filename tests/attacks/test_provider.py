"""Attacks on signing in at an OpenID Connect provider: states, nonces, issuers, forged tokens, and who is let in."""

from __future__ import annotations

import base64
import hmac
import html
import json
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from service.usecases import oidc
from service.usecases.oidc import Provider
from tests.apps import running_app
from tests.web.dashboard.colleague import PASSWORD, Colleague, accounts_of, add_person

ISSUER = "https://login.paper.example"
CLIENT = "verbatim"
SECRET = "a secret of the client that is long enough"
KEY = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}
ALG = "RS256"


class Answers:
    """What the provider answers: its description, its keys and the next ID token."""

    def __init__(self):
        self.metadata = dict(METADATA)
        self.claims = {}
        self.key, self.header = KEY, {"alg": ALG, "kid": "one"}
        self.raw = None
        self.exchanged = []

    def fetch(self, address, _lasts):
        return {"keys": [KEY.as_dict(private=False)]} if address.endswith("/keys") else self.metadata

    def exchange(self, code, verifier, redirect_uri):
        self.exchanged.append((code, verifier, redirect_uri))
        if self.raw is not None:
            return {"access_token": "x", "id_token": self.raw}
        return {"access_token": "x", "id_token": jwt.encode(self.header, self.claims, self.key)}


@pytest.fixture
def answers(monkeypatch):
    """The provider's answers, without a network."""
    answers = Answers()
    monkeypatch.setattr(Provider, "_fetch", lambda _self, *given: answers.fetch(*given))
    monkeypatch.setattr(Provider, "_exchange", lambda _self, *given: answers.exchange(*given))
    return answers


def app_with(tmp_path_factory, **settings):
    url = f"sqlite:///{tmp_path_factory.mktemp('oidc')}/s.sqlite3"
    given = {"oidc_issuer": ISSUER, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    return running_app(url, access="locked", rate_limit_failures=1_000, **given, **settings)


@pytest.fixture(scope="module")
def invited(tmp_path_factory):
    """A server that lets in who was invited."""
    with app_with(tmp_path_factory) as app:
        add_person(app, "ann@paper.example", "editor")
        accounts_of(app).invite("Bob", "bob@paper.example", "reader")
        yield app


@pytest.fixture(scope="module")
def grouped(tmp_path_factory):
    """A server that lets in members of two groups."""
    with app_with(tmp_path_factory, oidc_roles=(("news", "reporter"), ("it", "admin"))) as app:
        yield app


def set_out(browser, **fields):
    """Press the button; the parameters that the browser is sent to the provider with."""
    page = browser.post("/sign-in/provider", fields)
    assert page.status_code == 200, page.text
    [address] = re.findall(r'<a class="button" href="([^"]+)"', page.text)
    return {name: values[0] for name, values in parse_qs(urlsplit(html.unescape(address)).query).items()}


def token_for(asked, **claims):
    """The claims of a right ID token, unless told otherwise."""
    now = int(time.time())
    right = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "s-ann",
        "iat": now,
        "exp": now + 300,
        "nonce": asked["nonce"],
    }
    given = right | {"email": "ann@paper.example", "email_verified": True, "name": "Ann Marlow"} | claims
    return {name: value for name, value in given.items() if value is not None}


def come_back(browser, asked, **query):
    """The provider sends the browser back."""
    return browser.get("/sign-in/provider", query_string={"code": "c", "state": asked["state"]} | query)


def sign_in(app, answers, **claims):
    browser = Colleague(app)
    asked = set_out(browser)
    answers.claims = token_for(asked, **claims)
    return browser, come_back(browser, asked)


def test_the_request_has_pkce_state_and_nonce(invited, answers):
    one, other = set_out(Colleague(invited)), set_out(Colleague(invited))
    assert (one["response_type"], one["client_id"], one["code_challenge_method"]) == ("code", CLIENT, "S256")
    assert one["redirect_uri"] == "http://localhost/sign-in/provider"
    assert all(
        len(one[name]) >= 43 and one[name] != other[name] for name in ("state", "nonce", "code_challenge")
    )


def test_who_was_invited_is_let_in_and_led_back(invited, answers):
    browser = Colleague(invited)
    asked = set_out(browser, next="/search?q=x")
    answers.claims = token_for(asked)
    answer = come_back(browser, asked, iss=ISSUER)
    assert (answer.status_code, answer.location) == (303, "/search?q=x")
    assert "Ann Marlow" in browser.get("/account").text
    assert accounts_of(invited).find_by_email("ann@paper.example").subject == "s-ann"


def test_a_foreign_address_to_go_on_to_is_forgotten(invited, answers):
    browser = Colleague(invited)
    asked = set_out(browser, next="//attacker.example/")
    answers.claims = token_for(asked)
    assert come_back(browser, asked).location == "/"


def test_an_answer_is_taken_once(invited, answers):
    browser = Colleague(invited)
    asked = set_out(browser)
    answers.claims = token_for(asked)
    assert come_back(browser, asked).status_code == 303
    assert come_back(browser, asked).status_code == 401
    assert len(answers.exchanged) == 1


def test_an_answer_that_failed_is_not_taken_again(invited, answers):
    browser = Colleague(invited)
    asked = set_out(browser)
    answers.claims = token_for(asked)
    assert come_back(browser, asked, state="wrong").status_code == 401
    assert come_back(browser, asked).status_code == 401
    assert answers.exchanged == []


def test_an_answer_to_another_browser_is_not_taken(invited, answers):
    attacker, victim = Colleague(invited), Colleague(invited)
    asked = set_out(attacker)
    set_out(victim)
    answers.claims = token_for(asked)
    assert come_back(victim, asked).status_code == 401
    assert not victim.is_in()
    assert answers.exchanged == []


@pytest.mark.parametrize("state", ["", "-", "None", "é", "a" * 5_000])
def test_nobody_comes_back_who_did_not_set_out(invited, answers, state):
    browser = Colleague(invited)
    answer = browser.get("/sign-in/provider", query_string={"code": "c", "state": state})
    assert answer.status_code == 401
    assert answers.exchanged == []


def test_a_sign_in_that_took_too_long_is_begun_again(invited, answers, monkeypatch):
    browser = Colleague(invited)
    asked = set_out(browser)
    monkeypatch.setattr(oidc, "STATE_LASTS_S", -1)
    assert come_back(browser, asked).status_code == 401
    assert answers.exchanged == []


@pytest.mark.parametrize(
    "query", [{"iss": "https://other.example"}, {"error": "access_denied"}, {"code": ""}]
)
def test_another_issuers_answer_and_errors_are_refused(invited, answers, query):
    browser = Colleague(invited)
    asked = set_out(browser)
    answers.claims = token_for(asked)
    assert come_back(browser, asked, **query).status_code == 401
    assert answers.exchanged == []


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"iss": f"{ISSUER}/"},
        {"aud": "another client"},
        {"aud": None},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"nonce": None, "nonce_supported": False},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"sub": 5},
        {"sub": "s" * 300},
        {"at_hash": "of another access token"},
    ],
)
def test_a_token_for_something_else_is_refused(invited, answers, claims):
    browser, answer = sign_in(invited, answers, **claims)
    assert answer.status_code == 401
    assert not browser.is_in()


def unsigned(claims):
    """A token with `alg: none`."""
    parts = [json.dumps({"alg": "none", "kid": "one"}), json.dumps(claims)]
    return ".".join(oidc_part(part) for part in parts) + "."


def oidc_part(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def with_secret(secret):
    """Signed with HS256 and what everybody, or the client, knows."""

    def sign(claims):
        body = ".".join(oidc_part(json.dumps(part)) for part in ({"alg": "HS256", "kid": "one"}, claims))
        mac = hmac.digest(secret, body.encode(), "sha256")
        return f"{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    return sign


FORGED = {
    "not signed": unsigned,
    "signed by another key": lambda claims: jwt.encode({"alg": ALG, "kid": "one"}, claims, OTHER_KEY),
    "signed with the public key as a secret": with_secret(KEY.as_pem(private=False)),
    "signed with the client's secret": with_secret(SECRET.encode()),
    "changed after it was signed": lambda claims: re.sub(
        r"\..*\.",
        f".{oidc_part(json.dumps(claims | {'sub': 's-x'}))}.",
        jwt.encode({"alg": ALG, "kid": "one"}, claims, KEY),
    ),
    "with its own key": lambda claims: jwt.encode(
        {"alg": ALG, "jwk": OTHER_KEY.as_dict(private=False)}, claims, OTHER_KEY
    ),
    "no token": lambda _claims: "x.y.z",
    "empty": lambda _claims: "",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_forged_token_is_refused(invited, answers, forge):
    browser = Colleague(invited)
    asked = set_out(browser)
    answers.raw = forge(token_for(asked))
    assert come_back(browser, asked).status_code == 401
    assert not browser.is_in()
    assert len(answers.exchanged) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"authorization_endpoint": "http://login.paper.example/a"},
    ],
)
def test_the_description_of_another_issuer_is_not_used(invited, answers, changed):
    answers.metadata |= changed
    browser = Colleague(invited)
    assert browser.post("/sign-in/provider").status_code == 401
    assert "did not work" in browser.post("/sign-in/provider").text


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "s-x", "email": "nobody@paper.example"},
        {"sub": "s-x", "email": "bob@paper.example", "email_verified": False},
        {"sub": "s-x", "email": "bob@paper.example", "email_verified": None},
        {"sub": "s-x", "email": "bob@paper.example", "email_verified": "true"},
        {"sub": "s-x", "email": None},
        {"sub": "s-x", "email": ["bob@paper.example"]},
        {"sub": "s-x", "email": "nobody@paper.example", "groups": ["it", "admin"]},
    ],
)
def test_who_was_not_invited_is_not_let_in(invited, answers, claims):
    browser, answer = sign_in(invited, answers, **claims)
    assert answer.status_code == 403
    assert not browser.is_in()
    assert accounts_of(invited).find_by_email("bob@paper.example").subject is None


def test_an_account_belongs_to_the_first_who_proved_the_address(invited, answers):
    _, first = sign_in(invited, answers, sub="s-ann")
    _, second = sign_in(invited, answers, sub="s-thief")
    assert (first.status_code, second.status_code) == (303, 403)
    _, renamed = sign_in(invited, answers, sub="s-ann", email="new@paper.example")
    assert renamed.status_code == 303  # the subject counts, whatever the address


def test_a_disabled_person_is_not_let_in_by_the_provider(invited, answers):
    person = add_person(invited, "cy@paper.example", name="Cy")
    assert sign_in(invited, answers, sub="s-cy", email="cy@paper.example")[1].status_code == 303
    accounts_of(invited).disable(person.id)
    assert sign_in(invited, answers, sub="s-cy", email="cy@paper.example")[1].status_code == 403


def test_groups_decide_and_are_asked_at_every_sign_in(grouped, answers):
    def role_after(*groups):
        _, answer = sign_in(grouped, answers, sub="s-di", email="di@paper.example", groups=list(groups))
        found = accounts_of(grouped).find_by_email("di@paper.example")
        return answer.status_code, found.role if found else None

    assert role_after("sports") == (403, None)
    assert role_after("news") == (303, "reporter")
    assert role_after("it", "news") == (303, "admin")
    assert role_after("news", "nothing") == (303, "reporter")
    assert role_after() == (403, "reporter")
    assert sign_in(grouped, answers, sub="s-e", email="e@paper.example", groups="it")[1].status_code == 403
    assert sign_in(grouped, answers, sub="s-e", email=None, groups=["it"])[1].status_code == 403


def test_a_name_at_the_provider_is_shown_as_text(grouped, answers):
    hostile = "<script>alert(1)</script>"
    browser, answer = sign_in(
        grouped, answers, sub="s-x", email="x@paper.example", groups=["news"], name=hostile
    )
    assert answer.status_code == 303
    assert "alert(1)" in browser.get("/account").text
    assert hostile not in browser.get("/account").text


def test_signing_in_at_the_provider_begins_a_new_session(invited, answers):
    browser = Colleague(invited)
    asked = set_out(browser)
    planted = browser.cookies()["verbatim"]
    answers.claims = token_for(asked)
    assert come_back(browser, asked).status_code == 303
    other = Colleague(invited)
    other.client.set_cookie("verbatim", planted, domain="localhost")
    assert not other.is_in()


def test_the_button_is_no_use_to_another_site(invited, answers):
    browser = Colleague(invited)
    sent = browser.post("/sign-in/provider", headers={"Origin": "https://attacker.example"})
    assert sent.status_code == 403
    assert browser.client.post("/sign-in/provider", data={}).status_code == 403
    assert browser.get("/sign-in/provider").status_code == 401


def test_without_a_provider_there_is_no_such_way_in(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", access="locked") as app:
        browser = Colleague(app)
        assert browser.post("/sign-in/provider").status_code == 404
        assert browser.get("/sign-in/provider?code=c&state=s").status_code == 404
        assert "Sign in with your" not in browser.get("/sign-in").text


def test_a_password_stays_good_beside_the_provider(invited, answers):
    assert Colleague(invited).sign_in_as("ann@paper.example", PASSWORD).status_code == 303
    assert "Sign in with your organisation" in Colleague(invited).get("/sign-in").text
