"""Browsers of the cast, and what each of them sees at every address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from organizer.people.models import Person
from organizer.web.unit import App
from tests.cookies import SESSION, session_cookie, signed_in
from tests.factories import NOW
from tests.sprays.addresses import addresses, rules
from tests.sprays.cast import World
from tests.sprays.world import reference_of

VOLATILE = re.compile(r'(?:value|content)="[\w.-]{30,}"|[?&]v=[0-9a-f]{10}|data-now="\d+"')


class Actors:
    """Browsers of the cast: by role, each signed in once; `stranger` knows nobody, `nobody` is not signed in.

    `app` is no browser but another app, with the owner's token; `kiosk` is a tablet that people use themselves. Who is
    not signed in has scanned the code that tonight's tablet shows.
    """

    def __init__(self, app: App, world: World) -> None:
        self.app = app
        self.world = world
        self.people: dict[str, Person | None] = {
            "nobody": None,
            **{role: world.cast[role] for role in ("stranger", "applicant", "staff", "host", "owner")},
            **{f"attendee{n}": person for n, person in enumerate(world.people[:4])},
        }
        self._cookies = {
            role: signed_in(app, reference_of(world, person))
            for role, person in self.people.items()
            if person
        }
        world.session.commit()
        opened = {world.events["tonight"].public_id: int(NOW.timestamp())}
        self._cookies["nobody"] = session_cookie(app, {"opened": opened})

    def become(self, role: str, others: "Actors") -> None:
        """Have that one be whoever has the role in another cast."""
        self._cookies[role] = others._cookies[role]

    def client(self, role: str, language: str = "ja") -> FlaskClient:
        """A new browser in which that one is signed in."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        if role == "app":
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.world.tokens['api']}"
        if role == "kiosk":
            client.set_cookie("enishi-door", self.world.tokens["kiosk"])
            client.set_cookie("enishi-kiosk", "1")
        if role in self._cookies:
            client.set_cookie(SESSION, self._cookies[role])
        return client


@dataclass(frozen=True)
class Visit:
    """What somebody was answered at an address; `text` is empty for pictures and paper."""

    role: str
    endpoint: str
    address: str
    status: int
    mimetype: str
    text: str
    location: str

    @property
    def opened(self) -> bool:
        """Whether it was there for that one, or led on to another page than the one to sign in."""
        return self.status in (200, 302, 303) and "/sign-in?" not in self.location


WORDS = ("text/", "application/json", "application/problem+json")


def visits(actors: Actors, role: str, pictures: bool = True) -> Iterator[Visit]:
    """Every address that is read, as that one sees it; without `pictures` those of words alone."""
    client = actors.client(role)
    for rule in rules(actors.app, "GET"):
        if not pictures and rule.rule.endswith((".png", ".pdf")):
            continue
        for address in addresses(actors.world, rule):
            yield _visit(role, rule.endpoint, address, client.get(address))


def _visit(role: str, endpoint: str, address: str, answer: TestResponse) -> Visit:
    text = answer.get_data(as_text=True) if answer.mimetype.startswith(WORDS) else ""
    location = answer.headers.get("Location", "")
    return Visit(role, endpoint, address, answer.status_code, answer.mimetype, text, location)


def settled(html: str) -> str:
    """A page without what differs from one look to the next."""
    return VOLATILE.sub("", html)
