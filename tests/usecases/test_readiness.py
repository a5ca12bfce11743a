"""Whether all is there, told in time also where a part hangs."""

import threading
from dataclasses import replace

import pytest

from service.errors import StoreUnavailable
from service.usecases.readiness import NO_ANSWER, Part, PartState, ReadinessProbe
from service.web.services import EXTENSION
from tests.apps import running_app

FINE = PartState("ok", "ok")


class Hanging:
    """A part that answers when it is let go."""

    def __init__(self):
        self.free = threading.Event()
        self.asked = 0

    def __call__(self):
        self.asked += 1
        assert self.free.wait(30)
        return FINE


@pytest.fixture
def hanging():
    part = Hanging()
    yield part
    part.free.set()


def fail():
    raise StoreUnavailable("away")


def break_unforeseen():
    raise RuntimeError("not one of ours")


@pytest.mark.parametrize(("vital", "status"), [(True, "unavailable"), (False, "degraded")])
def test_a_part_that_hangs_is_not_waited_for(hanging, vital, status):
    parts = {"slow": Part(hanging, is_vital=vital), "quick": Part(lambda: FINE)}
    readiness = ReadinessProbe(parts, patience_s=0.05, fresh_s=0).look()
    assert readiness.status == status
    assert readiness.parts["slow"] == PartState(status, NO_ANSWER)
    assert readiness.parts["quick"] == FINE


def test_it_is_asked_once_however_often_somebody_wants_to_know_and_recovers(hanging):
    probe = ReadinessProbe({"slow": Part(hanging)}, patience_s=0.02, fresh_s=0)
    assert [probe.look().status for _ in range(5)] == ["degraded"] * 5
    assert hanging.asked == 1
    hanging.free.set()
    probe = ReadinessProbe({"slow": Part(hanging)}, patience_s=30, fresh_s=0)
    assert probe.look().status == "ready"


def test_several_that_hang_are_waited_for_together(hanging):
    parts = {str(number): Part(hanging) for number in range(20)}
    probe = ReadinessProbe(parts, patience_s=0.05, fresh_s=0)
    assert {part.detail for part in probe.look().parts.values()} == {NO_ANSWER}
    assert hanging.asked == 20, "each in a thread of its own"


def test_failures_of_ours_and_others(capfd, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _: None)  # the thread's own end, which Python tells
    parts = {"away": Part(fail, is_vital=True), "broken": Part(break_unforeseen)}
    readiness = ReadinessProbe(parts, fresh_s=0).look()
    assert readiness.parts["away"] == PartState("unavailable", "StoreUnavailable")
    assert readiness.parts["broken"] == PartState("degraded", "failed")


def test_a_young_answer_is_given_again():
    asked = []
    probe = ReadinessProbe({"a": Part(lambda: asked.append(1) or FINE)}, fresh_s=60)
    assert probe.look() is probe.look()
    assert len(asked) == 1


def test_over_http(tmp_path, hanging):
    with running_app(f"sqlite:///{tmp_path}/store.sqlite3") as app:
        probe = ReadinessProbe({"store": Part(hanging, is_vital=True)}, patience_s=0.05, fresh_s=0)
        app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], readiness=probe)
        answer = app.test_client().get("/readyz")
        assert (answer.status_code, answer.get_json()["store"]) == (503, NO_ANSWER)
        assert answer.get_json()["degraded"] == ["store"]
        told = app.test_client().get("/metrics").text
        assert 'verbatim_degraded{part="store"} 1.0' in told
        assert "verbatim_ready 0.0" in told
