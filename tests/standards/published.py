"""What others published to tell whether a document is in their format, from the packages that carry it.

- schema.org: its vocabulary as SHACL shapes (datashapes.org, in `pyshacl`), and JSON-LD by `pyld`.
- PROV-JSON: the JSON Schema of the W3C submission (in `prov`), and that library itself.
- Web Annotation: the models that `iiif-prezi3` makes of IIIF's JSON Schema, and JSON-LD by `pyld`.

Nothing is fetched. The two contexts are written here, after what schema.org and the Web Annotation Vocabulary
(W3C Recommendation, 23 February 2017) say of the terms that are used; a term that they lack is a fault.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema
import pyshacl
from iiif_prezi3 import skeleton
from prov.model import ProvDocument
from pyld import jsonld
from rdflib import RDF, RDFS, SH, XSD, Graph, Literal, Namespace, URIRef

SCHEMA = Namespace("http://schema.org/")
OA = Namespace("http://www.w3.org/ns/oa#")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
UNDEFINED = "urn:undefined:"
DATE = {"@type": "http://schema.org/Date"}
LINK = {"@type": "@id"}
SCHEMA_CONTEXT = {
    "@vocab": str(SCHEMA),
    "url": LINK,
    "dateCreated": DATE,
    "datePublished": DATE,
}


def link(name: str) -> dict[str, Any]:
    """A term whose values are resources."""
    return {"@id": name, "@type": "@id"}


ANNOTATION_CONTEXT = {
    "@vocab": UNDEFINED,
    "oa": str(OA),
    "as": "http://www.w3.org/ns/activitystreams#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "id": "@id",
    "type": "@type",
    **{kind: f"oa:{kind}" for kind in ("Annotation", "TextualBody", "SpecificResource")},
    **{kind: f"oa:{kind}" for kind in ("TextQuoteSelector", "TextPositionSelector")},
    "Text": "http://purl.org/dc/dcmitype/Text",
    "Software": "as:Application",
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
    **{purpose: f"oa:{purpose}" for purpose in ("assessing", "identifying", "linking", "tagging")},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "body": link("oa:hasBody"),
    "target": link("oa:hasTarget"),
    "source": link("oa:hasSource"),
    "selector": link("oa:hasSelector"),
    "scope": link("oa:hasScope"),
    "creator": link("dcterms:creator"),
    "created": {"@id": "dcterms:created", "@type": str(XSD.dateTime)},
    **{name: f"oa:{name}" for name in ("exact", "prefix", "suffix", "start", "end")},
    "value": "rdf:value",
    "format": "dc:format",
    "language": "dc:language",
    "name": "foaf:name",
    "label": "rdfs:label",
    "total": "as:totalItems",
    "startIndex": "as:startIndex",
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
    **{name: link(f"as:{name}") for name in ("first", "last", "next", "prev", "partOf")},
}
CONTEXTS = {"https://schema.org": SCHEMA_CONTEXT, "http://www.w3.org/ns/anno.jsonld": ANNOTATION_CONTEXT}


def load_context(address: str, _options: Any = None) -> dict[str, Any]:
    """A context from above. Any other is a KeyError: no test asks the network."""
    return {"contextUrl": None, "documentUrl": address, "document": {"@context": CONTEXTS[address]}}


def to_graph(document: dict[str, Any]) -> Graph:
    """The triples of a JSON-LD document."""
    options = {"format": "application/n-quads", "documentLoader": load_context, "base": ""}
    graph = Graph().parse(data=jsonld.to_rdf(document, options), format="nt")
    for triple in [triple for triple in graph if getattr(triple[2], "datatype", None) == SCHEMA.Date]:
        # schema.org's Date is either of the two that its shapes know.
        kind = XSD.dateTime if "T" in triple[2] else XSD.date
        graph.remove(triple)
        graph.add((*triple[:2], Literal(str(triple[2]), datatype=kind)))
    return graph


@cache
def vocabulary() -> Graph:
    """schema.org as SHACL shapes: classes, their properties, and what may stand in each."""
    return Graph().parse(str(files("pyshacl") / "assets" / "schema.ttl"))


@cache
def properties_of(kind: URIRef) -> frozenset[URIRef]:
    """What a class of schema.org may be described by: its own and its ancestors' properties."""
    shapes = vocabulary()
    own = {path for shape in shapes.objects(kind, SH.property) for path in shapes.objects(shape, SH.path)}
    return frozenset(own).union(*map(properties_of, shapes.objects(kind, RDFS.subClassOf)))


def find_schema_org_faults(*documents: dict[str, Any]) -> list[str]:
    """What schema.org would say against JSON-LD documents."""
    graph = sum(map(to_graph, documents), Graph())
    faults = []
    for node, kind in graph.subject_objects(RDF.type):
        if (kind, RDF.type, RDFS.Class) not in vocabulary():
            faults.append(f"{kind} is no class")
        allowed = properties_of(kind)
        faults += [
            f"{kind} has no {path}" for path in graph.predicates(node) if path not in {RDF.type, *allowed}
        ]
    conforms, _, told = pyshacl.validate(graph, shacl_graph=vocabulary(), ont_graph=vocabulary())
    return faults if conforms else [*faults, told]


@cache
def prov_schema() -> jsonschema.Draft4Validator:
    """The JSON Schema of PROV-JSON."""
    schema = json.loads((files("prov") / "tests" / "schemas" / "prov-json.schema.json").read_text())
    return jsonschema.Draft4Validator(schema)


def read_prov(text: str) -> ProvDocument:
    """A PROV-JSON document, held to the submission's JSON Schema and read by the library."""
    prov_schema().validate(json.loads(text))
    return ProvDocument.deserialize(content=text, format="json")


def read_annotation(annotation: dict[str, Any]) -> skeleton.Annotation:
    """An annotation as IIIF's model of it. Raises pydantic's ValidationError."""
    return skeleton.Annotation.model_validate(annotation)


def find_annotation_faults(document: dict[str, Any]) -> list[str]:
    """What is in an annotation, a page or a collection that the vocabulary does not know."""
    terms = {term for triple in to_graph(document) for term in triple if isinstance(term, URIRef)}
    return sorted(term for term in terms if term.startswith(UNDEFINED))
