"""The page that explains the labels."""

from __future__ import annotations

from typing import get_args

from selectolax.lexbor import LexborHTMLParser

from service.matching.labels import LABEL_TEXTS
from service.matching.models import Label
from service.web.dashboard.pages.help import WHAT_TO_DO


def test_every_label_is_explained_with_what_to_do(guest):
    page = LexborHTMLParser(guest.get("/help").text)  # nobody has to sign in to read it
    told = {row.attributes["id"]: row.text() for row in page.css("tbody tr")}
    assert set(told) == set(get_args(Label)) == set(WHAT_TO_DO)
    for code, text in told.items():
        assert LABEL_TEXTS[code] in text
        assert WHAT_TO_DO[code] in text


def test_every_page_leads_there(visitor):
    assert LexborHTMLParser(visitor.get("/articles/check").text).css_first("nav a[href='/help']") is not None
