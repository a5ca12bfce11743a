"""Bringing a database to the schema that this program knows, and telling whether it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from service.store.database import Database, translate_errors, wait_until_free

HEAD: Final = "0006"  # the newest migration; a test holds it to the files
MIGRATIONS: Final = Path(__file__).with_name("migrations")
MIGRATING: Final = 7_205_760  # the advisory lock by which processes migrate PostgreSQL one at a time


def read_revision(connection: Connection) -> str | None:
    """The newest migration that the database has seen, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_migration_due(database: Database) -> bool:
    """Whether the schema is older than this program's. Raises StoreUnavailable."""
    with database.read() as connection:
        return read_revision(connection) != HEAD


def migrate(database: Database) -> bool:
    """Run the migrations that are due, all or none, one process at a time; whether there were any."""
    if not is_migration_due(database):
        return False
    writer = database.engine.execution_options(verbatim_write=True)
    with translate_errors(), writer.connect() as connection:
        wait_until_free(lambda: _lock(connection, database.is_sqlite), connection.rollback)
        if read_revision(connection) == HEAD:  # another process was faster
            return False
        _upgrade(connection)
        connection.commit()
    return True


def _lock(connection: Connection, is_sqlite: bool) -> None:
    lock = "BEGIN IMMEDIATE" if is_sqlite else f"SELECT pg_advisory_xact_lock({MIGRATING})"
    connection.exec_driver_sql(lock)


def _upgrade(connection: Connection) -> None:
    # Loading Alembic takes longer than most commands run, and is seldom needed.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
