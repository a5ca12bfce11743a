"""Cache keys: hashes of all that an answer depends on."""

from __future__ import annotations

import hashlib

#: Increased when the format of keys or values changes, so that old ones are never read.
FORM = 1


def cache_key(kind: str, *parts: str) -> str:
    """`verbatim:1:<kind>:<64 hex digits>`, the SHA-256 of the parts.

    Each part is preceded by its length in bytes, so that ("ab", "c") and ("a", "bc") differ. The parts
    are whatever the answer depends on: the text, the engine's fingerprint, the store's generation.
    """
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return f"verbatim:{FORM}:{kind}:{digest.hexdigest()}"
