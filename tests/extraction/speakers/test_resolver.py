"""Who a source is, rule by rule: each case is a text with its sources marked and the names to be found."""

from __future__ import annotations

import pytest

from service.extraction.models import Attribution
from service.extraction.speakers import resolve_speakers
from service.text.span import Span
from tests.extraction.speakers.marking import names_of, read_marked, speakers_of

NAMES = {
    "full name": ("[[Kirill Dmitriev]] said so.", "Kirill Dmitriev"),
    "title left out": ("[[U.S. President Donald Trump]] said so.", "Donald Trump"),
    "abbreviated title": ("[[Texas Lt. Gov. Dan Patrick]] said so.", "Dan Patrick"),
    "role before the name": ("[[Clinton campaign chairman John Podesta]] said so.", "John Podesta"),
    "title that goes on behind of": ("[[Secretary of State John Kerry]] said so.", "John Kerry"),
    "apposition after the name": ("[[Robby Mook, Clinton’s campaign manager,]] said so.", "Robby Mook"),
    "apposition before the name": ("[[Google's chief executive, Laszlo Bock,]] said so.", "Laszlo Bock"),
    "initials kept": ("[[James B. Comey]] said so.", "James B. Comey"),
    "odd given name with an age": ("[[Zorblat Quillen, 31,]] said so.", "Zorblat Quillen"),
    "surname that is a common word": ("Mark Cuban spoke. [[Cuban]] said so.", "Mark Cuban"),
    "full name from surname": ("Kirill Dmitriev came to Moscow. [[Dmitriev]] said so.", "Kirill Dmitriev"),
    "titled surname": ("Barack Obama came. [[Mr. Obama]] said so.", "Barack Obama"),
    "surname before its full name": ("[[Caddell]]: it is bad. Pollster Pat Caddell spoke on air.", "Pat Caddell"),
    "possessive whose noun is the cue": ("Donald Trump came. [[Trump’s]] claim was new.", "Donald Trump"),
    "initial that is an article too": ("John A. Paulson came. [[Mr. Paulson]] said so.", "John A. Paulson"),
    "initial before a relative": ("The case went to Justice Samuel A. Alito Jr., [[who]] agreed.", "Samuel A. Alito Jr."),
    "given name that is a verb": ("So said [[Will Doyle]].", "Will Doyle"),
    "given name that was a title": ("So said [[McConnell spokesman Don Stewart]].", "Don Stewart"),
    "unknown given name, introduced": ("“No,” said [[Hany Farid, chairman of the board]].", "Hany Farid"),
    "unknown, introduced in two words": ("But [[Murshed Zaheed, acting political director of Credo]], spoke.", "Murshed Zaheed"),
    "unknown given name, apposed": ("[[Carson’s business manager, Wybrand Williams,]] said so.", "Wybrand Williams"),
    "another apostrophe": ("Chief James O’Neill came. [[O'Neill]] said so.", "James O’Neill"),
    "two surnames": (
        "Ildefonso Guajardo Villarreal came. [[Mr. Guajardo Villarreal]] spoke. [[Mr. Guajardo Villarreal]] left.",
        "Ildefonso Guajardo Villarreal",
    ),
    "place of a group": ("On Monday the nervous Democrats on Capitol Hill, [[who]] agreed, left.", "nervous Democrats"),
    "given name": ("Melania Trump came late. [[Melania]] said so.", "Melania Trump"),
    "regnal title": ("[[Pope Francis]] said so.", "Pope Francis"),
    "account": ("[[Twitter user @nycsouthpaw]] said so.", "@nycsouthpaw"),
    "possessor is not the speaker": ("Vladimir Putin’s envoy, [[Kirill Dmitriev]], said so.", "Kirill Dmitriev"),
    "organisation of a possessor": ("Donald Trump ran. [[Trump’s campaign]] said so.", "Trump campaign"),
    "organisation of a pronoun": ("Donald Trump ran. He lost. [[His campaign]] said so.", "Trump campaign"),
    "ministry with its country": ("[[Russia’s Natural Resources Ministry]] said so.", "Russia’s Natural Resources Ministry"),
    "name that goes on": ("[[the Center for Responsive Politics]] said so.", "Center for Responsive Politics"),
    "outlet": ("[[The New York Times]] reported it.", "New York Times"),
    "newspaper named before": ("[[The Daily Herald]] said so. [[The newspaper]] added more.", "Daily Herald"),
    "group": ("[[Many Senate Democrats]] said so.", "Senate Democrats"),
    "group behind a quantity": ("[[A majority of likely voters]] said so.", "likely voters"),
    "poll of an outlet": ("[[A CNN/ORC poll]] found it.", "CNN/ORC"),
    "document by an issuer whose name goes on": (
        "[[A suicide analysis released by the Department of Veterans Affairs last month]] showed it.",
        "Department of Veterans Affairs",
    ),
    "list": ("[[Ben Carson, Carly Fiorina and Mike Huckabee]] said so.", "Ben Carson and Carly Fiorina and Mike Huckabee"),
    "word between commas": ("Ron Hall is 12. [[Her father, Brad, 39,]] said so.", "Brad"),
}  # fmt: skip

DESCRIPTIONS = {
    "role told in an apposition": ("Anna Berg, a pollster, came. Tim Hall came. [[The pollster]] said so.", "Anna Berg"),
    "state told in brackets": ("Sen. Ann Lee (D-Ohio) met Sen. Bo Kent (R-Utah). [[The Utah senator]] spoke.", "Bo Kent"),
    "metonym by elimination": (
        "President Vladimir Putin met U.S. President Donald Trump. [[The Kremlin leader]] smiled.", "Vladimir Putin",
    ),
    "what somebody heads": ("Ann Lee, who heads the Frost Fund, came. [[The fund's head]] said so.", "Ann Lee"),
    "former and present": (
        "Former President Bill Clinton met President Barack Obama. [[The former president]] said so.", "Bill Clinton",
    ),
    "party rules out": ("Sen. Ann Lee (D-Ohio) came. [[The Republican senator]] said so.", None),
    "two of one post": ("Senator Ann Lee met Senator Bo Kent and was late. [[The lawmaker]] said so.", None),
    "whom its own words name": ("Ann Lee ran. Ann Lee left. [[The Roman clerk whose letters Ann Lee read]] spoke.", None),
    "another one": ("Ann Lee ran. Ann Lee left. [[The other young woman]] said so.", None),
    "a senator who runs": ("Senator Bo Kent ran. Bo Kent left. [[The Green candidate]] said so.", "Bo Kent"),
    "of another sort": ("Economist Ann Lee spoke. Ann Lee left. [[The Green candidate]] said so.", None),
    "gender of a noun": ("Ann Lee, a spokeswoman, met Bo Kent, a banker. [[The spokesman]] said so.", None),
}  # fmt: skip


@pytest.mark.parametrize("case", NAMES)
def test_finds_the_name(case):
    marked, name = NAMES[case]
    assert names_of(marked)[-1] == name


@pytest.mark.parametrize("case", DESCRIPTIONS)
def test_tells_whom_a_description_means(case):
    marked, name = DESCRIPTIONS[case]
    assert names_of(marked)[-1] == name


@pytest.mark.parametrize("source", [
    "a senior official", "A person familiar with the matter", "people briefed on the plan", "sources", "one aide",
    "a Trump spokesman", "at least one former employee",
])  # fmt: skip
def test_whoever_is_left_nameless_stays_so(source):
    speaker = speakers_of(f"Donald Trump came. [[{source}]] said so.")[0]
    assert (speaker.name, speaker.kind, speaker.how) == (None, "anonymous", "anonymous")


def test_a_nameless_source_spoken_of_again_stays_nameless():
    first, again = speakers_of("Ann Lee came. [[A senior official]] said so. [[The official]] added more.")
    assert (first.kind, again.kind, again.name) == ("anonymous", "anonymous", None)


@pytest.mark.parametrize(("source", "kind"), [
    ("Ann Lee", "person"), ("The White House", "organisation"), ("CNN", "organisation"), ("residents", "group"),
    ("Republicans", "group"), ("the poll", "unknown"), ("Moscow", "organisation"), ("Others", "group"),
])  # fmt: skip
def test_tells_the_kind(source, kind):
    assert speakers_of(f"In town, [[{source}]] said so.")[0].kind == kind


def test_he_and_she_mean_whoever_of_that_gender_is_in_mind():
    marked = "Hillary Clinton met Bernie Sanders on Monday. [[She]] said no. [[He]] said yes."
    assert names_of(marked) == ["Hillary Clinton", "Bernie Sanders"]


def test_pronouns_nearby_do_not_outvote_a_given_name():
    marked = (
        "George Keyworth met Ann Lee. Telling Keyworth of it, she smiled. Seeing Keyworth, she left.\n\n"
        "Keyworth ran to the harbour with Lee. [[She]] said so."
    )
    assert names_of(marked) == ["Ann Lee"]


@pytest.mark.parametrize(
    ("source", "name", "kind"),
    [
        ("ProPublica", "ProPublica", "organisation"), ("Outsports.com", "Outsports.com", "organisation"),
        ("MacAdoo", "MacAdoo", "person"), ("Djokovic", "Djokovic", "person"),
    ],
)  # fmt: skip
def test_a_lone_word_is_a_surname_unless_written_as_a_brand(source, name, kind):
    [speaker] = speakers_of(f"Late on Monday [[{source}]] said so.")
    assert (speaker.name, speaker.kind) == (name, kind)


@pytest.mark.parametrize("source", ["Anyone", "Neither", "Everybody"])
def test_whoever_it_may_be_is_nobody(source):
    assert names_of(f"[[{source}]] could say so.") == [None]


def test_labels_of_a_transcript_name_people():
    marked = (
        "[[WOLF BLITZER]], CNN ANCHOR: Good evening.\n\n[[SEN. JOHN MCCAIN]]: I disagree.\n\n[[BLITZER]]: Why?\n\n"
        "[[KRZYZEWSKI]] (D-N.C.): So do I.\n\n[[QUESTION]]: And taxes?\n\n[[CNBC]]: A poll says no."
    )
    found = [(speaker.name, speaker.kind) for speaker in speakers_of(marked)]
    assert found == [
        ("WOLF BLITZER", "person"), ("JOHN MCCAIN", "person"), ("WOLF BLITZER", "person"), ("KRZYZEWSKI", "person"),
        (None, "unknown"), ("CNBC", "organisation"),
    ]  # fmt: skip


def test_one_line_in_capitals_is_no_transcript():
    assert (
        speakers_of("[[AFL-CIO]] to endorse Ann Lee.\n\n[[HUFFPOLLSTER]]: Who leads?")[0].kind
        == "organisation"
    )


def test_a_question_is_no_given_name():
    assert names_of("Ann Trump came. Asked: Will [[Trump]] run? Nobody knew.") == ["Ann Trump"]


def test_a_quotation_by_him_goes_on_with_the_speaker_before():
    marked = "“It is late,” said [[Michael Flynn]], who met Barack Obama.\n\n“We must go,” [[he]] said."
    assert names_of(marked) == ["Michael Flynn"] * 2


@pytest.mark.parametrize(
    ("marked", "content"),
    [
        (
            "Bobby Scott ran late. Bobby Scott left. Bo Kent agreed. “I like Scott,” [[he]] said.",
            "“I like Scott,”",
        ),
    ],
)
def test_whom_somebody_speaks_of_by_name_is_another(marked, content):
    [speaker] = speakers_of(marked, contents=(content,))
    assert speaker.name == "Bo Kent"


@pytest.mark.parametrize(
    "headline", ["Gold [[Star Mom]] Corners Obama", "[[Retired General]] Reveals His Fears"]
)
def test_a_description_in_capitals_is_nobodys_name(headline):
    assert names_of(headline) == [None]


def test_a_pronoun_without_anybody_of_its_gender_is_left_open():
    assert names_of("Hillary Clinton spoke. [[He]] said so.") == [None]


def test_a_nameless_subject_keeps_a_pronoun_from_an_earlier_name():
    marked = "Angela Merkel is chancellor. A lot has changed.\n\nA Berlin woman was fined. [[She]] wrote it."
    assert names_of(marked) == [None]


def test_who_means_the_name_right_before():
    marked = "Ann Lee met Salem Radio’s Hugh Hewitt, [[who]] pressed her, and nervous Democrats on the Hill, [[who]] agreed."
    assert names_of(marked) == ["Hugh Hewitt", "nervous Democrats"]


def test_they_and_it_mean_the_body_last_quoted():
    marked = "[[Senate Democrats]] said so. [[They]] left. [[The IMF]] agreed. [[It]] edged up."
    assert names_of(marked) == ["Senate Democrats", "Senate Democrats", "IMF", "IMF"]


def test_i_within_a_quotation_is_its_speaker_and_outside_nobody_named():
    marked = "[[I]] think so. “[[I]] know it,” [[Ann Lee]] said."
    found = speakers_of(marked, contents=("", "", "I know it"))
    assert [speaker.name for speaker in found] == [None, "Ann Lee", "Ann Lee"]
    assert found[1].how == "first_person"


class TestTwoOfOneSurname:
    def test_a_title_tells_them_apart(self):
        marked = "Hillary Clinton and Bill Clinton came. [[Mrs. Clinton]] left. [[Mr. Clinton]] stayed."
        assert names_of(marked) == ["Hillary Clinton", "Bill Clinton"]

    def test_a_given_name_tells_them_apart(self):
        marked = "Eric Trump and Donald Trump came. [[Eric Trump]] left. [[Donald Trump]] stayed."
        assert names_of(marked) == ["Eric Trump", "Donald Trump"]

    def test_father_and_son_stay_apart(self):
        marked = "Donald Trump came. [[Donald Trump Jr.]] stayed. [[Donald Trump]] left."
        assert names_of(marked) == ["Donald Trump Jr.", "Donald Trump"]

    def test_the_one_just_named_in_full_is_meant(self):
        marked = "Donald Trump ran.\n\nEric Trump came on Monday. [[Trump]] said so."
        assert names_of(marked) == ["Eric Trump"]

    def test_the_one_the_article_is_about_is_meant(self):
        marked = (
            "Hillary Clinton came. Hillary Clinton spoke. Her husband Bill Clinton watched.\n\n"
            "It was late.\n\n[[Clinton]] said so."
        )
        speaker = speakers_of(marked)[0]
        assert (speaker.name, speaker.how) == ("Hillary Clinton", "shared_surname")

    def test_equals_are_left_open(self):
        marked = "Snow fell.\n\nBo Kent and Ann Kent came. Ann Kent and Bo Kent ran.\n\nIt was late.\n\n[[Kent]] said so."
        assert names_of(marked) == [None]


class TestNamedLater:
    def test_a_possessive_role_waits_for_the_name(self):
        marked = (
            "Talks began, [[President Vladimir Putin's special envoy]] said Monday.\n\n"
            "“It is important,” [[Kirill Dmitriev]] told Izvestia."
        )
        envoy, _ = speakers_of(marked)
        assert (envoy.name, envoy.how) == ("Kirill Dmitriev", "named_later")

    def test_the_headline_learns_from_it(self):
        marked = (
            "Talks Begin, [[Putin Envoy]] Says\n\nTalks began, [[President Vladimir Putin's special envoy]] said.\n\n"
            "“It is important,” [[Kirill Dmitriev]] said."
        )
        assert names_of(marked) == ["Kirill Dmitriev"] * 3

    def test_somebody_quoted_before_is_not_meant(self):
        marked = "[[Ann Lee]] said no. Then [[Vladimir Putin's special envoy]] spoke. [[Ann Lee]] left."
        assert names_of(marked)[1] is None

    def test_an_official_left_nameless_is_not_the_next_to_speak(self):
        marked = "[[A White House official]] said so. [[Josh Earnest]] said no."
        assert names_of(marked)[0] is None


def test_via_is_resolved_too():
    text, (source, via) = read_marked(
        "[[Russia’s Natural Resources Ministry]], cited by [[Izvestia]], said so."
    )
    both = Attribution((), (), source.source, via.source)
    ((speaker, passed_on),) = resolve_speakers(text, [both])
    assert speaker.name == "Russia’s Natural Resources Ministry"
    assert passed_on is not None and passed_on.name == "Izvestia"


def test_no_source_has_no_speaker():
    ((speaker, via),) = resolve_speakers("It was said.", [Attribution((), (), ())])
    assert (speaker.name, speaker.how, via) == (None, "abstained", None)


def test_answers_stand_in_the_order_of_the_attributions():
    text, attributions = read_marked("[[Ann Lee]] said so. [[Bo Kent]] said no.")
    backwards = [speaker.name for speaker, _ in resolve_speakers(text, attributions[::-1])]
    assert backwards == ["Bo Kent", "Ann Lee"]


def test_a_span_that_begins_inside_a_word_takes_the_word():
    text = "Then Jeb Bush said so."
    ((speaker, _),) = resolve_speakers(text, [Attribution((), (), (Span(6, 13),))])
    assert speaker.name == "Jeb Bush"


@pytest.mark.parametrize(
    "source",
    ["The party’s bylaws", "Court rulings", "Tax returns", "National and battleground Republican polls"],
)
def test_a_document_that_names_nobody_is_nobody(source):
    [speaker] = speakers_of(f"[[{source}]] said so.")
    assert (speaker.name, speaker.how) == (None, "document")


def test_another_court_is_not_the_one_named_before():
    assert names_of("[[The Supreme Court]] said so. [[The appeals court]] said more.")[1] is None
    assert names_of("[[The Supreme Court]] said so. [[The court]] said more.")[1] == "Supreme Court"


def test_a_chief_executive_in_a_headline_is_no_organisation():
    [speaker] = speakers_of("[[Elizabeth Warren Hammers Wells Fargo CEO]] in the Senate")
    assert speaker.kind != "organisation"
