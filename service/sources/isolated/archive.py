"""The parts of a zipped document, looked at before they are unpacked."""

from __future__ import annotations

import io
import zipfile

from service.sources.isolated.answer import Unreadable

MOST_PARTS = 5_000
LARGEST_PART = 24_000_000  # bytes of XML: a book has five million
LARGEST_SUM = 64_000_000


def open_archive(data: bytes, form: str) -> zipfile.ZipFile:
    """The archive, if what its parts unpack to is bounded.

    Raises:
        Unreadable: it is no archive, is encrypted, or unpacks to more than a document holds.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable("", f"is damaged, or no .{form} file.") from None
    texts = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    if len(parts) > MOST_PARTS:
        raise Unreadable("", f"has more than {MOST_PARTS:,} parts.")
    if any(part.file_size > LARGEST_PART for part in texts) or sum(p.file_size for p in texts) > LARGEST_SUM:
        raise Unreadable("", "unpacks to more than a document can hold.")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("", "is protected by a password. Save it without one.")
    return archive


def only_texts(archive: zipfile.ZipFile) -> io.BytesIO:
    """A copy of the archive that holds its XML alone: no pictures, no macros, no embedded files."""
    copied = io.BytesIO()
    with zipfile.ZipFile(copied, "w", zipfile.ZIP_STORED) as target:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")):
                target.writestr(part.filename, archive.read(part))
    copied.seek(0)
    return copied
