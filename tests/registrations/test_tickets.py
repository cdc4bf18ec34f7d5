"""Tickets: found by their code alone, good for one registration, redrawn, renewed, and nothing to forge."""

import random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.domain.lifecycle import RegistrationState
from organizer.domain.ticketing import ALPHABET, CODE_LENGTH
from organizer.registrations import tickets
from organizer.registrations.models import Registration, Ticket
from organizer.tokens import digest
from tests.factories import NOW, make_circle, make_event, make_person, make_registration
from tests.registrations.helping import read_codes

SECRET = "a secret of more than thirty-two signs"
ADMITTED = RegistrationState.ADMITTED
URL = "https://enishi.example.jp/q/"


@pytest.fixture
def registration(session: Session) -> Registration:
    event = make_event(session, make_circle(session))
    return make_registration(session, event, make_person(session), state=ADMITTED)


def test_a_code_is_kept_as_a_hash_and_sealed(session: Session, registration: Registration) -> None:
    ticket = tickets.issue(session, registration, NOW, SECRET)
    code = tickets.code_of(ticket, SECRET)
    assert len(code) == CODE_LENGTH
    assert ticket.code_hash == digest(code)
    assert code not in ticket.code_sealed
    assert len(ticket.code_sealed) <= 200
    with pytest.raises(ValueError, match="another secret"):
        tickets.code_of(ticket, SECRET + "!")


def test_issuing_twice_gives_the_same_ticket(session: Session, registration: Registration) -> None:
    first = tickets.issue(session, registration, NOW, SECRET)
    assert tickets.issue(session, registration, NOW, SECRET) is first
    assert tickets.standing(session, registration.id) is first


@pytest.mark.parametrize("state", [state for state in RegistrationState if state is not ADMITTED])
def test_only_the_admitted_have_tickets(
    session: Session, registration: Registration, state: RegistrationState
) -> None:
    registration.state = state
    with pytest.raises(ValueError, match="admitted"):
        tickets.issue(session, registration, NOW, SECRET)


def test_numbers_are_unique_within_an_event(session: Session) -> None:
    event = make_event(session, make_circle(session), capacity=60)
    made = [make_registration(session, event, make_person(session), state=ADMITTED) for _ in range(30)]
    numbers = [tickets.issue(session, one, NOW, SECRET).number for one in made]
    assert len(set(numbers)) == 30
    assert all(1000 <= number <= 9999 for number in numbers)


def test_a_taken_number_is_drawn_anew(
    session: Session, registration: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_registration(session, registration.event, make_person(session), state=ADMITTED)
    tickets.issue(session, other, NOW, SECRET).number = 4719
    session.flush()
    drawn = iter([4719, 4720])
    monkeypatch.setattr(tickets, "new_number", lambda _random, _taken: next(drawn))
    assert tickets.issue(session, registration, NOW, SECRET).number == 4720


def test_renewing_ends_the_old_code(session: Session, registration: Registration) -> None:
    old = tickets.issue(session, registration, NOW, SECRET)
    code = tickets.code_of(old, SECRET)
    new = tickets.reissue(session, registration, NOW, SECRET, by_id=registration.person_id)
    assert new is not old
    assert tickets.code_of(new, SECRET) != code
    assert tickets.standing(session, registration.id) is new
    found = tickets.find_by_code(session, code)
    assert found is old
    assert found.revoked_at == NOW


def test_revoking_leaves_none_standing(session: Session, registration: Registration) -> None:
    tickets.issue(session, registration, NOW, SECRET)
    assert tickets.revoke(session, registration, NOW, by_id=None)
    assert tickets.standing(session, registration.id) is None
    assert not tickets.revoke(session, registration, NOW, by_id=None)


def test_a_code_is_found_in_what_a_scanner_sends(session: Session, registration: Registration) -> None:
    ticket = tickets.issue(session, registration, NOW, SECRET)
    code = tickets.code_of(ticket, SECRET)
    for scanned in (code, URL + code, f"  {URL}{code}\r\n", code.lower(), f"{URL}{code}?utm=x"):
        assert tickets.find_by_code(session, scanned) is ticket, scanned


def test_a_code_opens_its_own_event_only(session: Session) -> None:
    """Twenty events, twenty tickets: each code leads to its own event's row, whoever asks."""
    made: dict[int, str] = {}
    for _ in range(20):
        event = make_event(session, make_circle(session))
        registration = make_registration(session, event, make_person(session), state=ADMITTED)
        made[event.id] = tickets.code_of(tickets.issue(session, registration, NOW, SECRET), SECRET)
    for event_id, code in made.items():
        found = tickets.find_by_code(session, code)
        assert found is not None
        assert [other for other in made if other == found.event_id] == [event_id]


def _forged(code: str, chance: random.Random) -> str:
    """One damage: a bit turned, a piece cut off, a sign more, two signs changed over, another code or length."""
    kind = chance.randrange(6)
    at = chance.randrange(len(code))
    if kind == 0:
        return code[:at] + chr(ord(code[at]) ^ 1 << chance.randrange(7)) + code[at + 1 :]
    if kind == 1:
        return code[: chance.randrange(len(code))]
    if kind == 2:
        return code[:at] + chance.choice(ALPHABET) + code[at:]
    if kind == 3:
        other = (at + 1) % len(code)
        signs = list(code)
        signs[at], signs[other] = signs[other], signs[at]
        return "".join(signs)
    if kind == 4:
        return "".join(chance.choices(ALPHABET, k=chance.choice([0, 1, 25, 26, 27, 52, 200])))
    return code[:at] + chance.choice(ALPHABET) + code[at + 1 :]


def test_ten_thousand_altered_codes_open_nothing(session: Session) -> None:
    event = make_event(session, make_circle(session), capacity=40)
    people = [make_person(session) for _ in range(20)]
    made = [make_registration(session, event, person, state=ADMITTED) for person in people]
    codes = [tickets.code_of(tickets.issue(session, one, NOW, SECRET), SECRET) for one in made]
    chance = random.Random(4719)
    forged = {_forged(code, chance) for code in codes for _ in range(900)}
    wrapped = {URL + text for text in list(forged)[:2000]}
    altered = [text for text in forged | wrapped if text.removeprefix(URL).upper() not in codes]
    assert len(altered) > 10_000
    before = session.scalars(select(Ticket.id)).all()
    accepted = [text for text in altered if tickets.find_by_code(session, text) is not None]
    assert accepted == []
    assert session.scalars(select(Ticket.id)).all() == before


def test_every_picture_of_a_code_says_the_same() -> None:
    url = URL + "0123456789ABCDEFGHJKMNPQRS"
    assert read_codes(tickets.qr_png(url)) == [url]
    assert tickets.qr_svg(url).count("<path") == 2
    assert tickets.qr_data_url(url).startswith("data:image/svg+xml;base64,")


def test_a_drawing_has_the_squares_of_the_picture() -> None:
    """Each dark run of the drawing covers exactly the dark squares of the matrix."""
    matrix = tickets.qr_matrix(URL)
    drawn = tickets.qr_svg(URL).split('<path d="')[1].split('"')[0]
    dark = set()
    for run in drawn.split("z")[:-1]:
        start, length, *_ = run.removeprefix("M").split("h")
        x, y = (int(part) for part in start.split())
        dark |= {(y - 4, x - 4 + step) for step in range(int(length.split("v")[0]))}
    assert dark == {(y, x) for y, row in enumerate(matrix) for x, one in enumerate(row) if one}
