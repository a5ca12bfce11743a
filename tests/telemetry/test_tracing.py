"""Spans reach a collector, say nothing of an article, and cost nothing where there is no collector."""

import subprocess
import sys

import pytest

from service.errors import SettingsError
from service.telemetry import tracing
from service.telemetry.jobs import observed_job
from service.telemetry.stages import Stage, timed
from service.telemetry.tracing import configure_tracing, stop_tracing
from tests.apps import ROOT, running_app
from tests.telemetry.otlp import collecting

ARTICLE = "“We will dredge the harbour this year,” Ann Marlow said in Grimsby."
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def collector():
    with collecting() as collector:
        yield collector
        stop_tracing()


def attributes(span):
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_a_request_and_its_stages_are_one_trace_of_the_caller(collector, tmp_path):
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    with running_app(url, otel_exporter_otlp_endpoint=collector.url) as app:
        headers = {"traceparent": PARENT}
        app.test_client().post("/v1/articles", json={"body_text": ARTICLE}, headers=headers).close()
        stop_tracing()  # as at the end of a process: what is left is sent
    [root] = collector.named("POST /v1/articles")
    assert root.trace_id.hex() == PARENT.split("-")[1]
    assert root.parent_span_id.hex() == PARENT.split("-")[2]
    told = attributes(root)
    assert told["http.route"] == "/v1/articles"
    assert told["http.response.status_code"] == 200
    assert {span.parent_span_id for span in collector.named("cache")} == {root.span_id}
    for stage in Stage:
        spans = collector.named(stage.value)
        assert spans, stage
        assert {span.trace_id for span in spans} == {root.trace_id}
        assert all(root.start_time_unix_nano <= span.start_time_unix_nano for span in spans)
        assert all(span.end_time_unix_nano <= root.end_time_unix_nano for span in spans)
    assert collector.resources[0]["service.name"] == "verbatim"


def test_no_text_is_in_a_span(collector, tmp_path):
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    with running_app(url, otel_exporter_otlp_endpoint=collector.url) as app:
        client = app.test_client()
        client.post("/v1/articles", json={"body_text": ARTICLE, "headline": "Grimsby harbour"}).close()
        client.post("/v1/check", json={"quote": "We will dredge the harbour"}).close()
        client.get("/v1/quotes?q=dredge+harbour").close()
        client.get("/v1/articles/harbour-marlow").close()
        stop_tracing()
    told = b"".join(collector.bodies).lower()
    assert b"/v1/quotes" in told
    for word in (b"dredge", b"marlow", b"grimsby", b"harbour"):
        assert word not in told


def test_an_error_is_told_without_its_message(collector):
    configure_tracing(collector.url, "1")
    with pytest.raises(ValueError, match="dredge"), observed_job("article", None), timed(Stage.JUDGING):
        raise ValueError("cannot read: dredge the harbour")
    stop_tracing()
    [job] = collector.named("job article")
    assert attributes(job) == {"verbatim.job.kind": "article", "verbatim.job.outcome": "lost"}
    assert job.status.code == 2
    assert not any(span.events for span in collector.spans)
    assert b"dredge" not in b"".join(collector.bodies)


def test_a_job_goes_on_in_the_trace_it_was_left_in(collector):
    configure_tracing(collector.url, "1")
    with observed_job("article", f'{{"request_id": "r1", "traceparent": "{PARENT}"}}') as exchange:
        exchange.outcome = "done"
    stop_tracing()
    [job] = collector.named("job article")
    assert job.trace_id.hex() == PARENT.split("-")[1]


def test_off_it_is_not_even_imported(tmp_path):
    program = (
        "import sys; from service.app import create_app; from service.settings import Settings\n"
        "create_app(Settings(database_url='sqlite:///' + sys.argv[1]))\n"
        # redis-py asks for the metrics API wherever it is installed; what makes and sends spans we ask for
        "assert not [name for name in sys.modules if name.startswith(('opentelemetry.sdk.trace', 'opentelemetry.exporter'))]"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "store.sqlite3")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert tracing.span("retrieval") is tracing.NO_SPAN


def test_without_the_library_the_start_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("opentelemetry.sdk")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match=r"verbatim\[otel\]"):
        configure_tracing("http://127.0.0.1:4318", "1")
