"""What the tests of pages share: an evening, and a form as a browser would send it."""

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from organizer.circles.models import Circle
from organizer.domain.lifecycle import EventState
from organizer.events.models import Event
from organizer.people.models import Person
from tests.factories import NOW, make_circle, make_event, make_person

FORM = {
    "title": "第13回 朝の会",
    "kind": "morning",
    "date": "2026-12-22",
    "start": "07:30",
    "end": "09:00",
    "mode": "venue",
    "place": "丸の内ビル 5 階",
    "address": "東京都千代田区丸の内 2-4-1",
    "region": "13",
    "online_url": "",
    "capacity": "24",
    "fee_yen": "3,000",
    "admission": "approval",
    "description": "採用の話",
    "doors": "",
    "deadline": "",
    "overbooking": "0",
    "waiting_order": "by_fit",
    "promotes": "y",
    "sharing_rule": "no_names",
    "rounds": "4",
    "round_minutes": "10",
    "table_size": "4",
    "phone": "",
}
TARGET = {
    "name": "採用に悩む社長",
    "use": "seats",
    "floor": "3",
    "ceiling": "6",
    "weight": "5",
    "size_from": "21-50",
    "size_to": "51-100",
    "size_must": "y",
    "role": ["owner"],
    "role_must": "y",
    "challenge": ["hiring", "retention"],
}


@dataclass
class Evening:
    """A circle, its host, and an event in twenty days."""

    host: Person
    circle: Circle
    event: Event

    @property
    def url(self) -> str:
        """Where the host's pages of the event begin."""
        return f"/events/{self.event.public_id}"


def an_evening(session: Session, **values: object) -> Evening:
    """Rows to look at; `values` are those of the event."""
    host = make_person(session)
    circle = make_circle(
        session, host, slug=f"kai-{host.id}", sender_name="朝の会", sender_address="東京都千代田区"
    )
    event = make_event(session, circle, **({"starts_at": NOW + timedelta(days=20)} | values))
    session.commit()
    return Evening(host, circle, event)


def a_draft(session: Session, **values: object) -> Evening:
    """The same before it is published."""
    return an_evening(session, **({"state": EventState.DRAFT, "published_at": None} | values))


def words_of(html: str) -> str:
    """What stands on a page, without its marks and without what scripts read."""
    html = re.sub(r"(?s)<(script|style|svg|head)\b.*?</\1>", " ", html)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
