"""Stored sources: added, changed, retracted and removed, by SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from service.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from service.sources.models import Cue, SourceTurn
from service.store import QuoteImport, Store, Transcript, Turn, open_store
from service.store.quotes.sources import SourceSearch
from service.store.records import Precondition
from service.store.sources import adding
from service.store.sources.records import Actor, NewSource, SourceChange
from service.store.sources.reliance import hash_address
from tests.contract.test_evidence_migration import upgrade
from tests.store.material import SPEECH, make_article

ANA = Actor("Ana", "abcdefghij")
BEN = Actor("Ben")
DAY = date(2025, 3, 28)
FIRST = "We will not close the harbour before winter. Nobody has asked us to do that."
INTERVIEW = NewSource(
    "Interview, 28 March",
    "interview",
    (
        SourceTurn("Q", "Will the harbour close?", 0.0, 4.0, is_question=True),
        SourceTurn("Speaker 1", FIRST, 4.5, 12.0, (Cue(0, 4.5, 8.0), Cue(45, 8.2, 12.0))),
        SourceTurn(None, "Laughter came from the back of the hall."),
        SourceTurn("Speaker 1", "The mayor has my word on it."),
    ),
    "srt",
    published_at=DAY,
    machine=True,
    notes=("Speaker names were guessed.",),
)


def texts(store: Store, words: str) -> list[str]:
    return [quote.text for quote in store.find_quotes(words).items]


def quote_of(store: Store, words: str) -> str:
    [quote] = store.find_quotes(words).items
    return quote.id


def article_resting_on(store: Store, quote_id: str, uri: str, number: int = 1) -> str:
    """A stored article with a verdict that the quote is a match of, and one that no source has part in."""
    verdict = {"fidelity": "verbatim", "changes": [], "attribution": "same", "time": "recent"}
    shown = {"quote_id": quote_id, "source": {"uri": uri}}
    quotes: list[dict[str, Any]] = [
        {
            "id": f"q{number:02}{place}",
            "content": {"text": text},
            "speaker": {"name": "Ann Dorr", "confidence": 0.9},
            "verdict": verdict,
            "matches": matches,
        }
        for place, (text, matches) in enumerate(
            [("We will not close the harbour", [shown]), ("Nothing of the kind", [])]
        )
    ]
    said = [(quote["content"]["text"], "Ann Dorr") for quote in quotes]
    record = make_article(*said, uri=f"https://e.org/{number}")
    return store.save_article(replace(record, analysis=json.dumps({"quotes": quotes}))).id


def test_a_source_is_evidence_as_an_imported_transcript_is(store: Store) -> None:
    before = store.generation()
    added = store.sources.add(INTERVIEW, ANA)
    assert added.created and added.changed and added.id.startswith("s")
    assert store.generation() != before
    [found] = store.find_evidence("We will not close the harbour before winter", limit=1)
    said = next(one for one in found.utterances if one.position in found.hits)
    assert (said.speaker, said.said_at, said.turn) == ("Speaker 1", DAY, 1)
    assert said.start_s == 4.5 and said.end_s == pytest.approx(8.0, abs=0.1), "the time of its own words"
    assert (found.origin.evidence_class, found.origin.machine) == ("record", True)
    assert not list(store.verify())


def test_a_source_is_read_as_it_was_stored(store: Store) -> None:
    source = store.sources.get(store.sources.add(INTERVIEW, ANA).id)
    assert source.turns == INTERVIEW.turns
    assert (source.format, source.machine, source.notes) == ("srt", True, INTERVIEW.notes)
    assert (source.origin.title, source.origin.published_at) == ("Interview, 28 March", DAY)
    assert source.origin.uri.startswith("urn:sha256:")
    assert source.speakers == {"Q": 1, "Speaker 1": 2, None: 1}
    assert source.added_by == "Ana" and source.created_at is not None


def test_the_same_again_changes_nothing(store: Store) -> None:
    first = store.sources.add(INTERVIEW, ANA)
    store.sources.patch(first.id, SourceChange(speakers={"Speaker 1": "Ann Dorr"}), ANA)
    before = store.generation()
    again = store.sources.add(INTERVIEW, BEN)
    assert (again.id, again.created, again.changed) == (first.id, False, False)
    assert store.generation() == before
    assert store.sources.get(first.id).speakers == {"Q": 1, "Ann Dorr": 2, None: 1}


def test_another_text_at_the_same_address_replaces_and_is_told(store: Store) -> None:
    there = replace(INTERVIEW, uri="https://k.example/talk")
    first = store.sources.add(there, ANA)
    article = article_resting_on(store, quote_of(store, "close harbour winter"), "https://k.example/talk")
    turns = (SourceTurn("Ann Dorr", "We may close the harbour before winter."),)
    again = store.sources.add(replace(there, turns=turns, uri="http://www.k.example/talk/"), BEN)
    assert (again.id, again.created, again.changed) == (first.id, False, True)
    assert texts(store, "harbour winter") == ["We may close the harbour before winter."]
    newest, oldest = store.sources.list_history(first.id, before=None, limit=10).items
    assert (newest.action, newest.by, newest.verdicts) == ("replaced", "Ben", 1)
    assert [turn["text"] for turn in newest.former["turns"]][1] == FIRST
    assert (oldest.action, oldest.by, oldest.key_id) == ("added", "Ana", "abcdefghij")
    [review] = store.reviews.find_page("open", "evidence_changed", None, 10, 0.0).items
    assert review.article.id == article
    assert not list(store.verify())


def test_an_import_that_replaces_leaves_a_trace(store: Store) -> None:
    store.import_transcripts([SPEECH])
    [line] = store.sources.find_page(SourceSearch(), None, 10).items
    corrected = replace(SPEECH, turns=(*SPEECH.turns[:-1], Turn("Ana Duarte", "The insurers will pay.")))
    with store.import_session(BEN) as session:
        session.add_transcripts([corrected])
    [entry] = store.sources.list_history(line.id, before=None, limit=10).items
    assert (entry.action, entry.by) == ("replaced", "Ben")
    assert entry.former["turns"][2]["text"].startswith("The insurers refuse.")
    assert store.sources.get(line.id).turns[2].text == "The insurers will pay."


def test_an_imported_transcript_is_a_stored_source_too(store: Store) -> None:
    store.import_transcripts([SPEECH])
    store.import_quotes([QuoteImport("Words from a collection", "Ana", None, replace(SPEECH.source, uri="urn:q", kind="quotes"))])  # fmt: skip
    store.save_article(make_article(("An article is no source of this list", "Ana")))
    listed = store.sources.find_page(SourceSearch(with_articles=False), None, 10).items
    assert [line.uri for line in listed] == ["urn:q", SPEECH.source.uri]
    source = store.sources.get(listed[1].id)
    assert [(turn.speaker, turn.text) for turn in source.turns] == [
        (turn.speaker, turn.text) for turn in SPEECH.turns
    ]
    assert (source.way_in, source.format) == ("transcript", None)


def test_lists_are_filtered(store: Store) -> None:
    store.sources.add(INTERVIEW, ANA)
    letter = replace(INTERVIEW, kind="letter", title="To the mayor", uri="urn:letter", published_at=None)
    kept = store.sources.add(letter, ANA).id

    def find(**wanted: object) -> list[str]:
        return [one.title for one in store.sources.find_page(SourceSearch(**wanted), None, 10).items]  # type: ignore[arg-type]

    assert find() == ["To the mayor", "Interview, 28 March"]
    assert find(kind="letter") == find(evidence_class="statement") == find(words="MAYOR") == ["To the mayor"]
    assert find(since=DAY, until=DAY) == ["Interview, 28 March"]
    assert find(until=date(2025, 3, 27)) == find(retracted=True) == []
    store.sources.retract(kept, "Not genuine", ANA)
    assert find(retracted=True) == ["To the mayor"]


def test_speakers_are_renamed_in_all_turns(store: Store) -> None:
    added = store.sources.add(INTERVIEW, ANA)
    article_resting_on(store, quote_of(store, "close harbour winter"), store.sources.get(added.id).origin.uri)
    change = SourceChange(speakers={"Speaker 1": "Q", "Q": " Speaker  1 ", "": "The hall"})
    changed = store.sources.patch(added.id, change, BEN)
    assert (changed.touched.verdicts, changed.touched.reviews) == (1, 1)
    source = store.sources.get(added.id)
    assert [turn.speaker for turn in source.turns] == ["Speaker 1", "Q", "The hall", "Q"], "swapped at once"
    stored = {quote.text: quote.speaker for quote in store.find_quotes().items}
    assert stored["The mayor has my word on it."] == "Q"
    assert stored["Laughter came from the back of the hall."] == "The hall"
    entry = store.sources.list_history(added.id, before=None, limit=1).items[0]
    assert (entry.action, entry.by) == ("changed", "Ben")
    assert {"from": "Speaker 1", "to": "Q"} in entry.former["speakers"]
    with pytest.raises(InvalidInput) as caught:
        store.sources.patch(added.id, SourceChange(speakers={"Nobody": "Ann"}), ANA)
    assert caught.value.faults[0].pointer == "/speakers/Nobody"
    assert not list(store.verify())


def test_facts_are_changed_and_what_they_were_is_kept(store: Store) -> None:
    added = store.sources.add(INTERVIEW, ANA)
    uri = store.sources.get(added.id).origin.uri
    article_resting_on(store, quote_of(store, "close harbour winter"), uri)
    change = SourceChange(
        title="Talk", kind="letter", published_at=date(2024, 1, 2), uri="https://k.example/t", machine=False
    )
    changed = store.sources.patch(added.id, change, ANA)
    assert changed.id == added.id, "the id stays whatever the address"
    assert changed.touched.verdicts == 1
    source = store.sources.get(added.id)
    assert (source.origin.uri, source.origin.kind) == ("https://k.example/t", "letter")
    assert source.origin.evidence_class == "statement"
    assert not source.machine
    assert {quote.said_at for quote in store.find_quotes().items} == {date(2024, 1, 2), date(2010, 6, 1)}
    [entry, _] = store.sources.list_history(added.id, before=None, limit=5).items
    assert entry.former["published_at"] == "2025-03-28"
    assert (entry.former["title"], entry.former["uri"]) == ("Interview, 28 March", uri)
    assert entry.former["machine"] is True
    assert store.sources.find_touched(added.id).verdicts == 1, "analyses that name the former address count"
    assert not store.sources.patch(added.id, change, ANA).changed


def test_what_cannot_be_changed_is_refused_as_a_whole(store: Store) -> None:
    first = store.sources.add(INTERVIEW, ANA)
    other = store.sources.add(replace(INTERVIEW, uri="https://k.example/other"), ANA)
    with pytest.raises(Conflict, match="another source"):
        store.sources.patch(first.id, SourceChange(title="New", uri="http://k.example/other/"), ANA)
    with pytest.raises(InvalidInput):
        store.sources.patch(first.id, SourceChange(title="New", kind="gossip"), ANA)
    assert store.sources.get(first.id).origin.title == INTERVIEW.title
    store.save_article(make_article(("An article is stored", "Ana"), uri="https://e.org/a"))
    [article] = store.sources.find_page(SourceSearch(kind="article"), None, 10).items
    for refused in (
        lambda: store.sources.patch(article.id, SourceChange(title="New"), ANA),
        lambda: store.sources.retract(article.id, "No", ANA),
        lambda: store.sources.remove(article.id, "No", ANA),
    ):
        with pytest.raises(Conflict, match="the article a"):
            refused()
    assert store.sources.get(other.id).origin.title == INTERVIEW.title


def test_a_writer_who_has_not_seen_the_last_change_is_refused(store: Store) -> None:
    added = store.sources.add(INTERVIEW, ANA)
    seen = Precondition(frozenset({store.sources.get(added.id).revision}))
    store.sources.patch(added.id, SourceChange(title="Talk"), ANA, seen)
    for refused in (
        lambda: store.sources.patch(added.id, SourceChange(title="Speech"), BEN, seen),
        lambda: store.sources.retract(added.id, "No", BEN, seen),
        lambda: store.sources.remove(added.id, "No", BEN, seen),
    ):
        with pytest.raises(PreconditionFailed):
            refused()


def test_a_retracted_source_is_no_evidence_until_it_is_reinstated(store: Store) -> None:
    added = store.sources.add(INTERVIEW, ANA)
    ids = {quote.text: quote.id for quote in store.find_quotes().items}
    uri = store.sources.get(added.id).origin.uri
    article = article_resting_on(store, ids[FIRST[:44]], uri)
    before = store.stats().quotes
    retracted = store.sources.retract(added.id, "The recording was forged", BEN)
    assert (retracted.touched.verdicts, retracted.touched.reviews) == (1, 1)
    assert [one.id for one in retracted.touched.articles] == [article]
    assert store.find_evidence("The mayor has my word on it") == []
    assert texts(store, "mayor word") == []
    assert store.stats().quotes == before - len(ids)
    assert not list(store.verify())
    source = store.sources.get(added.id)
    assert source.turns == INTERVIEW.turns, "it can still be read"
    assert source.retraction is not None and source.retraction.reason == "The recording was forged"
    [review] = store.reviews.find_page("open", "evidence_retracted", None, 10, 0.0).items
    assert (review.article.id, review.urgency) == (article, 1)
    with pytest.raises(Conflict, match="forged"):
        store.sources.add(INTERVIEW, ANA)
    with pytest.raises(Conflict, match="already"):
        store.sources.retract(added.id, "Again", BEN)

    store.sources.reinstate(added.id, "It was genuine after all", ANA)
    assert {
        quote.text: quote.id for quote in store.find_quotes(speaker="Speaker 1").items
    }.items() <= ids.items()
    assert store.stats().quotes == before
    [found] = store.find_evidence("The mayor has my word on it")
    assert found.origin.uri == uri
    assert not list(store.verify())
    actions = [one.action for one in store.sources.list_history(added.id, before=None, limit=9).items]
    assert actions == ["reinstated", "retracted", "added"]


@pytest.mark.parametrize("way", ["transcripts", "quotes"])
def test_what_was_retracted_does_not_come_in_again(store: Store, way: str) -> None:
    sentence = SPEECH.turns[1].text.split(". ")[0] + "."

    def bring_in(text: str = "The insurers refuse.") -> None:
        if way == "transcripts":
            turns = (*SPEECH.turns[:-1], Turn("Ana Duarte", text))
            store.import_transcripts([Transcript(SPEECH.source, turns)])
        else:
            records = [QuoteImport(one, "Ana", None, SPEECH.source) for one in (sentence, text)]
            store.import_quotes(records)

    bring_in()
    [line] = store.sources.find_page(SourceSearch(), None, 10).items
    retracted = store.sources.retract_quote(quote_of(store, "nine boats village"), "Never said", BEN)
    assert retracted.id == line.id
    bring_in()
    bring_in("The insurers pay.")
    assert texts(store, "nine boats village") == []
    assert texts(store, "insurers pay") == ["The insurers pay."]
    [alone] = store.sources.get(line.id).retracted_quotes
    assert (alone.text, alone.retraction.by, alone.retraction.reason) == (sentence, "Ben", "Never said")
    store.sources.reinstate_quote(alone.id, None, ANA)
    assert quote_of(store, "nine boats village") == alone.id
    store.sources.retract(line.id, "All of it was made up", BEN)
    bring_in("Once more.")
    assert texts(store, "") == []
    assert not list(store.verify())


def test_a_single_quote_is_retracted_with_the_verdicts_that_rest_on_it(store: Store) -> None:
    added = store.sources.add(INTERVIEW, ANA)
    uri = store.sources.get(added.id).origin.uri
    wanted, other = quote_of(store, "close harbour winter"), quote_of(store, "mayor word")
    article = article_resting_on(store, wanted, uri)
    article_resting_on(store, other, uri, 2)
    touched = store.sources.retract_quote(wanted, "Misheard", BEN).touched
    assert [one.id for one in touched.articles] == [article]
    assert store.sources.find_place(wanted) == (added.id, 1)
    with pytest.raises(NotFound):
        store.sources.retract_quote(wanted, "Again", BEN)
    store.sources.retract(added.id, "All", BEN)
    with pytest.raises(Conflict, match="All"):
        store.sources.reinstate_quote(wanted, None, BEN)
    store.sources.reinstate(added.id, None, BEN)
    assert texts(store, "close harbour winter") == [], "retracted by itself, it stays out"


def test_a_removed_source_leaves_its_history_without_its_words(store: Store) -> None:
    added = store.sources.add(INTERVIEW, ANA)
    store.sources.add(replace(INTERVIEW, uri="urn:other"), ANA)
    uri = store.sources.get(added.id).origin.uri
    found = [quote.id for quote in store.find_quotes("close harbour winter").items]
    [wanted] = [one for one in found if store.sources.find_place(one) == (added.id, 1)]
    article_resting_on(store, wanted, uri)
    store.sources.retract_quote(wanted, "Misheard", ANA)
    removed = store.sources.remove(added.id, "Sent to us by mistake", BEN)
    assert removed.touched.verdicts == 1
    with pytest.raises(NotFound):
        store.sources.get(added.id)
    history = store.sources.list_history(added.id, before=None, limit=9).items
    assert [(one.action, one.by) for one in history] == [
        ("removed", "Ben"), ("quote_retracted", "Ana"), ("added", "Ana")
    ]  # fmt: skip
    assert "turns" not in history[0].former and "text" not in history[1].former
    assert store.stats().sources == 2, "the other source and the article's"
    assert store.sources.add(INTERVIEW, ANA).created, "it can be added anew"
    assert not list(store.verify())


def test_reviews_of_one_verdict_are_joined(store: Store) -> None:
    added = store.sources.add(INTERVIEW, ANA)
    article_resting_on(store, quote_of(store, "close harbour winter"), store.sources.get(added.id).origin.uri)
    assert store.sources.patch(added.id, SourceChange(kind="book"), ANA).touched.reviews == 1
    assert store.sources.retract(added.id, "Forged", ANA).touched.reviews == 0
    [review] = store.reviews.find_page("open", None, None, 10, 0.0).items
    assert review.rules == ("evidence_retracted", "evidence_changed")
    assert review.urgency == 1
    assert not list(store.verify())


def test_no_source_has_an_id_that_is_none(store: Store) -> None:
    for wrong in ("", "s", "s1", "q0123456789abcdef", "s0123456789abcdef", "s\x00"):
        with pytest.raises(NotFound):
            store.sources.get(wrong)
        with pytest.raises(NotFound):
            store.sources.list_history(wrong, before=None, limit=1)


def test_what_stored_analyses_show_is_listed_by_the_migration(empty_database_url: str) -> None:
    upgrade(empty_database_url, "0011")
    shown = {"quote_id": "q0000000000000001", "source": {"uri": "https://www.k.example/talk/"}}
    analysis = json.dumps({"quotes": [{"id": "q1", "matches": [shown, shown]}, {"id": "q2", "matches": []}]})
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO sources (id, uri, key, title, publisher, published_at, kind)"
                " VALUES (1, 'urn:a', 1, '', '', 0, 'article')"
            )
        )
        for number in range(250):
            connection.execute(
                text(
                    "INSERT INTO articles (id, source_id, text_hash, text, analysis, engine, policy, generation,"
                    " version, created_at, updated_at) VALUES (:id, 1, '', '', :analysis, '', '2', '', 1,"
                    " '2026-01-01', '2026-01-01')"
                ),
                {"id": f"a{number:03}", "analysis": analysis},
            )
    store = open_store(empty_database_url)
    store.migrate()
    store.close()
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT address, article_id FROM article_evidence")).all()
    engine.dispose()
    assert {row.article_id for row in rows} == {f"a{number:03}" for number in range(250)}
    assert {row.address for row in rows} == {hash_address("http://k.example/talk")}
    assert len(rows) == 250


@pytest.mark.parametrize("broken", ["index_postings", "keep_row", "add_entry"])
def test_what_fails_midway_is_not_stored_by_half(
    store: Store, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    there = replace(INTERVIEW, uri="urn:talk")
    first = store.sources.add(there, ANA)
    before = store.generation(), store.stats(), texts(store, "")
    changed = replace(there, turns=(SourceTurn("Ann Dorr", "We may close the harbour."),))
    with monkeypatch.context() as patch:
        patch.setattr(adding, broken, fail)
        if broken != "add_entry":  # what is replaced has a history already
            with pytest.raises(RuntimeError):
                store.sources.add(changed, BEN)
        with pytest.raises(RuntimeError):
            store.sources.add(replace(there, uri="urn:other"), BEN)
    assert (store.generation(), store.stats(), texts(store, "")) == before
    assert store.sources.get(first.id).turns == INTERVIEW.turns
    assert len(store.sources.list_history(first.id, before=None, limit=9).items) == 1
    assert not list(store.verify())
