"""Page cursors: opaque strings that stand for a position in a listing."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Final

from service.errors import Fault, InvalidInput
from service.store.records import storable

REFUSED: Final = "Not a cursor of this listing; leave it out to start from the beginning."
CHECK_BYTES: Final = 4
MAX_NUMBER: Final = 2**31 - 1  # ids and days in all tables; a larger number would be an error in PostgreSQL


class CursorCodec:
    """Encodes positions in one kind of listing: tuples of numbers from 0 to `MAX_NUMBER` and of strings.

    `kind` names the listing, so that a cursor of another one is refused. The checksum detects cursors that
    were cut or altered by mistake; it is no protection against forgery, and none is needed: a position holds
    nothing that its reader may not see.
    """

    def __init__(self, kind: str, *types: type) -> None:
        self._kind: Final = kind
        self._types: Final = types

    def encode(self, *position: int | str) -> str:
        """The cursor of a position."""
        text = json.dumps([self._kind, *position], ensure_ascii=False, separators=(",", ":")).encode()
        checksum = binascii.crc32(text).to_bytes(CHECK_BYTES, "big")
        return base64.urlsafe_b64encode(checksum + text).decode().rstrip("=")

    def decode(self, cursor: str) -> tuple[Any, ...]:
        """The position of a cursor. Raises InvalidInput for any string that `encode` did not return."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            kind, *position = json.loads(raw[CHECK_BYTES:])
            is_ours = kind == self._kind and self._fits(position) and self.encode(*position) == cursor
        except (ValueError, TypeError, RecursionError):
            is_ours = False
        if not is_ours:
            raise InvalidInput("the cursor is not valid", (Fault("/cursor", REFUSED),))
        return tuple(position)

    def _fits(self, position: list[Any]) -> bool:
        return [type(value) for value in position] == list(self._types) and all(
            value == storable(value) if isinstance(value, str) else 0 <= value <= MAX_NUMBER
            for value in position
        )
