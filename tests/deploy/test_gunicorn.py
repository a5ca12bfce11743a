"""gunicorn takes the configuration, and it says what it should."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
from gunicorn.config import KNOWN_SETTINGS  # type: ignore[import-untyped]

from tests.deploy.dockerfile import PROJECT


def resolve(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What gunicorn makes of the file in that environment, `name = value` a line, without loading the app."""
    program = (
        "import sys; sys.argv = ['gunicorn', '-c', 'deploy/gunicorn.conf.py', 'service.wsgi:app']\n"
        "from gunicorn.app.wsgiapp import WSGIApplication\n"
        "for name, setting in WSGIApplication().cfg.settings.items(): print(name, '=', repr(setting.get()))"
    )
    return subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, env=environ, capture_output=True, text=True, check=False
    )


def resolved(environ: dict[str, str]) -> dict[str, str]:
    done = resolve(environ)
    assert done.returncode == 0, done.stderr
    return dict(line.split(" = ", 1) for line in done.stdout.splitlines())


def test_no_header_sets_the_path() -> None:
    assert resolved({"PATH": ""})["forwarder_headers"] in ("''", "[]")


def test_defaults() -> None:
    config = resolved({})
    assert config["bind"] == "['127.0.0.1:8000']", "nobody else's network until it is asked for"
    assert config["workers"] == "2"
    assert config["preload_app"] == "False"
    assert config["control_socket_disable"] == "True"


def test_what_would_show_text_is_not_logged() -> None:
    assert resolved({})["accesslog"] == "None"
    assert resolved({"LOG_LEVEL": "DEBUG"})["accesslog"] == "None"


def test_the_environment_is_heard() -> None:
    config = resolved({"HOST": "0.0.0.0", "PORT": "9000", "WEB_CONCURRENCY": "5", "LOG_LEVEL": "warning"})
    assert config["bind"] == "['0.0.0.0:9000']"
    assert (config["workers"], config["loglevel"]) == ("5", "'warning'")


def test_an_ipv6_host() -> None:
    assert resolved({"HOST": "::1"})["bind"] == "['[::1]:8000']"


@pytest.mark.parametrize(
    "environ", [{"PORT": "eighty"}, {"WEB_CONCURRENCY": "0"}, {"DATABASE_URL": "mysql://x"}]
)
def test_a_wrong_setting_is_one_line_and_no_traceback(environ: dict[str, str]) -> None:
    done = resolve(environ)
    assert done.returncode != 0
    assert re.fullmatch(rf"verbatim: .*{next(iter(environ))}[^\n]*\n", done.stderr)


def test_every_name_in_it_is_one_that_gunicorn_knows() -> None:
    spec = importlib.util.find_spec("service.gunicorn_config")
    assert spec is not None
    assert spec.origin is not None
    names = re.findall(r"^([a-z_]+) = ", Path(spec.origin).read_text(), re.MULTILINE)
    assert len(names) > 10
    # gunicorn itself passes over a name that it does not know, a misspelt one too.
    assert set(names) - {"settings"} <= {setting.name for setting in KNOWN_SETTINGS}


def test_garbage_is_collected_once_the_app_is_there() -> None:
    program = (
        "import gc\n"
        "from types import SimpleNamespace\n"
        "from service import gunicorn_config\n"
        "gunicorn_config.post_fork(None, None)\n"
        "print(gc.isenabled(), gc.get_freeze_count())\n"
        "gunicorn_config.post_worker_init(SimpleNamespace(age=2, alive=True))\n"
        "print(gc.isenabled(), gc.get_freeze_count() > 10_000)\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=PROJECT, env={}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "0", "True", "True"]
