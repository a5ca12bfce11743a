"""The user that runs a command, as histories name them."""

from __future__ import annotations

import getpass

from service.store.sources.records import Actor


def find_actor() -> Actor:
    """The user that runs the command, by the name of the account."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user without a name, as in a container
        return Actor("command line")
    return Actor(f"{user} (command line)")
