"""Writing in steps and under conditions, on every database: sessions of imports, exports, races for an article."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from service.errors import NotFound, PreconditionFailed, StoreUnavailable
from service.store import Precondition, QuoteImport, SourceRecord, Store, Turn, open_store
from service.store.ingest import stream_import as streaming
from service.store.records import article_id, entity_tag, quote_id
from tests.store.material import LATER, SPEECH, make_article, read_sentences
from tests.stores import open_migrated


def quote(text: str, source: SourceRecord = LATER) -> QuoteImport:
    return QuoteImport(text, "Ana Duarte", None, source)


class TestSessions:
    def test_each_quote_is_told_what_became_of_it(self, store: Store) -> None:
        first, second = quote("The ferry was late again"), quote("Nobody told the passengers")
        with store.import_session() as session:
            outcomes = session.add_quotes([first, second, first])
            assert [outcome.added for outcome in outcomes] == [True, True, False]
            assert outcomes[0].id == outcomes[2].id == quote_id(LATER.uri, 0, first.text)
            assert store.get_quote(outcomes[1].id).text == second.text, "kept as soon as it is told"
            assert [outcome.added for outcome in session.add_quotes([second])] == [False]
        assert store.stats().pending == 0
        assert store.find_evidence("Nobody told the passengers")

    def test_transcripts_are_told_one_by_one(self, store: Store) -> None:
        changed = replace(SPEECH, turns=(Turn("Lee Okafor", "The pier will be rebuilt in stone."),))
        with store.import_session() as session:
            told = [session.add_transcripts([one])[0] for one in (SPEECH, SPEECH, changed)]
            assert [(one.added, one.duplicates, one.removed) for one in told] == [
                (7, 0, 0),
                (0, 7, 0),
                (1, 0, 7),
            ]
            together = session.add_transcripts([SPEECH, changed])
            assert [(one.added, one.removed) for one in together] == [(7, 1), (1, 7)]
        assert [stored.text for stored in store.export_quotes()] == ["The pier will be rebuilt in stone."]
        assert not store.find_evidence("Nobody had planned for ice"), "nothing of a replaced text is found"
        assert store.find_evidence("The pier will be rebuilt in stone")

    def test_a_long_session_is_found_by_its_words_on_the_way(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(streaming, "SETTLE_QUOTES", 50)
        records = list(read_sentences(100))
        with store.import_session() as session:
            for start in range(0, 100, 20):
                session.add_quotes(records[start : start + 20])
            assert store.find_evidence(records[0].text)
            assert store.stats().pending == 40
        assert (store.stats().quotes, store.stats().pending) == (100, 0)
        other = open_migrated(f"sqlite:///{tmp_path}/other.sqlite3")
        other.import_quotes(records)
        for record in records[::17]:
            found, same = store.find_evidence(record.text), other.find_evidence(record.text)
            assert [one.utterances[0].text for one in found] == [one.utterances[0].text for one in same]
        other.close()

    def test_a_session_that_breaks_off_keeps_and_indexes_what_it_told(self, store: Store) -> None:
        with pytest.raises(RuntimeError, match="hung up"), store.import_session() as session:
            session.add_quotes([quote("The ferry was late again")])
            raise RuntimeError("hung up")
        assert store.stats().pending == 0
        assert store.find_evidence("The ferry was late again")

    def test_a_session_whose_index_fails_is_finished_by_another(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise StoreUnavailable("gone")

        monkeypatch.setattr(streaming, "index_run", fail)
        with store.import_session() as session:
            session.add_quotes([quote("The ferry was late again")])
        monkeypatch.undo()
        assert store.stats().pending == 1
        assert store.has_dead_imports()
        with store.import_session() as session:
            session.add_quotes([quote("Nobody told the passengers")])
        assert store.stats().pending == 0
        assert store.find_evidence("The ferry was late again")

    def test_two_sessions_at_once_add_each_quote_once(self, database_url: str) -> None:
        records = list(read_sentences(300))
        stores = [open_store(database_url) for _ in range(2)]

        def run(number: int) -> int:
            added = 0
            with stores[number].import_session() as session:
                for start in range(0, 300, 30):
                    added += sum(one.added for one in session.add_quotes(records[start : start + 30]))
            return added

        with ThreadPoolExecutor(2) as pool:
            assert sum(pool.map(run, range(2))) == 300
        assert (stores[0].stats().quotes, stores[0].stats().pending) == (300, 0)
        for store in stores:
            store.close()

    def test_an_export_is_not_held_up_by_its_taker(self, store: Store) -> None:
        store.import_quotes(read_sentences(2_500))
        export = store.export_quotes()
        taken = [next(export) for _ in range(10)]
        store.import_quotes([quote("The ferry was late again")])
        store._database.tidy()
        rest = list(export)
        assert len({one.id for one in taken + rest}) == 2_501
        assert list(store.export_quotes(after=rest[-2].id)) == [rest[-1]]
        with pytest.raises(NotFound):
            store.export_quotes(after="q0123456789abcdef")


class TestArticles:
    def test_of_many_writers_with_one_tag_one_wins(self, database_url: str) -> None:
        stores = [open_store(database_url) for _ in range(4)]
        first = make_article(("The pier is closed for good", "Ana"))
        stores[0].save_article(first)
        seen = Precondition(match=frozenset({entity_tag(first.analysis)}))
        barrier = threading.Barrier(4)

        def write(number: int) -> bool:
            said = (f"The pier opens in {number} weeks", "Ana")
            record = replace(make_article(said), analysis=f'{{"quotes": [], "number": {number}}}')
            barrier.wait()
            try:
                return stores[number].save_article(record, seen).changed
            except PreconditionFailed:
                return False

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(write, range(4))) == 1
        article = stores[0].get_article(article_id(first.uri, first.text))
        assert article.version == 2
        [stored] = stores[0].export_quotes()
        assert article.text.startswith(stored.text), "text and quotes are of the same writer"
        for store in stores:
            store.close()

    def test_a_refused_write_leaves_everything(self, store: Store) -> None:
        first = make_article(("The pier is closed for good", "Ana"))
        store.save_article(first)
        before = (store.generation(), store.stats(), list(store.export_quotes()))
        other = make_article(("The pier is open", "Ana"))
        for refused in (
            Precondition(match=frozenset({"other"})),
            Precondition(none_match=frozenset({"*"})),
            Precondition(none_match=frozenset({entity_tag(first.analysis)})),
        ):
            with pytest.raises(PreconditionFailed):
                store.save_article(other, refused)
            with pytest.raises(PreconditionFailed):
                store.delete_article(article_id(first.uri, first.text), refused)
        assert (store.generation(), store.stats(), list(store.export_quotes())) == before

    def test_versions_are_kept_in_order_until_the_article_goes(self, store: Store) -> None:
        for number in range(5):
            store.save_article(make_article((f"The pier opens in {number} weeks", "Ana")))
        public_id = article_id("https://example.org/a", "")
        page = store.list_versions(public_id, before=None, limit=3)
        assert ([line.version for line in page.items], page.next_before) == ([5, 4, 3], 3)
        page = store.list_versions(public_id, before=3, limit=3)
        assert ([line.version for line in page.items], page.next_before) == ([2, 1], None)
        assert store.get_version(public_id, 1).text.startswith("The pier opens in 0 weeks")
        store.delete_article(public_id)
        for missing in (lambda: store.list_versions(public_id, before=None, limit=1),
                        lambda: store.get_version(public_id, 1)):  # fmt: skip
            with pytest.raises(NotFound):
                missing()
