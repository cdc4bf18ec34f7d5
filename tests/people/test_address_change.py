"""Changing one's mail address: both addresses say yes, or nothing changes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.service import entries
from organizer.config import Config
from organizer.errors import Refused
from organizer.mail.models import Message
from organizer.people import addresses
from organizer.people.addresses import AddressBarrier, Side
from organizer.people.models import AddressChange, Person
from organizer.web.unit import App
from tests.factories import NOW, make_person
from tests.mailbox import delivered, paths

SignInAs = Callable[[Person], FlaskClient]
SECRET = "s" * 40
FRESH = "Fresh@example.jp"


def ask(session: Session, person: Person, email: str = FRESH) -> AddressChange:
    return addresses.ask(session, person, email, now=NOW, secret_key=SECRET)


def test_it_takes_two_to_change(session: Session) -> None:
    person = make_person(session)
    before = person.email
    change = ask(session, person)
    assert not addresses.confirm(session, change, Side.NEW, NOW)
    assert person.email == before
    assert not addresses.confirm(session, change, Side.NEW, NOW)
    assert addresses.confirm(session, change, Side.OLD, NOW)
    assert (person.email, person.email_folded) == (FRESH, FRESH.lower())
    assert [entry.act for entry in entries(session, "person", person.id)] == [
        "address.change_asked",
        "address.changed",
    ]


def test_each_address_gets_its_own_mail(session: Session) -> None:
    person = make_person(session)
    ask(session, person)
    sent = {
        message.kind: (message.person_id, message.address) for message in session.scalars(select(Message))
    }
    assert sent == {"address_change_old": (person.id, None), "address_change_new": (None, FRESH)}


def test_links_know_their_side_and_end(session: Session) -> None:
    change = ask(session, make_person(session))
    old, new = addresses.make_token(change, Side.OLD), addresses.make_token(change, Side.NEW)
    session.flush()
    assert addresses.find(session, old, NOW) == (change, Side.OLD)
    assert addresses.find(session, new, NOW) == (change, Side.NEW)
    assert addresses.find(session, new, NOW + timedelta(hours=24)) is None
    assert addresses.find(session, "x" * 43, NOW) is None


def test_a_new_wish_ends_the_one_before(session: Session) -> None:
    person = make_person(session)
    first = ask(session, person)
    token = addresses.make_token(first, Side.NEW)
    session.flush()
    second = ask(session, person, "other@example.jp")
    session.expire_all()
    assert addresses.find(session, token, NOW) is None
    assert addresses.under_way(session, person, NOW) is second


def test_somebody_elses_address_gets_no_mail_and_is_not_told_apart(session: Session) -> None:
    person, owner = make_person(session), make_person(session)
    change = ask(session, person, (owner.email or "").upper())
    assert session.scalars(select(Message.kind)).all() == ["address_change_old"]
    assert addresses.under_way(session, person, NOW) is change


def test_an_address_taken_meanwhile_is_refused(session: Session) -> None:
    person = make_person(session)
    change = ask(session, person)
    make_person(session, email=FRESH, email_folded=FRESH.lower())
    addresses.confirm(session, change, Side.OLD, NOW)
    with pytest.raises(Refused) as no:
        addresses.confirm(session, change, Side.NEW, NOW)
    assert no.value.reason is AddressBarrier.ADDRESS_TAKEN


def test_the_present_address_is_no_change_and_five_a_day_are_enough(session: Session) -> None:
    person = make_person(session)
    with pytest.raises(Refused) as no:
        ask(session, person, (person.email or "").upper())
    assert no.value.reason is AddressBarrier.SAME_ADDRESS
    for number in range(5):
        ask(session, person, f"n{number}@example.jp")
    with pytest.raises(Refused) as no:
        ask(session, person)
    assert no.value.reason is AddressBarrier.TOO_MANY_CHANGES


def test_the_whole_way_by_mail(sign_in: SignInAs, rows: Session, app: App, config: Config) -> None:
    person = make_person(rows, email="old@example.jp")
    client = sign_in(person)
    assert client.post("/me/account/address", data={"email": "new@example.jp"}).status_code == 303
    assert "new@example.jp" in client.get("/me/account").text
    mails = {mail["to"]: paths(mail)[0] for mail in delivered(app, config)}
    assert set(mails) == {"old@example.jp", "new@example.jp"}

    anybody = app.test_client()
    for link in mails.values():
        assert anybody.get(link).status_code == anybody.head(link).status_code == 200
    rows.expire_all()
    assert person.email == "old@example.jp"
    assert anybody.post(mails["new@example.jp"]).status_code == 200
    rows.expire_all()
    assert person.email == "old@example.jp"
    assert "new@example.jp" in anybody.post(mails["old@example.jp"]).text
    rows.expire_all()
    assert person.email == "new@example.jp"
    for link in mails.values():
        assert anybody.get(link).status_code == anybody.post(link).status_code == 410


def test_the_wish_can_be_given_up(sign_in: SignInAs, rows: Session, app: App, config: Config) -> None:
    client = sign_in(make_person(rows))
    client.post("/me/account/address", data={"email": "new@example.jp"})
    [link] = [paths(mail)[0] for mail in delivered(app, config) if mail["to"] == "new@example.jp"]
    assert client.post("/me/account/address/give-up").status_code == 303
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(("email", "code"), [("nonsense", 422), ("", 422), ("mine@example.jp", 409)])
def test_what_is_no_new_address_is_said(sign_in: SignInAs, rows: Session, email: str, code: int) -> None:
    client = sign_in(make_person(rows, email="mine@example.jp"))
    assert client.post("/me/account/address", data={"email": email}).status_code == code
