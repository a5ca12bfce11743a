"""Work is bounded: pathological text costs in proportion to its length, and nobody takes all the places."""

from __future__ import annotations

import cProfile
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from service.errors import InvalidInput, Overloaded
from service.extraction import extract
from service.extraction.attribution.marked_words import Marks
from service.extraction.tagger.layout import read_layout
from service.extraction.tagger.tagger import TAGGER
from service.text import read_document
from service.usecases.articles import article_limits
from service.usecases.articles.article_limits import ArticleLimits
from service.web.http.overload import EXTENSION, Gate
from tests.apps import running_app
from tests.attacks.texts import FORMS, fill

SIZE = 4_000  # characters
LEAST_WORK = 2_000  # calls or characters; a text that takes less is read another way than a longer one


class Sliced(str):
    """A text that counts the characters that slices of it copy, which no count of calls tells."""

    copied = 0

    def __getitem__(self, at):
        part = super().__getitem__(at)
        self.copied += len(part)
        return part


def count_work(text: str, form: str) -> tuple[int, int]:
    """Calls of functions and steps of generators, and characters copied: unlike time, the same on a busy machine."""
    profile = cProfile.Profile()
    document = profile.runcall(lambda: read_document(text, form, None))
    sliced = Sliced(document.text)
    profile.runcall(lambda: extract(replace(document, text=sliced)))
    return sum(entry.callcount for entry in profile.getstats()), sliced.copied


@pytest.mark.parametrize(("form", "size"), [("plain", SIZE), ("markdown", SIZE // 3), ("html", SIZE // 3)])
def test_pathological_text_costs_in_proportion_to_its_length(form, size):
    for warm in ("Warm. “Yes,” he said.", "word " * 800):
        extract(read_document(warm, "plain", None))
    superlinear = {}
    for name, text in FORMS[form].items():
        small, large = (count_work(fill(text, length), form) for length in (size, 2 * size))
        ratios = [
            round(after / max(before, LEAST_WORK), 2) for before, after in zip(small, large, strict=True)
        ]
        if max(ratios) >= 2.6:
            superlinear[name] = ratios
    assert superlinear == {}


@pytest.mark.parametrize("piece", ['"a ', "a: ", "word\n", "said "])
def test_the_same_few_words_again_and_again_are_not_read_by_the_model(monkeypatch, piece):
    tagger = TAGGER.get()
    runs = []
    original = type(tagger)._run
    monkeypatch.setattr(type(tagger), "_run", lambda *args: runs.append(1) or original(*args))
    text = piece * 5_000
    tagger.read(text, read_layout(read_document(text, "plain", None)))
    assert len(runs) <= 1  # the last window may be short
    tagger.read(
        prose := "Ann Lee said that the harbour is deep. ", read_layout(read_document(prose, "plain", None))
    )
    assert len(runs) <= 2


def test_words_inside_marks_are_looked_up_not_searched(monkeypatch):
    """Each word asks about one passage: with 4,000 passages, not about all of them."""
    text = "“a” b " * 4_000
    document = read_document(text, "plain", None)
    marks = Marks(text, read_layout(document).passages)
    asked = []

    class Counted(list):
        def __getitem__(self, at):
            asked.append(at)
            return super().__getitem__(at)

        def __iter__(self):
            for at in range(len(self)):
                yield self[at]

    marks.passages = Counted(marks.passages)
    from service.text.span import Span

    assert marks.type_of([Span(0, len(text))]) == "mixed"
    assert len(asked) < 10 * 4_000 * 2


def test_one_caller_leaves_a_slot_to_others():
    caller = threading.local()
    gate = Gate(2, 8, wait_s=0.05, who=lambda: getattr(caller, "name", None))

    @contextmanager
    def computing(name):
        caller.name = name
        with gate.slot():
            yield

    release, entered = threading.Event(), threading.Event()

    def hold():
        with computing("greedy"):
            entered.set()
            release.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert entered.wait(30)
        with pytest.raises(Overloaded), computing("greedy"):
            pass
        with computing("other"):
            pass
    finally:
        release.set()
        thread.join()
    with computing("greedy"):
        pass
    assert (gate._free, gate._using) == (2, {})


def test_one_caller_follows_half_of_the_streams():
    gate = Gate(8, 0, who=lambda: "key", most_each=4)
    with ExitStack() as stack:
        for _ in range(4):
            stack.callback(gate.enter())
        with pytest.raises(Overloaded):
            gate.enter()
        gate._who = lambda: "other key"
        for _ in range(4):
            stack.callback(gate.enter())
    assert (gate._free, gate._using) == (8, {})


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with running_app(f"sqlite:///{tmp_path_factory.mktemp('work')}/s.sqlite3", max_streams=2) as app:
        yield app


def test_a_stream_of_one_key_leaves_places(app):
    client = app.test_client()
    first = client.get("/v1/events", buffered=False)
    try:
        assert first.status_code == 200
        assert client.get("/v1/events").status_code == 503
        assert (
            client.get("/v1/events", environ_base={"REMOTE_ADDR": "127.0.0.2"}, buffered=False).status_code
            == 200
        )
    finally:
        first.close()


def test_a_check_is_answered_while_articles_take_all_their_places(app):
    gate = app.extensions[EXTENSION].computing
    taken, gate._taken = gate._taken, gate._most
    try:
        client = app.test_client()
        assert client.post("/v1/articles", json={"body_text": "“We will,” he said."}).status_code == 503
        assert client.post("/v1/check", json={"quote": "We will dredge the harbour"}).status_code == 200
    finally:
        gate._taken = taken


def test_a_refused_body_is_not_read_again(monkeypatch):
    reads = []
    original = article_limits.read_document
    monkeypatch.setattr(article_limits, "read_document", lambda *args: reads.append(1) or original(*args))
    limits = ArticleLimits(max_text_chars=1_000)
    body = "<p>We go." * 1_000
    details = []
    for _ in range(3):
        with pytest.raises(InvalidInput) as refused:
            limits.read(body, "html")
        details.append((str(refused.value), refused.value.faults))
    assert len(reads) == 1
    assert len(set(details)) == 1
    with pytest.raises(InvalidInput):
        limits.read(body, "plain")
    assert ArticleLimits(max_text_chars=100_000).read(body, "html").text.startswith("We go.")
