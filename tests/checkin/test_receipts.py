"""Receipts: numbered without gaps, written once, drawn as they stand; for the host, the door and whoever paid."""

import io
from collections.abc import Callable

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from organizer.audit.models import AuditEntry
from organizer.checkin import fees, receipts
from organizer.checkin.models import Receipt
from organizer.checkin.receipts import ReceiptBarrier, Wording
from organizer.errors import NotFound, Refused
from organizer.people import links
from organizer.people.models import LinkPurpose, Person
from tests.checkin.rows import Evening, Guest, make_evening
from tests.factories import NOW, make_circle, make_person

WORDING = Wording("株式会社ひびき 御中", "第12回 朝の会参加費として")


def pay(evening: Evening, guest: Guest) -> None:
    fees.take_fee(
        evening.session, evening.event, guest.registration.public_id, now=NOW, by_id=evening.staff.id
    )


def issue(evening: Evening, guest: Guest, wording: Wording = WORDING, *, corrects: bool = True) -> Receipt:
    asked = {"now": NOW, "by_id": evening.staff.id, "corrects": corrects}
    return receipts.issue(evening.session, evening.event, guest.registration, wording, **asked)  # type: ignore[arg-type]


def test_numbers_follow_each_other_within_a_circle(session: Session) -> None:
    evening, other = make_evening(session, 3), make_evening(session, 1)
    for guest in evening.guests:
        pay(evening, guest)
    pay(other, other.guests[0])
    assert [issue(evening, guest).number for guest in evening.guests] == [1, 2, 3]
    assert issue(other, other.guests[0]).number == 1
    assert issue(evening, evening.guests[1]).number == 2


def test_it_stands_as_it_was_written_but_for_what_a_host_corrects(session: Session) -> None:
    evening = make_evening(session, 1)
    circle, guest = evening.circle, evening.guests[0]
    circle.legal_name, circle.sender_address = "一般社団法人 朝の会", "東京都千代田区丸の内 2-4-1"
    circle.invoice_number = "T7010705000725"
    pay(evening, guest)
    first = issue(evening, guest)
    assert (first.issuer, first.issuer_address) == ("一般社団法人 朝の会", "東京都千代田区丸の内 2-4-1")
    assert (first.invoice_number, first.yen, first.printed) == ("T7010705000725", 3000, 1)
    circle.legal_name, circle.invoice_number, evening.event.fee_yen = "別の会", "", 5000
    own = issue(evening, guest, Wording("田中 様", "本代として"), corrects=False)
    assert (own.addressee, own.proviso, own.issuer, own.yen) == (*_said(WORDING), "一般社団法人 朝の会", 3000)
    assert (own.id, own.number, own.printed) == (first.id, 1, 2)
    corrected = issue(evening, guest, Wording("田中 様", WORDING.proviso))
    assert (corrected.addressee, corrected.number, corrected.printed) == ("田中 様", 1, 3)
    acts = session.execute(
        select(AuditEntry.act, AuditEntry.facts).where(AuditEntry.subject == "receipt")
    ).all()
    assert [act for act, _ in acts] == ["receipt.issued", "receipt.corrected"]
    assert acts[1][1] == {"event": evening.event.id, "fields": ["addressee"]}


def _said(wording: Wording) -> tuple[str, str]:
    return wording.addressee, wording.proviso


@pytest.mark.parametrize(
    ("circle", "issuer"),
    [
        ({}, None),
        ({"sender_name": "世話役 佐藤"}, "世話役 佐藤"),
        ({"legal_name": "合同会社", "sender_name": "x"}, "合同会社"),
    ],
)
def test_the_issuer_is_the_best_name_there_is(
    session: Session, circle: dict[str, str], issuer: str | None
) -> None:
    evening = make_evening(session, 1)
    for name, value in circle.items():
        setattr(evening.circle, name, value)
    pay(evening, evening.guests[0])
    assert issue(evening, evening.guests[0]).issuer == (issuer or evening.circle.name)


def test_without_a_payment_there_is_none(session: Session) -> None:
    evening = make_evening(session, 1)
    guest = evening.guests[0]
    with pytest.raises(Refused) as no:
        issue(evening, guest)
    assert no.value.reason is ReceiptBarrier.NOT_PAID
    pay(evening, guest)
    issue(evening, guest)
    fees.give_fee_back(session, evening.event, guest.registration.public_id, now=NOW, by_id=None)
    with pytest.raises(NotFound):
        receipts.get_receipt(session, guest.registration.id)
    pay(evening, guest)
    assert issue(evening, guest).number == 2
    assert session.scalar(select(func.count()).select_from(Receipt)) == 2


@pytest.fixture
def evening(rows: Session, sign_in: Callable[[Person], FlaskClient]) -> Evening:
    evening = make_evening(rows)
    guest = evening.guest(name="髙橋 玲子", profile={"company": "株式会社ひびき"})
    pay(evening, guest)
    sign_in(evening.staff)
    return evening


def url(evening: Evening, guest: Guest, more: str = "") -> str:
    evening.session.commit()
    return f"/events/{evening.event.public_id}/receipts/{guest.registration.public_id}{more}"


def paper_of(data: bytes) -> str:
    pdf = pypdfium2.PdfDocument(io.BytesIO(data))
    assert len(pdf) == 1
    text = str(pdf[0].get_textpage().get_text_bounded())
    pdf.close()
    return text


FORM = {"addressee": "株式会社ひびき 御中", "proviso": "参加費として", "language": "ja"}


def test_the_door_draws_it_and_the_second_is_a_copy(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guests[0]
    evening.circle.legal_name, evening.circle.invoice_number = "一般社団法人 朝の会", "T7010705000725"
    page = client.get(url(evening, guest)).text
    assert 'value="株式会社ひびき 御中"' in page
    assert 'value="第12回 朝の会参加費として"' in page
    drawn = client.post(url(evening, guest), data=FORM, follow_redirects=True)
    assert drawn.mimetype == "application/pdf"
    text = paper_of(drawn.data)
    for words in ("領収書", "株式会社ひびき 御中", "¥3,000※", "但し、参加費として", "一般社団法人 朝の会"):
        assert words in text
    assert "登録番号 T7010705000725" in text
    assert "内消費税等（10%）：¥272" in text
    assert "再発行" not in text
    again = client.get(url(evening, guest, "/receipt.pdf"))
    assert "再発行" not in paper_of(again.data)
    assert "同じ番号のまま「再発行」" in client.get(url(evening, guest)).text
    copy = client.post(url(evening, guest), data=FORM, follow_redirects=True)
    assert "再発行" in paper_of(copy.data)
    back = f"/events/{evening.event.public_id}/door/list/{guest.registration.public_id}/fee-back"
    told = client.post(back, follow_redirects=True).text
    assert "領収書 No. 1 を発行しています" in told, "paper that is out there is to come back"


def test_without_a_number_it_says_nothing_of_tax_and_speaks_english_too(
    client: FlaskClient, evening: Evening
) -> None:
    form = FORM | {"addressee": "Hibiki Works", "language": "en"}
    text = paper_of(client.post(url(evening, evening.guests[0]), data=form, follow_redirects=True).data)
    for words in ("Receipt", "Hibiki Works", "¥3,000※", "Received with thanks.", "1 December 2026"):
        assert words in text
    assert "tax" not in text
    assert client.get(url(evening, evening.guests[0], "/receipt.pdf?language=fr")).status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {},
        FORM | {"addressee": " "},
        FORM | {"proviso": ""},
        FORM | {"addressee": "長" * 121},
        FORM | {"language": "fr"},
    ],
)
def test_a_bad_form_is_shown_again_and_writes_nothing(
    client: FlaskClient, evening: Evening, form: dict[str, str]
) -> None:
    answer = client.post(url(evening, evening.guests[0]), data=form)
    assert answer.status_code == 422
    assert evening.session.scalar(select(func.count()).select_from(Receipt)) == 0


def test_who_has_not_paid_gets_none(client: FlaskClient, evening: Evening) -> None:
    guest = evening.guest()
    assert "まだ記録されていません" in client.get(url(evening, guest)).text
    assert client.post(url(evening, guest), data=FORM).status_code == 409
    assert client.get(url(evening, guest, "/receipt.pdf")).status_code == 404


def test_strangers_find_no_receipt(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    guest, other = evening.guests[0], make_evening(evening.session, 1).guests[0]
    assert client.get(url(evening, other)).status_code == 404
    issue(evening, guest)
    stranger = make_person(evening.session)
    make_circle(evening.session, stranger)
    for person in (stranger, guest.person):
        sign_in(person)
        assert client.get(url(evening, guest)).status_code == 404
        assert client.get(url(evening, guest, "/receipt.pdf")).status_code == 404
        assert client.post(url(evening, guest), data=FORM).status_code == 404


def test_whoever_paid_fetches_their_own(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    guest, other = evening.guests[0], evening.guest()
    token = links.issue(evening.session, LinkPurpose.TICKET, guest.person.id, guest.registration.id, now=NOW)
    guest.ticket.revoked_at = NOW  # its code is none that could be drawn
    sign_in(guest.person)
    mine = f"/me/tickets/{guest.registration.public_id}"
    assert f"{mine}/receipt" in client.get(mine).text
    assert "宛名" in client.get(f"{mine}/receipt").text
    own = client.post(f"{mine}/receipt", data=FORM | {"proviso": "書籍代として"}, follow_redirects=True)
    assert "第12回 朝の会参加費として" in paper_of(own.data)
    form = FORM | {"addressee": "別の会社"}
    by_link = client.post(f"/t/{token}/receipt", data=form, follow_redirects=True)
    text = paper_of(by_link.data)
    assert "株式会社ひびき 御中" in text
    assert "再発行" in text
    assert client.get(f"/t/{token}/receipt.pdf").mimetype == "application/pdf"
    theirs = f"/me/tickets/{other.registration.public_id}/receipt"
    assert client.get(theirs).status_code == 404
    assert client.post(theirs, data=FORM).status_code == 404
    assert client.get(f"/t/{'x' * 43}/receipt").status_code == 404


def test_a_ticket_not_paid_for_offers_none(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    guest = evening.guest()
    guest.ticket.revoked_at = NOW  # its code is none that could be drawn
    sign_in(guest.person)
    mine = f"/me/tickets/{guest.registration.public_id}"
    assert f"{mine}/receipt" not in client.get(mine).text
    assert "まだ記録されていません" in client.get(f"{mine}/receipt").text
    assert client.post(f"{mine}/receipt", data=FORM).status_code == 409


def test_the_circles_number_is_checked_and_kept_as_it_is_printed(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    sign_in(evening.owner)
    settings = f"/circles/{evening.circle.slug}/settings"
    form = {"name": evening.circle.name, "region": "", "time_zone": "Asia/Tokyo", "sharing_rule": "no_names"}
    wrong = client.post(settings, data=form | {"invoice_number": "T7010705000726"})
    assert wrong.status_code == 422
    assert "登録番号として確認できませんでした" in wrong.text
    assert 'value="T7010705000726"' in wrong.text
    right = form | {"invoice_number": "t 7-0107-0500-0725", "legal_name": "一般社団法人 朝の会"}
    assert client.post(settings, data=right).status_code == 303
    evening.session.expire_all()
    assert (evening.circle.invoice_number, evening.circle.legal_name) == (
        "T7010705000725",
        "一般社団法人 朝の会",
    )
