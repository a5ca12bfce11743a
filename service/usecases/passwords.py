"""Passwords: which may be chosen, and how they are hashed (Argon2id)."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import Overloaded

SHORTEST: Final = 12  # characters
LONGEST: Final = 200
FEWEST_DIFFERENT: Final = 5  # characters
SHORTEST_PART: Final = 4  # letters of a name that count
AT_ONCE: Final = 2  # hashes that a process computes at a time, each with its memory
PATIENCE_S: Final = 5.0
#: What the commonest passwords consist of, beside digits and signs.
COMMON: Final = frozenset(
    re.findall(
        r"\w+",
        """
        password passwort passw pass pwd secret login welcome admin administrator root user guest test
        letmein qwerty qwertyuiop qwertz azerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc
        abc abcd abcdef abcdefg abcdefgh iloveyou love monkey dragon master sunshine princess football
        baseball superman batman shadow michael trustno changeme default hello whatever computer
        internet summer winter spring autumn starwars pokemon verbatim newsroom correct horse battery
        staple
        """,
    )
)
SEQUENCES: Final = (
    "0123456789012345678901234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
#: 46 MiB, one pass: the first choice of OWASP's Password Storage Cheat Sheet.
HASHER: Final = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
#: The hash of a random password that was thrown away: verified where there is no account, so that this takes
#: as long. Made with the parameters above; a test compares them.
NO_PASSWORD: Final = (
    "$argon2id$v=19$m=47104,t=1,p=1$0+lGeyHWRNdL9ScqGxfrlA$HrT7o+n3h6BiGIpUpQOyRjlN9IMaE2rtWioHJmM2LQM"  # noqa: S105
)
_places: Final = threading.BoundedSemaphore(AT_ONCE)


def find_fault(password: str, name: str, email: str) -> str | None:
    """Why a password may not be chosen by a person of that name and e-mail address; None if it may."""
    plain = normalise(password)
    if len(plain) < SHORTEST:
        return f"Choose a password of {SHORTEST} characters or more."
    if len(plain) > LONGEST:
        return f"Choose a password of {LONGEST} characters or fewer."
    lower = plain.casefold()
    parts = re.findall(rf"[^\W\d_]{{{SHORTEST_PART},}}", f"{name} {email.partition('@')[0]}".casefold())
    if any(part in lower for part in parts) or email.casefold() in lower:
        return "The password contains your name or e-mail address. Choose another."
    if is_common(lower):
        return "This is one of the passwords that are guessed first. Choose another."
    return None


def is_common(lower: str) -> bool:
    """Whether a password in lower case has few different characters, is a sequence or common words only."""
    if len(set(lower)) < FEWEST_DIFFERENT:
        return True
    if any(lower in sequence or lower in sequence[::-1] for sequence in SEQUENCES):
        return True
    if any(lower == lower[:size] * (len(lower) // size) for size in range(1, 7) if len(lower) % size == 0):
        return True
    words = re.findall(r"[^\W\d_]+", lower.translate(str.maketrans("013457@$", "oieastas")))
    plain_words = re.findall(r"[^\W\d_]+", lower)
    return any(
        found != [] and all(is_made_of_common(word) for word in found) for found in (words, plain_words)
    )


def is_made_of_common(word: str) -> bool:
    """Whether a word is common words in a row; single letters between digits count as common."""
    reached = {0}
    for end in range(1, len(word) + 1):
        if any(word[start:end] in COMMON for start in reached):
            reached.add(end)
    return len(word) in reached or len(word) == 1


def normalise(password: str) -> str:
    """The password as it is hashed: however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """The hash of a password with a new salt. Raises Overloaded."""
    with _place():
        return HASHER.hash(normalise(password))


def is_password(hashed: str | None, password: str) -> bool:
    """Whether this is the password. Takes as long if there is none (`hashed` is None). Raises Overloaded."""
    too_long = len(password) > LONGEST
    with _place():
        try:
            HASHER.verify(hashed or NO_PASSWORD, normalise(password[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
    return hashed is not None and not too_long


@contextmanager
def _place() -> Iterator[None]:
    """One of the places for hashing. Raises Overloaded after a while."""
    if not _places.acquire(timeout=PATIENCE_S):
        raise Overloaded("too many people sign in at the moment")
    try:
        yield
    finally:
        _places.release()
