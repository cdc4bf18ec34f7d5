"""Blocking somebody, and taking it back. The other never learns of either."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.errors import NotFound
from organizer.people import blocks
from organizer.people.models import Person
from organizer.people.pages import blueprint
from organizer.people.service import find_by_public_id
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session
from organizer.web.urls import safe_next
from organizer.workflows.blocking import block_person, has_met, unblock_person


def _other(public_id: str) -> Person:
    """Somebody whom this person has met, or has blocked already; for all else there is no such page."""
    other = find_by_public_id(db_session(), public_id)
    if other is None or other.id == me().id or not has_met(db_session(), me(), other):
        raise NotFound
    return other


@blueprint.get("/me/blocks", endpoint="blocks")
@signed_in
def list_blocks() -> ResponseReturnValue:
    """The people one has blocked."""
    return render_template("people/blocks.html", people=blocks.blocked_by(db_session(), me().id))


@blueprint.post("/people/<public_id>/block")
@signed_in
def block(public_id: str) -> ResponseReturnValue:
    """Have nothing to do with somebody any more: no seat, match, prompt or search brings the two together."""
    other = _other(public_id)
    block_person(db_session(), me(), other, now())
    text = _("You will not be brought together with %(name)s again. They are not told.", name=other.name)
    undo = url_for("people.unblock", public_id=public_id)
    flash({"text": text, "url": undo}, "undo")  # type: ignore[arg-type]
    return redirect(safe_next(request.form.get("next"), url_for("people.blocks")), 303)


@blueprint.post("/people/<public_id>/unblock")
@signed_in
def unblock(public_id: str) -> ResponseReturnValue:
    """Take one's block back; what was ended by it stays ended."""
    other = find_by_public_id(db_session(), public_id)
    if other is None or not unblock_person(db_session(), me(), other, now()):
        raise NotFound
    flash(_("The block on %(name)s is lifted.", name=other.name), "safe")
    return redirect(url_for("people.blocks"), 303)
