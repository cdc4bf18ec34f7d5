"""Health, language and the development pages."""

from flask import Blueprint, Response, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from organizer import i18n
from organizer.clock import now
from organizer.web.access import me_or_none, public
from organizer.web.health import readiness
from organizer.web.unit import database
from organizer.web.urls import safe_next

blueprint = Blueprint("web", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """That this process answers; touches nothing."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Whether the database can be written and is up to date, and the age in seconds of the oldest due work."""
    state = readiness(database(), now())
    return jsonify(state.facts), 200 if state.ready else 503


@blueprint.post("/language")
@public
def set_language() -> ResponseReturnValue:
    """Remember the language chosen: in this browser, and for a signed-in person also for their mails."""
    chosen = request.form.get("locale", "")
    if chosen in i18n.LOCALES:
        session["locale"] = chosen
        person = me_or_none()
        if person is not None:
            person.locale = chosen
    return redirect(safe_next(request.form.get("next"), url_for("home.index")))
