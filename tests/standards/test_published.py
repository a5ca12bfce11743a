"""The judges judge: what is wrong is found wrong."""

import json

import jsonschema
import pydantic
import pytest
from pyld import jsonld

from tests.standards.published import (
    find_annotation_faults,
    find_schema_org_faults,
    read_annotation,
    read_prov,
)

QUOTATION = {"@context": "https://schema.org", "@type": "Quotation", "@id": "urn:q", "text": "Yes."}
ANNOTATION = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "id": "http://localhost/a",
    "type": "Annotation",
    "motivation": "assessing",
    "target": "http://localhost/text",
}


def test_a_quotation_is_one():
    assert find_schema_org_faults(QUOTATION) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"@type": "Utterance"},
        {"speaker": "Ann"},
        {"claimReviewed": "Yes."},
        {"spokenByCharacter": {"@type": "Place", "name": "Ann"}},
        {"spokenByCharacter": "Ann"},
        {"dateCreated": "soon"},
        {"dateCreated": "2026-02-30"},
        {"isBasedOn": {"@type": "Person", "name": "Ann"}},
    ],
    ids=str,
)
def test_what_schema_org_does_not_know_is_a_fault(wrong):
    assert find_schema_org_faults(QUOTATION | wrong)


def test_no_context_is_fetched():
    with pytest.raises(jsonld.JsonLdError):
        find_schema_org_faults(QUOTATION | {"@context": "https://example.org/context"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"utterance": {}},
        {"wasQuotedFrom": {"_:d1": {"prov:generatedEntity": "a:b", "prov:usedEntity": "a:c"}}},
        {"wasGeneratedBy": {"_:g1": {"prov:activity": "a:b"}}},
    ],
    ids=str,
)
def test_what_prov_json_does_not_know_is_a_fault(wrong):
    prefix = {"prefix": {"a": "urn:a:"}}
    read_prov(json.dumps(prefix))
    with pytest.raises(jsonschema.ValidationError):
        read_prov(json.dumps(prefix | wrong))


def test_an_annotation_is_one():
    read_annotation(ANNOTATION)
    assert find_annotation_faults(ANNOTATION) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "not an address"},
        {"type": "Note"},
        {"target": {"type": "SpecificResource", "source": "no address"}},
        {
            "target": {
                "type": "SpecificResource",
                "source": "http://localhost/t",
                "selector": {"type": "TextPositionSelector", "start": "one"},
            }
        },
    ],
    ids=str,
)
def test_what_the_model_of_annotations_lacks_is_a_fault(wrong):
    with pytest.raises(pydantic.ValidationError):
        read_annotation(ANNOTATION | wrong)


@pytest.mark.parametrize(
    "wrong", [{"verdict": "altered"}, {"motivation": "judging"}, {"type": "Note"}], ids=str
)
def test_terms_that_the_vocabulary_lacks_are_faults(wrong):
    assert find_annotation_faults(ANNOTATION | wrong)
