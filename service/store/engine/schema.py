"""Bringing a database to the schema that this program knows, and telling whether it is there.

A schema newer than this program is served all the same: while an installation is updated, old code runs
beside new. That works because migrations only add what old code can pass over (docs/adr/0010-machines.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, select, text

from service.store.engine.database import Database, translate_errors, wait_until_free
from service.store.tables import state

HEAD: Final = "0010"  # the newest migration; a test holds it to the files
MIGRATIONS: Final = Path(__file__).parents[1] / "migrations"
MIGRATING: Final = 7_205_760  # the advisory lock by which processes migrate PostgreSQL one at a time
MIGRATION_PATIENCE_S: Final = 600.0  # behind whoever reads or writes the tables, a long import among them
# Whoever comes after a migration that waits for a table waits too: so it gives way, and comes again.
TABLE_LOCK_TIMEOUT: Final = "2s"


def read_revision(connection: Connection) -> str | None:
    """The newest migration that the database has seen, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_older(revision: str | None) -> bool:
    """Whether a database at that revision, such as "0002", lacks what this program needs; they count up."""
    return revision is None or revision < HEAD


def is_migration_due(database: Database) -> bool:
    """Whether the schema is older than this program's. A newer one is not. Raises StoreUnavailable."""
    with database.read() as connection:
        return is_older(read_revision(connection))


def migrate(database: Database) -> bool:
    """Run the migrations that are due, all or none, one process at a time; whether there were any.

    Processes on any number of machines may call it at once: one migrates, the others wait for it.
    """
    if not is_migration_due(database):
        return False
    writer = database.engine.execution_options(verbatim_write=True)
    with translate_errors(), writer.connect() as connection:
        return wait_until_free(
            lambda: _advance(connection, database.is_sqlite), connection.rollback, MIGRATION_PATIENCE_S
        )


def _advance(connection: Connection, is_sqlite: bool) -> bool:
    """One try at the migrations that are due, in one transaction."""
    if is_sqlite:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # behind another who migrates, however long
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{TABLE_LOCK_TIMEOUT}'")
    revision = read_revision(connection)
    if not is_older(revision):  # another process was faster
        connection.rollback()
        return False
    if revision is not None and not is_sqlite:
        # As every writer does first: one that holds some tables and waits for others would be a deadlock.
        connection.execute(select(state.c.id).with_for_update())
    _upgrade(connection)
    connection.commit()
    return True


def _upgrade(connection: Connection) -> None:
    # Loading Alembic takes longer than most commands run, and is seldom needed.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
