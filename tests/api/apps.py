"""Other apps, as tests need them: clients that carry a host's or a device's token."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from organizer.checkin import devices
from organizer.circles import tokens
from organizer.circles.models import Circle, Membership
from organizer.domain.door import DeviceKind, TokenScope
from organizer.domain.roles import CircleRole
from organizer.events.models import Event
from organizer.people import sessions
from organizer.people.models import Person
from organizer.web.unit import App
from tests.factories import NOW, make_member, make_person


def carrying(app: App, text: str, language: str = "ja") -> FlaskClient:
    """A client that sends this token with every request."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    return client


def token_of(
    rows: Session, circle: Circle, scope: TokenScope = TokenScope.READ, place: Membership | None = None
) -> str:
    """The text of a new token of a host of this circle: of a new one, or of that `place`."""
    place = place or make_member(rows, circle, make_person(rows), CircleRole.HOST)
    return tokens.make(rows, place, name="アプリ", scope=scope, days=90, now=NOW)[1]


def device_of(
    rows: Session, event: Event, kind: DeviceKind = DeviceKind.STAFF, owner: Person | None = None
) -> str:
    """The text of a new device's token; an own one is its owner's."""
    own = None
    if kind is DeviceKind.OWN and owner is not None:
        own = owner, sessions.start(rows, owner, "link", "", NOW)[0]
    return devices.make(rows, event, kind, now=NOW, name="入口の電話", owner=own)[1]
