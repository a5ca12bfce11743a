"""environment.example names every setting, with its default, and nothing that nobody reads."""

from __future__ import annotations

import re

from service.settings import OIDC, Settings, read_settings
from tests.deploy.dockerfile import PROJECT

DEPLOY = PROJECT / "deploy"
EXAMPLE = DEPLOY / "environment.example"


def read_example() -> dict[str, str]:
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]
    pairs = [line.partition("=")[::2] for line in lines]
    assert len(pairs) == len(dict(pairs)), "a variable is named twice"
    return dict(pairs)


def names_read_by_the_deployment() -> set[str]:
    compose = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))
    gunicorn = set(
        re.findall(r"environ\.get\(\"(\w+)\"", (PROJECT / "service" / "gunicorn_config.py").read_text())
    )
    return compose | gunicorn


def test_every_variable_that_is_read_is_named() -> None:
    settings = {setting.upper() for setting in Settings.__slots__} | {f"OIDC_{name}" for name in OIDC}
    assert set(read_example()) == settings | names_read_by_the_deployment()


def test_the_example_is_the_defaults() -> None:
    assert read_settings(read_example()) == Settings()


def test_no_password_is_suggested() -> None:
    passwords = {name: value for name, value in read_example().items() if "PASSWORD" in name}
    assert passwords == {"POSTGRES_PASSWORD": "", "REDIS_PASSWORD": ""}


def test_every_variable_is_explained() -> None:
    paragraphs = EXAMPLE.read_text().strip().split("\n\n")
    assert len(paragraphs) > 6
    for paragraph in paragraphs:
        assert paragraph.startswith("#"), paragraph
