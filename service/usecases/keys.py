"""API keys: who asks, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

Scope = Literal["read", "check", "write", "review", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: the name of the key, its public id, and its scopes. `admin` implies all others."""

    name: str
    scopes: frozenset[Scope]
    key_id: str | None = None  # None where the server is open and nobody showed a key

    def may(self, scope: Scope) -> bool:
        """Whether this scope, or one that implies it, was given."""
        return scope in self.scopes or "admin" in self.scopes


EVERYONE: Final = Principal("everyone", frozenset(SCOPES))
