"""Who runs a circle."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from organizer.circles import invitations, members
from organizer.circles.forms import InviteForm, NotifyForm, RoleForm
from organizer.circles.models import Membership
from organizer.circles.pages import blueprint
from organizer.circles.service import circle_of, members_of, membership_of
from organizer.clock import now
from organizer.domain.roles import CircleRole, Right, grants, may
from organizer.errors import NotFound, Refused
from organizer.i18n import current_locale
from organizer.web.access import me, signed_in
from organizer.web.labels import label
from organizer.web.limits import caller, limited
from organizer.web.unit import config, db_session


@blueprint.get("/circles/<slug>/members", endpoint="members")
@signed_in
def show_members(slug: str) -> ResponseReturnValue:
    """Members, invitations under way, and the form for the next."""
    place = membership_of(db_session(), me(), slug, Right.INVITE)
    return _page(place, InviteForm(formdata=None, role=CircleRole.STAFF))


def _page(place: Membership, form: InviteForm) -> str:
    given = grants(place.role)
    form.role.choices = [SelectChoice(role.value, label(role)) for role in CircleRole if role in given]
    return render_template(
        "circles/members.html",
        circle=place.circle,
        place=place,
        members=members_of(db_session(), place.circle_id),
        waiting=invitations.open_invitations(db_session(), place.circle_id, now()),
        grants=given,
        form=form,
        notify=NotifyForm(formdata=None, notify=place.notify),
        manages=may(place.role, Right.MANAGE_MEMBERS),
        CircleRole=CircleRole,
    )


@blueprint.post("/circles/<slug>/members")
@signed_in
@limited("60 per hour", by=caller)
def invite(slug: str) -> ResponseReturnValue:
    """Invite somebody by mail."""
    place, form = membership_of(db_session(), me(), slug, Right.INVITE), InviteForm()
    if not form.validate():
        return _page(place, form), 422
    try:
        invitations.invite(
            db_session(),
            place,
            form.email.data,
            form.role.member,
            locale=current_locale(),
            now=now(),
            secret_key=config().secret_key,
        )
    except Refused as no:
        form.email.errors = [label(no.reason)]
        return _page(place, form), 422
    flash(_("The invitation is on its way to %(email)s.", email=form.email.data), "safe")
    return redirect(url_for("circles.members", slug=slug), 303)


@blueprint.post("/circles/<slug>/invitations/<public_id>/withdraw")
@signed_in
def withdraw_invitation(slug: str, public_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    place = membership_of(db_session(), me(), slug, Right.INVITE)
    invitations.withdraw(db_session(), place, public_id, now())
    flash(_("The invitation is taken back."), "safe")
    return redirect(url_for("circles.members", slug=slug), 303)


@blueprint.post("/circles/<slug>/members/<public_id>/role")
@signed_in
def change_role(slug: str, public_id: str) -> ResponseReturnValue:
    """Give a member another role."""
    circle, form = circle_of(db_session(), me(), slug, Right.MANAGE_MEMBERS), RoleForm()
    place = members.member_by_public_id(db_session(), circle, public_id)
    if not form.validate():
        raise NotFound
    members.change_role(db_session(), place, form.role.member, by=me(), now=now())
    flash(_("%(name)s is now: %(role)s.", name=place.person.name, role=label(place.role)), "safe")
    return redirect(_after(place, slug), 303)


@blueprint.post("/circles/<slug>/members/<public_id>/end")
@signed_in
def end_membership(slug: str, public_id: str) -> ResponseReturnValue:
    """End somebody's membership."""
    circle = circle_of(db_session(), me(), slug, Right.MANAGE_MEMBERS)
    place = members.member_by_public_id(db_session(), circle, public_id)
    members.end(db_session(), place, by=me(), now=now())
    flash(_("%(name)s no longer helps to run this circle.", name=place.person.name), "safe")
    return redirect(_after(place, slug), 303)


def _after(place: Membership, slug: str) -> str:
    """Where the page of members may still be seen, there; else the start page."""
    return url_for("circles.index") if place.person_id == me().id else url_for("circles.members", slug=slug)


@blueprint.post("/circles/<slug>/leave")
@signed_in
def leave(slug: str) -> ResponseReturnValue:
    """End one's own membership, whatever the role."""
    place = membership_of(db_session(), me(), slug, Right.SEE_DOOR)
    members.end(db_session(), place, by=me(), now=now())
    flash(_("You no longer help to run %(circle)s.", circle=place.circle.name), "safe")
    return redirect(url_for("circles.index"), 303)


@blueprint.post("/circles/<slug>/notify")
@signed_in
def choose_news(slug: str) -> ResponseReturnValue:
    """How often one hears of this circle's news."""
    place, form = membership_of(db_session(), me(), slug, Right.INVITE), NotifyForm()
    if not form.validate():
        raise NotFound
    members.choose_news(db_session(), place, form.notify.member, now())
    flash(_("Saved."), "safe")
    return redirect(url_for("circles.members", slug=slug), 303)
