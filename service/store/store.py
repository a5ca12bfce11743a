"""The store behind one object. Each method is one transaction, or one read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Final

from sqlalchemy import Connection, select, update

from service.matching.models import Evidence, Searched
from service.matching.retrieval.near_copies import sketch_text
from service.names.comparison import names_agree
from service.settings import Synchronous
from service.store.accounts import AccountStore
from service.store.articles import articles, versions
from service.store.articles.analyses import AnalysisStore
from service.store.articles.near_copies import find_copies
from service.store.articles.overview import OverviewStore
from service.store.articles.work import ArticleWorkStore
from service.store.engine.database import Database
from service.store.engine.replica import Reader, ReplicaState
from service.store.engine.schema import is_migration_due, migrate
from service.store.engine.write_probe import WriteFault, find_write_fault
from service.store.events.log import EventStore
from service.store.events.publish import describe_article, publish_event
from service.store.events.webhooks import WebhookStore
from service.store.factchecks.search import FactcheckStore
from service.store.gate import GateStore
from service.store.idempotency import IdempotencyStore
from service.store.ingest import bulk_import
from service.store.ingest.bulk_import import Progress
from service.store.ingest.quote_drafts import source_key
from service.store.ingest.stream_import import ImportSession
from service.store.jobs.batches import BatchStore
from service.store.jobs.jobs import Claim, JobStore, Outcome, settle
from service.store.keys import KeyStore
from service.store.maintenance.verification import verify_store
from service.store.people.registry import PeopleStore
from service.store.pushes import PushStore
from service.store.quotes import lineage, search
from service.store.quotes.statements import StatementStore
from service.store.quotes.writing import MAX_SPEAKERS, find_speakers
from service.store.records import (
    ArticleRecord,
    ImportReport,
    Lineage,
    Page,
    Precondition,
    QuoteImport,
    SavedArticle,
    StoredArticle,
    StoredQuote,
    StoredVersion,
    StoreStats,
    Transcript,
    VersionPage,
)
from service.store.retrieval.candidates import FrequencyCache
from service.store.retrieval.evidence import Question, find_own_sources, gather_evidence, gather_statements
from service.store.retrieval.fingerprint_search import RecentMatches
from service.store.retrieval.reported_speech import Report
from service.store.retrieval.trigrams import add_trigrams
from service.store.reviews.analysis_sync import forget_article, read_analysed, review_article
from service.store.reviews.reviews import ReviewStore
from service.store.sign_offs.article_state import refresh
from service.store.sign_offs.store import SignOffStore, find_ids, forget_sign_offs
from service.store.sources.adding import add_source, draft_source, encode_source
from service.store.sources.records import UNKNOWN_ACTOR, Actor
from service.store.sources.reliance import forget_evidence, note_evidence
from service.store.sources.store import SourceStore
from service.store.state import (
    read_cache_secret,
    read_generation,
    read_searched,
    read_size,
    read_stats,
)
from service.store.tables import sources, state

MOST_NAMES: Final = 50  # of one person, as sources have them
TIDY_FROM: Final = 20_000  # quotes added by one import


def ignore_progress(_: int) -> None:
    """Do nothing: the default for `progress`."""


class Store:
    """Sources, quotes and articles in a database. Thread-safe, not across a fork.

    Methods raise StoreUnavailable if the database does not answer and MigrationDue where its schema is
    older than this program.
    """

    def __init__(self, url: str, read_url: str | None = None, synchronous: Synchronous = "full") -> None:
        self._database: Final = Database(url, synchronous)
        self._reader: Final = Reader(self._database, read_url)
        self._frequencies: Final = FrequencyCache()
        self._recent: Final = RecentMatches()
        self._cache_secret: bytes | None = None
        self.events: Final = EventStore(self._database)
        self.analyses: Final = AnalysisStore(self._database)
        self.factchecks: Final = FactcheckStore(self._database)
        self.idempotency: Final = IdempotencyStore(self._database)
        self.batches: Final = BatchStore(self._database)
        self.jobs: Final = JobStore(self._database)
        self.overview: Final = OverviewStore(self._database)
        self.sources: Final = SourceStore(self._database, self._frequencies)
        self.keys: Final = KeyStore(self._database)
        self.accounts: Final = AccountStore(self._database)
        self.reviews: Final = ReviewStore(self._database)
        self.sign_offs: Final = SignOffStore(self._database)
        self.work: Final = ArticleWorkStore(self._database)
        self.gate: Final = GateStore(self._database)
        self.people: Final = PeopleStore(self._database)
        self.statements: Final = StatementStore(self._database, self._frequencies)
        self.pushes: Final = PushStore(self._database)
        self.webhooks: Final = WebhookStore(self._database)

    def migrate(self) -> bool:
        """Bring the schema up to date; whether that was due."""
        return migrate(self._database)

    def migration_due(self) -> bool:
        """Whether the schema is older than this program."""
        return is_migration_due(self._database)

    def now(self) -> float:
        """Seconds since 1970, the same in all processes that use this store."""
        return self._database.now()

    def ping(self) -> None:
        """Run a trivial query. Raises StoreUnavailable."""
        with self._database.read() as connection:
            connection.execute(select(1))

    def try_write(self) -> None:
        """Write the unchanged state and roll back. Raises StoreUnavailable if it cannot be written."""
        with self._database.write() as connection:
            connection.execute(update(state).values(generation=state.c.generation))
            connection.rollback()

    def find_write_fault(self) -> WriteFault | None:
        """Why the store cannot be written now; None if it can."""
        return find_write_fault(self._database)

    def size_bytes(self) -> int:
        """The size of the database on disk, in bytes."""
        with self._database.read() as connection:
            return read_size(connection)

    def close(self) -> None:
        """Close all connections. The store may be used again; it then opens new ones."""
        self._database.close()
        self._reader.close()

    @property
    def has_replica(self) -> bool:
        """Whether a read replica is configured."""
        return self._reader.replica_state != "none"

    @property
    def replica_state(self) -> ReplicaState:
        """How the read replica was found last: "none" without one; unless "ok" the primary does its work."""
        return self._reader.replica_state

    def ask_replica(self) -> ReplicaState:
        """How the read replica is now."""
        self._reader.run_newest(lambda connection: connection.execute(select(1)).close())
        return self._reader.replica_state

    def generation(self) -> str:
        """Changes whenever quotes do, and differs between stores: a part of every cache key.

        What is read afterwards is at least that new, from a replica too.
        """
        return self._reader.read_generation()

    def cache_secret(self) -> bytes:
        """The secret that authenticates cached answers; read once."""
        if self._cache_secret is None:
            with self._database.read() as connection:
                self._cache_secret = read_cache_secret(connection)
        return self._cache_secret

    def searched(self) -> Searched:
        """The number of quotes and fact-checks, and the last day."""
        with self._database.read() as connection:
            return read_searched(connection)

    def stats(self) -> StoreStats:
        """The number of rows of each kind."""
        with self._database.read() as connection:
            return read_stats(connection)

    def verify(self) -> Iterator[str]:
        """The inconsistencies of the store, a line each; none if all is consistent."""
        with self._database.snapshot() as connection:
            yield from verify_store(connection)

    def find_evidence(
        self,
        text: str,
        *,
        speaker: str | None = None,
        as_of: date | None = None,
        excluded: frozenset[int] | None = None,
        limit: int = 5,
    ) -> list[Evidence]:
        """Windows of stored words that may hold the text: of records and statements, then of reports, the
        most promising first.

        About `limit` of them: for a text of several parts, the best window of each part comes in any case.
        `speaker` decides between equals only. With `as_of`, what was seen later or on no known day is left
        out, and so are the sources `excluded`, which `find_own_sources` gave.
        """
        question = Question(text, speaker, as_of, excluded, limit)
        return self._reader.run(
            lambda connection: gather_evidence(
                connection, question, self._frequencies.get(connection), self._recent
            )
        )

    def find_statements(
        self,
        text: str,
        speakers: Iterable[str],
        said_on: date | None = None,
        *,
        as_of: date | None = None,
        excluded: frozenset[int] | None = None,
    ) -> list[Evidence]:
        """Windows of what people of these names said that a report, `text`, may go back to.

        By shared words in any inflection, what was said near the day `said_on` first; whether it means the
        same is not decided.
        """
        asked = list(speakers)

        def gather(connection: Connection) -> list[Evidence]:
            found = find_speakers(connection, asked, MAX_SPEAKERS)
            theirs = [number for number, name in found if any(names_agree(one, name) for one in asked)]
            until = as_of.toordinal() if as_of else None
            report = Report(text, tuple(theirs[:MOST_NAMES]), said_on, until, excluded or frozenset())
            return gather_statements(connection, report)

        return self._reader.run(gather) if asked else []

    def find_own_sources(self, uri: str | None, text: str | None = None) -> frozenset[int]:
        """What is no evidence for an article, or a page, with this address and this text: its own sources in
        any spelling of the address, stored articles that are nearly the same text, and what shares an origin
        with one of these."""

        def find(connection: Connection) -> frozenset[int]:
            copies = find_copies(connection, sketch_text(text)) if text else frozenset()
            return find_own_sources(connection, uri, copies)

        return self._reader.run(find)

    def find_known_address(self, uri: str) -> str:
        """The spelling of an address under which an article is stored, the one given where there is none."""
        with self._database.read() as connection:
            stored = select(sources.c.uri).where(sources.c.key == source_key("article", uri))
            return connection.execute(stored).scalar() or uri

    def save_article(
        self, record: ArticleRecord, precondition: Precondition | None = None, claim: Claim | None = None
    ) -> SavedArticle:
        """Store an article with its quotes, in place of its former version. The same twice is stored once.

        Raises PreconditionFailed, with nothing stored, where the former version is not what was expected.
        With the `claim` of a job, that ends in the same transaction; raises LeaseLost, with nothing stored,
        where it is another worker's by now. A new version is published as an event in it too. The sources
        that it came with are stored in it as well; raises Conflict, with nothing stored, where one of them
        was retracted.
        """
        batch = articles.draft_batch(record)
        kept = [(new, encode_source(draft)) for draft, new in map(draft_source, record.sources)]
        with self._database.read() as connection:
            likeness = articles.Likeness.find(connection, record.text)
            texts = (draft.text for source in batch.sources for draft in source.drafts)
            heads = lineage.find_heads(connection, texts, self._frequencies.get(connection), self._recent)
        with self._database.write() as connection:
            is_current = record.generation == read_generation(connection)
            for new, encoded in kept:
                add_source(connection, new, encoded, record.actor)
            saved = articles.save_article(connection, record, batch, likeness, precondition)
            lineage.link_variants(connection, heads)
            now = self.now()
            if saved.changed:
                publish_event(connection, "article.analysed", describe_article(record, saved), now)
                analysed = read_analysed(record, saved)
                refresh(connection, saved.id, record.actor if record.actor != UNKNOWN_ACTOR else None)
                note_evidence(connection, saved.id, analysed.quotes)
                review_article(connection, analysed, now)
            if claim is not None:
                settle(connection, claim, Outcome(saved.id, saved.version), now)
        if kept:
            self._frequencies.forget()
        return replace(saved, is_current=is_current)

    def get_article(self, article_id: str) -> StoredArticle:
        """The newest version of an article. Raises NotFound."""
        with self._database.read() as connection:
            return articles.get_article(connection, article_id)

    def update_analysis(self, article_id: str, analysis: str, engine: str, policy: str) -> StoredArticle:
        """Replace the answer given to an article, leaving its text and quotes. Raises NotFound.

        What people were to look at in the former answer is superseded, unless it is judged the same.
        """
        with self._database.write() as connection:
            article = articles.update_analysis(connection, article_id, analysis, engine, policy)
            now = self.now()
            rejudged = {"id": article_id, "version": article.version}
            publish_event(connection, "article.rejudged", rejudged, now)
            analysed = read_analysed(article, article)
            refresh(connection, article_id)
            note_evidence(connection, article_id, analysed.quotes)
            review_article(connection, analysed, now)
            return article

    def delete_article(
        self, article_id: str, precondition: Precondition | None = None, claim: Claim | None = None
    ) -> None:
        """Forget an article, its versions and its quotes. Raises NotFound, PreconditionFailed.

        With the `claim` of a job, that ends in the same transaction; raises LeaseLost.
        """
        with self._database.write() as connection:
            signed = find_ids(connection, article_id)
            articles.delete_article(connection, article_id, precondition)
            now = self.now()
            forget_sign_offs(connection, signed, now)
            publish_event(connection, "article.deleted", {"id": article_id}, now)
            forget_article(connection, article_id, now)
            forget_evidence(connection, article_id)
            if claim is not None:
                settle(connection, claim, Outcome(article_id), now)

    def list_versions(self, article_id: str, *, before: int | None, limit: int) -> VersionPage:
        """An article's versions, the newest first, those below `before`. Raises NotFound."""
        with self._database.read() as connection:
            return versions.list_versions(connection, article_id, before, limit)

    def get_version(self, article_id: str, version: int) -> StoredVersion:
        """One version of an article. Raises NotFound."""
        with self._database.read() as connection:
            return versions.get_version(connection, article_id, version)

    def iterate_articles(self) -> Iterator[StoredArticle]:
        """All articles, by id."""
        with self._database.read() as connection:
            yield from articles.iterate_articles(connection)

    def import_transcripts(
        self,
        records: Iterable[Transcript],
        progress: Progress = ignore_progress,
        *,
        checkpoint: str | None = None,
        actor: Actor = UNKNOWN_ACTOR,
    ) -> ImportReport:
        """Store transcripts, a quote for each sentence. The same again adds nothing; a changed one replaces.

        `progress` is called with the number of records stored since the last call. `checkpoint` names the
        import (a hash of the file, say): one that was killed then goes on where it stopped, given the same
        records from the start. The history of a transcript that is replaced names the `actor`.
        """
        return self._import(
            lambda done: bulk_import.batch_transcripts(islice(records, done, None)),
            checkpoint,
            progress,
            actor,
        )

    def import_quotes(
        self,
        records: Iterable[QuoteImport],
        progress: Progress = ignore_progress,
        *,
        checkpoint: str | None = None,
        actor: Actor = UNKNOWN_ACTOR,
    ) -> ImportReport:
        """Store earlier quotations, one by one; as `import_transcripts`."""
        return self._import(
            lambda done: bulk_import.batch_quotes(islice(records, done, None)), checkpoint, progress, actor
        )

    def has_dead_imports(self) -> bool:
        """Whether `finish_imports` has anything to do."""
        return bool(bulk_import.find_dead_imports(self._database))

    def finish_imports(self) -> int:
        """Index what killed imports stored and left unindexed; how many quotes."""
        finished = bulk_import.finish_dead_imports(self._database)
        self._frequencies.forget()
        return finished

    def add_trigrams(self, progress: Progress = ignore_progress) -> int:
        """Index triples of words too, for stores of ten million quotes and more; how many quotes it took."""
        added = add_trigrams(self._database, progress)
        self._frequencies.forget()
        return added

    def find_quotes(  # noqa: PLR0913 - the filters of a search
        self,
        q: str | None = None,
        *,
        speaker: str | None = None,
        since: date | None = None,
        until: date | None = None,
        cursor: str | None = None,
        limit: int = 20,
    ) -> Page:
        """Quotes with all the words of `q`, newest first, undated ones last.

        Raises InvalidInput for a bad cursor. A page may be short, even empty, while there is a next: then
        much was read through and little fits.
        """
        wanted = search.Search(q, speaker, since, until)
        page = self._reader.run_newest(
            lambda connection: search.find_quotes(connection, wanted, cursor, limit)
        )
        return replace(page, items=self.people.identify(page.items))

    def get_quote(self, quote_id: str) -> StoredQuote:
        """One quote with its source. Raises NotFound."""
        quote = self._reader.run_newest(
            lambda connection: search.read_quote(search.get_row(connection, quote_id))
        )
        return self.people.identify([quote])[0]

    def provenance(self, quote_id: str, as_of: date | None = None) -> Lineage:
        """A quote's family: first sighting, repeats, variants with what changed. Raises NotFound."""
        found = self._reader.run_newest(lambda connection: lineage.trace_lineage(connection, quote_id, as_of))
        quote, *seen = self.people.identify([found.quote, *(one.quote for one in found.sightings)])
        sightings = zip(found.sightings, seen, strict=True)
        return replace(
            found, quote=quote, sightings=tuple(replace(one, quote=named) for one, named in sightings)
        )

    def export_quotes(self, after: str | None = None) -> Iterator[StoredQuote]:
        """All quotes, or those that came in behind `after`, in the order they came in. Raises NotFound.

        Each page is a read of its own, so that a slow taker holds up nobody: what is removed meanwhile is
        left out, what is added comes at the end.
        """
        with self._reader.connect() as connection:
            last = search.get_row(connection, after).id if after else 0
        return self._export_behind(last)

    def import_session(self, actor: Actor = UNKNOWN_ACTOR) -> ImportSession:
        """An import that records are handed to a few at a time, and that says the outcome of each."""
        return ImportSession(self._database, self._frequencies, actor)

    def _export_behind(self, last: int) -> Iterator[StoredQuote]:
        while True:
            with self._reader.connect() as connection:
                page, last = search.export_page(connection, last)
            if not page:
                return
            yield from page

    def _import(
        self, batches: bulk_import.Batches, checkpoint: str | None, progress: Progress, actor: Actor
    ) -> ImportReport:
        report = bulk_import.run_import(self._database, batches, checkpoint, progress, actor)
        self._frequencies.forget()
        if report.quotes_added >= TIDY_FROM:
            self._database.tidy()
        return report
