"""Checking an article at the dashboard: what is shown, in which order, with and without scripts."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from service.errors import Overloaded, StoreUnavailable
from service.store import QuoteImport
from service.store.records import SourceRecord
from service.web.dashboard.labels import FIDELITY
from service.web.services import EXTENSION
from tests.apps import sample_article
from tests.store.material import LATER

BODY = sample_article()["body_markdown"]
HARBOUR = "“We will dredge the whole harbour this very year,” Ann Marlow said."
SPOKEN = "We will not dredge the whole harbour this very year"
SOURCE = SourceRecord("https://a.example/talk#x", "Talk, 1-2 & more", "A & B", LATER.published_at, "speech")


@pytest.fixture
def known(visitor):
    """With something to find."""
    visitor.app.extensions[EXTENSION].store.import_quotes([QuoteImport(SPOKEN, "Ann Marlow", None, SOURCE)])
    return visitor


def page(answer, status=200):
    assert answer.status_code == status, answer.text[-2_000:]
    return LexborHTMLParser(answer.text)


def words(found, selector):
    return [" ".join(node.text().split()) for node in found.css(selector)]


def test_without_scripts_all_is_in_the_page(known):
    found = page(known.check(HARBOUR))
    assert [node.text() for node in found.css("mark")] == ["We will dredge the whole harbour this very year,"]
    [mark] = found.css("mark")
    assert mark.attributes["data-tone"] == "bad"
    [flag] = found.css(".flag")
    assert flag.attributes["href"] == "#q1"
    assert flag.text() == "Quote 1, The words were changed: "  # what is said to those who do not see the mark
    assert flag.css_first("use").attributes["href"] == "#i-altered"
    [card] = found.css(".quote")
    assert card.attributes["id"] == "q1"
    assert "The words were changed" in card.text()
    assert "What was said" in card.text()
    assert "differ in a negation" in card.css_first(".explanation").text()
    assert words(card, ".chip") == ["a negation"]
    assert words(card, "del") == ["[dropped: not ]"]
    assert "9 words kept, 1 dropped" in words(card, ".legend")[0]
    assert "Ann Marlow" in card.text()
    details = " ".join(card.css_first("details.axes").text().split())
    assert re.search(r"named in full, (almost certain|likely|uncertain)", details)
    assert "%" not in details and "policy" not in details and "Rule" not in details
    assert card.css_first(".missing").text() == "not"
    [said, link] = [node for node in card.css("a") if node.attributes["href"].startswith("https:")]
    assert link.attributes["href"].startswith("https://a.example/talk#x:~:text=We%20will%20not%20dredge")
    assert said.attributes["href"] == link.attributes["href"]
    assert link.attributes["rel"] == "noopener noreferrer external"
    assert "Looked through: 1 quotes" in card.text()
    assert (
        "To sign quotes off or correct them, store the article." in found.css_first("#analysis-head").text()
    )
    [row] = found.css("tbody tr")
    assert "The words were changed" in row.text()
    assert found.css_first("textarea").text().strip() == HARBOUR


def test_what_is_not_found_is_grey_and_never_called_false(visitor):
    found = page(visitor.check(HARBOUR))
    [mark] = found.css("mark")
    assert mark.attributes["data-tone"] == "none"
    assert "Not found" in words(found, ".badge")[0]
    assert not re.search(r"\b(false|fake|wrong)\b", found.css_first("#results").text(), re.IGNORECASE)


def test_with_scripts_the_article_comes_first_and_its_verdicts_one_by_one(known):
    text, first, *quotes, last = known.stream(BODY)
    assert text["kind"] == "text"
    assert "We would rather paint a wall twice" in text["html"]
    assert not LexborHTMLParser(text["html"]).css("mark, .flag")
    assert first["kind"] == "article"
    shown = LexborHTMLParser(first["html"])
    count = len(shown.css(".flag"))
    assert count >= 10
    assert {node.attributes["data-tone"] for node in shown.css("mark")} == {"none"}
    assert all("Being looked up" in text for text in words(shown, ".flag"))
    assert shown.css_first("#analysis").attributes["aria-busy"] == "true"
    assert [line["kind"] for line in quotes] == ["quote"] * count
    assert [line["number"] for line in quotes] == list(range(1, count + 1))
    assert last["kind"] == "end"
    assert "Being looked up" not in last["html"]


def test_what_came_step_by_step_is_what_comes_at_once(known):
    _, _, *quotes, last = known.stream(BODY)
    found = known.check(BODY)
    for line in quotes:
        for name in ("flag", "card", "row"):
            assert normal(line[name]) in normal(found.text), (line["number"], name)
    assert normal(last["html"]) in normal(found.text)


def normal(html):
    return re.sub(r"\s+", "", html)


def test_what_was_checked_before_is_there_in_one_line(known):
    known.stream(BODY)
    [line] = known.stream(BODY)
    assert (line["kind"], line["whole"]) == ("article", True)
    assert "Being looked up" not in line["html"]


def test_nothing_is_stored_unless_it_is_asked_for(visitor):
    store = visitor.app.extensions[EXTENSION].store
    generation = store.generation()
    visitor.stream(HARBOUR)
    visitor.check(HARBOUR)
    visitor.post("/articles/check/export/csv", {"body": HARBOUR, "store": "1"})
    visitor.get("/try")
    assert store.generation() == generation


def test_storing_leads_to_the_articles_own_page(visitor):
    answer = visitor.check(HARBOUR, store="1", headline="The harbour", uri="https://a.example/1")
    assert answer.status_code == 303
    found = page(visitor.get(answer.location))
    assert words(found, "h1") == ["The harbour"]
    assert "Stored as version 1" in found.text()
    *_, last = visitor.stream(HARBOUR + " “And so we shall,” she said.", store="1")
    [link] = re.findall(r'href="(/articles/view/[^"]+)"', last["html"])
    assert visitor.get(link).status_code == 200


def test_storing_takes_the_scope(guest):
    guest.sign_in("check")
    assert 'name="store"' not in guest.get("/articles/check").text
    assert guest.check(HARBOUR, store="1").status_code == 403
    assert guest.check(HARBOUR).status_code == 200
    guest.sign_in("write")
    assert 'name="store"' in guest.get("/articles/check").text
    assert guest.check(HARBOUR, store="1").status_code == 303


@pytest.mark.parametrize(
    ("fields", "name", "told"),
    [
        ({"body": " "}, "body", "Must not be empty."),
        ({"body": HARBOUR, "published_at": "soon"}, "published_at", "Not a valid date"),
        ({"body": "\x00"}, "body", "U+0000"),
        ({"body": HARBOUR, "headline": "x" * 2_001}, "headline", "Longer than"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(visitor, fields, name, told):
    found = page(visitor.check(**fields), 422)
    assert told in found.css_first(f"#fault-{name}, #{name}-fault").text() or told in found.text()
    field = found.css_first(f"#{name}")
    assert field.attributes["aria-invalid"] == "true"
    assert (
        f"fault-{name}" in field.attributes["aria-describedby"]
        or "body-fault" in field.attributes["aria-describedby"]
    )
    answer = visitor.post("/articles/check", fields, headers={"Accept": "application/x-ndjson"})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


def test_a_file(visitor):
    def send(content, name, accept="text/html"):
        fields = {"file": (io.BytesIO(content), name), "body": ""}
        return visitor.post("/articles/check", fields, headers={"Accept": accept})

    found = page(send(f"<nav>Menu</nav><p>{HARBOUR}</p>".encode(), "a.html"))
    assert len(found.css("mark")) == 1
    assert "Menu" not in found.css_first(".text").text()
    assert HARBOUR in found.css_first("textarea").text()  # which a field for files cannot hold
    assert "a.pdf" in page(send(b"%PDF-1.7", "a.pdf"), 422).css_first("#body-fault").text()
    assert send(b"%PDF-1.7", "a.pdf", "application/x-ndjson").status_code == 422


def test_too_large_is_said_as_a_page(visitor):
    assert page(visitor.check("x" * 1_100_000), 413).css_first("h1")


def test_too_much_to_do_is_said_before_anything(visitor, monkeypatch):
    def full(*_):
        raise Overloaded

    monkeypatch.setattr("service.web.http.overload.Gate.slot", full)
    for accept in ("text/html", "application/x-ndjson"):
        answer = visitor.post("/articles/check", {"body": HARBOUR}, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_store_that_goes_away_halfway_is_told_in_a_line(known, monkeypatch):
    from service.usecases.articles import judge_quotes as judging

    judge, done = judging.judge_claim, []

    def break_off(*given):
        if len(done) == 2:
            raise StoreUnavailable("away")
        done.append(1)
        return judge(*given)

    monkeypatch.setattr(judging, "judge_claim", break_off)
    lines = known.stream(BODY)
    assert [line["kind"] for line in lines] == ["text", "article", "quote", "quote", "problem"]
    assert "does not answer" in lines[-1]["detail"]
    monkeypatch.undo()
    assert known.stream(BODY)[-1]["kind"] == "end"  # nothing of it was kept for the whole


def test_the_sample_needs_no_key_on_this_machine(visitor, guest):
    found = page(visitor.get("/try"))
    assert len(found.css(".flag")) >= 10
    assert found.css_first("#headline").attributes["value"].startswith("Museum")
    assert guest.get("/try").status_code == 303


def test_exports(known):
    found = known.post("/articles/check/export/csv", {"body": HARBOUR})
    assert found.headers["Content-Disposition"] == 'attachment; filename="verbatim-checked.csv"'
    [row] = csv.DictReader(io.StringIO(found.get_data().decode("utf-8-sig")))
    assert "altered" in row.values()
    answer = known.post("/articles/check/export/jsonld", {"body": HARBOUR})
    assert answer.content_type.startswith("application/ld+json")
    assert json.loads(answer.text)["@type"] == "Article"
    where = known.check(HARBOUR, store="1").location
    for form in ("csv", "jsonld", "annotations"):
        answer = known.get(f"{where}/export/{form}")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
    annotations = json.loads(known.get(f"{where}/export/annotations").text)
    assert annotations["total"] == len(annotations["first"]["items"]) == 1
    assert known.get(f"{where}/export/exe").status_code == 404


def test_filters_of_a_stored_article(visitor):
    store = visitor.app.extensions[EXTENSION].store
    store.import_quotes([QuoteImport(SPOKEN, "Ann Marlow", None, SOURCE)])
    text = (
        HARBOUR + " “Not before the fishing fleet is back,” Bo Lind said. Lind added that it would be late."
    )
    where = visitor.check(text, store="1").location

    def shown(query):
        found = page(visitor.get(f"{where}?{query}"))
        cards = [card.attributes["id"] for card in found.css(".quote")]
        assert [f"q{number}" for number in words(found, "tbody th")] == cards
        assert [flag.attributes["data-quote"] for flag in found.css(".flag")] == [card[1:] for card in cards]
        return cards

    everything = shown("")
    assert len(everything) == 3
    assert shown("verdict=changed") == ["q1"]
    assert shown("verdict=not_found") == everything[1:]
    assert shown("verdict=changed&verdict=not_found") == everything
    assert shown("speaker=Bo+Lind") == everything[1:]
    assert shown("kind=indirect") == ["q3"]
    assert shown("kind=indirect&verdict=changed") == []
    assert shown("verdict=nothing&kind=nothing") == everything  # what cannot be meant is passed over
    assert shown("speaker=<script>") == []


def test_reviews_of_a_stored_article_are_shown_on_its_page(visitor):
    store = visitor.app.extensions[EXTENSION].store
    store.import_quotes([QuoteImport(SPOKEN, "Ann Marlow", None, SOURCE)])
    where = visitor.check(HARBOUR, store="1").location
    visitor.sign_in("admin")
    [link] = page(visitor.get(where)).css(".quote a[href^='/review/']")
    review = link.attributes["href"]
    assert visitor.post(f"{review}/agree").status_code == 303
    found = page(visitor.get(where))
    [notice] = words(found, ".quote .notice")
    assert "Decided by Ann Marlow: Altered" in notice
    assert "Agreed, no reason given." in notice
    assert "Agreed, no reason given." in visitor.get(f"{where}/export/csv").get_data(as_text=True)


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onfocus=alert(1) autofocus='",
    "</textarea><script>alert(1)</script>",
    "</title></p></mark></article><iframe srcdoc='<script>alert(1)</script>'>",
    "{{ 7919 * 7907 }}{% include 'x' %}",
    "javascript:alert(1)//",
    "\u202egnp.exe\u2066",
    "&lt;script&gt;&#60;b&#62;",
]


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_words_stay_words(visitor, evil):
    store = visitor.app.extensions[EXTENSION].store
    source = SourceRecord(f"javascript:{evil}", evil, evil, LATER.published_at, "speech")
    store.import_quotes([QuoteImport(f"We will not dredge {evil} this very year", evil, None, source)])
    body = f"“We will dredge {evil} this very year,” Ann {evil} said."
    fields = {"headline": evil, "publisher": evil, "byline": evil, "uri": evil, "format": "plain"}
    answers = [visitor.check(body, **fields).text]
    answers += [
        line.get(name, "")
        for line in visitor.stream(body + " ", **fields)
        for name in ("html", "flag", "card", "row")
    ]
    where = visitor.check(body, store="1", **fields).location
    answers += [visitor.get(where).text, visitor.get(f"{where}?speaker={evil}").text]
    for answer in answers:
        found = LexborHTMLParser(answer)
        assert not found.css(
            "iframe, object, embed, img, script:not([src]), [onload], [onerror], [onfocus], [autofocus], [srcdoc], style"
        )
        for node in found.css("[href], [action], [formaction]"):
            for name in ("href", "action", "formaction"):
                address = node.attributes.get(name) or "/"
                assert address.startswith(("/", "#", "?", "https://", "http://")), address
        assert "62615533" not in answer
    assert body in LexborHTMLParser(answers[0]).css_first("textarea").text()
    told = page(visitor.get(where)).css_first(".text").text()
    assert evil in re.sub(r"Quote \d+, [^:]+: ", "", told)


def test_every_code_of_a_verdict_has_words(visitor):
    from schemas.quotes import ATTRIBUTION, CHANGES, TIME
    from schemas.quotes import FIDELITY as CODES
    from service.extraction.speakers.calibration import RULES
    from service.web.dashboard import labels as known

    assert set(FIDELITY) == {*CODES, "unjudged"}
    assert set(known.ATTRIBUTION) == set(ATTRIBUTION)
    assert set(known.TIME) == set(TIME)
    assert set(known.CHANGES) == set(CHANGES)
    assert set(known.HOW) == {*RULES, "language_not_supported", "corrected"}
    icons = set(re.findall(r'id="i-(\w+)"', visitor.get("/sign-in").text))
    for labels in (known.FIDELITY, known.ATTRIBUTION, known.TIME):
        assert {label.icon for label in labels.values()} <= icons


def test_passages_that_report_no_words_are_shown_on_request(visitor):
    body = f"The book is called “The long road home”. {HARBOUR}"
    usual, everything = (page(visitor.check(body, **fields)) for fields in ({}, {"unreported": "1"}))
    assert "long road home" not in " ".join(words(usual, ".quote blockquote"))
    assert "long road home" in " ".join(words(everything, ".quote blockquote"))
    assert "Reports no words" in everything.css_first("#results").text()
    assert "checked" in everything.css_first("input[name=unreported]").attributes


def test_the_bundled_draft_has_an_error_of_each_kind(visitor):
    found = page(visitor.get("/try/draft"))
    labels = {card.attributes["data-code"] for card in found.css(".quote")}
    assert {"changed", "wrong_person", "not_in_sources", "confirmed", "context", "paraphrased"} <= labels
    assert found.css(".source-text .turn")
    assert all(
        found.css_first(link.attributes["href"])
        for link in found.css("[data-show-source]")
        if link.attributes["href"]
    ), "each place is on the page"


def test_a_large_source_is_taken_and_a_large_draft_is_not(visitor):
    talk = "ANN MARLOW: " + "We will not dredge the harbour, whatever they say of it. " * 24_000
    fields = {"body": HARBOUR, "source_file": (io.BytesIO(talk.encode()), "talk.txt")}
    assert "talk" in page(visitor.post("/articles/check", fields)).css_first("[data-source]").text()
    assert visitor.check("x" * 1_100_000).status_code == 413
