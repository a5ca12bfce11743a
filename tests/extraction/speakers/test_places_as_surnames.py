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
