"""Asking for a sign-in mail, and what its link and digits bring about."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.delivery import MessageState
from organizer.errors import Refused
from organizer.mail.models import Message
from organizer.people import signing
from organizer.people.models import Person, SignInPurpose, SignInRequest
from organizer.people.service import find_by_address
from tests.factories import NOW, make_person

SECRET = "s" * 40


def ask(session: Session, email: str = "taro@example.jp", **kwargs: object) -> SignInRequest:
    given = {"browser": "b", "locale": "ja", "now": NOW, "secret_key": SECRET} | kwargs
    return signing.ask(session, email, **given)  # type: ignore[arg-type]


def test_asking_posts_one_mail_to_the_address_asked_for(session: Session) -> None:
    request = ask(session, "Taro@Example.jp", next_path="/host", locale="en")
    [message] = session.scalars(select(Message))
    assert (message.kind, message.address, message.locale) == ("sign_in", "Taro@Example.jp", "en")
    assert message.refs == {"request": request.id}
    assert (request.email_folded, request.next_path) == ("taro@example.jp", "/host")
    assert request.expires_at == NOW + timedelta(minutes=10)


def test_rows_hold_nothing_with_which_to_sign_in(session: Session) -> None:
    request = ask(session)
    token, digits = signing.make_secrets(request, SECRET)
    kept = [str(value) for value in (*vars(request).values(), *session.scalars(select(Message.refs)))]
    assert not any(token in value or digits in value for value in kept)
    assert signing.find_by_link(session, token) is request
    assert len(digits) == 6


def test_a_mail_composed_again_ends_the_earlier_link(session: Session) -> None:
    request = ask(session)
    first, _ = signing.make_secrets(request, SECRET)
    second, _ = signing.make_secrets(request, SECRET)
    session.flush()
    assert signing.find_by_link(session, first) is None
    assert signing.find_by_link(session, second) is request


def test_spending_makes_an_unknown_address_a_person(session: Session) -> None:
    confirmed = signing.spend(session, ask(session, "new@example.jp", next_path="/host", locale="en"), NOW)
    assert confirmed is not None
    assert confirmed.next_path == "/host"
    assert (confirmed.person.email, confirmed.person.locale) == ("new@example.jp", "en")
    assert confirmed.person.email_confirmed_at == NOW


def test_spending_confirms_a_known_address(session: Session) -> None:
    person = make_person(session, email_confirmed_at=None)
    confirmed = signing.spend(session, ask(session, person.email or ""), NOW)
    assert confirmed is not None
    assert confirmed.person is person
    assert person.email_confirmed_at == NOW


def test_a_request_is_spent_once(session: Session) -> None:
    request = ask(session)
    assert signing.spend(session, request, NOW) is not None
    assert signing.spend(session, request, NOW) is None


def test_the_eleventh_minute_is_too_late(session: Session) -> None:
    request = ask(session)
    late = NOW + timedelta(minutes=10)
    assert signing.spend(session, request, late) is None
    assert find_by_address(session, "taro@example.jp") is None
    assert signing.is_open(request, late - timedelta(seconds=1))
    assert not signing.is_open(request, late)


def test_the_right_digits_are_right_and_others_are_not(session: Session) -> None:
    request = ask(session)
    _, digits = signing.make_secrets(request, SECRET)
    session.flush()
    wrong = f"{(int(digits) + 1) % 1_000_000:06}"
    assert not signing.try_digits(session, request, wrong, now=NOW, secret_key=SECRET)
    assert signing.try_digits(session, request, digits, now=NOW, secret_key=SECRET)


def test_the_sixth_try_fails_even_with_the_right_digits(session: Session) -> None:
    request = ask(session)
    _, digits = signing.make_secrets(request, SECRET)
    session.flush()
    for _ in range(5):
        assert not signing.try_digits(session, request, "x", now=NOW, secret_key=SECRET)
    assert not signing.try_digits(session, request, digits, now=NOW, secret_key=SECRET)
    assert request.tries == 5


def test_digits_of_another_request_are_worth_nothing(session: Session) -> None:
    one, other = ask(session), ask(session)
    _, digits = signing.make_secrets(one, SECRET)
    other.digits_hash = one.digits_hash
    session.flush()
    assert not signing.try_digits(session, other, digits, now=NOW, secret_key=SECRET)


def test_there_are_no_digits_before_the_mail_is_written(session: Session) -> None:
    assert not signing.try_digits(session, ask(session), "000000", now=NOW, secret_key=SECRET)


def test_ten_asks_a_day_for_one_address_known_or_not(session: Session) -> None:
    person = make_person(session)
    for email in (person.email or "", "nobody@example.jp"):
        for _ in range(10):
            ask(session, email)
        with pytest.raises(Refused) as no:
            ask(session, email.upper())
        assert no.value.reason is signing.SigningBarrier.TOO_MANY_ASKED
        assert ask(session, email, now=NOW + timedelta(days=1))


def test_an_unconfirmed_address_gets_three_mails_a_day(session: Session) -> None:
    for purpose in (SignInPurpose.SIGN_IN, SignInPurpose.APPLY) * 4:
        ask(session, "stranger@example.jp", purpose=purpose)
    states = session.scalars(select(Message.state).where(Message.address == "stranger@example.jp")).all()
    assert states.count(MessageState.QUEUED) == 3
    assert states.count(MessageState.SUPPRESSED) == 5


def test_a_confirmed_address_gets_every_mail_it_asked_for(session: Session) -> None:
    person = make_person(session)
    for _ in range(8):
        ask(session, person.email or "")
    assert set(session.scalars(select(Message.state))) == {MessageState.QUEUED}


@pytest.fixture
def followed() -> Iterator[list[tuple[int | None, int]]]:
    """What the act registered for applications was called with, in a register emptied for it."""
    calls: list[tuple[int | None, int]] = []
    before = dict(signing.ON_CONFIRMED)
    signing.ON_CONFIRMED.clear()

    @signing.on_confirmed(SignInPurpose.APPLY)
    def follow(session: Session, request: SignInRequest, person: Person, now: datetime) -> str | None:
        calls.append((request.subject_id, person.id))
        return "/e/one/apply/sent" if person.profile.company == "" else None

    yield calls
    signing.ON_CONFIRMED.clear()
    signing.ON_CONFIRMED.update(before)


def test_what_was_asked_for_happens_once_in_the_same_act(
    session: Session, followed: list[tuple[int | None, int]]
) -> None:
    request = ask(session, purpose=SignInPurpose.APPLY, subject_id=31)
    confirmed = signing.spend(session, request, NOW)
    assert confirmed is not None
    assert followed == [(31, confirmed.person.id)]
    assert confirmed.next_path == "/e/one/apply/sent"
    assert signing.spend(session, request, NOW) is None
    assert len(followed) == 1


def test_signing_in_alone_brings_nothing_else_about(
    session: Session, followed: list[tuple[int | None, int]]
) -> None:
    assert signing.spend(session, ask(session, next_path="/ties"), NOW) is not None
    assert followed == []


def test_one_purpose_has_one_act(followed: list[tuple[int | None, int]]) -> None:
    with pytest.raises(ValueError, match="apply"):
        signing.on_confirmed(SignInPurpose.APPLY)(lambda *_: None)
