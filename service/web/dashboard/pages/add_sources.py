"""The form for new sources: files in, stored with their speakers and times."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from flask import Response, redirect, request, url_for
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as WerkzeugResponse

from schemas.stored_sources import SourceFormSchema
from schemas.validation_errors import find_faults
from service.errors import Conflict, InvalidInput
from service.matching.sources import KINDS
from service.usecases.stored_sources import MAX_FILE_BYTES, SourceFacts, SourceFile
from service.web.dashboard.page import blueprint, page, render
from service.web.dashboard.pages.source import find_actor
from service.web.http.overload import costly
from service.web.services import services

MOST_OF_FILES: Final = MAX_FILE_BYTES + 100_000  # bytes of the form


@blueprint.get("/sources/add")
@page("sources")
def show_add_form() -> Response:
    """The form for new sources."""
    return present_add()


@blueprint.post("/sources/add")
@page("sources", most_bytes=MOST_OF_FILES)
@costly
def store_files() -> WerkzeugResponse:
    """Store sources from files; one alone is shown then, several in the list."""
    files = [file for file in request.files.getlist("file") if file.filename]
    faults: list[str] = [] if files else ["Choose at least one file."]
    added = []
    for file in files:
        name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
        try:
            facts = read_facts(request.form, alone=len(files) == 1)
            source = SourceFile(file.read(), name)
            added.append(services().stored_sources.add_file(source, facts, find_actor()))
        except InvalidInput as error:
            faults += [fault.detail for fault in error.faults] or [str(error)]
        except Conflict as error:
            faults.append(f"{name}: {error}.")
    if faults:
        return present_add(faults, len(added), HTTPStatus.UNPROCESSABLE_ENTITY)
    if len(added) == 1:
        return redirect(url_for("dashboard.show_source", source_id=added[0].id), HTTPStatus.SEE_OTHER)
    return redirect("/sources?list=sources", HTTPStatus.SEE_OTHER)


def read_facts(form: MultiDict[str, str], *, alone: bool) -> SourceFacts:
    """What the form says of the files; a title is of one file alone. Raises InvalidInput."""
    names = ("title", "kind", "published_at") if alone else ("kind", "published_at")
    given = {name: form[name].strip() for name in names if form.get(name, "").strip()}
    schema = SourceFormSchema()
    try:
        return schema.read_facts(schema.load(given))
    except ValidationError as error:
        raise InvalidInput("the form is not complete", tuple(find_faults(error.messages))) from None


def present_add(faults: Sequence[str] = (), added: int = 0, status: int = 200) -> Response:
    """The form for new sources, with what was wrong."""
    return render(
        "dashboard/source_add.html",
        title="Add sources",
        section="sources",
        status=status,
        faults=faults,
        added=added,
        given=request.form,
        kinds=KINDS,
    )
