"""Reports that only name a subject are never borne out; reports that state something are compared."""

import pytest

from service.claims.encoder import ENCODER
from service.matching import judge
from service.matching.models import Claim, Evidence, Origin, Searched, Utterance
from service.matching.reported_speech.statements import states_nothing

SAID = "Our plan for the new harbour wall is finished, and we will begin in May."
RECORD = Origin("urn:council", "Council meeting", "", None, "hearing", "record")


@pytest.mark.parametrize(
    "clause",
    [
        "their plan for the new harbour wall",
        "the proposed plan for the new harbour wall",
        "his concerns over the harbour policy",
        "Ms. Marlow's success in reviving the port",
        "a modest tax on containers",
        "about the plan for the new harbour wall",
        "that plan for the harbour",
        "some members of the council",
        "these container ships",
        "those people in the harbour",
    ],
)
def test_a_subject_alone_states_nothing(clause):
    assert states_nothing(clause)


@pytest.mark.parametrize(
    "clause",
    [
        "the plan for the new harbour wall was finished",
        "that the harbour needs a wall",
        "that his debt exceeds ten million",
        "the council's plan can't work",
        "the port won a grant",
        "the city cut its taxes",
        "the council voted for the wall",
        "a wall they never wanted",
        "harbours need walls",
        "to build a wall",
        "some 100 people mend nets",
        "these rules help sailors",
        "both ports attach conditions",
        "that opens a way to the sea",
        "the council needs the money",
        "he hopes for a wall",
        "wall",
        "",
    ],
)
def test_a_clause_with_a_verb_states_something(clause):
    assert not states_nothing(clause)


@pytest.mark.parametrize(("given", "fidelity"), [(False, "no_match"), (True, "insufficient")])
def test_a_subject_alone_is_not_supported_by_the_same_words(given, fidelity):
    origin = Origin(
        RECORD.uri, RECORD.title, "", None, "hearing", "record", given=given, number=0 if given else None
    )
    evidence = Evidence(origin, (Utterance(1, SAID, "Ann Marlow", None, 0, 0),), frozenset({0}))
    claim = Claim("their plan for the new harbour wall", "Ann Marlow", form="indirect")
    verdict = judge(claim, [evidence], Searched(1, None, given=int(given)), encode=ENCODER.encode).verdict
    assert (verdict.fidelity, verdict.rule) == (fidelity, "report_states_nothing")
