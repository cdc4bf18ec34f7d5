"""How a circle brings people together: kept with a version, readable, switchable, and back to the beginning."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.circles import approach
from organizer.circles.models import Circle, CircleApproach
from organizer.circles.refusals import CircleBarrier
from organizer.domain.approach import FIRST_APPROACH, LEADABLE, WEIGHTS, Lead, Step
from organizer.domain.concerns import Concern
from organizer.domain.roles import CircleRole
from organizer.domain.weights import ASPECTS, Aspect
from organizer.errors import Refused
from organizer.people.models import Person
from tests.factories import NOW, make_circle, make_member, make_person

SignInAs = Callable[[Person], FlaskClient]
AS_AT_FIRST = {aspect: FIRST_APPROACH.step(aspect) for aspect in ASPECTS}
PAGE = "/circles/asa/approach"
LEAD_PAGE = f"{PAGE}/making"


@pytest.fixture
def host(rows: Session) -> Person:
    return make_person(rows)


@pytest.fixture
def circle(rows: Session, host: Person) -> Circle:
    return make_circle(rows, host, slug="asa")


def steps_of(seen: int = 0, by_today: bool = True, **steps: str) -> dict[str, str]:
    """The form of all steps as a browser sends it."""
    chosen = {f"step_{aspect.value}": step.value for aspect, step in AS_AT_FIRST.items()}
    ticked = {"by_today": "y"} if by_today else {}
    return chosen | {f"step_{name}": step for name, step in steps.items()} | ticked | {"seen": str(seen)}


def lead_of(seen: int = 0, active: bool = True, **steps: str) -> dict[str, str]:
    """The form of a rule as a browser sends it."""
    chosen = {f"step_{aspect.value}": steps.get(aspect.value, "") for aspect in LEADABLE}
    return chosen | ({"active": "y"} if active else {}) | {"seen": str(seen)}


def test_a_circle_begins_with_what_suits_most(session: Session) -> None:
    circle = make_circle(session)
    assert approach.standing(session, circle.id).version == approach.NEVER_CHANGED
    assert approach.standing(session, circle.id).is_first
    assert approach.weights_of(session, circle.id) == WEIGHTS


def test_each_change_is_a_version_and_an_entry_in_the_audit(session: Session) -> None:
    host = make_person(session)
    circle = make_circle(session, host)
    changed = AS_AT_FIRST | {Aspect.TRADE: Step.A_LOT}
    first = approach.set_steps(session, circle, host, changed, by_today=True, seen=0, now=NOW)
    lead = Lead(Concern.SELLING, ((Aspect.SAME_TRADE, Step.OFF),), active=False)
    second = approach.set_lead(session, circle, host, lead, seen=1, now=NOW)
    assert (first.version, second.version) == (1, 2)
    assert approach.standing(session, circle.id).approach.lead(Concern.SELLING) == lead
    assert approach.standing(session, circle.id).approach.step(Aspect.TRADE) is Step.A_LOT
    rows = session.scalars(select(CircleApproach).order_by(CircleApproach.version)).all()
    told = [entry.facts for row in rows for entry in entries(session, "circle_approach", row.id)]
    assert [facts["steps"] for facts in told] == [{"trade": "a_lot"}, {}]
    assert [facts["leads"] for facts in told] == [[], ["selling"]]


def test_what_changes_nothing_makes_no_version(session: Session) -> None:
    host = make_person(session)
    circle = make_circle(session, host)
    approach.set_steps(session, circle, host, AS_AT_FIRST, by_today=True, seen=0, now=NOW)
    assert approach.standing(session, circle.id).version == approach.NEVER_CHANGED


def test_who_comes_second_is_told_so_and_changes_nothing(session: Session) -> None:
    host = make_person(session)
    circle = make_circle(session, host)
    off = AS_AT_FIRST | {Aspect.AREA: Step.OFF}
    approach.set_steps(session, circle, host, off, by_today=True, seen=0, now=NOW)
    with pytest.raises(Refused) as refused:
        approach.set_steps(session, circle, host, AS_AT_FIRST, by_today=False, seen=0, now=NOW)
    assert refused.value.reason is CircleBarrier.CHANGED_MEANWHILE
    assert approach.standing(session, circle.id).version == 1


def test_a_race_for_the_same_version_is_lost_by_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = make_person(session)
    circle = make_circle(session, host)
    before = approach.standing(session, circle.id)
    off = AS_AT_FIRST | {Aspect.AREA: Step.OFF}
    approach.set_steps(session, circle, host, off, by_today=True, seen=0, now=NOW)
    monkeypatch.setattr(approach, "standing", lambda *_: before)
    with pytest.raises(Refused) as refused:
        approach.set_steps(session, circle, host, off, by_today=False, seen=0, now=NOW)
    assert refused.value.reason is CircleBarrier.CHANGED_MEANWHILE


def test_something_has_to_count(session: Session) -> None:
    host = make_person(session)
    circle = make_circle(session, host)
    nothing = dict.fromkeys(ASPECTS, Step.OFF)
    with pytest.raises(Refused) as refused:
        approach.set_steps(session, circle, host, nothing, by_today=True, seen=0, now=NOW)
    assert refused.value.reason is CircleBarrier.NOTHING_COUNTS


def test_circles_do_not_see_each_other_s_weights(session: Session) -> None:
    host = make_person(session)
    one, other = make_circle(session, host, slug="one"), make_circle(session, host, slug="other")
    off = AS_AT_FIRST | {Aspect.AREA: Step.OFF}
    approach.set_steps(session, one, host, off, by_today=True, seen=0, now=NOW)
    assert approach.weights_of(session, other.id) == WEIGHTS


@pytest.mark.parametrize("path", [PAGE, LEAD_PAGE])
@pytest.mark.parametrize("role", [CircleRole.OWNER, CircleRole.HOST, CircleRole.STAFF, None])
def test_hosts_see_it_and_nobody_else_knows_of_it(
    sign_in: SignInAs, circle: Circle, rows: Session, path: str, role: CircleRole | None
) -> None:
    person = make_person(rows)
    if role is not None:
        make_member(rows, circle, person, role)
    allowed = role in (CircleRole.OWNER, CircleRole.HOST)
    client = sign_in(person)
    assert client.get(path).status_code == (200 if allowed else 404)
    for post, data in ((path, lead_of() | steps_of()), (f"{PAGE}/reset", {"seen": "0"})):
        assert client.post(post, data=data).status_code == (303 if allowed else 404)


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient, circle: Circle) -> None:
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, data=steps_of()).status_code == 401


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize("path", [PAGE, *(f"{PAGE}/{concern.value}" for concern in Concern)])
def test_pages_speak_both_languages(
    sign_in: SignInAs, circle: Circle, host: Person, path: str, locale: str
) -> None:
    host.locale = locale
    page = sign_in(host).get(path)
    assert page.status_code == 200
    assert f'lang="{locale}"' in page.text


def test_a_change_of_steps_is_kept_and_shown(
    sign_in: SignInAs, circle: Circle, host: Person, rows: Session
) -> None:
    client = sign_in(host)
    answer = client.post(PAGE, data=steps_of(by_today=False, same_trade="a_lot"))
    assert (answer.status_code, answer.location) == (303, PAGE)
    rows.expire_all()
    now = approach.standing(rows, circle.id)
    assert (now.version, now.approach.by_today) == (1, False)
    assert now.approach.step(Aspect.SAME_TRADE) is Step.A_LOT
    page = client.get(PAGE).text
    assert "いまは課題による変更を使っていません" in page
    assert "はじめの設定に戻す" in page


def test_a_rule_is_kept_shown_and_can_be_left_unused(
    sign_in: SignInAs, circle: Circle, host: Person, rows: Session
) -> None:
    client = sign_in(host)
    client.post(LEAD_PAGE, data=lead_of(size="a_lot", trade="off"))
    lead = approach.standing(rows, circle.id).approach.lead(Concern.MAKING)
    assert set(lead.steps) == {(Aspect.SIZE, Step.A_LOT), (Aspect.TRADE, Step.OFF)}
    client.post(LEAD_PAGE, data=lead_of(seen=1, active=False, size="a_lot"))
    rows.expire_all()
    assert not approach.standing(rows, circle.id).approach.lead(Concern.MAKING).active
    assert "使っていません" in client.get(PAGE).text


def test_everything_can_be_set_back(sign_in: SignInAs, circle: Circle, host: Person, rows: Session) -> None:
    client = sign_in(host)
    assert "はじめの設定に戻す" not in client.get(PAGE).text
    client.post(PAGE, data=steps_of(wish="off"))
    client.post(LEAD_PAGE, data=lead_of(seen=1, size="off"))
    assert client.post(f"{PAGE}/reset", data={"seen": "2"}).status_code == 303
    rows.expire_all()
    now = approach.standing(rows, circle.id)
    assert (now.version, now.is_first) == (3, True)
    assert approach.weights_of(rows, circle.id) == WEIGHTS


@pytest.mark.parametrize(
    ("path", "data"),
    [
        (PAGE, steps_of(wish="")),
        (PAGE, steps_of(wish="enormous")),
        (PAGE, {"seen": "0"}),
        (PAGE, {name: value for name, value in steps_of().items() if name != "seen"}),
        (PAGE, steps_of(**{aspect.value: "off" for aspect in ASPECTS})),
        (LEAD_PAGE, lead_of(size="enormous")),
        (LEAD_PAGE, {"active": "y"}),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    sign_in: SignInAs, circle: Circle, host: Person, rows: Session, path: str, data: dict[str, str]
) -> None:
    assert sign_in(host).post(path, data=data).status_code == 422
    assert approach.standing(rows, circle.id).version == approach.NEVER_CHANGED


@pytest.mark.parametrize(
    ("path", "data"),
    [(PAGE, steps_of(wish="a_lot")), (LEAD_PAGE, lead_of()), (f"{PAGE}/reset", {"seen": "0"})],
)
def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    sign_in: SignInAs, circle: Circle, host: Person, rows: Session, path: str, data: dict[str, str]
) -> None:
    client = sign_in(host)
    client.post(PAGE, data=steps_of(area="off"))
    answer = client.post(path, data=data)
    assert answer.location == PAGE
    assert "ほかの方が変更されました" in client.get(PAGE).text
    rows.expire_all()
    assert approach.standing(rows, circle.id).version == 1


def test_an_unknown_rule_is_no_page(sign_in: SignInAs, circle: Circle, host: Person) -> None:
    client = sign_in(host)
    assert client.get(f"{PAGE}/weather").status_code == 404
    assert client.post(f"{PAGE}/weather", data=lead_of()).status_code == 404
    assert client.post(f"{PAGE}/reset", data={}).location == PAGE
