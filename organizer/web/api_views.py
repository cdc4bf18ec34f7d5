"""The API's own pages: its description for machines and for people, and what each problem means."""

from typing import Final

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from organizer.errors import NotFound
from organizer.web import api_page, openapi
from organizer.web.access import public
from organizer.web.api_lists import answer
from organizer.web.openapi import Operation, Tag, described
from organizer.web.problems import PROBLEMS
from organizer.web.unit import config

blueprint = Blueprint("api", __name__, url_prefix=openapi.ROOT)

PAGE: Final = "text/html"
PARTS: Final[dict[Tag, LazyString]] = {
    Tag.DOOR: _l("At the door"),
    Tag.LISTS: _l("Events and registrations"),
    Tag.ABOUT: _l("About this API"),
}


@blueprint.get("")
@public
@described(Operation(Tag.ABOUT, _l("This description, to be read"), mimetype=PAGE))
def show() -> ResponseReturnValue:
    """All that other apps can do, to be read."""
    document = openapi.document(current_app, config().base_url)
    parts: dict[Tag, list[api_page.Shown]] = {tag: [] for tag in Tag}
    for one in openapi.operations(current_app):
        parts[one.said.tag].append(api_page.shown(one, document, openapi.codes_of(one)))
    return render_template("web/api.html", parts=parts, words=PARTS, base_url=config().base_url)


@blueprint.get("/openapi.json")
@public
@described(Operation(Tag.ABOUT, _l("This description, as OpenAPI 3.1")))
def describe() -> ResponseReturnValue:
    """The same for machines."""
    return answer(openapi.document(current_app, config().base_url))


@blueprint.get("/problems")
@public
@described(Operation(Tag.ABOUT, _l("What can go wrong"), mimetype=PAGE))
def problems() -> ResponseReturnValue:
    """What can go wrong, and what to do then."""
    return render_template("web/problems.html", problems=PROBLEMS, code=None)


@blueprint.get("/problems/<problem>")
@public
@described(Operation(Tag.ABOUT, _l("What one problem means: where its type leads"), mimetype=PAGE))
def problem(problem: str) -> ResponseReturnValue:
    """The same for one code: where the `type` of a problem leads."""
    if problem not in PROBLEMS:
        raise NotFound
    return render_template("web/problems.html", problems=PROBLEMS, code=problem)
