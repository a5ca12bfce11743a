"""Somebody who signs in as a person: an account with a role, and a browser of their own."""

from __future__ import annotations

from flask import Flask
from werkzeug.test import TestResponse

from service.store.accounts import AccountRecord
from service.usecases.accounts import Accounts
from service.web.services import EXTENSION
from tests.web.dashboard.visitor import Visitor

PASSWORD = "kelp tram Onyx 82"


def accounts_of(app: Flask) -> Accounts:
    """The app's own accounts."""
    accounts: Accounts = app.extensions[EXTENSION].accounts
    return accounts


def add_person(app: Flask, email: str, role: str = "reporter", name: str = "Ann Marlow") -> AccountRecord:
    """A person who has chosen `PASSWORD`; the one who has the address already, if there is one."""
    accounts = accounts_of(app)
    found = accounts.find_by_email(email)
    return found or accounts.accept(accounts.invite(name, email, role).token, PASSWORD)


class Colleague(Visitor):
    """A browser of a person."""

    def sign_in_as(self, email: str, password: str = PASSWORD, back: str | None = None) -> TestResponse:
        """Send the form."""
        fields = {"email": email, "password": password} | ({"next": back} if back else {})
        return self.post("/sign-in", fields)

    def is_in(self) -> bool:
        """Whether pages are shown."""
        return self.get("/help").status_code == 200 and self.get("/articles").status_code == 200


def signed_in(app: Flask, email: str, role: str = "reporter", name: str = "Ann Marlow") -> Colleague:
    """A browser in which a new person has signed in."""
    add_person(app, email, role, name)
    browser = Colleague(app)
    assert browser.sign_in_as(email).status_code == 303
    return browser
