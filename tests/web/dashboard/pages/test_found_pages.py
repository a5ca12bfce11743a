"""Search, quotes, speakers, sources and the overview, as a visitor gets them."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from datetime import date
from typing import Any

import pytest
from flask import Flask

from service.claims.factcheck import Factcheck
from service.extraction.speakers import DatedRole
from service.people.person import Person
from service.store import QuoteImport, SourceRecord, Store, Transcript, Turn
from service.store.events.publish import publish_event
from service.store.people.records import Edit
from service.usecases.find_factchecks import FactcheckImporter
from service.web.services import EXTENSION
from tests.web.dashboard.visitor import Visitor

HOSTILE = '"><script>alert(1)</script><svg onload=alert(1)>'
OPEN = "The harbour will be open again before the end of this summer"
SHUT = "The harbour will not be open again before the end of this summer"
MINISTER = Person(
    "Ana Duarte",
    ("A. Duarte",),
    (
        DatedRole("Mayor of Alba", date(2016, 1, 1), date(2022, 12, 31)),
        DatedRole("Harbour minister", date(2023, 5, 1)),
    ),
    "Q100",
)


@pytest.fixture
def store(app: Flask) -> Store:
    found: Store = app.extensions[EXTENSION].store
    return found


def quoted(
    store: Store, text: str, day: date | None, where: str = "post", speaker: str = "Ana Duarte"
) -> None:
    source = SourceRecord(f"https://{where}.example/a", f"In the {where}", where.title(), day, "article")
    store.import_quotes([QuoteImport(text, speaker, day, source)])


def add_factcheck(store: Store) -> None:
    """One that reviews a claim of the harbour; without any, none are looked for."""
    claim = "The harbour will be closed for ever, the minister has said"
    reviewed = Factcheck("https://check.example/1", claim, title="Is it?", publisher="Check", rating="wrong")
    FactcheckImporter(store.factchecks).save([reviewed])


def first_quote(store: Store, words: str) -> str:
    return store.find_quotes(words).items[-1].id


def written(visitor: Visitor, text: str, where: str, day: str) -> None:
    article = {"uri": f"https://{where}.example/b", "publisher": where.title(), "published_at": day}
    body = f"“{text},” the harbour minister Ana Duarte said on Monday at the coast."
    assert visitor.client.post("/v1/articles", json=article | {"body_text": body}).status_code == 200


class TestSearch:
    def test_one_box_finds_in_three_groups(self, visitor: Visitor, store: Store) -> None:
        quoted(store, OPEN, date(2026, 5, 1))
        store.people.add(MINISTER, Edit("test", 0.0))
        add_factcheck(store)
        told = visitor.get("/search?q=harbour").text
        assert "rated <q>wrong</q>" in told
        assert '<mark class="found">harbour</mark>' in told
        assert re.search(r'href="/speakers/p[0-9a-f]{16}"', told)
        assert '<mark class="found">Harbour</mark> minister' in told
        assert [name for name in ("Quotes", "Speakers", "Fact-checks") if f">{name}</h2>" in told] == [
            "Quotes", "Speakers", "Fact-checks",
        ]  # fmt: skip

    def test_an_empty_form_asks_and_finds_nothing(self, visitor: Visitor, store: Store) -> None:
        quoted(store, OPEN, date(2026, 5, 1))
        response = visitor.get("/search?q=&speaker=+&from=&to=")
        assert response.status_code == 200
        assert "1 quotes" in response.text
        assert "<h2" not in response.text

    def test_nothing_found_is_not_said_to_be_false(self, visitor: Visitor) -> None:
        told = visitor.get("/search?q=xylophone").text
        assert "That is not to say that nobody said it" in told
        assert "false" not in re.sub(r'"[^"]*"', "", told)

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("q=a&from=2026-02-30", "from"),
            ("q=a&to=tomorrow", "to"),
            ("q=a&from=2026-02-02&to=2026-02-01", "to"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, visitor: Visitor, query: str, field: str) -> None:
        response = visitor.get(f"/search?{query}")
        assert response.status_code == 422
        assert re.search(
            rf'name="{field}"[^>]*aria-invalid="true" aria-describedby="h-{field}"', response.text
        )
        assert f'id="h-{field}"' in response.text

    @pytest.mark.parametrize("group", ["quotes", "speakers", "factchecks"])
    def test_a_cursor_of_nobody_is_refused_with_a_way_back(self, visitor: Visitor, group: str) -> None:
        add_factcheck(visitor.app.extensions[EXTENSION].store)
        response = visitor.get(f"/search?q=harbour&only={group}&cursor=%00bad")
        assert response.status_code == 422
        assert "Start from the beginning" in response.text

    def test_pages_follow_each_other(self, visitor: Visitor, store: Store) -> None:
        for number in range(45):
            quoted(
                store,
                f"Harbour sentence number {number} is here",
                date(2026, 1, 1 + number % 28),
                f"p{number}",
            )
        address, seen = "/search?q=harbour&only=quotes", []
        for _ in range(3):
            told = visitor.get(address).text
            seen += re.findall(r'href="/quotes/(q[0-9a-f]{16})"', told)
            more = re.search(r'rel="next" href="([^"]+)"', told)
            address = more[1].replace("&amp;", "&") if more else ""
        assert (len(seen), len(set(seen)), address) == (45, 45, "")

    def test_filters_narrow_and_the_table_has_all(self, visitor: Visitor, store: Store) -> None:
        quoted(store, OPEN, date(2026, 5, 1))
        quoted(store, SHUT, date(2026, 5, 2), speaker="Lee Okafor")
        told = visitor.get("/search?q=harbour&speaker=Okafor&from=2026-05-02").text
        assert len(re.findall(r'href="/quotes/', told)) == 1
        table = visitor.get("/search/quotes.csv?q=harbour")
        rows = list(csv.reader(io.StringIO(table.get_data().decode("utf-8-sig"))))
        assert len(rows) == 3
        assert "attachment" in table.headers["Content-Disposition"]
        assert visitor.get("/search/quotes.csv?from=x").status_code == 422


class TestQuote:
    @pytest.fixture
    def quote(self, visitor: Visitor, store: Store) -> str:
        source = SourceRecord(
            "https://record.example/1", "Sitting 1", "Parliament", date(2026, 4, 1), "transcript"
        )
        store.import_transcripts([Transcript(source, (Turn("Ana Duarte", f"{OPEN}."),))])
        written(visitor, OPEN, "post", "2026-05-01")
        written(visitor, SHUT, "times", "2026-05-03")
        found = store.find_quotes("harbour").items
        return next(one.id for one in found if one.origin.kind == "transcript")

    def test_a_lineage_is_drawn_and_told(self, visitor: Visitor, quote: str) -> None:
        told = visitor.get(f"/quotes/{quote}").text
        assert "Seen 3 times in 3 sources, first on 1 April 2026, last on 3 May 2026. 2 wordings." in told
        assert 'role="img"' in told
        assert len(re.findall('class="mark first"', told)) == 2, "in the picture and in its legend"
        assert "B · changed: a negation" in told
        assert "first sighting" in told
        assert len(re.findall(r"<tr[ >]", told)) == 1 + 3
        assert "[added: </span>not" in told

    def test_as_it_was_known_on_a_day(self, visitor: Visitor, quote: str) -> None:
        told = visitor.get(f"/quotes/{quote}?as_of=2026-05-01").text
        assert "Seen 2 times in 2 sources" in told
        assert f"/quotes/{quote}/lineage.csv?as_of=2026-05-01" in told
        assert "Nothing of this quote was seen" in visitor.get(f"/quotes/{quote}?as_of=2020-01-01").text
        wrong = visitor.get(f"/quotes/{quote}?as_of=someday")
        assert (wrong.status_code, "Not a valid date" in wrong.text) == (422, True)

    def test_it_can_be_taken_along(self, visitor: Visitor, quote: str) -> None:
        rows = list(
            csv.reader(
                io.StringIO(visitor.get(f"/quotes/{quote}/lineage.csv").get_data().decode("utf-8-sig"))
            )
        )
        assert [row[0] for row in rows] == ["relation", "first", "repeat", "variant"]
        provenance = visitor.get(f"/quotes/{quote}/lineage.prov.json")
        assert len(json.loads(provenance.text)["entity"]) >= 3
        narrowed = json.loads(visitor.get(f"/quotes/{quote}/lineage.prov.json?as_of=2026-04-01").text)
        assert len(narrowed["entity"]) < len(json.loads(provenance.text)["entity"])
        assert json.loads(visitor.get(f"/quotes/{quote}/quote.jsonld").text)["@type"] == "Quotation"
        assert visitor.get(f"/quotes/{quote}/lineage.csv?as_of=x").status_code == 422

    @pytest.mark.parametrize("name", ["q0000000000000000", "nobody", "q%00"])
    def test_what_is_not_there_is_not_found(self, visitor: Visitor, name: str) -> None:
        assert visitor.get(f"/quotes/{name}").status_code == 404


class TestSpeakers:
    def test_known_people_are_found_by_name_and_post(self, visitor: Visitor, store: Store) -> None:
        store.people.add(MINISTER, Edit("test", 0.0))
        store.people.add(Person("Lee Okafor"), Edit("test", 0.0))
        assert "Lee Okafor" in visitor.get("/speakers").text
        told = visitor.get("/speakers?q=harb").text
        assert "Ana Duarte" in told
        assert "Lee Okafor" not in told
        assert visitor.get("/speakers?cursor=x").status_code == 422
        assert "look for what they said" in visitor.get("/speakers?q=nobody+here").text

    def test_a_page_has_posts_names_words_and_what_stands_against_them(
        self, visitor: Visitor, store: Store
    ) -> None:
        ana = store.people.add(MINISTER, Edit("test", 0.0))
        quoted(store, OPEN, date(2026, 5, 1), "post")
        quoted(store, OPEN, date(2026, 5, 2), "times")
        quoted(store, SHUT, date(2026, 5, 3), "mail")
        told = visitor.get(f"/speakers/{ana.id}").text
        assert "Harbour minister" in told
        assert "https://www.wikidata.org/wiki/Q100" in told
        assert '<time datetime="2022-12-31">' in told
        assert "<strong>2 sources</strong>" in told
        assert "of their own words that contradict this" in told
        assert "Differs in a negation" in told
        assert 'class="chart sayings"' in told
        assert visitor.get(f"/speakers/{ana.id}?from=x").status_code == 422
        assert visitor.get(f"/speakers/{ana.id}?cursor=x").status_code == 422

    def test_who_was_merged_leads_on_and_who_was_removed_is_gone(
        self, visitor: Visitor, store: Store
    ) -> None:
        ana, lee = (store.people.add(Person(name), Edit("t", 0.0)) for name in ("Ana Duarte", "Lee Okafor"))
        store.people.merge(ana.id, lee.id, None, Edit("t", 0.0))
        response = visitor.get(f"/speakers/{lee.id}")
        assert (response.status_code, response.headers["Location"]) == (302, f"/speakers/{ana.id}")
        store.people.remove(ana.id, Edit("t", 0.0), lambda _: None)
        assert visitor.get(f"/speakers/{ana.id}").status_code == 404


class TestSources:
    def test_publishers_and_their_sources(self, visitor: Visitor, store: Store) -> None:
        quoted(store, OPEN, date(2026, 5, 1), "post")
        quoted(store, SHUT, date(2026, 5, 2), "times")
        told = visitor.get("/sources").text
        assert "2 publishers" in told
        assert '<time datetime="2026-05-02">' in told
        one = visitor.get("/sources?publisher=Post").text
        assert "In the post" in one
        assert "In the times" not in one
        assert "In the times" in visitor.get("/sources?list=sources&q=TIMES.example").text
        assert visitor.get("/sources?cursor=x").status_code == 422
        assert visitor.get("/sources?list=sources&cursor=x").status_code == 422

    def test_a_publisher_without_a_name_can_be_looked_at(self, visitor: Visitor, store: Store) -> None:
        store.import_quotes(
            [QuoteImport(OPEN, None, None, SourceRecord("urn:x", "Untitled", "", None, "quotes"))]
        )
        assert 'href="/sources?publisher="' in visitor.get("/sources").text
        assert "Untitled" in visitor.get("/sources?publisher=").text


class TestOverview:
    def test_an_empty_desk_says_so(self, visitor: Visitor) -> None:
        told = visitor.get("/").text
        assert 'id="articles-today">0<' in told
        assert "Nothing was analysed in this time." in told
        assert "nothing is open" in told

    def test_what_happened_today_is_there_at_once(self, visitor: Visitor, store: Store) -> None:
        visitor.get("/")
        today = date.today().isoformat()
        for where in ("post", "times"):
            written(visitor, OPEN, where, today)
        told = visitor.get("/?part=live&reach=day").text
        assert 'id="articles-today">2<' in told
        assert 'data-upto="' in told
        assert "<html" not in told, "only the part that changes"

    def test_verdicts_are_drawn_and_in_a_table(self, visitor: Visitor, store: Store) -> None:
        data: dict[str, Any] = {"id": "a", "labels": {"changed": 2, "not_found": 1}}
        with store._database.write() as connection:
            for days in (2, 1, 0):
                publish_event(connection, "article.analysed", data, time.time() - days * 86_400)
        told = visitor.get("/").text
        assert "9 quotations of 3 articles" in told
        assert re.search(r"<th scope=\"col\" class=\"number\">Changed</th>", told)
        assert "url(#part" in told
        assert visitor.get("/?reach=year").status_code == 422

    def test_the_first_days_are_counted_without_a_chart(self, visitor: Visitor, store: Store) -> None:
        with store._database.write() as connection:
            data: dict[str, Any] = {"id": "a", "labels": {"changed": 3, "not_found": 1}}
            publish_event(connection, "article.analysed", data, time.time())
        told = visitor.get("/").text
        assert re.search(r"<span>Wrong</span> <strong>3</strong> <meter[^>]* value=\"75\"", told)
        assert "quotations of" not in told

    def test_a_new_server_says_what_to_begin_with(self, visitor: Visitor) -> None:
        told = visitor.get("/").text
        assert "Three things to begin with" in told
        assert "Nothing of your newsroom is in here yet" in told
        written(visitor, OPEN, "post", date.today().isoformat())
        told = visitor.get("/").text
        assert "Three things to begin with" not in told
        assert "Compares with" in told


class TestEvents:
    def test_the_session_is_enough_and_types_are_heeded(self, visitor: Visitor, store: Store) -> None:
        with store._database.write() as connection:
            publish_event(connection, "article.analysed", {"id": "a"}, 1.0)
            publish_event(connection, "review.opened", {"id": "r"}, 1.0)
        first = visitor.get("/dashboard/events", headers={"Last-Event-ID": "0"}).text
        assert re.findall(r"event: (\S+)", first) == ["ready", "article.analysed", "review.opened"]
        last = re.findall(r"id: (\S+)", first)[-1]
        assert "article.analysed" not in visitor.get(f"/dashboard/events?after={last}").text
        told = visitor.get("/dashboard/events?types=review", headers={"Last-Event-ID": "0"}).text
        assert re.findall(r"event: (\S+)", told) == ["ready", "review.opened"]
        assert visitor.get("/dashboard/events?types=nonsense").status_code == 422

    def test_who_is_not_signed_in_hears_nothing(self, guest: Visitor) -> None:
        response = guest.client.get("/dashboard/events", headers={"Accept": "text/event-stream"})
        assert response.status_code == 401


PAGES = ["/", "/search?q=harbour", "/speakers", "/sources", "/sources?list=sources", "/search/quotes.csv?q=a"]


@pytest.mark.parametrize("address", PAGES)
def test_who_may_not_read_sees_nothing(guest: Visitor, address: str) -> None:
    assert guest.get(address).status_code == 303
    guest.sign_in("check")
    assert guest.get(address).status_code == 403
    guest.sign_in("read")
    assert guest.get(address).status_code == 200


def test_what_comes_from_outside_is_written_as_words(visitor: Visitor, store: Store) -> None:
    source = SourceRecord(f"javascript:alert(1)//{HOSTILE}", HOSTILE, HOSTILE, date.today(), "speech")
    text = f"{HOSTILE} the harbour will be open again before summer {HOSTILE}"
    store.import_quotes([QuoteImport(text, HOSTILE, date.today(), source)])
    again = SourceRecord("https://x.example", HOSTILE, HOSTILE, date.today(), "article")
    store.import_quotes([QuoteImport(text, HOSTILE, date.today(), again)])
    ana = store.people.add(Person(f"Ana {HOSTILE}", (HOSTILE,), (DatedRole(HOSTILE),)), Edit("t", 0.0))
    quote = first_quote(store, "harbour summer")
    asked = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    for address in (
        "/", f"/search?q=harbour&speaker={asked}", f"/search?q={asked}", f"/search?q=harbour&from={asked}",
        f"/quotes/{quote}", f"/quotes/{quote}?as_of={asked}", "/speakers", f"/speakers?q={asked}",
        f"/speakers/{ana.id}", f"/speakers/{ana.id}?q={asked}", "/sources", "/sources?list=sources",
        f"/sources?publisher={asked}", f"/sources?list=sources&q={asked}", f"/sources?cursor={asked}",
    ):  # fmt: skip
        told = visitor.get(address).text
        assert "<script>alert" not in told, address
        assert "<svg onload" not in told, address
        assert 'href="javascript:' not in told, address
