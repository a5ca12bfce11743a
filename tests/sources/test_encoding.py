"""Text in the encodings that programs write."""

import pytest

from service.sources.encoding import decode
from service.sources.models import SourceFileError

WESTERN = "Anna: “Très déçue,” she said — it’s 5 € for the café."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_western_text_in_any_encoding(encoding):
    assert decode(WESTERN.encode(encoding), None) == WESTERN


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("très déçue, “é”", "cp1252"),
        ("Touché! Nice.", "cp1252"),
        ("It’s late – too late.", "mac_roman"),
        ("Raquel Vélez: Touché!", "mac_roman"),
        ("Президент сказал, что мост закрыт до весны, и что денег на ремонт нет.", "cp1251"),
    ],
)
def test_a_few_letters_tell_the_encoding(text, encoding):
    assert decode(text.encode(encoding), None) == text


def test_line_ends_are_line_feeds():
    assert decode(b"a\r\nb\rc\nd", None) == "a\nb\nc\nd"


def test_a_cut_character_spoils_no_other():
    assert decode("ééééééé".encode()[:-1], None) == "éééééé\ufffd"


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(SourceFileError, match=r"a\.bin: is no text file"):
        decode(bytes(range(32)) * 20, "a.bin")
