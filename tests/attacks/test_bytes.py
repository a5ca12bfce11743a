"""Bytes are bounded, not only counts: waiting jobs, unpacked imports, results on disk."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest
import yaml

from service.errors import Overloaded
from service.settings import Settings, read_settings
from service.store import Store
from service.usecases.background.accept_jobs import BatchItem, JobAcceptor
from service.usecases.import_records import InputBroken
from service.web.http import buffered_stream
from service.web.http.buffered_stream import BufferedStream
from service.web.http.ndjson_body import limit_bytes
from service.web.http.overload import LASTING
from tests.apps import ROOT, running_app
from tests.stores import open_migrated


class NoQueue:
    def wake(self, count: int = 1) -> None:
        """Wake nobody."""


@pytest.fixture
def store(tmp_path):
    opened = open_migrated(f"sqlite:///{tmp_path}/s.sqlite3")
    yield opened
    opened.close()


def body_of(size: int) -> str:
    return json.dumps({"body_text": "a" * size})


def test_the_jobs_of_one_key_wait_with_so_many_bytes(store: Store):
    acceptor = JobAcceptor(store, NoQueue(), max_bytes=10_000)  # type: ignore[arg-type]
    for number in range(3):
        acceptor.accept_article(body_of(3_000), f"urn:{number}", "greedy")
    with pytest.raises(Overloaded, match="10,000 bytes"):
        acceptor.accept_article(body_of(3_000), "urn:4", "greedy")
    with pytest.raises(Overloaded):
        acceptor.accept_batch([BatchItem(body_of(500))] * 4, "greedy")
    with pytest.raises(Overloaded):
        acceptor.accept_batch([BatchItem(body_of(500))] * 30, "other")
    acceptor.accept_article(body_of(3_000), "urn:5", "other")
    acceptor.accept_removal("urn:6", "greedy")


def test_the_setting_reaches_the_acceptor(tmp_path):
    from service.wiring import build_services

    settings = read_settings(
        {
            "DATABASE_URL": f"sqlite:///{tmp_path}/s.sqlite3",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "QUEUED_MAX_BYTES": "5000",
        }
    )
    services = build_services(settings)
    try:
        assert services.background.jobs is not None
        assert services.background.jobs.max_bytes == 5_000
    finally:
        services.store.close()


def line(number: int) -> bytes:
    record: dict[str, Any] = {
        "text": f"We counted {number} ships",
        "speaker": "Ann Lee",
        "source": {"uri": "urn:ships"},
    }
    return json.dumps(record).encode() + b"\n"


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_an_import_is_read_up_to_so_many_bytes(tmp_path, packed):
    body = b"".join(map(line, range(40))) + b"\n" * 1_000_000  # blank lines shrink to nothing
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", import_max_bytes=500_000) as app:
        answer = app.test_client().post(
            "/v1/quotes:import?kind=quotes",
            data=gzip.compress(body) if packed else body,
            content_type="application/x-ndjson",
            headers={"Content-Encoding": "gzip"} if packed else {},
        )
        assert answer.status_code == 200
        assert "500,000 bytes" in answer.text
        summary = json.loads(answer.text.strip().splitlines()[-1])
        assert (summary["status"], summary["added"]) == ("stopped", 40)


def test_bytes_beyond_the_limit_are_not_handed_on():
    taken = []
    with pytest.raises(InputBroken, match="more than 5 bytes"):
        for block in limit_bytes([b"abc", None, b"de", b"f", b"g"], 5):
            taken.append(block)
    assert taken == [b"abc", None, b"de"]


def test_results_on_disk_are_bounded_by_the_setting(tmp_path, monkeypatch):
    """A client that sends and does not read: the buffer waits for it, at the limit of the setting."""
    limits = []
    original = BufferedStream.__init__

    def noted(self, connection, most_aside=buffered_stream.MOST_ASIDE):
        limits.append(most_aside)
        original(self, connection, most_aside)

    monkeypatch.setattr(BufferedStream, "__init__", noted)
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", buffer_max_bytes=6_000_000) as app:
        answer = app.test_client().post(
            "/v1/quotes:import?kind=quotes", data=line(1), content_type="application/x-ndjson"
        )
        assert answer.status_code == 200
        assert answer.text
    assert limits == [6_000_000 // (2 * LASTING)]


def test_the_disk_of_a_pod_holds_what_the_settings_allow():
    folder = ROOT / "deploy" / "kubernetes"
    data = yaml.safe_load((folder / "settings.yaml").read_text())["data"]
    settings = read_settings(data)
    [deployment] = [
        found
        for found in yaml.safe_load_all((folder / "web.yaml").read_text())
        if found["kind"] == "Deployment"
    ]
    [volume] = [v for v in deployment["spec"]["template"]["spec"]["volumes"] if v["name"] == "tmp"]
    matched = re.fullmatch(r"(\d+)Mi", volume["emptyDir"]["sizeLimit"])
    assert matched is not None
    needed = settings.web_concurrency * settings.buffer_max_bytes
    assert int(matched[1]) * 2**20 >= needed + 200_000_000, "and room for what imports sort"
    assert settings.buffer_max_bytes == Settings().buffer_max_bytes
