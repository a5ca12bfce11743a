"""`verbatim people`."""

import re

import pytest
from click.testing import CliRunner

from service.cli import commands
from service.errors import Conflict, InvalidInput, NotFound
from service.store import open_store
from service.usecases.accounts import Accounts

GOOD = "kelp tram Onyx 82"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/s.sqlite3")

    def run(*arguments):
        return CliRunner().invoke(commands, ["people", *arguments])

    return run


@pytest.fixture
def accounts(run, tmp_path):
    run("list")
    store = open_store(f"sqlite:///{tmp_path}/s.sqlite3")
    yield Accounts(store.accounts)
    store.close()


def token_of(result, base="http://127.0.0.1:8000"):
    assert result.exit_code == 0, result.output
    found = re.fullmatch(rf"{re.escape(base)}/invitation/([\w-]{{43}})", result.stdout.strip())
    assert found, "standard output is the link and nothing else, for scripts"
    return found[1]


def test_the_first_administrator(run, accounts):
    made = run("add", "Ann Marlow", "ann@paper.example", "--role", "admin")
    assert "not shown again" in made.stderr
    assert "invited" in run("list").stdout
    accounts.accept(token_of(made), GOOD)
    assert accounts.verify("ann@paper.example", GOOD).role == "admin"
    listed = run("list").stdout
    assert "valid" in listed
    assert "Ann Marlow <ann@paper.example>" in listed


def test_links_are_made_anew_for_another_address(run, accounts):
    run("add", "Ann", "ann@paper.example")
    base = "https://verbatim.paper.example"
    token = token_of(run("invite", "ann@paper.example", "--address", base + "/"), base)
    accounts.accept(token, GOOD)
    accounts.accept(token_of(run("reset", "ann@paper.example")), "three quiet otters 5")
    assert accounts.verify("ann@paper.example", "three quiet otters 5") is not None


def test_somebody_is_disabled_enabled_and_given_a_role(run, accounts):
    run("add", "Ann", "ann@paper.example")
    run("add", "Zoë", "zoe@paper.example", "--role", "admin")
    assert "disabled" in run("disable", "ann@paper.example").stderr
    assert accounts.find_by_email("ann@paper.example").disabled_at is not None
    found = accounts.find_by_email("ann@paper.example")
    assert run("enable", found.id).exit_code == 0
    assert run("role", found.id, "editor").exit_code == 0
    assert accounts.get(found.id).role == "editor"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("disable", "nobody@paper.example"), NotFound),
        (("disable", "p1aaaaaaaa"), NotFound),
        (("add", "Ann", "no address"), InvalidInput),
        (("disable", "zoe@paper.example"), Conflict),
    ],
)
def test_what_cannot_be_done_is_said(run, accounts, arguments, error):
    run("add", "Zoë", "zoe@paper.example", "--role", "admin")
    assert isinstance(run(*arguments).exception, error)
