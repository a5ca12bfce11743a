"""A draft against its sources, as a reporter checks it before it is published."""

import io
import wave

import pytest
from playwright.sync_api import expect

INTERVIEW = """WEBVTT

00:00:01.000 --> 00:00:05.000
<v Anna Reyes>Why did the council close the harbour road?

00:00:05.500 --> 00:00:11.000
<v Tomas Hale>We closed the harbour road because forty-two lorries a night used it as a shortcut,

00:00:11.000 --> 00:00:15.000
<v Tomas Hale>and nobody who lives there could sleep.

00:00:15.500 --> 00:00:20.000
<v Anna Reyes>Will it open again?

00:00:20.500 --> 00:00:27.000
<v Tomas Hale>I will not promise a date, and I do not think anyone on the council should.
"""
DRAFT = """“We closed the harbour road because sixty-two lorries a night used it as a shortcut,” Tomas Hale said.

“I will not promise a date, and I do not think anyone on the council should,” Hale said.

“The ferry company has never once answered our letters about the noise,” Hale said.
"""
FILE = {"name": "interview with Hale.vtt", "mimeType": "text/vtt", "buffer": INTERVIEW.encode()}


def add_source(page):
    page.get_by_label("Add files").set_input_files(FILE)


def check_answer(page):
    """The changed number first, with what was said and when; the invented quote; the right one."""
    changed = page.locator(".quote").nth(0)
    expect(changed).to_contain_text("forty-two lorries a night")
    expect(changed).to_contain_text("at 0:05")
    expect(page.locator(".quote").nth(1)).to_contain_text("Right words, right person")
    expect(page.locator(".quote").nth(2)).to_contain_text("Not in the sources you gave")
    link = changed.get_by_role("link", name="interview with Hale").first
    assert link.get_attribute("href") == "#s1-t2"


def test_a_reporter_checks_a_draft_against_an_interview(open_context):
    page = open_context().new_page()
    page.goto("/articles/check")
    add_source(page)
    card = page.locator("[data-source]")
    expect(card).to_contain_text("interview with Hale")
    page.get_by_label("Draft", exact=True).fill(DRAFT)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#analysis:not([aria-busy])")).to_be_visible()
    expect(page.locator(".quote.active")).to_have_count(1)
    assert int(page.locator(".quote.active").get_attribute("data-severity")) >= 2, "a bad one is open"
    page.locator("#m1").click()
    check_answer(page)
    page.locator(".quote.active [data-show-source]").first.click()
    expect(page.locator("#s1-t2")).to_be_in_viewport()
    assert "forty-two" in page.evaluate("[...[...CSS.highlights.get('shown-words')][0].toString()].join('')")
    page.get_by_label("Find in it").fill("promise")
    expect(page.locator(".turn:visible")).to_have_count(1)


def test_a_recording_is_played_from_where_the_words_are_and_stays_here(open_context):
    page = open_context().new_page()
    sent = []
    page.goto("/articles/check")
    add_source(page)
    page.get_by_label("Draft", exact=True).fill(DRAFT)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#analysis:not([aria-busy])")).to_be_visible()
    page.on("request", lambda request: sent.append(request.method))
    audio = {"name": "hale.wav", "mimeType": "audio/wav", "buffer": silence(30)}
    page.get_by_label("Play a recording").set_input_files(audio)
    page.locator("#s1-t4").get_by_role("button", name="Play from 0:20").click()
    page.wait_for_function("document.querySelector('audio').currentTime >= 20.5")
    assert set(sent) == {"GET"}, "nothing is uploaded"


def test_speakers_are_renamed_and_sources_removed(open_context):
    page = open_context().new_page()
    page.goto("/articles/check")
    add_source(page)
    page.get_by_text("Who speaks, kind and day").click()
    page.get_by_label("Tomas Hale").fill("Peter Lindqvist")
    page.get_by_label("Draft", exact=True).fill(DRAFT)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#analysis:not([aria-busy])")).to_be_visible()
    expect(page.locator(".quote").nth(1)).to_contain_text("Peter Lindqvist")
    expect(page.locator(".quote").nth(1)).not_to_contain_text("Right words, right person")
    expect(page.get_by_label("Draft", exact=True)).not_to_be_visible()
    page.get_by_text("Change the draft or its sources").click()
    page.get_by_role("button", name="Remove interview with Hale").click()
    expect(page.locator("[data-source]")).to_have_count(0)
    expect(page.locator(".source-text")).to_have_count(0)


def test_a_file_that_cannot_be_read_is_named(open_context):
    page = open_context().new_page()
    page.goto("/articles/check")
    page.get_by_label("Add files").set_input_files(
        {"name": "empty.srt", "mimeType": "application/x-subrip", "buffer": b""}
    )
    expect(page.locator("#source-trouble")).to_contain_text("empty.srt")


def test_a_source_that_is_stored_is_chosen(open_context):
    page = open_context().new_page()
    page.goto("/sources/add")
    page.get_by_label("Files", exact=True).set_input_files({**FILE, "name": "the harbour interview.vtt"})
    page.locator("main form button.primary").click()
    page.get_by_role("link", name="Check a draft against it").wait_for()
    page.goto("/articles/check")
    page.get_by_label("Or a source that is stored here").select_option(label="the harbour interview")
    card = page.locator("[data-source]")
    expect(card).to_contain_text("the harbour interview")
    expect(card.get_by_role("link", name="stored here")).to_be_visible()
    page.get_by_label("Draft", exact=True).fill(DRAFT)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#analysis:not([aria-busy])")).to_be_visible()
    expect(page.locator(".quote").nth(0)).to_contain_text("forty-two lorries a night")
    expect(page.locator("#s1-t2")).to_have_count(1)


@pytest.fixture
def plain(open_context):
    return open_context(java_script_enabled=False).new_page()


def test_the_same_without_scripts(plain):
    plain.goto("/articles/check")
    plain.get_by_label("Draft", exact=True).fill(DRAFT)
    add_source(plain)
    plain.get_by_role("button", name="Read these sources").click()
    expect(plain.locator("[data-source]")).to_contain_text("interview with Hale")
    plain.get_by_role("button", name="Check", exact=True).click()
    check_answer(plain)
    expect(plain.locator("#s1-t2")).to_contain_text("forty-two")
    plain.get_by_text("Change the draft or its sources").click()
    plain.get_by_role("button", name="Remove interview with Hale").click()
    expect(plain.locator("[data-source]")).to_have_count(0)


def silence(seconds: int) -> bytes:
    """A WAV file, mono, 8 kHz."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 8000 * seconds)
    return content.getvalue()


def test_the_counts_are_the_filter_and_what_is_missing_is_set_off(open_context):
    page = open_context().new_page()
    page.goto("/try/draft")
    page.get_by_label("Changed (3)").check()
    expect(page.locator(".toolbar .shown")).to_have_text("3 of 15 quotes are shown.")
    assert page.locator(".flag:visible").count() == 3
    page.locator("#m3").click()
    expect(page.locator("#q3 .missing")).to_have_text("148,000")
    expect(page.locator("#q3 .said")).to_contain_text(
        "Rosa Castellan said: “We had 148,000 visits last year."
    )
    expect(page.locator("#q3 .axes dl")).not_to_be_visible()


def test_the_form_opens_again_where_the_check_fails(open_context):
    page = open_context().new_page()
    page.goto("/try/draft")
    page.route("**/articles/check", lambda route: route.abort())
    page.get_by_text("Change the draft or its sources").click()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="could not be reached")).to_be_visible()
    expect(page.get_by_label("Draft", exact=True)).to_be_visible()
