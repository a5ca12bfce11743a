"""What the labels of the dashboard mean, for readers who have never seen them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Response

from service.matching.models import Label as Code
from service.web.dashboard.labels import VERDICTS
from service.web.dashboard.page import blueprint, page, render

#: What an editor would do about each label; the pages and the API use the labels' own words.
WHAT_TO_DO: Final[Mapping[Code, str]] = {
    "wrong_person": "Ask who said it, and name that person, before anything else.",
    "changed": "Compare the difference word by word; print what was said, or take the quotation marks off.",
    "paraphrased": "Take the quotation marks off, or print the words that were said.",
    "context": "Read the sentences beside it. If they turn the sense, quote more of it.",
    "confirmed": "Nothing.",
    "words_only": "Find out who spoke, in the recording or by asking.",
    "repeated": "Look for a recording or a transcript: an error that was printed once is printed again.",
    "supported": "Nothing, as long as it is not put in quotation marks.",
    "partly_supported": "Check the rest of the sentence yourself.",
    "unclear": "Compare it with the passages that are shown; the service does not decide.",
    "not_in_sources": "Find where it comes from. If nobody has heard it said, it must not be printed.",
    "not_found": "It may well have been said: add the source that has it, and check again.",
}
#: Words of the pages that a journalist may not know by this meaning, in the order in which they are met.
TERMS: Final = (
    ("Quote", "A passage that the article says somebody said, with quotation marks or without."),
    ("Direct, reported, mixed", "In quotation marks; retold without them; retold with some words in marks."),
    (
        "Source",
        "Where words were found: a transcript, a speech, an interview, a statement, a post, an article.",
    ),
    (
        "Record",
        "A source that has the words as they were spoken, such as a transcript. Only a record or the "
        "person’s own statement can make a quote right.",
    ),
    ("Statement", "Words that their author published: a press release, a post, a letter, a paper."),
    (
        "Report",
        "An article that says what somebody said. It shows where words were printed, and proves no wording, "
        "however many articles have the same.",
    ),
    (
        "Draft",
        "An article that is not published. It is checked, and never used to check others.",
    ),
    (
        "How sure",
        "How often the service is right about a speaker when it says so: of 100 speakers it is 90 % sure of, "
        "about 90 are right. Below half it names nobody.",
    ),
    ("First seen", "The earliest day on which a stored source has the words. Others may be earlier."),
    ("Older quote", "Words that were said long before the article’s day."),
    ("Denied", "Words that the article says were not said. They are not judged as a quote of that person."),
    ("Fact-check", "A published review of a claim, shown where it bears on what is quoted. It is not ours."),
    ("Review", "Quotes whose answer a person should look at, the most serious first."),
)


@blueprint.get("/help")
@page(None)
def show_help() -> Response:
    """The labels with what to do about each, and the terms."""
    labels = [(label, WHAT_TO_DO[code]) for code, label in VERDICTS.items()]  # type: ignore[index]
    return render(
        "dashboard/help.html", title="What the answers mean", section="help", labels=labels, terms=TERMS
    )
