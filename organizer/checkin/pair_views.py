"""What a phone sees that is to help at the door: looking at the link spends nothing, the button does."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from organizer.checkin import devices, pairing
from organizer.checkin.models import DeviceLink
from organizer.checkin.room_views import blueprint
from organizer.clock import now
from organizer.domain.door import SEES_LIST
from organizer.events.models import Event
from organizer.people.sessions import describe_browser
from organizer.web.access import by_link
from organizer.web.bearer import device_cookie
from organizer.web.browser import browser
from organizer.web.device_cookie import keep_device
from organizer.web.limits import limited
from organizer.web.unit import config, db_session


@blueprint.get("/d/<token>")
@by_link
def pair_offer(token: str) -> ResponseReturnValue:
    """What the link is for, and a button; kindly said where it is good no more."""
    link, event = pairing.find(db_session(), token)
    standing = pairing.standing(link, now())
    if standing is not pairing.Standing.OPEN:
        return _gone(link, event, standing)
    browser()  # remembered now, so that a second press of the button is known to be the same phone's
    return render_template(
        "checkin/pair.html", event=event, link=link, token=token, sees_list=link.kind in SEES_LIST
    )


@blueprint.post("/d/<token>")
@by_link
@limited("60 per 10 minutes")
def pair(token: str) -> ResponseReturnValue:
    """Spend the link: this browser is a device of the event's door from now on."""
    link, event = pairing.find(db_session(), token)
    agent = describe_browser(request.user_agent.string)
    paired = pairing.pair(
        db_session(), token, browser=browser(), agent=agent, now=now(), secret_key=config().secret_key
    )
    if paired is None:
        db_session().refresh(link)
        return _gone(link, event, pairing.standing(link, now()))
    device, own = paired
    answer = make_response(redirect(url_for("checkin.door", event_id=event.public_id), 303))
    return keep_device(answer, device, own)


def _gone(link: DeviceLink, event: Event, standing: pairing.Standing) -> ResponseReturnValue:
    """Why the link pairs nothing; to the phone that it paired, the way to its door."""
    own = devices.find(db_session(), device_cookie() or "", now())
    here = own is not None and own.event_id == link.event_id
    page = render_template("checkin/pair_over.html", event=event, standing=standing.value, here=here)
    return page, 410
