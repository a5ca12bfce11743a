"""The policy, rule by rule, on a speech written for it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.claims.encoder import ENCODER
from service.matching import POLICY, Claim, Evidence, Match, Verdict, judge
from service.text.span import Span
from tests.matching.cases import DAY, SEARCHED, check, quotation, window

# (the rule that must fire, the fidelity, the changes, the quotation)
CASES = [
    ("contiguous_words", "verbatim", (), "They have waited long enough for a decent wage."),
    ("contiguous_words", "verbatim", (), "they have waited long enough for a decent wage,"),
    ("contiguous_words", "verbatim", (), "workers from the shipyard, the quarry and the two mills"),
    ("contiguous_words", "verbatim", (), "coming to the harbour this morning. Look, the new bridge"),
    ("contiguous_words", "verbatim", (), "… workers from the shipyard, the quarry and the two mills …"),
    ("contiguous_words", "verbatim", (), "They have [the workers say] waited long enough for a decent wage."),
    ("contiguous_words", "verbatim", (), "[The families] have waited long enough for a decent wage."),
    ("contiguous_words", "verbatim", (), "[T]hey have waited long enough for a decent wage."),
    ("contiguous_after_declared_lists", "near_verbatim", (), "the new bridge will cost $12,000 and it is worth every cent"),
    ("contiguous_after_declared_lists", "near_verbatim", (), "the new bridge will cost twelve thousand dollars"),
    ("contiguous_after_declared_lists", "near_verbatim", (), "Thank you all for coming to the harbor this morning"),
    ("only_fillers_or_small_words_differ", "near_verbatim", (), "They have waited, you know, long enough for a decent wage."),
    ("only_fillers_or_small_words_differ", "near_verbatim", (), "They have waited long enough for decent wage."),
    ("opening_filler_left_out", "near_verbatim", (), "The new bridge will cost 12,000 dollars and it's worth every cent."),
    ("qualifier_cut_off", "truncated", ("omission",), "every cent. We will build it in Springfield."),
    ("qualifier_cut_off", "truncated", ("omission",), "the old ferry should carry children across the river in winter"),
    ("marked_gaps_in_one_utterance", "abridged", (), "We could hire about forty workers … and the two mills up the valley."),
    ("marked_gaps_in_one_utterance", "abridged", (), "We could hire about forty workers [...] and the two mills up the valley."),
    ("marked_gaps_in_one_utterance", "abridged", (), "Thank you all for coming … the new bridge will cost 12,000 dollars"),
    ("content_edited", "altered", ("negation",), "They have not waited long enough for a decent wage."),
    ("content_edited", "altered", ("negation",), "I do believe that the old ferry should carry children across the river in winter."),
    ("content_edited", "altered", ("number",), "We could hire about sixty workers from the shipyard, the quarry and the two mills"),
    ("content_edited", "altered", ("number",), "the new bridge will cost $13,000 and it's worth every cent"),
    ("content_edited", "altered", ("entity",), "We will build it in Shelbyville, but only if the council agrees to the loan."),
    ("content_edited", "altered", ("modality",), "We must hire about forty workers from the shipyard, the quarry and the two mills"),
    ("content_edited", "altered", ("wording",), "They have waited long enough for a fancy wage."),
    ("content_edited", "altered", ("omission",), "We could hire about forty workers from the shipyard and the two mills"),
    ("content_edited", "altered", ("negation", "omission"), "I do … believe that the old ferry should carry children across the river"),
    ("segments_reversed", "spliced", (), "They have waited long enough for a decent wage … We could hire about forty workers from the shipyard"),
    ("segments_of_different_utterances", "spliced", (), "Thank you all for coming to the harbour … They have waited long enough for a decent wage"),
    ("segments_of_different_utterances", "spliced", (), "The new bridge will cost 12,000 dollars. They have waited long enough for a decent wage."),
    ("words_of_two_speakers_joined", "spliced", (), "How many workers would you hire for that? We could hire about forty workers"),
    ("fewer_than_four_content_words", "insufficient", (), "the river in winter"),
    ("fewer_than_four_content_words", "insufficient", (), "Yes."),
    ("nothing_qualified", "no_match", (), "The moon is a harsh mistress and nobody lives there any longer."),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "fidelity", "changes", "text"), CASES)
def test_each_rule_fires_where_it_should(
    rule: str, fidelity: str, changes: tuple[str, ...], text: str
) -> None:
    verdict = check(text).verdict
    assert (verdict.rule, verdict.fidelity, verdict.changes) == (rule, fidelity, changes)
    assert verdict.policy == POLICY


PLAN = "The harbour plan will surely pay for itself"


@pytest.mark.parametrize(
    ("text", "source", "fidelity"),
    [
        (PLAN, f"{PLAN} unless the winter is cold again.", "truncated"),
        (PLAN, f"If the winter is mild, {PLAN.lower()}.", "truncated"),
        (PLAN, f"{PLAN} even though the winter was cold.", "truncated"),
        (PLAN, f"{PLAN} in no time that anybody alive will see.", "truncated"),
        (PLAN, f"{PLAN} in three mild winters or two.", "verbatim"),
        (PLAN, f"I did not sleep, and {PLAN.lower()}.", "verbatim"),
        (PLAN, f"{PLAN}, and it will not cost a cent.", "verbatim"),
        (PLAN, f"{PLAN} as if by magic.", "verbatim"),
        ("The harbour plan, dear friends, deserves nothing", "The harbour plan, dear friends, deserves nothing but praise.", "truncated"),
        ("carry children across the river in winter", "I never said that ferries carry children across the river in winter.", "truncated"),
    ],
)  # fmt: skip
def test_what_was_cut_off_makes_it_truncated_if_it_qualifies(text: str, source: str, fidelity: str) -> None:
    assert check(text, quotation(source)).verdict.fidelity == fidelity


def test_a_contrast_that_opens_the_next_sentence_belongs_to_the_quotation() -> None:
    sentences = [
        ("Ada Byron", 0, "The plan will pay for itself in time."),
        ("Ada Byron", 0, "But only in mild winters."),
    ]
    assert check("The plan will pay for itself in time.", window(sentences)).verdict.fidelity == "truncated"
    sentences[1] = ("Carl Gauss", 1, "But only in mild winters.")
    assert check("The plan will pay for itself in time.", window(sentences)).verdict.fidelity == "verbatim"


def test_words_around_an_interjection_are_one_statement() -> None:
    sentences = [
        ("Ada Byron", 0, "We will mend the old harbour wall"),
        ("Carl Gauss", 1, "Governor, please."),
        ("Ada Byron", 2, "before the storms of October arrive."),
    ]
    text = "We will mend the old harbour wall before the storms of October arrive."
    assert check(text, window(sentences)).verdict.fidelity == "verbatim"


def test_a_speakers_own_short_turn_is_no_interjection() -> None:
    """Quotes of one speaker, stored one by one: what he said between must not vanish without a mark."""
    sentences = [
        ("Ada Byron", 0, "We will mend the old harbour wall this year."),
        ("Ada Byron", 1, "I never promised that."),
        ("Ada Byron", 2, "The money was voted by parliament in March."),
    ]
    text = "We will mend the old harbour wall this year. The money was voted by parliament in March."
    assert check(text, window(sentences)).verdict.fidelity == "spliced"


def test_a_gap_of_more_than_sixty_words_is_a_splice() -> None:
    filler = " ".join(f"and gate number {n} of the lock was painted" for n in range(3, 15))
    source = quotation(f"We will mend the harbour wall {filler} before the storms of October arrive.")
    found = check("We will mend the harbour wall … before the storms of October arrive.", source).verdict
    assert (found.fidelity, found.rule) == ("spliced", "segments_more_than_60_words_apart")


@pytest.mark.parametrize(
    ("speaker", "attribution"),
    [
        ("Ada Byron", "same"),
        ("Governor Byron", "same"),
        ("a spokesman for Ada Byron", "compatible"),
        ("Carl Gauss", "misattributed"),
        ("the president", "unresolved"),
        (None, "unresolved"),
    ],
)
def test_attribution(speaker: str | None, attribution: str) -> None:
    found = check("They have waited long enough for a decent wage.", speaker=speaker)
    assert found.verdict.attribution == attribution
    if attribution == "misattributed":
        assert "Ada Byron" in found.verdict.explanation
        assert "Carl Gauss" in found.verdict.explanation


def test_a_withheld_name_is_anonymous_and_a_messenger_compatible() -> None:
    text = "They have waited long enough for a decent wage."
    assert judge(Claim(text, anonymous=True), [window()], SEARCHED).verdict.attribution == "anonymous"
    claim = Claim(text, "Rosa Gauss", second_hand=True, via="Ada Byron")
    verdict = judge(claim, [window()], SEARCHED).verdict
    assert (verdict.attribution, verdict.form) == ("compatible", "second_hand")


@pytest.mark.parametrize(
    ("days", "time"),
    [
        (0, "contemporaneous"),
        (3, "contemporaneous"),
        (4, "recent"),
        (30, "recent"),
        (31, "recycled"),
        (900, "recycled"),
        (-4, "anachronistic"),
        (None, "undated"),
    ],
)
def test_time(days: int | None, time: str) -> None:
    said_on = None if days is None else DAY + timedelta(days)
    assert check("They have waited long enough for a decent wage.", said_on=said_on).verdict.time == time


def test_the_source_of_the_day_comes_first_and_recycling_is_still_seen() -> None:
    early, late = window(uri="urn:a", day=date(2017, 5, 1)), window(uri="urn:b", day=DAY)
    found = check("They have waited long enough for a decent wage.", early, late, said_on=DAY)
    assert [match.origin.uri for match in found.matches] == ["urn:b", "urn:a"]
    assert found.verdict.time == "recycled"
    assert "1 May 2017" in found.verdict.explanation


def test_the_named_speakers_source_comes_first() -> None:
    other = quotation(
        "They have waited long enough for a decent wage.", uri="urn:other", speaker="Carl Gauss"
    )
    found = check("They have waited long enough for a decent wage.", other, window())
    assert found.matches[0].speaker == "Ada Byron"
    assert found.verdict.attribution == "same"


def test_a_short_fragment_of_several_people_is_ambiguous() -> None:
    sources = [
        quotation("We need more jobs for young people here.", uri=f"urn:{n}", speaker=n)
        for n in ("Ann Ray", "Bo Lee")
    ]
    found = check("more jobs for young people here", *sources, speaker=None)
    assert found.verdict.fidelity == "ambiguous"
    assert {match.speaker for match in found.matches} == {"Ann Ray", "Bo Lee"}
    assert (
        check("more jobs for young people here", *sources, speaker="Ann Ray").verdict.fidelity == "verbatim"
    )


def test_a_near_thing_of_another_day_is_not_a_source() -> None:
    """People say similar things often: a weak resemblance needs the speaker and the day."""
    text = "They have waited far too long for any decent wage."
    assert check(text, said_on=DAY).verdict.fidelity == "altered"
    assert check(text, said_on=DAY + timedelta(400)).verdict.fidelity == "no_match"
    assert check(text, speaker="Carl Gauss").matches == ()


def test_what_was_searched_is_reported_when_nothing_is_found() -> None:
    found = check("The moon is a harsh mistress and nobody lives there any longer.")
    assert found.matches == ()
    assert "1,000 quotes" in found.verdict.explanation
    assert "10 March 2020" in found.verdict.explanation


REPORT = "about forty workers could be hired from the shipyard and the quarry"


def judge_report(text: str, *evidence: Evidence, speaker: str | None = "Ada Byron") -> Verdict:
    """The verdict on reported speech, by meaning."""
    claim = Claim(text, speaker, DAY, form="indirect")
    return judge(claim, evidence or (window(),), SEARCHED, encode=ENCODER.encode).verdict


@pytest.mark.parametrize(
    ("text", "fidelity"),
    [
        (REPORT, "supported"),
        ("about ninety workers could be hired from the shipyard and the quarry", "no_match"),
        ("no workers could be hired from the shipyard and the quarry", "no_match"),
        ("about forty workers could be hired from the shipyard and the quarry at Shelbyville", "no_match"),
        ("Workers of the valley have long been promised a railway and a theatre of their own", "no_match"),
    ],
)
def test_reported_speech_is_borne_out_by_meaning_or_not_at_all(text: str, fidelity: str) -> None:
    verdict = judge_report(text)
    assert verdict.form == "indirect"
    assert verdict.fidelity == fidelity


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("We will not raise the tax on fuel this year.", "they would raise the tax on fuel this year"),
        ("We will raise the tax on fuel this year.", "they would not raise the tax on fuel this year"),
        (
            "The ministers refused to sign the treaty of Vienna.",
            "the ministers had signed the treaty of Vienna",
        ),
        (
            "The ministers signed the treaty of Vienna.",
            "the ministers had refused to sign the treaty of Vienna",
        ),
        ("The bridge is hardly safe for children in winter.", "the bridge is safe for children in winter"),
        ("Nobody will be forced to move from the valley.", "people will be forced to move from the valley"),
    ],
)
def test_a_negation_lost_or_put_in_is_noticed_in_reported_speech(said: str, text: str) -> None:
    assert judge_report(text, quotation(said)).fidelity == "no_match"
    assert judge_report(said, quotation(said)).fidelity == "supported"


def test_reported_speech_shows_what_was_said_and_corrects_nothing() -> None:
    verdict = judge_report(REPORT)
    assert (verdict.label, verdict.severity, verdict.evidence) == ("supported", 0, "record")
    assert verdict.said is not None
    assert verdict.said.text.startswith("We could hire about forty workers")
    assert verdict.correction is None


@pytest.mark.parametrize("speaker", ["Carl Gauss", "Zoe Quist", None, "MODERATOR"])
def test_nobodys_words_bear_out_another_persons_report(speaker: str | None) -> None:
    verdict = judge_report(REPORT, speaker=speaker)
    assert (verdict.fidelity, verdict.attribution) == ("no_match", "unresolved")


def test_reported_speech_is_not_judged_without_an_encoder() -> None:
    verdict = judge(Claim(REPORT, "Ada Byron", DAY, form="indirect"), [window()], SEARCHED).verdict
    assert (verdict.fidelity, verdict.rule) == ("no_match", "meaning_not_compared")


@pytest.mark.parametrize(("kind", "fidelity"), [("article", "no_match"), ("press_release", "supported")])
def test_a_report_of_a_speech_does_not_bear_out_another_report(kind: str, fidelity: str) -> None:
    source = quotation(REPORT, form="indirect", kind=kind)
    assert judge_report(REPORT, source).fidelity == fidelity


def test_reported_evidence_proves_no_wording() -> None:
    source = quotation(REPORT, form="indirect")
    assert check(REPORT, source).verdict.fidelity == "no_match"
    marked = quotation(
        'She said the families "have waited long enough for a decent wage" in the valley', form="mixed"
    )
    assert check("have waited long enough for a decent wage", marked).verdict.fidelity == "verbatim"
    assert (
        check("the families have waited long enough for a decent wage", marked).verdict.fidelity != "verbatim"
    )


def mixed(text: str) -> Claim:
    """A mixed claim whose passages stand between straight marks."""
    marks = [at for at, letter in enumerate(text) if letter == '"']
    spans = tuple(Span(a + 1, b) for a, b in zip(marks[::2], marks[1::2], strict=True))
    return Claim(text, "Ada Byron", DAY, form="mixed", passages=spans)


@pytest.mark.parametrize(
    ("text", "fidelity"),
    [
        ('The poor families, she said, "have waited long enough for a decent wage" there', "verbatim"),
        ('She wants "a decent wage" for "about forty workers from the shipyard, the quarry"', "verbatim"),
        ('They "have waited long enough for a decent wage", and "about sixty workers from the shipyard, the quarry and the two mills up the valley" will be hired', "altered"),
        ('About forty "workers" could be hired from the shipyard and the "quarry"', "supported"),
    ],
)  # fmt: skip
def test_of_a_mixed_quotation_the_worst_passage_decides(text: str, fidelity: str) -> None:
    verdict = judge(mixed(text), [window()], SEARCHED, encode=ENCODER.encode).verdict
    assert (verdict.fidelity, verdict.form) == (fidelity, "mixed")


def test_a_match_shows_the_words_around_and_the_aligned_words() -> None:
    match = check("They have not waited long enough for a fair wage.").matches[0]
    assert match.text == "They have waited long enough for a decent wage."
    assert match.before.endswith("up the valley.")
    assert match.after.startswith("Nobody")
    assert [(step.op, step.theirs.strip(), step.ours.strip()) for step in match.alignment] == [
        ("keep", "They have", "They have"),
        ("add", "", "not"),
        ("keep", "waited long enough for a", "waited long enough for a"),
        ("change", "decent", "fair"),
        ("keep", "wage", "wage."),
    ]


def test_a_contraction_is_one_step() -> None:
    match = check(
        "and it isn't worth every cent to build the new bridge there",
        quotation("and it is worth every cent to build the new bridge there"),
    ).matches[0]
    assert ("change", "is", "isn't") in [(s.op, s.theirs.strip(), s.ours.strip()) for s in match.alignment]


def test_a_change_is_named_though_the_next_sentence_repeats_the_words() -> None:
    source = quotation(
        "The resistance to change should come to an end. The delay of the plan must come to an end."
    )
    verdict = check("The resistance to change must come to an end.", source).verdict
    assert (verdict.fidelity, verdict.changes) == ("altered", ("modality",))


def test_brackets_of_the_source_are_not_the_writers() -> None:
    source = quotation("It has been endorsed by the General Assembly [resolution 2877] in full.")
    assert (
        check("endorsed by the General Assembly [resolution 2877] in full", source).verdict.fidelity
        == "verbatim"
    )
    changed = check("endorsed by the General Assembly [resolution 2977] in full", source).verdict
    assert (changed.fidelity, changed.changes) == ("altered", ("number",))


def test_a_splice_that_uses_another_persons_words_names_that_person() -> None:
    text = "They have waited long enough for a decent wage … How many workers would you hire"
    verdict = check(text).verdict
    assert (verdict.fidelity, verdict.attribution) == ("spliced", "misattributed")
    assert "Carl Gauss says them, not Ada Byron" in verdict.explanation


def test_no_more_matches_than_asked_for() -> None:
    sources = [quotation("They have waited long enough for a decent wage.", uri=f"urn:{n}") for n in range(9)]
    claim = Claim("They have waited long enough for a decent wage.", "Ada Byron", DAY)
    matches: tuple[Match, ...] = judge(claim, sources, SEARCHED, limit=3).matches
    assert len({match.quote_id for match in matches}) == 3


@pytest.mark.parametrize(
    ("stored", "quoted", "changes"),
    [
        ("two-thirds", "three quarters", ("number",)),
        ("two-thirds", "two-fifths", ("number",)),
        ("half", "a quarter", ("number",)),
        ("half", "one-third", ("number",)),
        ("half", "most", ("wording",)),
    ],
)
def test_a_changed_fraction_is_a_changed_number(stored: str, quoted: str, changes: tuple[str, ...]) -> None:
    speech = "We have reached agreement on {} of the whole budget this year."
    verdict = check(speech.format(quoted), quotation(speech.format(stored))).verdict
    assert (verdict.fidelity, verdict.changes) == ("altered", changes)


REPORTED = "They have not waited long enough for a decent wage."


def report(text: str, speaker: str = "Ada Byron") -> Evidence:
    """A quotation that an article printed."""
    return quotation(text, speaker=speaker, kind="article")


@pytest.mark.parametrize(
    ("text", "days", "fidelity", "rule", "changes"),
    [
        (REPORTED, 9, "altered", "content_edited", ("negation",)),
        ("We could hire about sixty workers from the shipyard", 9, "altered", "content_edited", ("number",)),
        (REPORTED, 90, "ambiguous", "record_differs_from_report", ("negation",)),
        ("the old ferry should carry children across the river in winter", 9, "truncated", "qualifier_cut_off", ("omission",)),
        ("They have waited long enough for a decent wage.", 9, "verbatim", "contiguous_words", ()),
    ],
)  # fmt: skip
def test_an_article_that_misquotes_does_not_make_its_words_genuine(
    text: str, days: int, fidelity: str, rule: str, changes: tuple[str, ...]
) -> None:
    for evidence in ((window(), report(text)), (report(text), window())):
        verdict = check(text, *evidence, said_on=DAY + timedelta(days=days)).verdict
        assert (verdict.fidelity, verdict.rule, verdict.changes) == (fidelity, rule, changes)


def test_record_and_reports_are_both_shown() -> None:
    found = check(REPORTED, report(REPORTED), window())
    assert [match.origin.kind for match in found.matches] == ["transcript", "article"]
    assert (found.verdict.evidence, found.verdict.label) == ("record", "changed")
    later = check(REPORTED, report(REPORTED), window(), said_on=DAY + timedelta(days=90))
    assert [match.origin.kind for match in later.matches] == ["article", "transcript"]
    assert "but a record of what was said differs in a negation" in later.verdict.explanation


def test_another_persons_record_does_not_speak_against_a_report() -> None:
    verdict = check(REPORTED, window(), report(REPORTED, "Carl Gauss"), speaker="Carl Gauss").verdict
    assert (verdict.fidelity, verdict.label, verdict.evidence) == ("verbatim", "repeated", "report")
    assert verdict.said is None
    alone = check(REPORTED, report(REPORTED, "Carl Gauss"), speaker="Carl Gauss").verdict
    assert (alone.fidelity, alone.label) == ("verbatim", "repeated")


def test_a_report_is_no_ground_to_call_a_speaker_wrong() -> None:
    verdict = check(REPORTED, report(REPORTED, "Carl Gauss")).verdict
    assert (verdict.attribution, verdict.label) == ("unresolved", "repeated")


def test_a_record_decides_on_the_speaker_whatever_was_printed() -> None:
    words = "We could hire about forty workers from the shipyard, the quarry and the two mills up the valley."
    verdict = check(words, report(words, "Carl Gauss"), window(), speaker="Carl Gauss").verdict
    assert (verdict.attribution, verdict.label, verdict.severity) == ("misattributed", "wrong_person", 3)
    assert verdict.said is not None
    assert (verdict.said.speaker, verdict.said.text) == ("Ada Byron", words)


def test_a_draft_proves_nothing() -> None:
    assert check(REPORTED, quotation(REPORTED, kind="draft")).verdict.fidelity == "no_match"
