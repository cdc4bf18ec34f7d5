"""What one does with a registration, by link or signed in: change it, give it back, renew the code; and who may."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.checkin.models import CheckIn, Scan
from organizer.config import Config
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.ticketing import CheckInMethod
from organizer.events.models import Event
from organizer.mail.models import Message
from organizer.people import links
from organizer.people.models import LinkPurpose, Person
from organizer.registrations import tickets
from organizer.registrations.models import Registration, Ticket
from tests.conftest import BASE_URL
from tests.factories import NOW, make_person, make_registration
from tests.registrations.helping import ANSWERS, code_of, read_codes, ticket_link

SignIn = Callable[[Person], FlaskClient]
ADMITTED = RegistrationState.ADMITTED
ACTS = ("", "/qr.png", "/ticket.pdf", "/event.ics", "/edit", "/cancel")


def state_of(rows: Session, registration: Registration) -> RegistrationState:
    rows.expire_all()
    return rows.get_one(Registration, registration.id).state


class TestLinks:
    @pytest.mark.parametrize("act", ACTS)
    def test_an_unknown_link_opens_nothing(
        self, client: FlaskClient, registration: Registration, act: str
    ) -> None:
        assert registration.id
        for token in ("x", "a" * 43, str(registration.id), registration.public_id):
            assert client.get(f"/t/{token}{act}").status_code == 404

    @pytest.mark.parametrize("act", ["/edit", "/cancel", "/reissue"])
    def test_nor_does_it_change_anything(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str, act: str
    ) -> None:
        assert client.post(f"/t/{'a' * 43}{act}", data=ANSWERS).status_code == 404
        assert (
            client.post(f"{link[:-1]}{'a' if link[-1] != 'a' else 'b'}{act}", data=ANSWERS).status_code == 404
        )
        assert state_of(rows, registration) is ADMITTED
        assert rows.scalar(select(func.count()).select_from(Ticket)) == 1

    @pytest.mark.parametrize("purpose", [one for one in LinkPurpose if one is not LinkPurpose.TICKET])
    def test_a_link_for_something_else_is_no_ticket(
        self, client: FlaskClient, rows: Session, registration: Registration, purpose: LinkPurpose
    ) -> None:
        token = links.issue(rows, purpose, registration.person_id, registration.id, now=NOW)
        rows.commit()
        assert client.get(f"/t/{token}").status_code == 404
        assert client.post(f"/t/{token}/cancel").status_code == 404
        assert state_of(rows, registration) is ADMITTED

    def test_a_link_of_another_person_opens_nothing(
        self, client: FlaskClient, rows: Session, registration: Registration
    ) -> None:
        token = links.issue(rows, LinkPurpose.TICKET, make_person(rows).id, registration.id, now=NOW)
        rows.commit()
        assert client.get(f"/t/{token}").status_code == 404

    def test_it_ends_fourteen_days_after_the_event(
        self, client: FlaskClient, event: Event, link: str, stand_still: Callable[[datetime], None]
    ) -> None:
        stand_still(event.ends_at + timedelta(days=14))
        assert client.get(link).status_code == 200
        stand_still(event.ends_at + timedelta(days=14, seconds=1))
        assert client.get(link).status_code == 404

    def test_a_revoked_link_opens_nothing(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        links.revoke(rows, LinkPurpose.TICKET, registration.id, NOW)
        rows.commit()
        assert client.get(link).status_code == 404

    def test_looking_changes_nothing(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        for act in (*ACTS, "/reissue"):
            for method in (client.get, client.head, client.options):
                assert method(link + act).status_code in (200, 405)
        assert state_of(rows, registration) is ADMITTED
        for table in (Message, CheckIn, Scan):
            assert rows.scalar(select(func.count()).select_from(table)) == 0
        assert rows.scalars(select(Ticket)).one().revoked_at is None


class TestMine:
    def test_the_same_page_signed_in(
        self, sign_in: SignIn, person: Person, registration: Registration
    ) -> None:
        client = sign_in(person)
        text = client.get(f"/me/tickets/{registration.public_id}").text
        assert "data:image/svg" in text
        assert f"/me/tickets/{registration.public_id}/cancel" in text
        for act in ACTS:
            assert client.get(f"/me/tickets/{registration.public_id}{act}").status_code == 200, act

    @pytest.mark.parametrize("act", ACTS)
    def test_somebody_elses_is_not_there(
        self, sign_in: SignIn, rows: Session, registration: Registration, act: str
    ) -> None:
        assert sign_in(make_person(rows)).get(f"/me/tickets/{registration.public_id}{act}").status_code == 404

    def test_nobody_else_cancels_it(self, sign_in: SignIn, rows: Session, registration: Registration) -> None:
        client = sign_in(make_person(rows))
        for act in ("cancel", "edit", "reissue"):
            assert client.post(f"/me/tickets/{registration.public_id}/{act}", data=ANSWERS).status_code == 404
        assert state_of(rows, registration) is ADMITTED

    def test_not_signed_in_one_signs_in_first(
        self, client: FlaskClient, rows: Session, registration: Registration
    ) -> None:
        rows.commit()
        answer = client.get(f"/me/tickets/{registration.public_id}")
        assert answer.status_code == 302
        assert "/sign-in?next=" in answer.location
        assert client.post(f"/me/tickets/{registration.public_id}/cancel").status_code == 401
        assert state_of(rows, registration) is ADMITTED

    def test_cancelling_and_changing_work_here_too(
        self, sign_in: SignIn, rows: Session, person: Person, registration: Registration
    ) -> None:
        client = sign_in(person)
        mine = f"/me/tickets/{registration.public_id}"
        assert client.post(f"{mine}/edit", data=ANSWERS).status_code == 303
        assert client.post(f"{mine}/reissue").status_code == 303
        assert client.post(f"{mine}/cancel").status_code == 303
        assert state_of(rows, registration) is RegistrationState.CANCELLED


class TestChanging:
    def test_the_form_holds_what_was_said(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        registration.topic, registration.introducer, registration.listed = "後継者のこと", "村上さん", False
        registration.answers = {
            "today": "考え方を聞きたい",
            "gives": [{"kind": "resource", "words": "会議室"}],
        }
        rows.commit()
        text = client.get(f"{link}/edit").text
        for words in ("後継者のこと", "村上さん", "考え方を聞きたい", 'value="会議室"'):
            assert words in text
        assert re.search(r'<input[^>]*id="listed"[^>]*>', text)
        assert not re.search(r'<input[^>]*checked[^>]*id="listed"', text)

    def test_what_is_sent_is_kept(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        answer = client.post(f"{link}/edit", data=ANSWERS)
        assert (answer.status_code, answer.location) == (303, link)
        rows.expire_all()
        kept = rows.get_one(Registration, registration.id)
        assert kept.answers["today"] == ANSWERS["today"]
        assert [give["words"] for give in kept.answers["gives"]] == [
            ANSWERS["give1_words"],
            ANSWERS["give2_words"],
        ]

    def test_bad_input_changes_nothing(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        answer = client.post(f"{link}/edit", data=ANSWERS | {"give1_words": "", "today": "x" * 201})
        assert answer.status_code == 422
        assert ANSWERS["wish_words"] in answer.text
        rows.expire_all()
        assert rows.get_one(Registration, registration.id).answers == {}

    def test_after_the_event_nothing_is_changed(
        self,
        client: FlaskClient,
        rows: Session,
        registration: Registration,
        event: Event,
        link: str,
        stand_still: Callable[[datetime], None],
    ) -> None:
        stand_still(event.ends_at)
        assert client.get(f"{link}/edit").status_code == 409
        assert client.post(f"{link}/edit", data=ANSWERS).status_code == 409
        rows.expire_all()
        assert rows.get_one(Registration, registration.id).answers == {}


class TestCancelling:
    def test_asked_once_then_done(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        asked = client.get(f"{link}/cancel")
        assert "参加を取りやめますか" in asked.text
        assert state_of(rows, registration) is ADMITTED
        assert client.post(f"{link}/cancel").location == link
        assert state_of(rows, registration) is RegistrationState.CANCELLED
        assert tickets.standing(rows, registration.id) is None
        assert "お申込は取り消されました" in client.get(link).text

    def test_pressed_twice_is_once(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        for _ in range(2):
            assert client.post(f"{link}/cancel").status_code == 303
        assert rows.scalars(select(Message.kind)).all() == ["registration_cancelled"]
        assert "すでに取り消されています" in client.get(f"{link}/cancel").text

    def test_who_has_arrived_cannot(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str
    ) -> None:
        keys = {"circle_id": registration.circle_id, "event_id": registration.event_id}
        rows.add(CheckIn(**keys, registration_id=registration.id, method=CheckInMethod.SCAN, at=NOW))
        rows.commit()
        assert client.post(f"{link}/cancel").status_code == 409
        assert state_of(rows, registration) is ADMITTED


class TestRenewing:
    def test_the_page_shows_the_new_code_at_once(
        self, client: FlaskClient, rows: Session, registration: Registration, link: str, config: Config
    ) -> None:
        old = code_of(rows, registration, config.secret_key)
        assert client.post(f"{link}/reissue").location == link
        rows.expire_all()
        new = code_of(rows, registration, config.secret_key)
        assert new != old
        assert read_codes(client.get(f"{link}/qr.png").data) == [f"{BASE_URL}/q/{new}"]
        assert rows.scalars(select(Message.kind)).all() == ["ticket"]

    def test_where_there_is_none_there_is_nothing_to_renew(
        self, client: FlaskClient, rows: Session, event: Event
    ) -> None:
        registration = make_registration(rows, event, make_person(rows))
        token = ticket_link(rows, registration)
        rows.commit()
        assert client.post(f"/t/{token}/reissue").status_code == 404
