"""The demo circle's story, told through the same services as everybody's: an evening a month ago, one
tonight, one being written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from organizer.checkin.fees import take_fee
from organizer.checkin.queries import present_ids
from organizer.checkin.service import check_in
from organizer.circles.models import Circle, Membership
from organizer.demo.people import characters, gives, settle, wish
from organizer.demo.rounds import sit_down
from organizer.domain.cadence import FollowUpStep
from organizer.domain.delivery import MessageState, PromptAnswer
from organizer.domain.lifecycle import Actor, Admission, Mode, RegistrationStep
from organizer.domain.profiles import Criterion, TargetProfile
from organizer.domain.roles import CircleRole
from organizer.domain.trust import ContactKind
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
from organizer.followups import service as followups
from organizer.followups.models import FollowUp
from organizer.jobs.models import Task, TaskState
from organizer.mail.models import Message
from organizer.matches.places import place_of
from organizer.people.models import ConsentKind, Person
from organizer.registrations import admitting, tickets
from organizer.registrations.answers import Agreement, Application
from organizer.registrations.applying import apply
from organizer.registrations.labels import agreements
from organizer.registrations.models import Registration
from organizer.ties.service import tie_between
from organizer.workflows import closing, keeping_up, looking_back
from organizer.workflows.looking_back import Kept

SLUG = "asanokai"
ZONE = ZoneInfo("Asia/Tokyo")
MONTH_AGO = timedelta(days=36)  # so that the prompts a month after the first word are due about now
PAST_GUESTS = 20
SELLERS = 2
STILL_TO_DECIDE = 9
ABSENT = 1  # of those admitted a month ago, the last one did not come

PROMISES = (
    "採用ページの例を三つ送る",
    "信用金庫の担当の方にお引き合わせする",
    "原価表のひな形をお渡しする",
    "工場見学の日をご案内する",
    "補助金の一覧を送る",
)
INSIGHTS = (
    "値上げは、理由より先に感謝を伝える。",
    "人が辞める前に、話を聞く時間を決めておく。",
    "断った仕事の数だけ、得意が残る。",
    "跡継ぎの話は、決まってからでは遅い。",
    "数字は月に一度、同じ時刻に見る。",
    "困っていると言える相手がいるだけで、決めやすくなる。",
)

ABOUT_CIRCLE = """月に一度、始業前の九十分。中小企業の経営者二十数名が、四人の卓を替えながら話します。

名刺を百枚集める会ではありません。**続けて会いたい三人**を見つけて帰る会です。"""

ABOUT_EVENT = """はじめての方も、常連の方も、四人ずつの卓で十分を四回。そのたびに顔ぶれが替わります。

- 売り込みはご遠慮ください。困りごとと、提供できることを持ってお越しください。
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
    _evening_tonight(session, cast, now, secret_key)
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
    session.add_all(
        Membership(circle_id=circle.id, person_id=p.id, role=role, created_at=now) for p, role in roles
    )
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
            (
                criterion(CriterionField.INDUSTRY, makers, must=True),
                criterion(CriterionField.AUTHORITY, deciding),
            ),
            floor=4,
            ceiling=6,
        ),
        TargetProfile(
            3,
            "広報・採用・育成の経験を話せる人",
            (criterion(CriterionField.GIVE, experts, must=True),),
            floor=3,
            ceiling=6,
        ),
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
        phone="03-1234-5678",
        fee_yen=3000,
        admission=Admission.APPROVAL,
    )
    return replace(written, **values)  # type: ignore[arg-type]


def _announce(session: Session, cast: Cast, written: Contents, now: datetime) -> Event:
    event = writing.create(session, cast.circle, written, by=cast.host, now=now)
    targeting.add(session, event, targets(), by=cast.host, now=now)
    publishing.publish(session, event, by=cast.host, now=now)
    return event


def _apply(
    session: Session, event: Event, person: Person, said: dict[str, object], now: datetime, first_time: bool
) -> Registration:
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
        admitting.decide(
            session, registration, RegistrationStep.ADMIT, by=cast.host, actor=Actor.HOST, now=now
        )


def _evening_a_month_ago(session: Session, cast: Cast, now: datetime, secret_key: str) -> Event:
    """The evening whose ties are on their way: applied, admitted, come, talked, matched, and mostly written to."""
    day = (now.astimezone(ZONE) - MONTH_AGO).date()
    day -= timedelta(days=max(0, day.weekday() - 4))  # before work, and so on a working day
    written = _contents("第11回 朝の会", day, time(7, 30), 1.5)
    announced = written.starts_at - timedelta(days=21)
    event = _announce(session, cast, written, announced)
    said = characters()[1:]
    guests = list(zip(cast.guests[:PAST_GUESTS], said[:PAST_GUESTS], strict=True))
    applied = [
        _apply(session, event, person, one, announced + timedelta(days=2), True) for person, one in guests
    ]
    sellers = _sellers_too_many(applied)
    admitted = [registration for registration in applied if registration.id not in sellers]
    _admit(session, cast, admitted, announced + timedelta(days=3))
    for minutes, registration in enumerate(admitted[:-ABSENT]):
        tickets.issue(session, registration, announced + timedelta(days=3), secret_key)
        arrived = event.doors_open_at + timedelta(minutes=minutes)
        check_in(session, event, registration.public_id, now=arrived, by=cast.host, door="入口")
        take_fee(session, event, registration.public_id, now=arrived, by_id=cast.host.id)
    sit_down(session, event, cast.host)
    _look_back(session, event, [registration.person for registration in admitted[:-ABSENT]])
    _write_to_one_another(session, event)
    return event


def _look_back(session: Session, event: Event, present: list[Person]) -> None:
    """Each has talked with their neighbours at the tables, wants to see some again, promises something to one."""
    moment = event.ends_at - timedelta(minutes=8)
    people = len(present)
    for number, person in enumerate(present):
        talked = [
            present[(number + step) % people].id for step in (1, 2, 5, people - 1, people - 2, people - 5)
        ]
        again = talked[:2] + talked[3:4] if number % 3 else talked[:1]
        place = place_of(session, person.id, event.public_id)
        looking_back.say_talked(session, place, talked, moment)
        looking_back.say_again(session, place, again, moment)
    for number, person in enumerate(present):
        other = present[(number + 1) % people]
        promise, insight = PROMISES[number % len(PROMISES)], INSIGHTS[number % len(INSIGHTS)]
        kept = Kept(
            other.id,
            promise,
            (event.ends_at + timedelta(days=33 + number % 5)).astimezone(ZONE).date(),
            insight,
        )
        looking_back.finish(session, place_of(session, person.id, event.public_id), kept, event.ends_at)
    closing.make_matches(session, event.id, event.ends_at + timedelta(minutes=5))


def _write_to_one_another(session: Session, event: Event) -> None:
    """The morning after: three of four have answered their prompts, some with a meeting since."""
    morning = event.ends_at + timedelta(days=1)
    prompts = session.scalars(
        select(FollowUp)
        .where(FollowUp.event_id == event.id, FollowUp.step == FollowUpStep.NEXT_DAY)
        .order_by(FollowUp.id)
    ).all()
    for number, prompt in enumerate(prompts):
        if number % 4 != 3:
            said = PromptAnswer.ELSEWHERE if number % 5 == 2 else PromptAnswer.SENT
            followups.answer(session, prompt, said, morning + timedelta(hours=number % 6))
        if number % 4 == 1:
            tie = tie_between(session, prompt.person_id, prompt.other_id)
            if tie is not None:
                kind = (ContactKind.MEETING, ContactKind.MEAL, ContactKind.CALL)[number % 3]
                at = morning + timedelta(days=6 + number % 9)
                keeping_up.note_contact(session, tie, kind, at.astimezone(ZONE).date(), at, at)


def _evening_tonight(session: Session, cast: Cast, now: datetime, secret_key: str) -> Event:
    """Tonight: most seats given, some applications waiting for the host, nobody at the door yet."""
    local = now.astimezone(ZONE)
    begins = max(
        local.replace(hour=19, minute=0, second=0, microsecond=0),
        _next_half_hour(local + timedelta(minutes=30)),
    )
    written = _contents("第12回 朝の会（夜の部）", begins.date(), begins.time().replace(tzinfo=None), 1.5)
    announced = now - timedelta(days=20)
    event = _announce(session, cast, written, announced)
    came = set(present_ids(session, past_event_id(session, cast.circle.id, event.id)))
    applied = [
        _apply(
            session, event, person, one, announced + timedelta(days=1 + number % 12), person.id not in came
        )
        for number, (person, one) in enumerate(zip(cast.guests, characters()[1:], strict=True))
    ]
    waiting = _sellers_too_many(applied) | {registration.id for registration in applied[-STILL_TO_DECIDE:]}
    admitted = [registration for registration in applied if registration.id not in waiting]
    _admit(session, cast, admitted, now - timedelta(days=5))
    for registration in admitted:
        tickets.issue(session, registration, now - timedelta(days=5), secret_key)
    return event


def _sellers_too_many(applied: Sequence[Registration]) -> set[int]:
    """Those who come to sell, beyond the two seats there are for them."""
    return {
        one.id for one in [r for r in applied if Intent.SELL.value in r.profile.get("intents", ())][SELLERS:]
    }


def past_event_id(session: Session, circle_id: int, but: int) -> int:
    """The evening that has been."""
    query = select(Event.id).where(Event.circle_id == circle_id, Event.id != but).order_by(Event.starts_at)
    return session.scalars(query).first() or 0


def _next_half_hour(moment: datetime) -> datetime:
    return (moment + timedelta(minutes=30 - moment.minute % 30)).replace(second=0, microsecond=0)


def _next_one(session: Session, cast: Cast, last: Event, now: datetime) -> None:
    """The next morning, as a draft."""
    draft = writing.copy(session, last, by=cast.host, now=now)
    draft.title = "第13回 朝の会"


def _let_old_letters_rest(session: Session, now: datetime) -> None:
    """What was posted in the told past must not leave today: in the story it arrived when it was due."""
    arrived = {"state": MessageState.SENT, "reason": "demo", "ended_at": Message.due_at}
    session.execute(update(Message).where(Message.state == MessageState.QUEUED).values(arrived))
    overdue = Task.state == TaskState.WAITING, Task.due_at <= now
    session.execute(update(Task).where(*overdue).values(state=TaskState.DROPPED, ended_at=now))
    session.execute(update(Registration).values(before=None, letter_due_at=None))
