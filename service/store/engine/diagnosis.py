"""Why a database failed, in one sentence for the operator of the service: what is wrong and what to do.

The drivers' own messages are read for what kind of failure they tell, and never shown: some quote statements
or connection strings.
"""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import exc

#: What a driver's message holds, and what that means. The first that fits counts.
SIGNS: Final = (
    (
        r"database or disk is full|No space left on device",
        "the disk that holds the store is full: free space on it, then try again; what was stored is kept",
    ),
    (r"disk I/O error", "the disk that holds the store is full or fails: look at its space and its health"),
    (
        r"readonly database|read-only transaction",
        "the store may not be written: change the owner of its file and folder, or use the primary database",
    ),
    (
        r"unable to open database file",
        "the store's file cannot be opened: correct the path in DATABASE_URL",
    ),
    (
        r"file is not a database|file is encrypted",
        "the file that DATABASE_URL names is not an SQLite database: name another file",
    ),
    (
        r"disk image is malformed",
        "the store's file is damaged: restore a backup with `verbatim restore --replace FILE`",
    ),
    (
        r"is locked|lock_not_available|lock timeout",
        "another program has been writing to the store for too long: wait for it to end, then try again",
    ),
    (
        r"password authentication failed|no password supplied|no pg_hba\.conf entry",
        "PostgreSQL refuses the user or the password in DATABASE_URL: correct them",
    ),
    (r"role \"[^\"]*\" does not exist", "PostgreSQL does not know the user in DATABASE_URL: create it"),
    (
        r"database \"[^\"]*\" does not exist",
        "PostgreSQL has no database of the name in DATABASE_URL: create it (createdb NAME), then run "
        "`verbatim migrate`",
    ),
    (
        r"permission denied",
        "PostgreSQL does not let the user in DATABASE_URL do this: make that user the database's owner",
    ),
    (
        r"too many clients|remaining connection slots",
        "PostgreSQL has no connection left: raise max_connections",
    ),
    (
        r"[Cc]onnection refused|timeout expired|timed out|could not translate host name|No route|"
        r"failed to resolve|Name or service not known|server closed the connection|No such file or directory",
        "PostgreSQL does not answer: start it, or correct DATABASE_URL",
    ),
)


def explain_failure(error: BaseException) -> str | None:
    """What is wrong and what to do about an error of the store; None if its message says all there is."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, exc.DBAPIError):
        cause = cause.__cause__
    if not isinstance(cause, exc.DBAPIError):
        return None
    message = str(cause.orig)
    return next((meaning for sign, meaning in SIGNS if re.search(sign, message)), None)
