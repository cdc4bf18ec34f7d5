"""The devices of an event's door: pairing a phone, seeing what each is doing, ending one at once."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.checkin import devices, pairing
from organizer.checkin.device_forms import LinkForm, NameForm
from organizer.checkin.room_views import DOOR, blueprint, event_at_door
from organizer.clock import now
from organizer.domain.door import DeviceKind
from organizer.domain.roles import Right
from organizer.events.models import Event
from organizer.events.way import way
from organizer.registrations.tickets import qr_data_url
from organizer.web.access import me, signed_in
from organizer.web.limits import limited
from organizer.web.unit import config, db_session
from organizer.web.urls import external


@blueprint.get(f"{DOOR}/devices")
@signed_in
def door_devices(event_id: str) -> ResponseReturnValue:
    """Every device at the door, and the links that still wait for theirs."""
    event = _event(event_id)
    return _page(event, LinkForm(formdata=None))


@blueprint.post(f"{DOOR}/devices")
@signed_in
@limited("120 per hour")
def invite_device(event_id: str) -> ResponseReturnValue:
    """A new link that pairs one phone."""
    event, form = _event(event_id), LinkForm()
    if not form.validate():
        return _page(event, form), 422
    kind, secret = DeviceKind(form.kind.data), config().secret_key
    link = pairing.invite(db_session(), event, kind, form.name.data, by=me(), now=now(), secret_key=secret)
    return redirect(url_for("checkin.device_link", event_id=event_id, link=link.public_id), 303)


@blueprint.get(f"{DOOR}/devices/links/<link>")
@signed_in
def device_link(event_id: str, link: str) -> ResponseReturnValue:
    """The link and its QR code, as long as it is good; afterwards what has become of it."""
    event = _event(event_id)
    row = pairing.of_event(db_session(), event, link)
    standing = pairing.standing(row, now())
    address, picture = "", ""
    if standing is pairing.Standing.OPEN:
        token = pairing.token_of(row, config().secret_key)
        address = external("checkin.pair_offer", token=token)
        picture = qr_data_url(address)
    shown = {"link": row, "standing": standing.value, "address": address, "picture": picture}
    return render_template("checkin/device_link.html", event=event, way=way(event, "door"), **shown)


@blueprint.post(f"{DOOR}/devices/links/<link>/revoke")
@signed_in
def revoke_link(event_id: str, link: str) -> ResponseReturnValue:
    """Take a link back before a phone has used it."""
    event = _event(event_id)
    row = pairing.of_event(db_session(), event, link)
    if pairing.revoke(db_session(), row, by=me(), now=now()):
        flash(_("The link opens nothing any more."), "safe")
    else:
        flash(_("This link had been used or had ended already. Please look at the list."), "info")
    return _back(event)


@blueprint.post(f"{DOOR}/devices/<device>/name")
@signed_in
def name_device(event_id: str, device: str) -> ResponseReturnValue:
    """Call a device something else."""
    event, form = _event(event_id), NameForm()
    if not form.validate():
        abort(422)
    devices.rename(db_session(), event, device, form.name.data)
    return _back(event)


@blueprint.post(f"{DOOR}/devices/<device>/revoke")
@signed_in
def revoke_device(event_id: str, device: str) -> ResponseReturnValue:
    """End a device at once."""
    event = _event(event_id)
    if devices.revoke(db_session(), event, device, by=me(), now=now()):
        words = _(
            "Ended. Nothing opens there any more, and the list on it goes as soon as it meets the network."
        )
        flash(words, "safe")
    else:
        flash(_("It had been ended already."), "info")
    return _back(event)


def _event(event_id: str) -> Event:
    return event_at_door(event_id, Right.MANAGE_EVENT)


def _page(event: Event, form: LinkForm) -> str:
    session, moment = db_session(), now()
    shown = {"rows": devices.listed(session, event, moment), "links": pairing.unused(session, event, moment)}
    return render_template(
        "checkin/devices.html", event=event, form=form, way=way(event, "door"), moment=moment, **shown
    )


def _back(event: Event) -> ResponseReturnValue:
    return redirect(url_for("checkin.door_devices", event_id=event.public_id), 303)
