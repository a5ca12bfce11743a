"""The review queue as pages: what is typed becomes a decision, or faults beside the fields it stands in."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from schemas.reviews import HUMAN_FIDELITY as SCHEMA_FIDELITY
from service.usecases.reviews.agreement import Figure, Span
from service.usecases.reviews.reviews import CONTEXT, Context
from service.web.dashboard.review.agreement import FLOOR, MOST_SHOWN, TOP, draw
from service.web.dashboard.review.form import ROWS
from service.web.dashboard.review.labels import ACTIONS, HUMAN_FIDELITY
from service.web.dashboard.review.rendering import AROUND, clip
from tests.apps import import_record, post_article
from tests.web.dashboard.visitor import Visitor

ALTERED = "“We will raise taxes on 200 families in the valley this year,” Ann Marlow said on Monday."


@pytest.fixture
def address(app: Flask) -> str:
    """A review of a changed meaning."""
    client = app.test_client()
    words = "We will not raise taxes on 200 families in the valley this year"
    import_record(client, words, "Ann Marlow", "2026-11-20")
    post_article(client, ALTERED, uri="urn:news", published_at="2026-11-23")
    [line] = client.get("/v1/reviews").get_json()["reviews"]
    return f"/review/{line['id']}"


def fields(visitor: Visitor, address: str, **typed: object) -> dict[str, object]:
    """A decision as the form sends it."""
    tag = re.search(r'name="tag" value="([^"]+)"', visitor.get(address).text)
    assert tag
    given = {"fidelity": "altered", "changes": ["negation"], "attribution": "same", "time": "recent"}
    return given | {"tag": tag[1], "reason": "I heard the tape."} | typed


def faults(page: str) -> dict[str, str]:
    return dict(re.findall(r'id="(\w+)-fault"><svg.*?</svg>([^<]+)<', page))


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"reason": " "}, "reason", "empty"),
        ({"fidelity": "true"}, "fidelity", "one of"),
        ({"fidelity": "verbatim"}, "changes", "only there"),
        ({"changes": []}, "changes", "Say what was changed"),
        ({"fidelity": "fabricated", "changes": []}, "evidence", "needs evidence"),
        ({"source": "javascript://x/alert(1)"}, "evidence", "http or https"),
        ({"source": "q0123456789abcdef"}, "evidence", "No stored quote"),
        ({"cite": "q0123456789abcdef"}, "evidence", "No stored quote"),
        ({"source": "", "note": "A note on nothing"}, "evidence", "http or https"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(visitor, address, typed, field, told):
    answer = visitor.post(f"{address}/decide", fields(visitor, address, **typed))
    assert answer.status_code == 422
    assert told.lower() in faults(answer.text)[field].lower()
    assert "Decided by" not in visitor.get(address).text


def test_what_was_typed_is_kept_where_it_cannot_be(visitor, address):
    typed = {"source": ["https://e.example/1", "q0"], "note": ["<b>One</b>", "Two"], "reason": "Because"}
    answer = visitor.post(f"{address}/decide", fields(visitor, address, **typed))
    assert answer.status_code == 422
    for kept in ('value="https://e.example/1"', 'value="&lt;b&gt;One&lt;/b&gt;"', ">Because</textarea>"):
        assert kept in answer.text
    assert answer.text.count('name="source"') == ROWS


def test_a_decision_of_something_else_than_was_read_is_refused(visitor, address):
    stale = fields(visitor, address)
    assert visitor.post(f"{address}/claim", {"tag": stale["tag"]}).status_code == 303
    answer = visitor.post(f"{address}/decide", stale)
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.text
    assert ">I heard the tape.</textarea>" in answer.text


def test_agreeing_says_what_the_machine_said(visitor, address, app):
    tag = fields(visitor, address)["tag"]
    assert visitor.post(f"{address}/agree", {"tag": tag}).status_code == 303
    decision = app.test_client().get(f"/v1{address.replace('review', 'reviews')}").get_json()["decision"]
    assert decision["verdict"] | {"time": None} == {
        "fidelity": "altered", "attribution": "same", "changes": ["negation"], "time": None,
    }  # fmt: skip
    assert visitor.get(f"{address}.jsonld").get_json()["@type"] == "ClaimReview"


def test_what_is_not_decided_is_no_claim_review(visitor, address):
    assert visitor.get(f"{address}.jsonld").status_code == 404
    assert visitor.get("/review/r0").status_code == 404
    assert visitor.get("/review?state=lost").status_code == 422
    assert visitor.get("/review/agreement?from=2026-02-02&to=2026-01-01").status_code == 422


def test_words_are_there_for_all_that_is_shown():
    assert set(HUMAN_FIDELITY) == set(SCHEMA_FIDELITY)
    assert {"decided", "reopened", "claimed", "released", "skipped"} <= set(ACTIONS)


def test_the_context_is_cut_between_words():
    long = Context("word " * (CONTEXT // 5), "exact", " word" * (CONTEXT // 5))
    cut = clip(long)
    assert cut is not None
    assert cut.before.startswith("…word ")
    assert cut.after.endswith(" word…")
    assert max(len(cut.before), len(cut.after)) <= AROUND + 1
    assert clip(Context("a ", "b", " c")) == Context("a ", "b", " c")


def test_shares_are_drawn_to_scale():
    def span(week: int, share: float) -> Span:
        first = date(2026, 1, 5) + timedelta(weeks=week)
        return Span(
            first, first + timedelta(days=6), Figure(10, int(share * 10), share, share / 2, 1.0, None, None)
        )

    picture = draw([span(week, share) for week, share in enumerate([0.0, 0.5, 1.0])])
    assert [mark.y for mark in picture.marks] == [FLOOR, (FLOOR + TOP) / 2, TOP]
    assert all(mark.high <= mark.y <= mark.low for mark in picture.marks)
    xs = [mark.x for mark in picture.marks]
    assert xs == sorted(xs)
    assert picture.left < xs[0] < xs[-1] < picture.width
    many = draw([span(week, 0.5) for week in range(MOST_SHOWN)])
    assert sum(mark.label is not None for mark in many.marks) <= 8
    assert draw([]).marks == ()
