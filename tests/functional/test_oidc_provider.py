"""Signing in at a real OpenID Connect provider, a process of its own: oidc-provider-mock."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.apps import running_app
from tests.servers import find_free_port
from tests.web.dashboard.colleague import Colleague, accounts_of

CLAIMS = '{"sub": "ann", "email": "ann@paper.example", "email_verified": true, "name": "Ann Marlow", "groups": ["news"]}'
UNVERIFIED = '{"sub": "eve", "email": "ann@paper.example", "name": "Eve"}'
START_S = 60.0


@pytest.fixture(scope="module")
def issuer():
    """The provider's address, with two people whom it knows."""
    port = find_free_port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
    ]
    command += ["--user-claims", CLAIMS, "--user-claims", UNVERIFIED]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        url = f"http://localhost:{port}"
        try:
            wait_for(f"{url}/.well-known/openid-configuration")
            yield url
        finally:
            process.terminate()


def wait_for(address):
    ends_at = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.read()
        except (urllib.error.URLError, OSError):
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.1)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def choose(address, subject):
    """Be somebody at the provider; where it sends the browser."""
    data = urllib.parse.urlencode({"sub": subject}).encode()
    try:
        with urllib.request.build_opener(NoRedirect).open(address, data, timeout=30) as answer:
            raise AssertionError(answer.read()[:500])
    except urllib.error.HTTPError as redirected:
        with redirected:
            assert redirected.code == 302, redirected.read()[:500]
            return redirected.headers["Location"]


def sign_in(app, subject):
    browser = Colleague(app)
    page = browser.post("/sign-in/provider").text
    [address] = re.findall(r'<a class="button" href="([^"]+)"', page)
    back = choose(html.unescape(address), subject)
    assert back.startswith("http://localhost/sign-in/provider?")
    return browser, browser.get(back.removeprefix("http://localhost")), back


def app_at(issuer, tmp_path, **settings):
    given = {
        "oidc_issuer": issuer,
        "oidc_client_id": "verbatim",
        "oidc_client_secret": "a secret of the client",
    }
    return running_app(f"sqlite:///{tmp_path}/s.sqlite3", access="locked", **given, **settings)


def test_an_invited_person_signs_in_and_nobody_else(issuer, tmp_path):
    with app_at(issuer, tmp_path) as app:
        refused, answer, _ = sign_in(app, "ann")
        assert answer.status_code == 403
        assert not refused.is_in()
        accounts_of(app).invite("Ann Marlow", "ann@paper.example", "editor")
        assert sign_in(app, "eve")[1].status_code == 403  # the address is not verified
        browser, answer, back = sign_in(app, "ann")
        assert (answer.status_code, answer.location) == (303, "/")
        assert "Ann Marlow" in browser.get("/account").text
        again = browser.get(back.removeprefix("http://localhost"))
        assert again.status_code == 401
        assert accounts_of(app).find_by_email("ann@paper.example").issuer == issuer


def test_members_of_a_group_sign_in_without_an_invitation(issuer, tmp_path):
    with app_at(issuer, tmp_path, oidc_roles=(("news", "reporter"),)) as app:
        browser, answer, _ = sign_in(app, "ann")
        assert answer.status_code == 303
        assert browser.get("/articles/check").status_code == 200
        assert browser.get("/people").status_code == 403
        assert sign_in(app, "eve")[1].status_code == 403
        assert accounts_of(app).find_by_email("ann@paper.example").role == "reporter"


def test_a_provider_that_is_away_is_said(tmp_path):
    with app_at(f"http://localhost:{find_free_port()}", tmp_path) as app:
        answer = Colleague(app).post("/sign-in/provider")
        assert answer.status_code == 401
        assert "did not work" in answer.text
