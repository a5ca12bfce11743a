"""What may be evidence for what, on each kind of database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from service.errors import InvalidInput
from service.matching.sources import EVIDENCE_CLASSES
from service.store import ArticleRecord, QuoteImport, QuoteRecord, SourceRecord, Store, Transcript, Turn

DAY = date(2024, 9, 5)
WORDS = "We will not close the northern harbour to small boats this winter"
ALTERED = "We will close the northern harbour to small boats this winter"
SETTING = (
    "The port authority met on Monday in the old customs building and voted by a narrow majority on the question "
    "that has divided the town since the ice came in November and crushed two ferries against the new pier."
)


def source(uri: str, kind: str = "transcript", day: date | None = DAY) -> SourceRecord:
    return SourceRecord(uri, f"Title of {uri}", "The Post", day, kind)


def speech(uri: str, *texts: str, kind: str = "speech", speaker: str = "Ann Dorr") -> Transcript:
    return Transcript(source(uri, kind), tuple(Turn(speaker, text) for text in texts))


def analysed(words: str) -> dict[str, object]:
    """A quotation as an answer has it, as far as storing it looks."""
    verdict = {"fidelity": "no_match", "changes": [], "attribution": "unresolved", "time": "undated"}
    return {
        "id": "q0",
        "content": {"text": words},
        "speaker": {"name": "Ann Dorr", "confidence": 0.9},
        "verdict": {**verdict, "label": "not_found", "severity": 1},
    }


def article(uri: str, words: str, setting: str = SETTING, **members: object) -> ArticleRecord:
    record = ArticleRecord(
        uri=uri,
        headline=f"Title of {uri}",
        byline=None,
        publisher="The Example",
        published_at=datetime(2024, 9, 6, 12, tzinfo=UTC),
        language="en",
        text=f"{setting} “{words},” Ann Dorr said.",
        quotes=(QuoteRecord(words, "direct", 0, "Ann Dorr"),),
        analysis=json.dumps({"quotes": [analysed(words)]}),
        engine="test 1",
        policy="2",
    )
    return replace(record, **members)  # type: ignore[arg-type]


def classes(store: Store, words: str = WORDS, **options: object) -> list[str | None]:
    return [one.origin.evidence_class for one in store.find_evidence(words, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", EVIDENCE_CLASSES)
def test_a_source_has_the_class_of_its_kind(store: Store, kind: str) -> None:
    store.import_transcripts([speech("urn:s", WORDS, kind=kind)])
    expected = EVIDENCE_CLASSES[kind]
    assert classes(store) == ([] if expected == "draft" else [expected])


def test_an_unknown_kind_is_refused_with_the_known_ones(store: Store) -> None:
    with pytest.raises(InvalidInput, match=r"podcast.*transcript, hearing"):
        store.import_transcripts([speech("urn:s", WORDS, kind="podcast")])
    with pytest.raises(InvalidInput, match="transcript, hearing"):
        store.import_quotes([QuoteImport(WORDS, "Ann Dorr", DAY, source("urn:s", "tabloid"))])


def test_all_spellings_of_an_address_are_one_source(store: Store) -> None:
    first = speech("http://www.k.example/s/?utm_source=x", WORDS)
    assert store.import_transcripts([first]).quotes_added == 1
    report = store.import_transcripts([replace(first, source=source(first.source.uri, "speech"))])
    assert (report.quotes_added, report.quotes_removed) == (0, 0)
    again = store.import_transcripts([Transcript(source("https://k.example/s", "speech"), first.turns)])
    assert again.quotes_added == 0 or again.quotes_removed == again.quotes_added
    (found,) = store.find_evidence(WORDS)
    assert found.origin.uri == "http://www.k.example/s/?utm_source=x"
    assert store.stats().sources == 1


def test_single_quotes_of_one_address_are_kept_once(store: Store) -> None:
    store.import_quotes([QuoteImport(WORDS, "Ann Dorr", DAY, source("https://k.example/s/", "quotes"))])
    again = [QuoteImport(WORDS, "Ann Dorr", DAY, source("http://k.example/s#top", "quotes"))]
    assert store.import_quotes(again).quotes_added == 0
    with store.import_session() as session:
        (outcome,) = session.add_quotes(again)
    assert not outcome.added
    assert store.get_quote(outcome.id).origin.uri == "https://k.example/s/"


def test_many_reports_do_not_hide_the_record(store: Store) -> None:
    store.import_quotes(
        QuoteImport(ALTERED, "Ann Dorr", date(2024, 9, 4), source(f"https://paper{n}.example/a", "article"))
        for n in range(120)
    )
    store.import_transcripts([speech("urn:speech", WORDS)])
    found = store.find_evidence(ALTERED, speaker="Ann Dorr")
    assert found[0].origin.evidence_class == "record"
    assert found[0].utterances[0].text == WORDS
    assert 1 <= sum(one.origin.evidence_class == "report" for one in found) <= 3


def test_a_draft_is_nobodys_evidence(store: Store) -> None:
    draft = article("https://example.org/a", WORDS, status="draft")
    saved = store.save_article(draft)
    assert store.get_article(saved.id).status == "draft"
    assert classes(store) == []
    assert store.find_quotes("harbour").items == ()
    store.save_article(replace(draft, status="published"))
    assert classes(store) == ["report"]
    store.save_article(draft)
    assert classes(store) == []
    assert list(store.verify()) == []


def test_an_article_is_no_evidence_for_its_own_address(store: Store) -> None:
    store.save_article(article("https://example.org/a/", WORDS))
    own = store.find_own_sources("http://www.example.org/a?fbclid=1#top")
    assert classes(store, excluded=own) == []
    assert classes(store, excluded=store.find_own_sources("https://example.org/b")) == ["report"]
    assert store.find_known_address("http://example.org/a") == "https://example.org/a/"


def test_a_near_copy_is_no_evidence_and_shares_an_origin(store: Store) -> None:
    store.save_article(article("https://one.example/a", WORDS))
    copy = article("https://two.example/b", ALTERED, SETTING + " Agencies contributed.")
    assert classes(store, ALTERED, excluded=store.find_own_sources(copy.uri, copy.text)) == []
    store.save_article(copy)
    assert [one.origin.uri for one in store.find_evidence(WORDS)] == ["https://one.example/a"]
    third = article(
        "https://three.example/c", WORDS, "An altogether different account of what was said. " * 3
    )
    assert classes(store, excluded=store.find_own_sources(third.uri, third.text)) == ["report"]


def test_a_copy_that_is_rewritten_or_deleted_stands_by_itself(store: Store) -> None:
    first = store.save_article(article("https://one.example/a", WORDS))
    copy = article("https://two.example/b", WORDS)
    store.save_article(copy)
    assert len(store.find_evidence(WORDS)) == 1
    store.save_article(replace(copy, text="“Nothing of the kind,” it now says. " * 20))
    assert len(store.find_evidence(WORDS)) == 2
    store.save_article(copy)
    store.delete_article(first.id)
    assert [one.origin.uri for one in store.find_evidence(WORDS)] == ["https://two.example/b"]


@pytest.mark.parametrize("kind", ["speech", "interview", "hearing", "press_release"])
def test_neighbouring_sentences_are_one_text(store: Store, kind: str) -> None:
    store.import_transcripts(
        [speech("urn:s", f"{WORDS}. Nobody asked the keeper about the colour.", kind=kind)]
    )
    (found,) = store.find_evidence(WORDS)
    assert [one.position for one in found.utterances] == [0, 1]


def test_single_quotes_are_not_one_text_whatever_their_source_is(store: Store) -> None:
    records = [
        QuoteImport(text, "Ann Dorr", DAY, source("urn:s", "speech"))
        for text in (WORDS, "The pier is closed now")
    ]
    store.import_quotes(records)
    (found,) = store.find_evidence(WORDS)
    assert [one.text for one in found.utterances] == [WORDS]


def test_times_of_turns_are_kept(store: Store) -> None:
    turns = (Turn("Ann Dorr", WORDS, 61.5, 70.25), Turn("Host", "And who will pay for that decision?"))
    store.import_transcripts([Transcript(source("urn:s", "broadcast"), turns)])
    (found,) = store.find_evidence(WORDS)
    assert [(one.start_s, one.end_s) for one in found.utterances] == [(61.5, 70.25), (None, None)]
    moved = (replace(turns[0], start_s=62.0), turns[1])
    assert store.import_transcripts([Transcript(source("urn:s", "broadcast"), moved)]).quotes_removed == 2


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("SEN. TOMAS HALE (R-VT)", "Tomas Hale"),
        ("JOE LHOTA, MTA CHAIRMAN", "Joe Lhota"),
        ("Pedro Sánchez Pérez-Castejón", "Pedro Sánchez"),
        ("Jana Müller", "Jana Mueller"),
    ],
)
def test_speakers_are_found_by_the_rules_of_verdicts(store: Store, stored: str, asked: str) -> None:
    store.import_transcripts(
        [speech("urn:s", WORDS, speaker=stored), speech("urn:t", WORDS, speaker="Kai Sy")]
    )
    assert [one.speaker for one in store.find_quotes(speaker=asked).items] == [stored]


def test_what_the_person_said_is_found_by_shared_words(store: Store) -> None:
    store.import_transcripts(
        [
            speech("urn:s", "The ministers left at noon.", "We are raising the wages of every nurse in May."),
            speech("urn:t", "We are raising the wages of every nurse in May.", speaker="Kai Sy"),
        ]
    )
    found = store.find_statements("the wage of nurses would be raised", ["Dorr"], date(2024, 9, 6))
    assert [one.origin.uri for one in found] == ["urn:s"]
    assert any("nurse" in one.text for one in found[0].utterances)
    assert store.find_statements("the wage of nurses would be raised", ["Nobody Here"]) == []
    own = store.find_own_sources("urn:s")
    assert store.find_statements("the wage of nurses would be raised", ["Dorr"], excluded=own) == []
    early = store.find_statements("the wage of nurses would be raised", ["Dorr"], as_of=date(2024, 9, 4))
    assert early == []
