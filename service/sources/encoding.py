"""From the bytes of a text file to its characters, whatever program wrote it."""

from __future__ import annotations

import codecs
import re
from typing import Final

import charset_normalizer

from service.sources.models import fault_in_file

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Encodings of the programs people transcribe with; what is guessed is one of these.
_COMMON: Final = [
    "cp1252", "mac_roman", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp437", "shift_jis", "gb18030",
    "big5", "euc_kr",
]  # fmt: skip
_WESTERN: Final = ("cp1252", "mac_roman")
_USUAL: Final = frozenset("“”‘’–—…•éèêëáàâäãåíìîïóòôöõøúùûüñçßæœÉÈÁÀÂÄÅÍÓÖØÚÜÑÇÆŒ£€°½¼·«»šžŠŽ™©®\xa0")
_LEAST_USUAL: Final = 0.75
_MOST_OTHER: Final = 0.4  # of the letters of a text in a language that Latin letters are enough for
_OTHER: Final = re.compile(r"[^\x00-\x7f]")
_MISPLACED: Final = re.compile(  # a capital within a word, a letter on its own
    r"(?<=[A-Za-z])[À-ÖØ-ÞŒŠŽ](?=[a-z])"
    r"|(?<![^\W\d_])[À-ßá-öø-ÿŒœŠšŽž](?![^\W\d_])"
)
_SAMPLE: Final = 20_000  # bytes that the guess is made from
_LINE_END: Final = re.compile(r"\r\n?|[\x0b\x1c\x1d\x1e\x85\u2028\u2029]")
_BINARY: Final = re.compile(r"[\x00-\x06\x0e-\x1a]")


def decode(data: bytes, name: str | None) -> str:
    """The text of a file, its lines ended by a line feed.

    Raises:
        SourceFileError: the bytes are no text.
    """
    text = _decode(data)
    if len(_BINARY.findall(text[:10_000])) > 10:
        raise fault_in_file(name, "", "is no text file and no document that can be read.")
    return normalise_line_ends(text)


def normalise_line_ends(text: str) -> str:
    """Every line ended by a line feed alone."""
    return _LINE_END.sub("\n", text)


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if (wide := _utf16_without_mark(data)) is not None:
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > 0 and _is_nearly_utf8(data):
            return data.decode("utf-8", "replace")
    return data.decode(_guess(data), "replace")


def _usual_share(text: str) -> float:
    """The share of what is not ASCII that English text with foreign names has."""
    other = _OTHER.findall(text)
    letters = [character for character in text if character.isalpha()]
    if sum(1 for letter in letters if letter > "\x7f") > _MOST_OTHER * len(letters):
        return 0.0
    usual = sum(1 for character in other if character in _USUAL) - len(_MISPLACED.findall(text))
    return usual / len(other) if other else 0.0


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 by its zero bytes, which a text of Latin letters has in every other place."""
    sample = data[:2_000]
    half = len(sample) // 2
    if half < 4:
        return None
    if sample[1::2].count(0) > 0.7 * half and sample[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[::2].count(0) > 0.7 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether single bytes of a UTF-8 text are broken, as where a file was cut off."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    wide = sum(1 for character in text if character > "\x7f") - broken
    return broken * 5 < wide


def _guess(data: bytes) -> str:
    """The likeliest of the common encodings, judged by the lines that are not ASCII.

    A handful of letters is too little for statistics: what English text has of them tells Windows from Mac.
    """
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
    shares = {encoding: _usual_share(telling.decode(encoding, "replace")) for encoding in _WESTERN}
    likeliest = max(_WESTERN, key=lambda encoding: shares[encoding])
    if shares[likeliest] >= _LEAST_USUAL:
        return likeliest
    best = charset_normalizer.from_bytes(telling, cp_isolation=_COMMON, enable_fallback=False).best()
    return best.encoding if best is not None else "cp1252"
