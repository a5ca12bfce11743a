"""Too much to do: what is accepted is bounded, the rest is told so, and what costs nothing is served."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from service.cache.memory_cache import MemoryCache
from service.cache.null_cache import NoCache
from service.errors import Overloaded
from service.gunicorn_config import OTHER_THREADS
from service.web.http import overload
from service.web.http.overload import EXTENSION, Gate, GatedCache
from tests.apps import running_app

CHECK = {"quote": "We will dredge the harbour to eleven metres"}


class Held:
    """Threads that hold a gate until they are let go."""

    def __init__(self, enter, count):
        self.entered, self.release = threading.Semaphore(0), threading.Event()
        self.pool = ThreadPoolExecutor(count)
        self.runs = [self.pool.submit(self.hold, enter) for _ in range(count)]

    def hold(self, enter):
        with enter():
            self.entered.release()
            assert self.release.wait(60)

    def wait_for(self, count):
        for _ in range(count):
            assert self.entered.acquire(timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.release.set()
        self.pool.shutdown()
        for run in self.runs:
            run.result()


@pytest.fixture
def full(app):
    """The app's gates of articles and of checks with all their places taken."""
    gates = app.extensions[EXTENSION]
    places = [gate.place for gate in (gates.computing, gates.checking) for _ in range(gate._most)]
    waiting = iter(places)

    def take_next():
        return next(waiting)()

    with Held(take_next, len(places)) as held:
        held.wait_for(len(places))
        yield held


def test_slots_and_places_are_bounded():
    gate = Gate(2, 1, wait_s=60)
    with Held(gate.slot, 3) as held:
        held.wait_for(2)
        while gate._taken < 3:  # the third waits
            time.sleep(0.001)
        with pytest.raises(Overloaded), gate.place():
            raise AssertionError("a fourth place")
    with gate.slot():
        assert gate._taken == 1
    assert gate._taken == 0


def test_who_waits_too_long_is_sent_away_and_leaves_no_trace():
    gate = Gate(1, 1, wait_s=0.01)
    with Held(gate.slot, 1) as held:
        held.wait_for(1)
        with pytest.raises(Overloaded), gate.slot():
            raise AssertionError("a second slot")
        assert gate._taken == 1
    with gate.slot():
        pass


def test_long_ones_let_fewer_wait():
    gate = Gate(1, 100, wait_s=3.0)
    gate._mean_s = 2.0
    with Held(gate.place, 2) as held:
        held.wait_for(2)  # one computes, one waits 2 s; the next would wait for 4
        with pytest.raises(Overloaded), gate.place():
            raise AssertionError("a third place")
    for _ in range(50):
        with gate.slot():
            pass
    with Held(gate.place, 20) as held:
        held.wait_for(20)


def test_an_error_gives_its_slot_back():
    gate = Gate(1, 0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate.slot():
            raise ZeroDivisionError
    assert gate._taken == 0


def test_what_is_kept_is_served_while_all_compute():
    gate = Gate(1, 0)
    cache = GatedCache(MemoryCache(60, 10_000), gate)
    assert cache.get_or_compute("verbatim:1:t:a", lambda: b"1").value == b"1"
    with Held(gate.slot, 1) as held:
        held.wait_for(1)
        assert cache.get_or_compute("verbatim:1:t:a", lambda: b"2").value == b"1"
        with pytest.raises(Overloaded):
            cache.get_or_compute("verbatim:1:t:b", lambda: b"2")
    assert cache.get_or_compute("verbatim:1:t:b", lambda: b"2").value == b"2"


def test_who_wants_the_same_needs_no_place_of_his_own():
    gate, computing, release = Gate(1, 0), threading.Event(), threading.Event()
    cache = GatedCache(NoCache(), gate, followers=3)

    def compute():
        computing.set()
        assert release.wait(60)
        return b"1"

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(cache.get_or_compute, "verbatim:1:t:a", compute)
        assert computing.wait(60)
        others = [pool.submit(cache.get_or_compute, "verbatim:1:t:a", compute) for _ in range(3)]
        while cache._followers.acquire(blocking=False):  # until all three follow
            cache._followers.release()
            time.sleep(0.001)
        with pytest.raises(Overloaded):
            cache.get_or_compute("verbatim:1:t:a", compute)
        release.set()
        assert {run.result().value for run in [first, *others]} == {b"1"}
        assert sum(run.result().collapsed for run in others) == 3


def test_the_web_server_has_threads_for_all_that_may_wait():
    checks = overload.CHECKING + overload.CHECKS_WAITING
    assert 2 * overload.FOLLOWERS + checks + 2 * overload.SEARCHING + overload.LASTING == OTHER_THREADS


def test_over_http(client, full):
    refused = client.post("/v1/check", json=CHECK)
    assert refused.status_code == 503
    assert refused.content_type == "application/problem+json"
    assert int(refused.headers["Retry-After"]) > 0
    assert "more to do" in refused.get_json()["detail"]
    assert client.post("/v1/articles", json={"body_text": "“We will,” he said."}).status_code == 503
    assert client.put("/v1/articles/a", json={"body_text": "“We will,” he said."}).status_code == 503
    for path in ("/livez", "/readyz", "/v1/quotes", "/v1/quotes?q=harbour"):
        assert client.get(path).status_code == 200, path
    full.release.set()
    full.pool.shutdown()
    assert client.post("/v1/check", json=CHECK).status_code == 200
    assert client.get("/v1/quotes").get_json()["quotes"] == [], "nothing of what was refused is kept"


def test_hits_are_served_under_overload(app, client):
    assert "hit" not in client.post("/v1/check", json=CHECK).headers["Cache-Status"]
    gate = app.extensions[EXTENSION].checking
    with Held(gate.place, gate._most) as held:
        held.wait_for(gate._most)
        again = client.post("/v1/check", json={**CHECK, "speaker": None})  # other bytes, the same question
        assert (again.status_code, "hit" in again.headers["Cache-Status"]) == (200, True)
        assert client.post("/v1/check", json={"quote": "Nobody asked for this before"}).status_code == 503


def test_transfers_are_counted_until_they_are_sent(client, app):
    gate = app.extensions[EXTENSION].lasting
    with client.get("/v1/quotes:export") as first:
        assert first.status_code == 200
    leaves = [gate.enter() for _ in range(overload.LASTING)]
    assert client.get("/v1/quotes:export").status_code == 503
    leaves[0]()
    with client.get("/v1/quotes:export") as again:
        assert again.status_code == 200
    leaves[1]()


def test_an_article_that_is_too_long(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", max_text_chars=1000) as app:
        client = app.test_client()
        assert client.post("/v1/articles", json={"body_text": "a " * 500}).status_code == 200
        for member, text in (("body_text", "a" * 1001), ("body_html", f"<p>{'a' * 1001}</p>")):
            refused = client.post("/v1/articles", json={member: text})
            assert refused.status_code == 422
            assert refused.get_json()["errors"] == [
                {
                    "pointer": f"/{member}",
                    "detail": "The text has 1,001 characters; this server takes 1,000.",
                }
            ]
        markup = f"<p {'class=x ' * 500}>A few words of text.</p>"
        assert client.post("/v1/articles", json={"body_html": markup}).status_code == 200


def test_an_article_with_too_many_quotations_says_which_were_not_looked_up(tmp_path):
    said = [f"“The pier number {number} is closed for good,” Ann Marlow said." for number in range(8)]
    with running_app(f"sqlite:///{tmp_path}/s.sqlite3", max_judged_quotes=5) as app:
        client = app.test_client()
        answer = client.post("/v1/articles", json={"body_text": "\n\n".join([*said, said[0]])}).get_json()
        rules = [quote["verdict"]["rule"] for quote in answer["quotes"]]
        assert len(rules) == 9
        assert [rule == "not_judged" for rule in rules] == [False] * 5 + [True] * 3 + [False]
        assert any("3 quotations were not looked up" in note for note in answer["notes"])
        unjudged = answer["quotes"][6]["verdict"]
        assert (unjudged["fidelity"], answer["quotes"][6]["matches"]) == ("insufficient", [])
        assert "Not looked up" in unjudged["explanation"]


@pytest.mark.parametrize(("depth", "status"), [(63, 422), (64, 400), (900, 400), (100_000, 400)])
def test_deep_json(client, depth, status):
    body = b'{"body_text": ' + b"[" * depth + b"]" * depth + b"}"
    answer = client.post("/v1/articles", data=body, content_type="application/json")
    assert answer.status_code == status
    assert ("64 levels" in answer.text) == (status == 400)


def test_one_caller_leaves_room_for_others():
    asking = threading.local()
    gate = Gate(2, 6, wait_s=60, who=lambda: getattr(asking, "who", None))

    @contextmanager
    def enter(who):
        asking.who = who
        with gate.place():
            yield

    with Held(lambda: enter("a"), 6) as held:
        held.wait_for(6)
        with pytest.raises(Overloaded), enter("a"):
            pass
        with enter("b"):
            assert gate._each == {"a": 6, "b": 1}
    assert (gate._taken, gate._each) == (0, {})


def test_who_asks_is_the_key_or_the_address(app):
    from service.web.http.overload import caller

    assert caller() is None
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        assert caller() == "192.0.2.7"
