"""The demo circle: 朝の会, with a month-old evening, one tonight and one being written, loaded once into an
empty development house.
"""

from sqlalchemy import select

from organizer.application import create_app
from organizer.circles.models import Circle
from organizer.clock import now
from organizer.config import Config
from organizer.demo import story
from organizer.demo.people import PASSWORD, characters
from organizer.i18n import speaking
from organizer.jobs.knock import ring_with

SHOWN = (0, 2, 3)  # the host, an attendee, another who was matched with them


def load(config: Config) -> list[tuple[str, str, str]]:
    """Load the demo unless it is there; gives name, address and password of those to sign in as."""
    app = create_app(config)
    ring_with(None)
    database = app.extensions["enishi.database"]
    try:
        with app.app_context(), speaking("ja"), database.transaction() as session:
            if session.scalar(select(Circle.id).where(Circle.slug == story.SLUG)) is None:
                story.tell(session, now(), config.secret_key)
    finally:
        database.dispose()
    people = characters()
    return [(people[n]["name"], people[n]["email"], PASSWORD) for n in SHOWN]
