"""One contract for every database: the same calls, the same answers on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import select

from service.errors import InvalidInput, MigrationDue, NotFound, StoreUnavailable
from service.store import QuoteImport, SourceRecord, Store, Transcript, Turn, open_store
from service.store.engine.batch_sql import select_by_keys
from service.store.records import article_id, quote_id
from service.store.retrieval import fingerprint_search as recall
from service.store.tables import quotes
from tests.store.material import LATER, SPEECH, make_article, read_sentences
from tests.stores import open_migrated

NewStore = Callable[[], Store]


def texts_of(store: Store, text: str, **options: object) -> list[list[str]]:
    """The evidence for a text as lists of stored texts."""
    found = store.find_evidence(text, **options)  # type: ignore[arg-type]
    return [[utterance.text for utterance in evidence.utterances] for evidence in found]


def quote(text: str, speaker: str | None = None, said_at: date | None = None) -> QuoteImport:
    return QuoteImport(text, speaker, said_at, LATER)


@pytest.mark.parametrize("count", [0, 1, 500, 1_201])
def test_rows_are_found_by_however_many_keys(store: Store, count: int) -> None:
    found = [
        QuoteImport(f"Nobody had planned for {number} boats", None, None, LATER) for number in range(count)
    ]
    store.import_quotes(found)
    with store._database.read() as connection:
        stored = connection.execute(select(quotes.c.key, quotes.c.text)).all()
        numbers, texts = [row.key for row in stored], [row.text for row in stored]
        by_number = select_by_keys(connection, select(quotes.c.key), quotes.c.key, [*numbers, 2**62])
        assert sorted(row.key for row in by_number) == sorted(numbers)
        by_text = select_by_keys(
            connection, select(quotes.c.text), quotes.c.text, [*texts, 'a "quoted" \\ key']
        )
        assert sorted(row.text for row in by_text) == sorted(texts)


class TestSchema:
    def test_a_new_database_is_due_and_says_so(self, empty_database_url: str) -> None:
        store = open_store(empty_database_url)
        assert store.migration_due()
        with pytest.raises(MigrationDue, match="verbatim migrate"):
            store.generation()
        with pytest.raises(MigrationDue):
            store.save_article(make_article(("We lost nine boats", None)))
        assert store.migrate()
        assert not store.migration_due()
        assert not store.migrate()
        store.ping()
        store.close()

    # SQLAlchemy reads that a constraint is NOT VALID, and cannot place what it read.
    @pytest.mark.filterwarnings("ignore:Can't validate argument 'dialect_options'")
    def test_migrations_make_the_tables_the_code_knows(self, store: Store, database_url: str) -> None:
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext
        from sqlalchemy import create_engine

        from service.store.tables import metadata

        engine = create_engine(database_url)
        with engine.connect() as connection:
            differences = compare_metadata(MigrationContext.configure(connection), metadata)
        engine.dispose()
        assert differences == []

    def test_the_head_revision_is_the_newest_file(self) -> None:
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        from service.store.engine.schema import HEAD, MIGRATIONS

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        assert ScriptDirectory.from_config(config).get_current_head() == HEAD


class TestTranscripts:
    def test_each_sentence_is_found_in_its_place(self, store: Store) -> None:
        report = store.import_transcripts([SPEECH])
        assert (report.records, report.quotes_added, report.duplicates) == (1, 7, 0)
        (evidence,) = store.find_evidence("Nobody had planned for ice")
        assert evidence.origin == replace(SPEECH.source, evidence_class="record")
        assert evidence.hits == {1}
        assert [utterance.position for utterance in evidence.utterances] == [0, 1, 2, 3, 4]
        assert [utterance.turn for utterance in evidence.utterances] == [0, 0, 0, 1, 1]
        assert evidence.utterances[1].speaker == "Ana Duarte"
        assert evidence.utterances[1].said_at == date(2001, 5, 4)

    def test_a_quotation_over_two_turns_comes_as_one_window(self, store: Store) -> None:
        store.import_transcripts([SPEECH])
        (evidence,) = store.find_evidence("We lost nine boats. Nine boats is a whole village.")
        assert {2, 3} <= evidence.hits

    def test_both_halves_of_a_spliced_quotation_are_there(self, store: Store) -> None:
        between = tuple(
            Turn("Lee Okafor", f"Filler number {number} says nothing at all.") for number in range(40)
        )
        far = replace(SPEECH, turns=(*SPEECH.turns[:1], *between, *SPEECH.turns[2:]))
        store.import_transcripts([far])
        windows = texts_of(
            store, "The harbour froze twice last winter … the state promised the rest", limit=1
        )
        together = [text for window in windows for text in window]
        assert any("froze twice" in text for text in together)
        assert any("promised the rest" in text for text in together)

    def test_the_same_again_adds_nothing(self, store: Store) -> None:
        store.import_transcripts([SPEECH])
        before = store.generation()
        report = store.import_transcripts([SPEECH])
        assert (report.quotes_added, report.duplicates) == (0, 7)
        assert store.generation() == before
        assert store.stats().quotes == 7

    def test_a_corrected_transcript_replaces(self, store: Store) -> None:
        store.import_transcripts([SPEECH])
        corrected = replace(SPEECH, turns=(Turn("Ana Duarte", "The harbour froze once last winter."),))
        report = store.import_transcripts([corrected])
        assert (report.quotes_added, report.quotes_removed) == (1, 7)
        assert store.stats().quotes == 1
        assert texts_of(store, "Nobody had planned for ice") == []
        assert texts_of(store, "harbour froze once") == [["The harbour froze once last winter."]]

    def test_an_unknown_speaker_is_kept_as_unknown(self, store: Store) -> None:
        source = replace(SPEECH.source, uri="urn:test:unknown")
        store.import_transcripts([Transcript(source, (Turn(None, "A voice from the crowd shouted."),))])
        (evidence,) = store.find_evidence("a voice from the crowd")
        assert evidence.utterances[0].speaker is None

    def test_a_turn_without_full_stops_is_stored_in_parts(self, store: Store) -> None:
        long = " ".join(f"word{number}" for number in range(2_000))
        source = replace(SPEECH.source, uri="urn:test:long")
        report = store.import_transcripts([Transcript(source, (Turn("A B", long),))])
        assert report.quotes_added > 1
        exported = " ".join(stored.text for stored in store.export_quotes())
        assert exported == long


class TestQuotes:
    def test_every_new_quote_is_found_by_the_next_query(self, store: Store) -> None:
        for number in range(3):
            assert (
                texts_of(store, f"purple gate {number} opened slowly")
                == [[f"The purple gate {earlier} opened slowly"] for earlier in ()]
                or number
            )
            store.import_quotes([quote(f"The purple gate {number} opened slowly")])
            found = texts_of(store, f"purple gate {number} opened slowly")
            assert found[0] == [f"The purple gate {number} opened slowly"]

    def test_duplicates_add_nothing(self, store: Store) -> None:
        same = [
            quote("The ferry is late again, as ever", "Bo"),
            quote("The ferry is late again, as ever", "Bo"),
        ]
        assert store.import_quotes(same).quotes_added == 1
        report = store.import_quotes(same)
        assert (report.records, report.quotes_added, report.duplicates) == (2, 0, 1)

    def test_a_public_id_says_where_the_words_are_from_and_nothing_else(self, store: Store) -> None:
        store.import_quotes([quote("Another one goes first here"), quote("The ferry is late again, as ever")])
        expected = quote_id(LATER.uri, 0, "The ferry is late again, as ever")
        stored = store.get_quote(expected)
        assert stored.text == "The ferry is late again, as ever"
        assert stored.origin == replace(LATER, evidence_class="statement")
        assert stored.said_at == LATER.published_at

    @pytest.mark.parametrize("unknown", ["", "q", "q123", "q" + "0" * 16, "q" + "g" * 16, "\x00", "é" * 17])
    def test_unknown_ids_are_not_found(self, store: Store, unknown: str) -> None:
        with pytest.raises(NotFound):
            store.get_quote(unknown)
        with pytest.raises(NotFound):
            store.provenance(unknown)
        with pytest.raises(NotFound):
            store.get_article(unknown)

    @pytest.mark.parametrize(
        "text",
        [
            *("", "?!", "the", "of the", "the of and to in", "harbour", "\x00", "\ud800", "🎣" * 50),
            *("a" * 100_000, "word " * 5_000, '"' * 100_000, "… " * 10_000, "[" * 50_000, "मछली पानी में है"),
        ],
        ids=lambda text: text[:12].encode("unicode_escape").decode(),
    )
    def test_any_text_gets_an_answer(self, store: Store, text: str) -> None:
        store.import_transcripts([SPEECH])
        own = store.find_own_sources(text[:50], text)
        assert isinstance(store.find_evidence(text, speaker=text[:50], excluded=own), list)
        assert isinstance(store.find_statements(text, [text[:50]], excluded=own), list)
        assert isinstance(store.find_quotes(text, speaker=text[:50]).items, tuple)

    def test_one_word_is_found_where_it_stands(self, store: Store) -> None:
        store.import_transcripts([SPEECH])
        hits = [
            utterance.text
            for evidence in store.find_evidence("insurers")
            for utterance in evidence.utterances
            if utterance.position in evidence.hits
        ]
        assert hits == ["The insurers refuse."]

    def test_function_words_alone_find_the_very_same_words_only(self, store: Store) -> None:
        store.import_quotes([quote("It is as it is"), quote("The state of the nation, as it is")])
        assert texts_of(store, "it is as it is") == [["It is as it is"]]

    def test_what_cannot_be_stored_is_replaced_sign_for_sign(self, store: Store) -> None:
        source = replace(LATER, title="Let\x00ters", uri="urn:nul\x00")
        store.import_quotes([QuoteImport("Nine\x00boats and \ud83d one half", "A\x00 B", None, source)])
        (stored,) = store.export_quotes()
        assert stored.text == "Nine\ufffdboats and \ufffd one half"
        assert stored.origin.title == "Let\ufffdters"
        assert store.import_quotes([QuoteImport(stored.text, "A", None, source)]).quotes_added == 0

    def test_a_very_long_quote_is_found_by_any_part(self, store: Store) -> None:
        words = [f"token{number}" for number in range(5_000)]
        store.import_quotes([quote(" ".join(words)), quote("Something else is here")])
        for start in (0, 2_500, 4_990):
            assert len(texts_of(store, " ".join(words[start : start + 8]))) == 1

    def test_a_very_long_quote_is_found_by_itself(self, store: Store) -> None:
        words = [f"token{number}" for number in range(1_500)]  # comparing takes the square of that
        store.import_quotes([quote(" ".join(words)), quote("Something else is here")])
        assert len(texts_of(store, " ".join(words))) == 1

    def test_equal_words_of_the_speaker_come_first_and_else_the_earliest(self, store: Store) -> None:
        said = [("Ann Alder", 2005), ("Bob Birch", 2001), ("Cy Cedar", 2009)]
        store.import_quotes(
            QuoteImport(
                "The bridge will stand for years", name, date(year, 1, 1), replace(LATER, uri=f"urn:{year}")
            )
            for name, year in said
        )
        first = store.find_evidence("The bridge will stand for years")[0].utterances[0]
        assert first.speaker == "Bob Birch"
        first = store.find_evidence("The bridge will stand for years", speaker="Mr Cedar")[0].utterances[0]
        assert first.speaker == "Cy Cedar"

    def test_among_many_equals_the_earliest_and_the_speakers_own_are_there(self, store: Store) -> None:
        store.import_quotes(
            QuoteImport(
                "We will never surrender this ground",
                "Zoe Zander" if number == 150 else f"Speaker {number}",
                date(2000, 1, 1) if number == 170 else date(2001 + number // 10, 1, 1),
                replace(LATER, uri=f"urn:many:{number}"),
            )
            for number in range(200)
        )
        found = store.find_evidence("We will never surrender this ground", speaker="Zander")
        spoken = [(evidence.utterances[0].speaker, evidence.utterances[0].said_at) for evidence in found]
        assert spoken[0][0] == "Zoe Zander"
        assert date(2000, 1, 1) in [said_at for _, said_at in spoken]

    def test_as_of_leaves_out_what_came_later_and_what_has_no_date(self, store: Store) -> None:
        undated = replace(LATER, uri="urn:undated", published_at=None)
        store.import_quotes(
            [
                QuoteImport("The bridge will stand for years", "A", date(2005, 1, 1), LATER),
                QuoteImport("The bridge will stand for years", "B", None, undated),
            ]
        )
        found = store.find_evidence("The bridge will stand for years", as_of=date(2005, 1, 1))
        assert [evidence.utterances[0].speaker for evidence in found] == ["A"]
        assert store.find_evidence("The bridge will stand for years", as_of=date(2004, 12, 31)) == []
        assert len(store.find_evidence("The bridge will stand for years")) == 2

    def test_an_excluded_source_is_no_evidence(self, store: Store) -> None:
        store.import_quotes([quote("The bridge will stand for years")])
        own = store.find_own_sources(LATER.uri)
        assert store.find_evidence("The bridge will stand for years", excluded=own) == []

    def test_two_sources_with_one_uri_by_different_ways_stay_apart(self, store: Store) -> None:
        store.import_quotes([QuoteImport("Imported words stay where they are", "A", None, LATER)])
        article = make_article(("Other words of the article itself", "B"), uri=LATER.uri)
        saved = store.save_article(article)
        store.delete_article(saved.id)
        assert [stored.text for stored in store.export_quotes()] == ["Imported words stay where they are"]

    def test_a_date_in_the_future_is_kept(self, store: Store) -> None:
        store.import_quotes([quote("The comet will come back then", said_at=date(9999, 12, 31))])
        assert store.searched().until == date(9999, 12, 31)
        assert store.find_evidence("The comet will come back")[0].utterances[0].said_at == date(9999, 12, 31)


@pytest.fixture(scope="module")
def searched(shared_database_url: str) -> Iterator[Store]:
    """A store with many quotes, which no test changes."""
    opened = open_migrated(shared_database_url)
    opened.import_quotes(islice(read_sentences(1_500), 300, 1_500))
    yield opened
    opened.close()


class TestSearch:
    @pytest.fixture
    def store(self, searched: Store) -> Store:
        return searched

    @pytest.mark.parametrize("query", ["peace", "the", "general assembly", "peace the of nations", "zzzz"])
    def test_pages_hold_all_quotes_with_all_words_newest_first(self, store: Store, query: str) -> None:
        from service.matching.retrieval.fingerprints import split_words

        words = set(split_words(query))
        expected = {stored.id for stored in store.export_quotes() if words <= set(split_words(stored.text))}
        found, cursor = [], None
        while True:
            page = store.find_quotes(query, cursor=cursor, limit=37)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len(found) == len(expected)
        assert {stored.id for stored in found} == expected
        days = [stored.said_at or date.min for stored in found]
        assert days == sorted(days, reverse=True)

    def test_speaker_and_dates_narrow(self, store: Store) -> None:
        everything = list(store.export_quotes())
        speaker = everything[0].speaker
        found = store.find_quotes(speaker=speaker, limit=2_000).items
        assert {stored.id for stored in found} == {one.id for one in everything if one.speaker == speaker}
        assert store.find_quotes(speaker="Nobody Atall").items == ()
        assert store.find_quotes(since=date(1990, 1, 1)).items == ()
        assert store.find_quotes(until=date(1900, 1, 1)).items == ()
        assert len(store.find_quotes(since=date(1946, 1, 1), until=date(1946, 12, 31), limit=5).items) == 5

    @pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "=", "A" * 18, "\x00", "A" * 10_000])
    def test_a_bad_cursor_is_an_invalid_input(self, store: Store, cursor: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            store.find_quotes("peace", cursor=cursor)
        assert caught.value.faults[0].pointer == "/cursor"


class TestArticles:
    def test_an_article_is_read_as_it_was_saved(self, store: Store) -> None:
        article = make_article(("The pier is closed for good", "Ana Duarte"))
        saved = store.save_article(article)
        stored = store.get_article(saved.id)
        assert saved.id == article_id(article.uri, article.text)
        assert (saved.created, saved.changed, saved.version) == (True, True, 1)
        for name in (
            "uri",
            "headline",
            "byline",
            "publisher",
            "published_at",
            "language",
            "text",
            "analysis",
        ):
            assert getattr(stored, name) == getattr(article, name)
        assert stored.version == 1
        assert stored.created_at.tzinfo is not None

    def test_the_same_twice_is_stored_once(self, store: Store) -> None:
        article = make_article(("The pier is closed for good", "Ana Duarte"))
        first = store.save_article(article)
        again = store.save_article(replace(article, analysis='{"other": 1}', engine="test 2"))
        assert (again.created, again.changed, again.version) == (False, False, 1)
        assert again.generation == first.generation
        assert store.stats().quotes == 1

    def test_a_new_version_replaces_the_quotes(self, store: Store) -> None:
        store.save_article(make_article(("The pier is closed for good", "Ana"), ("It stays open", "Bo")))
        saved = store.save_article(
            make_article(("The pier opens again in May", "Ana"), ("It stays open", "Bo"))
        )
        assert (saved.created, saved.changed, saved.version) == (False, True, 2)
        assert store.stats().quotes == 2
        assert ["The pier is closed for good"] not in texts_of(store, "The pier is closed for good")
        assert texts_of(store, "pier opens again in May") == [["The pier opens again in May"]]

    def test_a_speaker_corrected_is_a_change(self, store: Store) -> None:
        store.save_article(make_article(("The pier is closed for good", "Ana")))
        assert store.save_article(make_article(("The pier is closed for good", "Bo"))).changed
        assert next(store.export_quotes()).speaker == "Bo"

    def test_without_uri_the_text_is_the_identity(self, store: Store) -> None:
        one = store.save_article(make_article(("The pier is closed for good", None), uri=None))
        same = store.save_article(make_article(("The pier is closed for good", None), uri=None))
        other = store.save_article(make_article(("The pier is open for good", None), uri=None))
        assert one.id == same.id != other.id
        assert store.stats().articles == 2

    def test_deleting_leaves_nothing(self, store: Store) -> None:
        saved = store.save_article(make_article(("The pier is closed for good", "Ana")))
        store.delete_article(saved.id)
        with pytest.raises(NotFound):
            store.get_article(saved.id)
        with pytest.raises(NotFound):
            store.delete_article(saved.id)
        assert store.find_evidence("The pier is closed for good") == []
        assert store.stats().quotes == 0

    def test_a_new_analysis_leaves_text_and_quotes(self, store: Store) -> None:
        saved = store.save_article(make_article(("The pier is closed for good", "Ana")))
        before = store.generation()
        changed = store.update_analysis(saved.id, '{"new": true}', "test 2", "2")
        assert (changed.analysis, changed.engine, changed.policy) == ('{"new": true}', "test 2", "2")
        assert store.generation() == before
        assert [article.analysis for article in store.iterate_articles()] == ['{"new": true}']
        with pytest.raises(NotFound):
            store.update_analysis("nothing", "{}", "x", "1")

    def test_an_article_without_quotes_or_words_is_kept(self, store: Store) -> None:
        saved = store.save_article(make_article(text="Nothing was said. \x00"))
        assert store.get_article(saved.id).text == "Nothing was said. \ufffd"
        saved = store.save_article(make_article(("?!", None), uri="urn:marks"))
        assert store.get_article(saved.id).version == 1

    def test_a_very_long_uri_and_name_are_kept(self, store: Store) -> None:
        uri = "https://example.org/" + "€" * 1_980
        saved = store.save_article(make_article(("The pier is closed", "Ñ" * 2_000), uri=uri))
        assert store.get_article(saved.id).uri == uri

    def test_many_articles_are_iterated_once_each(self, store: Store) -> None:
        ids = {store.save_article(make_article(uri=f"urn:{number}", text="t")).id for number in range(7)}
        assert {article.id for article in store.iterate_articles()} == ids


class TestLineage:
    ORIGINAL = "We shall rebuild this harbour before the winter comes"
    VARIANT = "We shall rebuild this harbour after the winter comes"

    def article(self, uri: str, year: int, text: str) -> None:
        self.store.save_article(
            make_article((text, "Ana"), uri=uri, published_at=datetime(year, 1, 1, tzinfo=UTC))
        )

    @pytest.fixture(autouse=True)
    def filled(self, store: Store) -> None:
        self.store = store
        source = replace(LATER, uri="urn:first", published_at=date(2000, 1, 1))
        store.import_quotes([QuoteImport(self.ORIGINAL, "Ana", None, source)])
        self.article("urn:repeat", 2005, self.ORIGINAL.upper() + "!")
        self.article("urn:variant", 2003, self.VARIANT)
        self.article("urn:part", 2007, "rebuild this harbour before the winter")
        self.article("urn:other", 2001, "The school has a new roof, thanks to the parents")

    def id_at(self, uri: str) -> str:
        return next(stored.id for stored in self.store.export_quotes() if stored.origin.uri == uri)

    @pytest.mark.parametrize("start", ["urn:first", "urn:repeat", "urn:variant", "urn:part"])
    def test_the_family_is_the_same_from_every_member(self, start: str) -> None:
        lineage = self.store.provenance(self.id_at(start))
        assert lineage.quote.origin.uri == start
        assert [(sighting.quote.origin.uri, sighting.relation) for sighting in lineage.sightings] == [
            ("urn:first", "first"),
            ("urn:variant", "variant"),
            ("urn:repeat", "repeat"),
            ("urn:part", "variant"),
        ]
        assert lineage.total == 4

    def test_what_judging_found_is_what_storing_goes_by(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told = "We shall rebuild that harbour before the winter comes"
        self.store.find_evidence(told, excluded=frozenset())
        with monkeypatch.context() as patch:  # nothing is looked up again
            patch.setattr(recall.CandidateFinder, "find", lambda *_: [])
            self.article("urn:judged", 2009, told)
        lineage = self.store.provenance(self.id_at("urn:judged"))
        assert lineage.sightings[0].quote.origin.uri == "urn:first"
        assert lineage.total == 5

    def test_what_was_found_too_long_ago_is_looked_up_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        unheard = "The ferry will not sail again before somebody pays for the crew"
        assert self.store.find_evidence(unheard, excluded=frozenset()) == []
        self.article("urn:ferry", 2008, unheard.replace("somebody", "anybody"))
        monkeypatch.setattr(recall, "RECENT_S", 0.0)
        self.article("urn:ferry:variant", 2009, unheard)
        assert self.store.provenance(self.id_at("urn:ferry:variant")).total == 2

    def test_a_variant_says_what_was_changed(self) -> None:
        sighting = self.store.provenance(self.id_at("urn:variant")).sightings[1]
        changed = [(step.op, step.theirs, step.ours) for step in sighting.alignment if step.op != "keep"]
        assert changed == [("change", "before", "after")]
        assert " ".join(step.theirs for step in sighting.alignment if step.theirs) == self.ORIGINAL
        assert " ".join(step.ours for step in sighting.alignment if step.ours) == self.VARIANT

    def test_as_of_repeats_what_was_known_then(self) -> None:
        lineage = self.store.provenance(self.id_at("urn:first"), as_of=date(2004, 1, 1))
        assert [sighting.quote.origin.uri for sighting in lineage.sightings] == ["urn:first", "urn:variant"]

    def test_others_are_no_family(self) -> None:
        assert self.store.provenance(self.id_at("urn:other")).total == 1


class TestState:
    def test_the_generation_changes_with_the_quotes_only(self, store: Store) -> None:
        start = store.generation()
        store.find_evidence("anything at all")
        assert store.generation() == start
        store.import_quotes([quote("The ferry is late again")])
        second = store.generation()
        saved = store.save_article(make_article(("The pier is closed", None)))
        third = store.generation()
        store.delete_article(saved.id)
        assert len({start, second, third, store.generation()}) == 4

    def test_two_stores_never_share_a_generation(self, store: Store, tmp_path: Path) -> None:
        other = open_migrated(f"sqlite:///{tmp_path}/other.sqlite3")
        assert other.generation() != store.generation()
        other.close()

    def test_counts(self, store: Store) -> None:
        store.import_transcripts([SPEECH])
        store.import_quotes([quote("The ferry is late again", "Bo")])
        store.save_article(make_article(("The pier is closed", "Ana Duarte")))
        stats = store.stats()
        assert (stats.quotes, stats.sources, stats.transcripts, stats.articles) == (9, 3, 1, 1)
        assert (stats.speakers, stats.until, stats.pending) == (3, date(2010, 6, 1), 0)
        assert store.searched().quotes == 9

    def test_trigrams_find_the_same_and_take_new_quotes(self, store: Store) -> None:
        store.import_transcripts([SPEECH])
        before = texts_of(store, "the state promised the rest")
        assert store.add_trigrams() == 7
        assert store.add_trigrams() == 0
        assert store.stats().trigrams
        assert texts_of(store, "the state promised the rest") == before
        saved = store.save_article(make_article(("The pier is closed for good", None)))
        assert texts_of(store, "pier is closed for good") == [["The pier is closed for good"]]
        store.delete_article(saved.id)
        assert texts_of(store, "pier is closed for good") == []


def test_a_source_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    from tests.servers import find_free_port

    port = find_free_port()
    store = open_store(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres")
    with pytest.raises(StoreUnavailable):
        store.ping()
    (tmp_path / "a-file").write_text("")
    store = open_store(f"sqlite:///{tmp_path}/a-file/store.sqlite3")
    with pytest.raises(StoreUnavailable):
        store.ping()


def test_the_source_of_a_quote_keeps_its_facts(store: Store) -> None:
    source = SourceRecord("urn:x", "A title", "A publisher", date(1999, 12, 31), "speech")
    store.import_quotes([QuoteImport("Words that were said that day", "Someone", None, source)])
    assert next(store.export_quotes()).origin == replace(source, evidence_class="record")
