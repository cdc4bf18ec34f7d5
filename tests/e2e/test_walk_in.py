"""Somebody comes unexpected: taken in on the helper's phone, and made their own on the person's."""

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from organizer.checkin.models import CheckIn
from organizer.domain.ticketing import CheckInMethod
from organizer.people.models import Person
from organizer.registrations.models import Registration
from tests import mailbox
from tests.checkin.rows import make_evening
from tests.e2e import axe
from tests.e2e.live import Live
from tests.e2e.watching import OpenContext

ADDRESS = "reiko@example.jp"
PATIENCE_SECONDS = 60.0


def mail_to(live: Live, address: str) -> EmailMessage:
    """The first mail that leaves for an address."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        for path in sorted(live.config.outbox_dir.glob("*.eml")):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if mail["To"] == address:
                return cast(EmailMessage, mail)
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address}")


@pytest.mark.parametrize("script", [True, False], ids=["script", "without_script"])
def test_a_walk_in_is_in_and_completes_the_place_on_their_own_phone(
    live: Live, plain_browser: Browser, open_context: OpenContext, script: bool
) -> None:
    address = f"{script}{ADDRESS}".lower()
    with live.rows() as session:
        evening = make_evening(session, 2)
        staff, event_id, path = evening.staff, evening.event.id, f"/events/{evening.event.public_id}"
    context, _ = open_context(plain_browser, java_script_enabled=script)
    live.sign_in(context, staff)
    door = context.new_page()
    door.goto(f"{path}/door/list?q=ゆきのした")
    door.get_by_role("link", name="当日参加として受付する").click()
    expect(door.get_by_label("お名前")).to_have_value("ゆきのした")
    door.get_by_label("お名前").fill("雪ノ下 玲子")
    door.get_by_label("会社名・屋号").fill("株式会社ひびき")
    door.get_by_label("今日、お会いしたい方").fill("製造業の社長")
    door.get_by_role("button", name="受付する").click()
    expect(door.get_by_role("heading", level=1)).to_have_text("受付しました")
    door.get_by_text("アドレスを読み上げる").click()
    link = door.locator("#claim-url").inner_text()
    if script:
        assert not axe.overflows(door)

    own, _ = open_context(plain_browser, java_script_enabled=script)
    phone = own.new_page()
    phone.goto(link.replace(live.config.base_url, live.url))
    expect(phone.get_by_label("会社名・屋号")).to_have_value("株式会社ひびき")
    phone.get_by_label("メールアドレス").fill(address)
    phone.get_by_text("共有範囲に同意します").click()
    phone.get_by_text("個人情報の取り扱いに同意します").click()
    with live.worker():
        phone.get_by_role("button", name="続ける").click()
        expect(phone).to_have_url(re.compile("/sign-in/wait/"))
        phone.locator("input[name=digits]").fill(mailbox.digits(mail_to(live, address)))
    phone.locator("main button[type=submit]").first.click()
    expect(phone).to_have_url(re.compile("/claim/done/"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("席がご自分のものになりました")
    phone.get_by_role("link", name="チケットを見る").click()
    expect(phone.locator("main")).to_contain_text("朝の会")

    with live.rows() as session:
        person = session.scalars(select(Person).where(Person.email == address)).one()
        registration = session.scalars(select(Registration).filter_by(person_id=person.id)).one()
        check_in = session.scalars(select(CheckIn).filter_by(registration_id=registration.id)).one()
    assert (person.name, registration.event_id) == ("雪ノ下 玲子", event_id)
    assert (check_in.method, check_in.by_id, check_in.voided_at) == (CheckInMethod.WALK_IN, staff.id, None)
