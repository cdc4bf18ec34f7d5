"""Pages for those who build: the pieces, and the mails that have left. In development alone."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from organizer.web.access import development_only
from organizer.web.pieces import sample_forms

blueprint = Blueprint("dev", __name__, url_prefix="/dev")


@blueprint.get("/pieces")
@development_only
def pieces() -> ResponseReturnValue:
    """Every piece of the look in every state."""
    return render_template("dev/pieces.html", forms=sample_forms())
