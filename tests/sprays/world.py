"""A whole circle with everything in it, and somebody in each part: what the checks over all pages and forms
walk through.

Every text that not everybody may read carries a planted string, `<mark>-<what>`, by which it is known
wherever it turns up.
"""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.checkin import attendance, claims, devices, kiosk, notes, pairing, parties
from organizer.checkin.models import CheckIn, FeePayment, Receipt, Scan
from organizer.circles import approach
from organizer.circles import tokens as api_tokens
from organizer.circles.models import CircleInvitation, Exclusion, Membership, Report
from organizer.domain.approach import Step
from organizer.domain.door import Attendance, DeviceKind, TokenScope
from organizer.domain.lifecycle import Admission, EventState, Mode, RegistrationState, RunState
from organizer.domain.profiles import Criterion
from organizer.domain.roles import CircleRole
from organizer.domain.rounds import RoundState
from organizer.domain.ticketing import CheckInMethod, ScanResult
from organizer.domain.vocabulary import CriterionField, Industry, Role
from organizer.domain.weights import Aspect
from organizer.events.models import Event, EventInvitation, TargetProfile
from organizer.events.seats import set_caps
from organizer.events.service import targets_of
from organizer.people import links, passwords, sessions
from organizer.people.models import AddressChange, Block, LinkPurpose, Person, SignInPurpose, SignInRequest
from organizer.registrations import tickets
from organizer.registrations.models import ApplicationDraft
from organizer.rounds import planning
from organizer.ties.models import Tie
from organizer.tokens import digest, new_token
from organizer.workflows import claiming, rounds, walking_in
from organizer.workflows.walking_in import Keeper, Newcomer
from tests.factories import (
    NOW,
    make_circle,
    make_event,
    make_member,
    make_target,
)
from tests.rounds import tables
from tests.rounds.rows import Meetup, make_draft, publish_plan
from tests.sprays.aftermath import keep_up, look_back
from tests.sprays.cast import SECRET, World


def make_world(session: Session, mark: str, attendees: int = 4, secret: str = SECRET) -> World:
    """A circle with `attendees` (four at least) people, from a draft to a past event with matches, ties and prompts."""
    world = World(session, mark, secret)
    world.cast = {
        role: world.person(role)
        for role in ("owner", "host", "staff", "applicant", "waiting", "declined", "stranger")
    }
    world.circle = make_circle(session, world.cast["owner"], slug=f"{mark.lower()}-kai", name=f"{mark}の会")
    for role in (CircleRole.HOST, CircleRole.STAFF):
        make_member(session, world.circle, world.cast[role.value], role)
    steps = dict.fromkeys(Aspect, Step.A_LITTLE)
    approach.set_steps(session, world.circle, world.cast["owner"], steps, False, 0, NOW)
    _make_events(world)
    for n in range(attendees):
        world.people.append(world.person(f"席{n}"))
    _fill_seats(world)
    _ask(world)
    look_back(world, "past", RunState.PUBLISHED)
    look_back(world, "held", RunState.HELD)
    keep_up(world)
    _tell_in_confidence(world)
    _open_links(world)
    _set_tables(world)
    _come_unexpected(world)
    _lend_the_door(world)
    session.commit()
    return world


def _set_tables(world: World) -> None:
    """Tonight's tables are with their people, and the host is looking at others; online a round is on.

    At the held event one was paused and never ended.
    """
    session, owner, staff = world.session, world.cast["owner"], world.cast["staff"]
    there = {"tonight": world.people[::2], "online": world.people[1::2]}
    for person in there["online"]:
        _arrive(world, "online", person, NOW)
    gone = session.scalars(select(Tie).where(Tie.public_id == world.names["tie:gone"])).one()
    for person in there["tonight"]:  # of so few, two who are never seated together leave no lawful table
        if person.id == gone.other_id:
            planning.leaves(session, world.events["tonight"], person, by=owner, now=NOW)
    for name, people in there.items():
        meetup = Meetup(world.circle, world.events[name], owner, staff, people)
        publish_plan(
            session, meetup, table_size=2
        )  # of so few not everybody may share a table with everybody
    online = world.events["online"]
    rounds.start(session, online, 1, by=owner, now=NOW)
    planning.leaves(session, online, world.people[3], by=owner, now=NOW)
    tonight = Meetup(world.circle, world.events["tonight"], owner, staff, there["tonight"])
    make_draft(session, tonight)
    tables.publish(session, world.events["held"], tables.turning(world.people, 1, 4))
    paused = tables.run(session, world.events["held"], 1, left=timedelta(minutes=5))
    paused.state, paused.ends_at, paused.left_seconds = RoundState.PAUSED, None, 300


def _make_events(world: World) -> None:
    at = {
        "draft": NOW + timedelta(days=20),
        "published": NOW + timedelta(days=7),
        "everyone": NOW + timedelta(days=8),
        "invitation": NOW + timedelta(days=9),
        "cancelled": NOW + timedelta(days=10),
        "tonight": NOW - timedelta(minutes=80),
        "online": NOW - timedelta(minutes=5),
        "past": NOW - timedelta(days=2),
        "held": NOW - timedelta(days=1),
        "closed": NOW + timedelta(days=11),
    }
    more: dict[str, dict[str, Any]] = {
        "draft": {"state": EventState.DRAFT, "published_at": None},
        "everyone": {"admission": Admission.EVERYONE},
        "held": {"holds_matches": True},
        "closed": {"state": EventState.CLOSED, "closed_at": NOW},
        "invitation": {"admission": Admission.INVITATION},
        "cancelled": {"state": EventState.CANCELLED, "cancelled_at": NOW, "cancel_words": "台風のため"},
        "online": {"mode": Mode.ONLINE, "online_url": f"https://meet.example/{world.planted('online-url')}"},
    }
    for name, starts in at.items():
        event = make_event(
            world.session,
            world.circle,
            **{
                "title": f"{world.mark}会{name}",
                "starts_at": starts,
                "description": "自己紹介のあと、四つの卓で話します。",
                "fee_yen": 1000,
                "phone": "+81312345678",
                "capacity": 80,
            }
            | more.get(name, {}),
        )
        world.events[name] = event
        world.names[f"target:{name}"] = _make_targets(world, event).public_id
    session = world.session
    invited = EventInvitation(
        circle_id=world.circle.id,
        event_id=world.events["invitation"].id,
        email=f"{world.mark.lower()}-mail-invited@example.jp",
        email_folded=f"{world.mark.lower()}-mail-invited@example.jp",
        invited_by_id=world.cast["owner"].id,
        created_at=NOW,
    )
    session.add(invited)
    session.flush()
    world.names["event_invitation"] = str(invited.id)


def _make_targets(world: World, event: Event) -> TargetProfile:
    makers = [Criterion(CriterionField.INDUSTRY, (Industry.MANUFACTURING.value,), must=True).to_data()]
    target = make_target(world.session, event, name="製造業", criteria=makers, floor=1, ceiling=60)
    leaders = [Criterion(CriterionField.ROLE, (Role.OWNER_PRESIDENT.value,)).to_data()]
    make_target(world.session, event, name="経営者", criteria=leaders, position=1)
    set_caps(world.session, event, targets_of(world.session, event.id))
    return target


def _fill_seats(world: World) -> None:
    for person in world.people:
        for event in ("past", "held", "tonight", "online"):
            row = world.admit(event, person)
            ticket = tickets.issue(world.session, row, NOW, world.secret)
            if event == "tonight":
                world.tokens.setdefault("code", tickets.code_of(ticket, world.secret))
        world.session.flush()
    for place, person in enumerate(world.people):
        _arrive(world, "past", person, NOW - timedelta(days=2))
        _arrive(world, "held", person, NOW - timedelta(days=1))
        if place % 2 == 0:
            _arrive(world, "tonight", person, NOW - timedelta(minutes=70))
    _write_receipt(world)


def _write_receipt(world: World) -> None:
    """The first of tonight's people has fetched a receipt."""
    row = world.registrations["tonight", world.people[0].id]
    paid = world.session.scalars(select(FeePayment).where(FeePayment.registration_id == row.id)).one()
    receipt = Receipt(
        circle_id=world.circle.id,
        event_id=row.event_id,
        payment_id=paid.id,
        number=1,
        addressee=f"{world.people[0].name} 様",
        proviso="参加費として",
        issuer=world.circle.name,
        yen=paid.yen,
        printed=1,
        at=NOW,
    )
    world.session.add(receipt)
    world.session.flush()


def _arrive(world: World, event: str, person: Person, at: Any) -> None:
    registration, by = world.registrations[event, person.id], world.cast["staff"].id
    ids = {
        "circle_id": world.circle.id,
        "event_id": registration.event_id,
        "registration_id": registration.id,
    }
    key, facts = secrets.token_hex(16), {"first": None, "fee": 1000, "arrived": 1, "expected": 1}
    scan = Scan(
        **ids,
        key=key,
        request_hash=digest(key),
        method=CheckInMethod.SCAN,
        by_id=by,
        door="正面",
        at=at,
        received_at=at,
    )
    scan.result, scan.facts = ScanResult.ADMITTED, facts
    world.session.add(scan)
    world.session.flush()
    row = CheckIn(**ids, scan_id=scan.id, method=CheckInMethod.SCAN, by_id=by, door="正面", at=at)
    paid = FeePayment(**ids, yen=1000, by_id=by, at=at)
    world.session.add_all([row, paid])
    world.session.flush()


def _ask(world: World) -> None:
    cast = world.cast
    for event in ("published", "everyone"):
        world.admit(event, cast["applicant"], state=RegistrationState.APPLIED)
    just = {"waiting_since": NOW, "decided_at": NOW, "decided_by_id": cast["host"].id}
    letter = {"letter_due_at": NOW + timedelta(minutes=5), "before": {"state": "applied"}}
    world.admit("published", cast["waiting"], state=RegistrationState.WAITLISTED, **just, **letter)
    world.admit("published", cast["declined"], state=RegistrationState.DECLINED, decided_at=NOW)
    for person in world.people:
        world.admit("published", person, state=RegistrationState.APPLIED)
    draft = ApplicationDraft(
        circle_id=world.circle.id,
        event_id=world.events["published"].id,
        person_id=cast["stranger"].id,
        browser_hash=digest("browser"),
        email_folded=cast["stranger"].email_folded,
        answers={"topic": world.planted("draft"), "name": cast["stranger"].name},
        updated_at=NOW,
        expires_at=NOW + timedelta(days=30),
    )
    world.session.add(draft)


def _tell_in_confidence(world: World) -> None:
    session, cast = world.session, world.cast
    report = Report(
        circle_id=world.circle.id,
        reporter_id=world.people[2].id,
        reported_id=world.people[3].id,
        words=world.planted("report"),
        created_at=NOW,
    )
    exclusion = Exclusion(
        circle_id=world.circle.id,
        person_id=cast["declined"].id,
        by_id=cast["owner"].id,
        note=world.planted("exclusion"),
        created_at=NOW,
    )
    session.add_all([report, exclusion])
    for one, other in ((world.people[2], world.people[3]), (world.people[0], cast["declined"])):
        session.add(Block(person_id=one.id, other_id=other.id, created_at=NOW))
    gone = session.scalars(select(Tie).where(Tie.person_id == world.people[0].id)).all()[-1]
    gone.let_go_at, gone.rank = NOW, None
    world.names["tie:gone"] = gone.public_id
    cast["applicant"].prompts_stopped_at = NOW
    session.flush()
    world.names["report"] = report.public_id


def _open_links(world: World) -> None:
    """Everything that opens by an address alone, each with its token."""
    session, cast, tokens = world.session, world.cast, world.tokens
    first = world.people[0]
    for event in ("tonight", "online", "past"):
        row = world.registrations[event, first.id]
        tokens[f"ticket:{event}"] = links.issue(session, LinkPurpose.TICKET, first.id, row.id, now=NOW)
    applied = world.registrations["published", cast["applicant"].id]
    tokens["ticket:applied"] = links.issue(
        session, LinkPurpose.TICKET, cast["applicant"].id, applied.id, now=NOW
    )
    tokens["stopped"] = links.issue(session, LinkPurpose.STOP_PROMPTS, cast["applicant"].id, None, now=NOW)
    tokens["stop"] = links.issue(session, LinkPurpose.STOP_PROMPTS, first.id, None, now=NOW)
    for name in ("link", "invitation", "address"):
        tokens[name] = new_token()
    asked = SignInRequest(
        purpose=SignInPurpose.SIGN_IN,
        email=cast["stranger"].email or "",
        email_folded=cast["stranger"].email_folded or "",
        browser_hash=digest("browser"),
        link_hash=digest(tokens["link"]),
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
    )
    invitation = CircleInvitation(
        circle_id=world.circle.id,
        email=f"{world.mark.lower()}-mail-helper@example.jp",
        email_folded=f"{world.mark.lower()}-mail-helper@example.jp",
        role=CircleRole.HOST,
        invited_by_id=cast["owner"].id,
        link_hash=digest(tokens["invitation"]),
        created_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    change = AddressChange(
        person_id=first.id,
        email=f"{world.mark.lower()}-mail-new@example.jp",
        email_folded=f"{world.mark.lower()}-mail-new@example.jp",
        old_hash=digest(tokens["address"]),
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    session.add_all([asked, invitation, change])
    session.flush()
    host = session.scalars(select(Membership).filter_by(person_id=cast["owner"].id)).one()
    token, tokens["api"] = api_tokens.make(
        session, host, name=f"{world.mark}アプリ", scope=TokenScope.DOOR, days=90, now=NOW
    )
    token.used_at = NOW + timedelta(days=1)  # a request with it must not write when it was last used
    world.names |= {
        "request": asked.public_id,
        "circle_invitation": invitation.public_id,
        "api_token": token.public_id,
        "excluded": cast["declined"].public_id,
        "staff": cast["staff"].public_id,
        "ticket": world.registrations["tonight", first.id].public_id,
        "asked": world.registrations["published", cast["waiting"].id].public_id,
        "sign_in": sessions.start(session, first, "link", "Safari iPhone", NOW)[0].public_id,
    }


def _come_unexpected(world: World) -> None:
    """Two walk-ins tonight: one has an open link, of the other somebody is asked. The host marks and notes."""
    session, event, owner = world.session, world.events["tonight"], world.cast["owner"]
    rows = [
        walking_in.walk_in(
            session,
            event,
            Newcomer(f"{world.mark}飛入{n}", "飛び入り商店", "農家の方"),
            f"{world.mark}-walk-in-{n:020}",
            Keeper(world.cast["staff"].id),
            now=NOW,
            secret_key=world.secret,
        )
        for n in range(2)
    ]
    open_claim, asked_claim = (claims.of_registration(session, row.id) for row in rows)
    assert open_claim is not None
    assert asked_claim is not None
    claiming.ask(session, asked_claim, world.people[0], NOW)
    world.tokens["claim"] = claims.token_of(open_claim, world.secret)
    late = world.registrations["tonight", world.people[1].id]
    notes.write(session, event, late, "VIP、席は卓1", by=owner, now=NOW)
    marked = attendance.mark(session, event, {late.public_id: Attendance.EXCUSED}, by_id=owner.id, now=NOW)
    last = world.registrations["tonight", world.people[3].id]
    party = parties.check_in(session, event, [last.public_id], "party-key-" * 3, by=owner, now=NOW)
    world.names |= {
        "walk_in": rows[0].public_id,
        "claim:asked": asked_claim.public_id,
        "marked": str(marked.entry_id),
        "party": str(party.entry_id),
        "scan": session.scalars(select(Scan.key).where(Scan.registration_id == rows[0].id)).one(),
    }


def reference_of(world: World, person: Person) -> str:
    """What the cookie of a browser holds in which the person is signed in from now on."""
    return sessions.start(world.session, person, "link", "Firefox Linux", NOW)[1]


def _lend_the_door(world: World) -> None:
    """Tonight a link waits for its phone, a guest's phone is paired, and a tablet is a kiosk (its PIN is 2468)."""
    session, event, owner = world.session, world.events["tonight"], world.cast["owner"]
    asked = {"by": owner, "now": NOW, "secret_key": world.secret}
    link = pairing.invite(session, event, DeviceKind.GUEST, f"{world.mark} 入口B", **asked)
    phone, _token = devices.make(session, event, DeviceKind.GUEST, now=NOW, name="裏口", by_id=owner.id)
    pin = {"by": owner, "browser": "iPad", "now": NOW}
    tablet, world.tokens["kiosk"] = kiosk.start(session, event, passwords.hashed("2468"), **pin)
    tablet.seen_at = NOW + timedelta(days=1)  # looking at its pages must not write when it was last heard of
    world.tokens["pair"] = pairing.token_of(link, world.secret)
    world.names |= {"device_link": link.public_id, "device": phone.public_id}
