"""Names as transcripts write them and words as people write them: five of each kind."""

from __future__ import annotations

import pytest

from service.matching import Claim, Evidence, Judgement, Origin, Searched, Utterance, judge
from tests.matching.cases import DAY
from tests.matching.memory_index import split_sentences

WORDS = "We counted eleven cracked beams under the northern pier before the inspectors came."


def record(*turns: tuple[str, str], kind: str = "transcript") -> Evidence:
    """A record of turns (speaker, text), cut into sentences as the store does."""
    utterances: list[Utterance] = []
    for number, (speaker, text) in enumerate(turns):
        for sentence in split_sentences(text):
            at = len(utterances)
            utterances.append(Utterance(f"r#{at}", sentence, speaker, DAY, number, at))
    origin = Origin("urn:r", "Session", "The Harbour Record", DAY, kind)
    return Evidence(origin, tuple(utterances), frozenset(range(len(utterances))))


def check(quote: str, speaker: str, *turns: tuple[str, str], kind: str = "transcript") -> Judgement:
    """The judgement on a direct quotation against one record."""
    return judge(Claim(quote, speaker), [record(*turns, kind=kind)], Searched(100, None))


LABELS = [
    # title and party
    ("REP. OLGA BRANDT (D-NM)", "Olga Brandt"), ("Sen. Piet Vos, R-Idaho", "Piet Vos"), ("GOV. LENA ARCE (I)", "Lena Arce"),
    ("MR. VOS (R-ID)", "Piet Vos"), ("Congresswoman Olga Brandt (D)", "Olga Brandt"),
    # post
    ("IVO KRAL, TRANSIT DIRECTOR", "Ivo Kral"), ("KRAL, CITY ENGINEER", "Ivo Kral"), ("Lena Arce, CNN ANCHOR (voice-over)", "Lena Arce"),
    ("OLGA BRANDT, AUTHOR, THE LONG PIER", "Olga Brandt"), ("Ivo Kral - head of the port", "Ivo Kral"),
    # constituency and note
    ("Piet Vos (Oldhaven West) (Con)", "Piet Vos"), ("Ms. ARCE of New Mexico", "Lena Arce"), ("BRANDT (ph)", "Olga Brandt"),
    ("The Minister for Ports (Ivo Kral)", "Ivo Kral"), ("Dr. Olga Brandt, Ph.D., director", "Olga Brandt"),
    # interpreter
    ("IVO KRAL (through interpreter)", "Ivo Kral"), ("Ivo Kral (via translator)", "Ivo Kral"), ("KRAL (THROUGH TRANSLATOR)", "Ivo Kral"),
    ("Ivo Kral, through an interpreter", "Ivo Kral"), ("PRES. IVO KRAL [through interpreter]", "Ivo Kral"),
    # two surnames
    ("Marta Ruiz Echevarría-Soler", "Marta Ruiz"), ("João Pereira da Costa Lima", "João Pereira"), ("José Luis Ortega Prieto", "José Luis Ortega"),
    ("Beatriz Nunes Teixeira", "Nunes"), ("Andrés Manuel López Obrador", "López Obrador"),
    # letters
    ("Jürgen Köhler", "Juergen Koehler"), ("Söder", "Soeder"), ("Håkon Brænd", "Haakon Braend"), ("Weiß", "Weiss"), ("Dvořák", "Dvorak"),
    # initials of known people
    ("Robert F. Kennedy Jr.", "RFK Jr."), ("John F. Kennedy", "JFK"), ("Alexandria Ocasio-Cortez", "AOC"),
    ("Franklin D. Roosevelt", "FDR"), ("Lyndon B. Johnson", "LBJ"),
    # other alphabets
    ("Mikhail Khodorkovsky", "Mikhail Khodorkovskiy"), ("Muammar Qaddafi", "Muammar Kaddafi"), ("Volodymyr Zelenskyy", "Zelensky"),
    ("Sergei Shoigu", "Sergey Shoigu"), ("Boris Yeltsin", "Boris Eltsin"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "speaker"), LABELS)
def test_a_label_is_read_as_its_speaker(label: str, speaker: str) -> None:
    verdict = check(WORDS, speaker, (label, WORDS)).verdict
    assert (verdict.fidelity, verdict.attribution, verdict.label) == ("verbatim", "same", "confirmed")


@pytest.mark.parametrize(
    "label",
    ["Q", "Reporter", "UNIDENTIFIED FEMALE", "Speaker 3", "The CHAIRMAN", "AUDIENCE MEMBER", "Moderator:",
     "INTERVIEWER", "The ACTING PRESIDENT pro tempore", "SPEAKER_02"],
)  # fmt: skip
def test_a_label_that_names_nobody_accuses_nobody(label: str) -> None:
    verdict = check(WORDS, "Olga Brandt", (label, WORDS)).verdict
    assert (verdict.attribution, verdict.label) == ("unresolved", "words_only")


def test_of_two_bearers_of_a_surname_neither_is_meant() -> None:
    other = ("Ruth Brandt", "Nobody told the council about the beams.")
    assert check(WORDS, "Brandt", ("Olga Brandt", WORDS)).verdict.attribution == "same"
    assert check(WORDS, "Brandt", ("Olga Brandt", WORDS), other).verdict.attribution == "unresolved"
    namesake = Claim(WORDS, "Brandt", namesakes=("Ruth Brandt",))
    judged = judge(namesake, [record(("Olga Brandt", WORDS))], Searched(1, None))
    assert (judged.verdict.attribution, judged.verdict.label) == ("unresolved", "words_only")


WRITTEN = [
    # invisible characters and ligatures
    ("We counted eleven crack\u00aded beams", "verbatim"), ("We counted eleven cracked be\u200bams under the nor\u2060thern pier", "verbatim"),
    ("under the northern pier before the inspectors came\ufeff", "verbatim"), ("We counted eleven cracked beams under the north\u200dern pier", "verbatim"),
    ("eleven cracked beams under the northern pier before the in\u00adspec\u00adtors", "verbatim"),
    # lines
    ("We counted eleven cracked\nbeams under\nthe northern pier", "verbatim"), ("We counted eleven cracked beams under the nor-\nthern pier", "verbatim"),
    ("eleven cracked beams under the north-\nern pier before the inspec-\ntors came", "verbatim"),
    ("We counted\r\neleven cracked beams\r\nunder the northern pier", "verbatim"), ("We   counted\televen cracked beams under the northern pier", "verbatim"),
    # notes of the writer
    ("We counted eleven [sic] cracked beams under the northern pier", "verbatim"), ("We counted eleven cracked beams (emphasis added) under the northern pier", "verbatim"),
    ("We counted eleven cracked beams[3] under the northern pier", "verbatim"), ("We counted eleven cracked beams under the northern pier (emphasis mine)", "verbatim"),
    ("We counted eleven cracked beams under the northern pier.¹", "verbatim"),
    # brackets that change what was said
    ("We counted eleven [sound] beams under the northern pier", "altered"), ("We [never] counted eleven cracked beams under the northern pier", "altered"),
    ("We counted [seven] cracked beams under the northern pier", "altered"), ("We [have not] counted eleven cracked beams under the northern pier", "altered"),
    ("We counted eleven cracked beams [under no circumstances] under the northern pier", "altered"),
    # brackets that explain
    ("[The divers] counted eleven cracked beams under the northern pier", "verbatim"), ("We counted eleven cracked beams under the northern pier [at Oldhaven]", "verbatim"),
    ("[W]e counted eleven cracked beams under the northern pier", "verbatim"), ("We [the crew] counted eleven cracked beams under the northern pier", "verbatim"),
    ("We counted eleven cracked beams under the northern pier before [they] came", "altered"),
]  # fmt: skip


@pytest.mark.parametrize(("quote", "fidelity"), WRITTEN)
def test_words_are_read_as_they_are_written(quote: str, fidelity: str) -> None:
    judged = check(quote, "Olga Brandt", ("Olga Brandt", WORDS))
    assert judged.verdict.fidelity == fidelity
    if "[" in quote:
        assert "exactly so" not in judged.verdict.explanation


NOTES = ["(Applause.)", "[Laughter]", "(CROSSTALK)", "[02:50:05]", "(ph)", "(laughs)", "[unintelligible 00:12:03]", "(Cheers and applause.)"]  # fmt: skip


@pytest.mark.parametrize("note", NOTES)
def test_what_a_transcriber_put_in_is_no_word(note: str) -> None:
    inside = WORDS.replace("beams", f"beams {note}")
    between = f"{WORDS} {note} Nobody in the council had asked for a count since the flood."
    assert check(WORDS, "Olga Brandt", ("Olga Brandt", inside)).verdict.fidelity == "verbatim"
    both = f"{WORDS} Nobody in the council had asked for a count since the flood."
    judged = check(both, "Olga Brandt", ("Olga Brandt", between))
    assert judged.verdict.said is not None
    assert (judged.verdict.fidelity, judged.verdict.said.text) == ("verbatim", both)


@pytest.mark.parametrize(
    "kind", ["speech", "interview", "hearing", "court", "broadcast", "captions", "debate"]
)
def test_two_sentences_of_a_record_are_one_text(kind: str) -> None:
    both = f"{WORDS} Nobody in the council had asked for a count since the flood."
    assert check(both, "Olga Brandt", ("Olga Brandt", both), kind=kind).verdict.label == "confirmed"


SPELT = [
    ("It opened on the third of June, before the regatta began.", "It opened on 3 June, before the regatta began.", "near_verbatim"),
    ("It opened on June 3rd, before the regatta began.", "It opened on 3 June, before the regatta began.", "near_verbatim"),
    ("It opened on June 3, before the regatta began.", "It opened on 4 June, before the regatta began.", "altered"),
    ("We spent one and a half million on the regatta alone.", "We spent 1.5 million on the regatta alone.", "near_verbatim"),
    ("We spent half a million on the regatta alone.", "We spent 500,000 on the regatta alone.", "near_verbatim"),
    ("We modernised the quay and apologised to the tenants.", "We modernized the quay and apologized to the tenants.", "near_verbatim"),
    ("They criticise the plan that we finalised and publicised.", "They criticize the plan that we finalized and publicized.", "near_verbatim"),
    ("The café on the quay belongs to the old naïve painter.", "The cafe on the quay belongs to the old naive painter.", "verbatim"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "quote", "fidelity"), SPELT)
def test_one_thing_is_spelt_in_several_ways(said: str, quote: str, fidelity: str) -> None:
    assert check(quote, "Olga Brandt", ("Olga Brandt", said)).verdict.fidelity == fidelity


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("The tenants were unhappy with the rent and the repairs.", "The tenants were not happy with the rent and the repairs."),
        ("It is impossible to reach the islands in that weather.", "It is not possible to reach the islands in that weather."),
        ("The rule was not fair to the small boats of the north.", "The rule was unfair to the small boats of the north."),
    ],
)  # fmt: skip
def test_what_is_denied_in_two_ways_is_no_changed_negation(said: str, quote: str) -> None:
    verdict = check(quote, "Olga Brandt", ("Olga Brandt", said)).verdict
    assert "negation" not in verdict.changes


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("The tenants were unhappy with the rent and the repairs.", "The tenants were happy with the rent and the repairs."),
        ("It is possible to reach the islands in that weather.", "It is impossible to reach the islands in that weather."),
    ],
)  # fmt: skip
def test_a_denial_that_comes_or_goes_is_a_changed_negation(said: str, quote: str) -> None:
    verdict = check(quote, "Olga Brandt", ("Olga Brandt", said)).verdict
    assert (verdict.fidelity, verdict.changes[0], verdict.severity) == ("altered", "negation", 3)


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("At the end of the day we all know that it takes a lot of time.", "At the end of the day it takes a lot of work"),
        ("I think we need to look at all of the options on the table.", "We need to look at everything on the table"),
        ("You have to do what you have to do and that is that.", "You have to do what is right"),
        ("It is what it is, and we are going to make it work.", "We are going to make it better"),
        ("I don't know what to say about that, I really don't.", "I don't know what they want me to say"),
    ],
)  # fmt: skip
def test_common_words_prove_nothing_about_anybody(said: str, quote: str) -> None:
    verdict = check(quote, "Olga Brandt", ("Ivo Kral", said)).verdict
    assert verdict.fidelity in ("no_match", "insufficient")
    assert verdict.attribution == "unresolved"


@pytest.mark.parametrize(
    "words",
    [
        "We are going to make it work.",
        "I never said that. I never said that.",
        "It is what it is and that is that",
    ],
)
def test_common_words_of_another_accuse_nobody(words: str) -> None:
    verdict = check(words, "Olga Brandt", ("Ivo Kral", words)).verdict
    assert (verdict.fidelity, verdict.label) == ("insufficient", "unclear")


def test_words_that_a_speaker_quotes_are_not_their_own() -> None:
    said = "In March you said this: “We counted eleven cracked beams under the northern pier before the inspectors came.”"
    verdict = check(WORDS, "Olga Brandt", ("Ivo Kral", said)).verdict
    assert (verdict.fidelity, verdict.attribution, verdict.label) == ("verbatim", "unresolved", "words_only")
    own = check(WORDS, "Olga Brandt", ("Ivo Kral", WORDS)).verdict
    assert (own.attribution, own.label, own.severity) == ("misattributed", "wrong_person", 3)
