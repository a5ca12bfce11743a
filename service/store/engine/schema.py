"""Migration of a database to the schema of this program.

A newer schema is accepted: while an installation is updated, processes of the former version run beside new
ones. That works because migrations only add what the former version can ignore (docs/adr/0010-machines.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, select, text

from service.store.engine.database import Database, translate_errors, wait_until_free
from service.store.tables import state

HEAD: Final = "0016"  # the newest migration; a test holds it to the files
MIGRATIONS: Final = Path(__file__).parents[1] / "migrations"
MIGRATING: Final = 7_205_760  # advisory lock of PostgreSQL: one process migrates at a time
MIGRATION_TIMEOUT_S: Final = 600.0  # for the locks of others, such as a long import
# Others wait behind a migration that waits for a table lock, so it gives up soon and tries again.
TABLE_LOCK_TIMEOUT: Final = "2s"


def read_revision(connection: Connection) -> str | None:
    """The newest migration that was applied, None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_older(revision: str | None) -> bool:
    """Whether a revision, such as "0002", is older than this program's schema."""
    return revision is None or revision < HEAD


def is_migration_due(database: Database) -> bool:
    """Whether the schema is older than this program's. Raises StoreUnavailable."""
    with database.read() as connection:
        return is_older(read_revision(connection))


def migrate(database: Database) -> bool:
    """Apply the migrations that are due, all or none; whether there were any.

    Any number of processes may call it at once: one migrates, the others wait for it.
    """
    if not is_migration_due(database):
        return False
    writer = database.engine.execution_options(verbatim_write=True)
    with translate_errors(), writer.connect() as connection:
        return wait_until_free(
            lambda: _advance(connection, database.is_sqlite), connection.rollback, MIGRATION_TIMEOUT_S
        )


def _advance(connection: Connection, is_sqlite: bool) -> bool:
    """Try to apply the due migrations in one transaction; whether there were any."""
    if is_sqlite:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # wait for another migration
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{TABLE_LOCK_TIMEOUT}'")
    revision = read_revision(connection)
    if not is_older(revision):  # another process has migrated
        connection.rollback()
        return False
    if revision is not None and not is_sqlite:
        # The first lock of every writer, so that no deadlock is possible.
        connection.execute(select(state.c.id).with_for_update())
    _upgrade(connection)
    connection.commit()
    return True


def _upgrade(connection: Connection) -> None:
    # Imported late: loading Alembic takes longer than most commands run.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
