"""A crowd at an open door, written in bulk: for whoever wants to try a phone, or put a load on the door."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.checkin import devices
from organizer.circles.models import Circle, Membership
from organizer.clock import follow, now
from organizer.config import Config
from organizer.db import Database
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import Admission, EventState, Mode, RegistrationState
from organizer.domain.roles import CircleRole
from organizer.domain.ticketing import CODE_BYTES, new_code
from organizer.domain.vocabulary import EventKind, Region, SharingRule
from organizer.events.models import Event, SeatCount
from organizer.people.models import Person, Profile
from organizer.registrations.models import Registration, Ticket
from organizer.registrations.tickets import seal
from organizer.tokens import digest, new_public_id

SLUG = "demo-door"
SEATS = 300
AT_ONCE = 5_000
LASTS = timedelta(hours=12)
FIRST_NUMBER = 1_000

FAMILIES = (
    ("高橋", "たかはし"), ("髙木", "たかぎ"), ("佐藤", "さとう"), ("鈴木", "すずき"), ("大野", "おおの"),
    ("小野", "おの"), ("渡邊", "わたなべ"), ("渡部", "わたべ"), ("齋藤", "さいとう"), ("伊藤", "いとう"),
    ("山﨑", "やまざき"), ("田中", "たなか"), ("中村", "なかむら"), ("小林", "こばやし"), ("加藤", "かとう"),
    ("吉田", "よしだ"), ("濵田", "はまだ"), ("松本", "まつもと"), ("井上", "いのうえ"), ("木村", "きむら"),
)  # fmt: skip
GIVEN = (
    ("玲子", "れいこ"), ("一郎", "いちろう"), ("洋平", "ようへい"), ("真由美", "まゆみ"), ("健太", "けんた"),
    ("裕子", "ゆうこ"), ("翔", "しょう"), ("美咲", "みさき"), ("大輔", "だいすけ"), ("恵", "めぐみ"),
    ("隆", "たかし"), ("千尋", "ちひろ"), ("純", "じゅん"), ("浩二", "こうじ"), ("さくら", "さくら"),
)  # fmt: skip
COMPANIES = (
    "株式会社ひびき", "㈱山手製作所", "有限会社みなと", "合同会社あおば", "大野印刷株式会社", "すみれ商事",
    "Kitano Works",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crowd:
    """An event at whose door a crowd stands: its public id, a token for its door, and everybody's code."""

    event: str
    token: str
    codes: list[str]

    @property
    def scan_url(self) -> str:
        """Where its codes are sent to."""
        return f"/api/v1/events/{self.event}/scans"


def gather(config: Config, people: int) -> Crowd:
    """A crowd of so many, all admitted, at an event that is open now. No mail is written.

    Beside a server that is running, it takes turns with it. So many are more than an event may hold: their seats are
    counted, but the event says it has as many as any may have.
    """
    follow(config.now)
    database = Database(config.database_url)
    try:
        at = now()
        with database.transaction() as session:
            event, token = _open_door(session, people, at)
            place = {"circle_id": event.circle_id, "event_id": event.id}
            public_id = event.public_id
        codes = [new_code(secrets.token_bytes(CODE_BYTES)) for _ in range(people)]
        for start in range(0, people, AT_ONCE):
            with database.transaction() as session:
                _admit(session, place, codes[start : start + AT_ONCE], start, at, config.secret_key)
        _look_anew(database)
        return Crowd(public_id, token, codes)
    finally:
        database.dispose()


def _open_door(session: Session, people: int, at: datetime) -> tuple[Event, str]:
    """The event and the token of a device at its door."""
    event = Event(
        circle_id=_circle(session, at).id,
        state=EventState.PUBLISHED,
        title="受付デモ",
        kind=EventKind.MORNING,
        mode=Mode.VENUE,
        starts_at=at - timedelta(minutes=10),
        ends_at=at + LASTS,
        doors_open_at=at - timedelta(minutes=30),
        deadline_at=at - timedelta(days=1),
        region=Region.TOKYO,
        place="丸の内",
        capacity=SEATS,
        fee_yen=3000,
        admission=Admission.APPROVAL,
        promotes=False,
        sharing_rule=SharingRule.NO_NAMES,
        created_at=at,
        published_at=at,
    )
    session.add(event)
    session.flush()
    seats = {"taken": people, "cap": max(people, SEATS)}
    session.add(SeatCount(circle_id=event.circle_id, event_id=event.id, key="event", **seats))
    _device, token = devices.make(session, event, DeviceKind.STAFF, now=at, name="demo")
    return event, token


def _circle(session: Session, at: datetime) -> Circle:
    """The circle of all such events, made with the first of them; its owner has no address."""
    known = select(Circle).where(Circle.slug == SLUG)
    found = session.scalar(known)
    if found is not None:
        return found
    circle = Circle(slug=SLUG, name="受付デモの会", created_at=at)
    owner = Person(name="受付 太郎", reading="うけつけ たろう", created_at=at, profile=Profile())
    try:
        with session.begin_nested():
            session.add_all([circle, owner])
            session.flush()
    except IntegrityError:
        return session.scalars(known).one()
    role = CircleRole.OWNER
    session.add(Membership(circle_id=circle.id, person_id=owner.id, role=role, created_at=at))
    return circle


def _admit(
    session: Session, place: Mapping[str, int], codes: Sequence[str], start: int, at: datetime, secret: str
) -> None:
    """Some of the crowd, from the one of number `start` on: person, registration and ticket."""
    shown = [_shown(number) for number in range(start, start + len(codes))]
    people = [
        {"public_id": new_public_id(), "name": name, "reading": reading, "created_at": at}
        for name, reading, _company in shown
    ]
    ids = _insert(session, Person, people)
    profiles = zip(ids, shown, strict=True)
    session.execute(insert(Profile), [{"person_id": id_, "company": one[2]} for id_, one in profiles])
    admitted = {"state": RegistrationState.ADMITTED, "counted": ["event"], "applied_at": at, "decided_at": at}
    registrations = [{**place, **admitted, "public_id": new_public_id(), "person_id": id_} for id_ in ids]
    standing = zip(_insert(session, Registration, registrations), codes, strict=True)
    tickets = [
        {
            **place,
            "registration_id": id_,
            "code_hash": digest(code),
            "code_sealed": seal(code, secret),
            "number": FIRST_NUMBER + start + number,
            "issued_at": at,
        }
        for number, (id_, code) in enumerate(standing)
    ]
    session.execute(insert(Ticket), tickets)


def _insert(
    session: Session, table: type[Person | Registration], rows: list[dict[str, Any]]
) -> Sequence[int]:
    """The ids of the rows, in their order."""
    inserting = insert(table).returning(table.id, sort_by_parameter_order=True)
    return session.scalars(inserting, rows).all()


def _shown(number: int) -> tuple[str, str, str]:
    """Name, reading and company of the crowd's person of that number."""
    family = FAMILIES[number % len(FAMILIES)]
    given = GIVEN[number // len(FAMILIES) % len(GIVEN)]
    name, reading = (f"{family[form]} {given[form]}" for form in (0, 1))
    return name, reading, COMPANIES[number % len(COMPANIES)]


def _look_anew(database: Database) -> None:
    """Let the database take note of how much there is now, as it does by itself a minute later."""
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
