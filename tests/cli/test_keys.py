"""`verbatim keys`, and what the server says of who may use it."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from service.cli import commands
from service.cli.keys import read_expiry
from service.store import open_store
from service.usecases.api_keys import KeyRing

TOKEN = r"vb_([a-z2-7]{10})_[a-z2-7]{40}"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/s.sqlite3")

    def run(*arguments):
        return CliRunner().invoke(commands, ["keys", *arguments])

    return run


def test_a_key_from_its_making_to_its_end(run, tmp_path):
    made = run("create", "--name", "The CMS", "--scope", "write", "--scope", "read", "--expires", "90")
    assert made.exit_code == 0, made.output
    found = re.fullmatch(TOKEN, made.stdout.strip())
    assert found, "standard output is the key and nothing else, for scripts"
    assert "not shown again" in made.stderr
    listed = run("list").stdout
    assert found[1] in listed
    assert "The CMS" in listed
    assert "read,write" in listed
    assert "never used" in listed
    assert found[0] not in listed
    store = open_store(f"sqlite:///{tmp_path}/s.sqlite3")
    assert KeyRing(store.keys).verify(found[0])
    assert "never used" not in run("list").stdout
    assert run("revoke", found[1]).exit_code == 0
    assert KeyRing(store.keys).verify(found[0]) is None
    store.close()
    assert "revoked" in run("list").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--name", "a"),
        ("create", "--scope", "read"),
        ("create", "--name", "a", "--scope", "root"),
        ("create", "--name", "a", "--scope", "read", "--expires", "soon"),
        ("create", "--name", "a", "--scope", "read", "--expires", "9999-12-31"),
        ("create", "--name", "a", "--scope", "read", "--expires", "2020-01-01"),
        ("create", "--name", " ", "--scope", "read"),
        ("revoke", "zzzzzzzzzz"),
    ],
)
def test_what_cannot_be_done_makes_nothing(run, arguments):
    assert run(*arguments).exit_code != 0
    assert run("list").stdout == ""


def test_when_a_key_ends():
    now = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    assert read_expiry("2", now) == now + timedelta(days=2)
    assert read_expiry("2026-11-23", now) == datetime(2026, 11, 24, tzinfo=UTC)
    for text in ("", "0.5", "-1", "٣", "2026-02-30", "123456"):
        with pytest.raises(click.BadParameter):
            read_expiry(text, now)


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "locked: every request"),
        ({"ACCESS": "locked"}, "needs a key (verbatim keys create); there is none yet"),
        ({"HOST": "0.0.0.0"}, "locked"),
        ({"ACCESS": "open"}, "OPEN for development"),
    ],
)
def test_the_start_says_who_may_use_the_server(run, monkeypatch, environment, told):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("os.execv", lambda *_: None)
    assert told in CliRunner().invoke(commands, ["serve"]).stderr


def test_an_open_server_does_not_start_for_a_network_at_all(tmp_path):
    done = subprocess.run(
        ["verbatim", "serve"],
        env={"PATH": f"{sys.prefix}/bin", "HOST": "0.0.0.0", "ACCESS": "open"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "HOST=0.0.0.0 is reached by others" in done.stderr
