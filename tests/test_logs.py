"""Logs say what happened and where, and never what an article said."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import logging, structlog
from service.logs import configure_logs

configure_logs("INFO")

def fail(article):
    copy = article.upper()
    raise ValueError(f"cannot read {article} {copy}")

for logger in (structlog.get_logger("a"), logging.getLogger("b")):
    try:
        fail("the mayor will resign on Friday")
    except ValueError:
        logger.error("unforeseen", exc_info=True)
structlog.get_logger("a").info("request", route="/livez")
logging.getLogger("b").warning("queue unavailable: %s", "TimeoutError")
structlog.get_logger("a").debug("too fine to be told")
"""


@pytest.fixture(scope="module")
def told():
    return subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stderr


@pytest.mark.parametrize("number", [0, 1], ids=["structlog", "logging"])
def test_a_traceback_tells_the_place_and_not_the_content(told, number):
    line = json.loads(told.splitlines()[number])
    assert line["event"] == "unforeseen"
    [error] = line["exception"]
    assert error["exc_type"] == "ValueError"
    assert error["frames"][-1]["name"] == "fail"
    assert "mayor" not in told.lower()


def test_a_line_is_one_json_object_with_time_and_level(told):
    first, second = (json.loads(line) for line in told.splitlines()[2:])
    assert (first["event"], first["route"], first["level"]) == ("request", "/livez", "info")
    assert (second["event"], second["level"]) == ("queue unavailable: TimeoutError", "warning")
    assert first["timestamp"].endswith("Z")
