"""The first page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from organizer.web.access import public

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """What Enishi is; for those signed in, their next event and the one thing to do."""
    return render_template("home/index.html")
