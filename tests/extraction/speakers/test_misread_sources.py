"""People whose surname is also a place."""

import pytest

from service.extraction import extract
from service.text import read_document


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("George Washington", "person"),
        ("Jack London", "person"),
        ("North Korea", "organisation"),
        ("South Carolina", "organisation"),
        ("Washington", "organisation"),
    ],
)
def test_a_given_name_makes_it_a_person(source, kind):
    [quotation] = extract(
        read_document(f"“We will go on with the talks,” {source} said.", "plain")
    ).quotations
    assert (quotation.speaker.name, quotation.speaker.kind) == (source, kind)


@pytest.mark.parametrize("source", ["each candidate", "no candidate", "every candidate"])
def test_several_one_by_one_are_nobody(source):
    text = f"Ann Marlow, a candidate, spoke. On Monday {source} said the harbour would be dredged this year."
    [quotation] = extract(read_document(text, "plain")).quotations
    assert quotation.speaker.name is None
