"""The demo circle's story, told through the same services as everybody's: an evening a month ago, one tonight, one being written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from organizer.checkin.service import check_in
from organizer.circles.models import Circle, Membership
from organizer.demo.people import characters, gives, settle, wish
from organizer.domain.delivery import MessageState
from organizer.domain.lifecycle import Actor, Admission, Mode, RegistrationStep
from organizer.domain.profiles import Criterion, TargetProfile
from organizer.domain.roles import CircleRole
from organizer.domain.vocabulary import (
    Authority,
    CriterionField,
    EventKind,
    Industry,
    Intent,
    Region,
    Role,
    SharingRule,
    SizeBand,
    Topic,
)
from organizer.events import publishing, targeting, writing
from organizer.events.contents import Contents
from organizer.events.models import Event
from organizer.jobs.models import Task, TaskState
from organizer.mail.models import Message
from organizer.people.models import ConsentKind, Person
from organizer.registrations import admitting, tickets
from organizer.registrations.answers import Agreement, Application
from organizer.registrations.applying import apply
from organizer.registrations.labels import agreements
from organizer.registrations.models import Registration

SLUG = "asanokai"
ZONE = ZoneInfo("Asia/Tokyo")
MONTH_AGO = timedelta(days=29)
ABSENT = 1  # of those admitted a month ago, the last one did not come
WAITING_TONIGHT = 7

ABOUT_CIRCLE = """月に一度、始業前の九十分。中小企業の経営者二十数名が、四人の卓を替えながら話します。

名刺を百枚集める会ではありません。**続けて会いたい三人**を見つけて帰る会です。"""

ABOUT_EVENT = """はじめての方も、常連の方も、四人ずつの卓で十分を四回。そのたびに顔ぶれが替わります。

- 売り込みはご遠慮ください。困りごとと、渡せるものを持ってお越しください。
- この場で聞いた話は、名前を出さずにお使いください。
- 終わりの十分で、次にすることを一つ決めます。"""


@dataclass(frozen=True)
class Cast:
    """The circle and its people: the host, and the others in the order of the file."""

    circle: Circle
    host: Person
    guests: list[Person]


def tell(session: Session, now: datetime, secret_key: str) -> None:
    """Make the whole demo circle; its past is told with past times, so that every row says when it came to be."""
    begun = now - timedelta(days=60)
    cast = _gather(session, begun)
    past = _evening_a_month_ago(session, cast, now, secret_key)
    _evening_tonight(session, cast, past, now)
    _next_one(session, cast, past, now)
    _let_old_letters_rest(session, now)


def _gather(session: Session, now: datetime) -> Cast:
    people = [settle(session, said, now) for said in characters()]
    circle = Circle(
        slug=SLUG,
        name="朝の会",
        description=ABOUT_CIRCLE,
        region=Region.TOKYO,
        time_zone="Asia/Tokyo",
        sharing_rule=SharingRule.NO_NAMES,
        sender_name="朝の会 世話役 佐藤美和",
        sender_address="東京都千代田区丸の内 2-4-1",
        sender_contact="asanokai@demo.example",
        created_at=now,
    )
    session.add(circle)
    session.flush()
    roles = ((people[0], CircleRole.OWNER), (people[1], CircleRole.STAFF))
    session.add_all(Membership(circle_id=circle.id, person_id=p.id, role=role, created_at=now) for p, role in roles)
    session.flush()
    return Cast(circle, people[0], people[1:])


def targets() -> tuple[TargetProfile, ...]:
    """Whom the host wants in the room."""
    small = (SizeBand.UP_TO_20.value, SizeBand.UP_TO_50.value)
    deciding = (Authority.DECIDES.value, Authority.SHARES.value)
    experts = (Topic.HIRING.value, Topic.PR.value, Topic.RETENTION.value)
    hard = (Topic.HIRING.value, Topic.RETENTION.value)
    makers = (Industry.MANUFACTURING.value, Industry.CONSTRUCTION.value)
    heads = (Role.OWNER_PRESIDENT.value, Role.SUCCESSOR.value)

    def criterion(field: CriterionField, values: tuple[str, ...], must: bool = False) -> Criterion:
        return Criterion(field, values, must)

    return (
        TargetProfile(
            1,
            "採用に悩む社長",
            (
                criterion(CriterionField.CHALLENGE, hard, must=True),
                criterion(CriterionField.SIZE, small),
                criterion(CriterionField.ROLE, heads),
            ),
            floor=5,
            ceiling=8,
            weight=4,
        ),
        TargetProfile(
            2,
            "ものづくりの決裁者",
            (criterion(CriterionField.INDUSTRY, makers, must=True), criterion(CriterionField.AUTHORITY, deciding)),
            floor=4,
            ceiling=6,
        ),
        TargetProfile(3, "広報・採用・育成の経験を話せる人", (criterion(CriterionField.GIVE, experts, must=True),), floor=3, ceiling=6),
        TargetProfile(
            4,
            "売り込みが目的の人",
            (criterion(CriterionField.INTENT, (Intent.SELL.value,), must=True),),
            ceiling=2,
            is_ceiling=True,
        ),
    )


def _contents(title: str, day: date, start: time, hours: float, **values: object) -> Contents:
    starts = datetime.combine(day, start, ZONE)
    written = Contents(
        title=title,
        kind=EventKind.MORNING,
        mode=Mode.VENUE,
        starts_at=starts,
        ends_at=starts + timedelta(hours=hours),
        doors_open_at=starts - timedelta(minutes=20),
        deadline_at=starts - timedelta(minutes=30),
        sharing_rule=SharingRule.NO_NAMES,
        description=ABOUT_EVENT,
        region=Region.TOKYO,
        place="丸の内ガーデンビル 5 階 喫茶室",
        address="東京都千代田区丸の内 2-4-1",
        phone="0312345678",
        fee_yen=3000,
        admission=Admission.APPROVAL,
    )
    return replace(written, **values)  # type: ignore[arg-type]


def _announce(session: Session, cast: Cast, written: Contents, now: datetime) -> Event:
    event = writing.create(session, cast.circle, written, by=cast.host, now=now)
    targeting.add(session, event, targets(), by=cast.host, now=now)
    publishing.publish(session, event, by=cast.host, now=now)
    return event


def _apply(session: Session, event: Event, person: Person, said: dict[str, object], now: datetime, first_time: bool) -> Registration:
    """An application as the character would write it."""
    goals = said["goals"]
    assert isinstance(goals, list)
    application = Application(
        gives=gives(said["gives"]),  # type: ignore[arg-type]
        wish=wish(said["wish"]),  # type: ignore[arg-type]
        today=goals[0],
        listed=True,
        agreements=tuple(
            Agreement(ConsentKind(kind), version, "ja") for kind, version in agreements(event).items()
        ),
    )
    return apply(session, event, person, application, now=now, invited=False, first_time=first_time)


def _admit(session: Session, cast: Cast, registrations: Sequence[Registration], now: datetime) -> None:
    for registration in registrations:
        admitting.decide(session, registration, RegistrationStep.ADMIT, by=cast.host, actor=Actor.HOST, now=now)


def _let_old_letters_rest(session: Session, now: datetime) -> None:
    """What was posted in the told past must not leave today; its rows say why."""
    resting = {"state": MessageState.SUPPRESSED, "reason": "demo", "ended_at": now}
    session.execute(update(Message).where(Message.state == MessageState.QUEUED).values(resting))
    overdue = Task.state == TaskState.WAITING, Task.due_at <= now
    session.execute(update(Task).where(*overdue).values(state=TaskState.DROPPED, ended_at=now))
    assert session.scalar(select(Circle.id).where(Circle.slug == SLUG))


_ = (tickets, check_in)
