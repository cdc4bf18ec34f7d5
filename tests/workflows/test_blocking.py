"""After a block the two are nowhere together, whichever of them said so and whatever had begun before."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.config import Config
from organizer.followups.models import FollowUp
from organizer.matches.models import ContactConsent
from organizer.people.models import Person
from organizer.ties.models import Tie
from organizer.tokens import new_public_id
from organizer.web.unit import App
from organizer.workflows import keeping_up, looking_back
from organizer.workflows.blocking import block_person
from organizer.workflows.closing import make_matches
from tests.factories import NOW
from tests.followups.rows import MORNING
from tests.mailbox import delivered, words
from tests.matches.rows import LATER, Evening, make_evening

SignIn = Callable[[Person], FlaskClient]
NAMES = ("壱岐 あさひ", "仁科 ゆうひ", "三枝 あかり", "四方 ひかり")


@pytest.fixture
def evening(rows: Session) -> Evening:
    """Four people who talked with one another and want to meet again, each and all."""
    made = make_evening(rows, 4)
    for person, name in zip(made.people, NAMES, strict=True):
        person.name = name
    for person in made.people:
        others = [other.id for other in made.people if other is not person]
        looking_back.say_talked(rows, made.place(rows, person), others, NOW)
        looking_back.say_again(rows, made.place(rows, person), others, NOW)
    rows.commit()
    return made


def go_on(rows: Session, evening: Evening) -> None:
    """The matches are out, contact data is handed over, promises are made."""
    make_matches(rows, evening.event.id, LATER)
    a, b = evening.people[:2]
    for one, other in ((a, b), (b, a)):
        rows.add(ContactConsent(person_id=one.id, other_id=other.id, at=NOW))
        tie = rows.scalars(select(Tie).where(Tie.person_id == one.id, Tie.other_id == other.id)).one_or_none()
        if tie is not None:
            keeping_up.promise(rows, tie, "資料を送る", MORNING.date(), NOW)


def paths(rows: Session, evening: Evening, person: Person, other: Person) -> Iterator[str]:
    """Every page on which the other could stand."""
    event = evening.event.public_id
    yield from ("/", "/ties", "/ties?show=promises", "/ties?show=let_go", "/ties?show=focus", "/prompts")
    yield from ("/insights", f"/e/{event}", f"/e/{event}/matches", f"/events/{event}/closing")
    yield from (f"/events/{event}/closing?step={step}" for step in (1, 2, 3))
    yield f"/me/tickets/{evening.place(rows, person).registration.public_id}"
    for table, path in ((Tie, "/ties/"), (FollowUp, "/prompts/")):
        mine = select(table.public_id).where(table.person_id == person.id, table.other_id == other.id)
        yield from (path + public_id for public_id in rows.scalars(mine))


@pytest.mark.parametrize("by", [0, 1])
@pytest.mark.parametrize("when", ["before the matches", "after them"])
def test_no_page_and_no_mail_has_both(
    app: App,
    config: Config,
    rows: Session,
    sign_in: SignIn,
    evening: Evening,
    stand_still: Callable[[datetime], None],
    when: str,
    by: int,
) -> None:
    pair = evening.people[:2]
    if when == "after them":
        go_on(rows, evening)
    block_person(rows, pair[by], pair[1 - by], NOW)
    if when == "before the matches":
        go_on(rows, evening)
    rows.commit()
    stand_still(MORNING)
    for letter in delivered(app, config):
        to = [person for person in pair if person.email == letter["To"]]
        others = [person for person in pair if person not in to] if to else []
        assert not [one.name for one in others if one.name in f"{letter['Subject']} {words(letter)}"]
    rows.expire_all()
    for person, other in (pair, pair[::-1]):
        browser = sign_in(person)
        seen = {path: browser.get(path).text for path in paths(rows, evening, person, other)}
        assert not [path for path, page in seen.items() if other.name in page]
        assert evening.people[2].name in seen["/prompts"], "what has nothing to do with it goes on"


def test_nothing_tells_a_block_from_never_having_been_there(
    rows: Session, sign_in: SignIn, evening: Evening, stand_still: Callable[[datetime], None]
) -> None:
    a, b = evening.people[:2]
    go_on(rows, evening)
    block_person(rows, a, b, NOW)
    rows.commit()
    stand_still(MORNING)
    browser = sign_in(b)
    tie = rows.scalars(select(Tie).where(Tie.person_id == b.id, Tie.other_id == a.id)).one()
    prompt = rows.scalars(
        select(FollowUp).where(FollowUp.person_id == b.id, FollowUp.other_id == a.id)
    ).first()
    assert prompt is not None

    def said(method: str, path: str, public_id: str) -> tuple[int, str]:
        answer = browser.open(path.format(public_id), method=method)
        return answer.status_code, re.sub(r'value="[^"]*"', "", answer.text.replace(public_id, ""))

    for method, path, theirs in (
        ("GET", "/ties/{}", tie.public_id),
        ("POST", "/ties/{}/focus", tie.public_id),
        ("POST", "/ties/{}/let-go", tie.public_id),
        ("GET", "/prompts/{}", prompt.public_id),
        ("POST", "/prompts/{}/answer", prompt.public_id),
        ("POST", "/prompts/{}/send", prompt.public_id),
        ("POST", "/people/{}/exchange", a.public_id),
        ("POST", f"/e/{evening.event.public_id}/matches/{{}}/let-go", a.public_id),
    ):
        assert said(method, path, theirs) == said(method, path, new_public_id()), path
        assert said(method, path, theirs)[0] == 404
