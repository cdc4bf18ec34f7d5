"""No page asks the database more than eight times, and none more often because more people have come."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from organizer.web.unit import App
from tests.sprays.walking import Actors
from tests.sprays.world import World, make_world

MOST, MOST_IN_PUBLIC = 8, 4
FEW, MANY = 5, 24
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")

PAGES: dict[str, tuple[str, str]] = {
    "public page": ("nobody", "/e/{published}"),
    "public list": ("nobody", "/events"),
    "apply": ("attendee0", "/e/{everyone}/apply"),
    "host": ("owner", "/host"),
    "members": ("owner", "/circles/{slug}/members"),
    "reports": ("owner", "/circles/{slug}/reports"),
    "approach": ("owner", "/circles/{slug}/approach"),
    "rule of an approach": ("owner", "/circles/{slug}/approach/making"),
    "edit": ("owner", "/events/{published}/edit"),
    "targets": ("owner", "/events/{published}/targets"),
    "publish": ("owner", "/events/{published}/publish"),
    "admission": ("owner", "/events/{published}/admission"),
    "suggestion": ("owner", "/events/{published}/admission/suggestion"),
    "attendees": ("owner", "/events/{tonight}/attendees"),
    "door": ("staff", "/events/{tonight}/door"),
    "door list": ("staff", "/events/{tonight}/door/list"),
    "board": ("staff", "/events/{tonight}/board"),
    "count": ("staff", "/api/v1/events/{tonight}/counts"),
    "search": ("staff", "/api/v1/events/{tonight}/search?q=ANN"),
    "fees": ("owner", "/events/{tonight}/fees"),
    "badges": ("staff", "/events/{tonight}/badges"),
    "host's board": ("staff", "/events/{tonight}/board?view=host"),
    "own receipt": ("attendee0", "/me/tickets/{ticket}/receipt"),
    "card": ("nobody", "/p/{ticket}"),
    "card signed in": ("attendee1", "/p/{ticket}"),
    "after": ("owner", "/events/{held}/after"),
    "home": ("attendee0", "/"),
    "ticket": ("attendee0", "/me/tickets/{ticket}"),
    "ticket by link": ("nobody", "/t/{token}"),
    "closing": ("attendee0", "/events/{tonight}/closing?step=1"),
    "matches": ("attendee0", "/e/{past}/matches"),
    "ties": ("attendee0", "/ties"),
    "tie": ("attendee0", "/ties/{tie}"),
    "prompts": ("attendee0", "/prompts"),
    "prompt": ("attendee0", "/prompts/{prompt}"),
    "insights": ("attendee0", "/insights"),
    "profile": ("attendee0", "/me/profile"),
}
PUBLIC = {"public page"}


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements executed in this block, transaction control apart."""
    told: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(CONTROL):
            told.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def address(world: World, pattern: str) -> str:
    """The address of a page in this world."""
    events = {name: row.public_id for name, row in world.events.items()}
    return pattern.format(
        **events, **world.names, slug=world.circle.slug, token=world.tokens["ticket:tonight"]
    )


def ask(client: FlaskClient, where: str) -> list[str]:
    """The statements of one page that was opened before."""
    client.get(where)
    with counted() as told:
        answer = client.get(where)
    assert answer.status_code == 200, (where, answer.status_code)
    return told


def test_pages_take_few_statements_and_no_more_with_more_people(app: App, rows: Session) -> None:
    few, many = (Actors(app, make_world(rows, mark, count)) for mark, count in (("ANN", FEW), ("BOB", MANY)))
    too_many, growing = [], []
    for name, (role, pattern) in PAGES.items():
        at_few, at_many = (ask(actors.client(role), address(actors.world, pattern)) for actors in (few, many))
        if len(at_many) > (MOST_IN_PUBLIC if name in PUBLIC else MOST):
            too_many.append((name, len(at_many), *(statement[:160] for statement in at_many)))
        if len(at_many) > len(at_few):
            growing.append((name, len(at_few), len(at_many)))
    assert not too_many, "\n".join(map(str, too_many))
    assert not growing
