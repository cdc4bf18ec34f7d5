"""Table cards and slips on paper: whose names stand where, and that they fit."""

import io
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import pypdfium2
import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy.orm import Session

from organizer.people.models import Person
from organizer.rounds import papers, table_pdf
from organizer.rounds.queries import Face
from organizer.web.unit import App
from tests.factories import NOW, make_person
from tests.registrations.helping import counted, pages, words_in
from tests.rounds import tables
from tests.rounds.rows import Meetup, make_meetup

SignIn = Callable[[Person], FlaskClient]
HARD = [
    "勘解由小路 アレクサンドリア・マリア・テレジア・フォン・ハプスブルク三世",
    "Bartholomew Featherstonehaugh-Cholmondeley the Younger",
    "髙橋 﨑子",
    "吉野 𠮷彦",
    "名" * 80,
    "",
]
EVENT = SimpleNamespace(
    title="第12回 朝の会", starts_at=NOW, circle=SimpleNamespace(name="朝の会", time_zone="Asia/Tokyo")
)


def face(number: int, name: str = "", reading: str = "") -> Face:
    return Face(number, f"p{number}", name, reading, "社" * 60, True, False, True)


def people(count: int) -> dict[int, Face]:
    return {
        number: face(number, f"参加 {number:02}子", f"さんか {number:02}こ") for number in range(1, count + 1)
    }


def drawn(app: App, draw: Callable[..., bytes], things: Sequence[object], locale: str = "ja") -> bytes:
    with app.test_request_context(), force_locale(locale):
        return draw(EVENT, things)


def ink(pdf: bytes, page: int, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether anything is printed in a part of a page, in shares of its width and height from the top left."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[page].render(scale=1.5).to_pil().convert("L")
    wide, high = picture.size
    part = picture.crop((int(left * wide), int(top * high), int(right * wide), int(bottom * high)))
    document.close()
    return bool(part.getextrema()[0] < 128)


def test_a_card_names_its_people_round_by_round() -> None:
    faces = people(6)
    seats = [(1, 1, 1), (1, 1, 2), (1, 2, 3), (1, 2, 4), (2, 1, 4), (2, 1, 1), (2, 2, 9)]
    one, two = papers.cards(seats, faces)
    assert [(number, [face.id for face in there]) for number, there in one.rounds] == [
        (1, [1, 2]),
        (2, [1, 4]),
    ]
    assert [number for number, _there in two.rounds] == [1], "who is no longer admitted is left out"
    (only,) = papers.cards(seats, faces, 2)
    assert (only.number, [number for number, _there in only.rounds]) == (1, [2])


def test_a_slip_tells_the_table_of_each_round_and_where_there_is_none() -> None:
    slips = papers.slips([(1, 3, 2), (3, 1, 2), (1, 1, 1)], people(3), 3)
    assert [(slip.face.id, slip.tables) for slip in slips] == [(1, (1, None, None)), (2, (3, None, 1))]


@pytest.mark.parametrize(("count", "sheets"), [(1, 1), (2, 1), (3, 2), (15, 8)])
def test_two_cards_a_page(app: App, count: int, sheets: int) -> None:
    faces = people(count)
    cards = papers.cards([(1, number, number) for number in faces], faces)
    pdf = drawn(app, table_pdf.cards, cards)
    assert len(pages(pdf)) == sheets
    words = words_in(pdf)
    assert all(face.name in words for face in faces.values())


def test_a_card_is_read_from_both_sides_when_it_stands(app: App) -> None:
    (card,) = papers.cards([(1, 7, 1)], people(1))
    pdf = drawn(app, table_pdf.cards, [card])
    assert words_in(pdf).count("参加 01子") == 2
    assert ink(pdf, 0, 0.05, 0.26, 0.3, 0.48), "the number, upright, on the lower half of the card"
    assert ink(pdf, 0, 0.7, 0.02, 0.95, 0.24), "and turned round on its upper half"
    assert not ink(pdf, 0, 0.1, 0.24, 0.9, 0.26), "nothing stands on the fold"
    assert not ink(pdf, 0, 0.05, 0.52, 0.95, 0.98), "a single card leaves the rest of the sheet free"


@pytest.mark.parametrize("rounds", [1, 4, 8, 12])
@pytest.mark.parametrize("size", [2, 6, 12])
def test_hard_names_stay_within_their_card(app: App, rounds: int, size: int) -> None:
    faces = {number: face(number, HARD[number % len(HARD)]) for number in range(size)}
    seats = [(number, 1, person) for number in range(1, rounds + 1) for person in faces]
    pdf = drawn(app, table_pdf.cards, papers.cards(seats, faces))
    assert len(pages(pdf)) == 1
    assert not ink(pdf, 0, 0.97, 0, 1, 0.24), "the margin stays free"
    assert not ink(pdf, 0, 0.3, 0.49, 1, 0.51), "and so does the cut"


def test_ten_slips_a_page_each_with_the_whole_way(app: App) -> None:
    faces = people(24)
    seats = [(number, (person * number) % 6 + 1, person) for number in range(1, 5) for person in faces]
    pdf = drawn(app, table_pdf.routes, papers.slips(seats, faces, 4))
    assert len(pages(pdf)) == 3
    words = words_in(pdf)
    assert words.count("ラウンド 4") == 24
    assert all(face.name in words for face in faces.values())


@pytest.mark.parametrize("rounds", [1, 4, 6, 12])
def test_hard_names_stay_on_their_slip(app: App, rounds: int) -> None:
    faces = {number: face(number, HARD[number % len(HARD)], "よみ" * 40) for number in range(10)}
    seats = [(number, 10 + number, person) for number in range(1, rounds + 1) for person in faces]
    pdf = drawn(app, table_pdf.routes, papers.slips(seats, faces, rounds))
    assert len(pages(pdf)) == 1
    assert not ink(pdf, 0, 0.475, 0.03, 0.495, 0.17), "not over the cut in the middle"
    assert not ink(pdf, 0, 0.03, 0.19, 0.45, 0.2), "nor over that beneath"


def test_in_english_and_the_same_twice(app: App) -> None:
    faces = people(3)
    slips = papers.slips([(1, 1, number) for number in faces], faces, 1)
    assert "Your table in each round" in words_in(drawn(app, table_pdf.routes, slips, "en"))
    assert drawn(app, table_pdf.routes, slips) == drawn(app, table_pdf.routes, slips)


def test_nobody_is_one_empty_page(app: App) -> None:
    assert len(pages(drawn(app, table_pdf.cards, []))) == 1
    assert len(pages(drawn(app, table_pdf.routes, []))) == 1


@pytest.fixture
def meetup(rows: Session) -> Meetup:
    meetup = make_meetup(rows, 8)
    tables.publish(rows, meetup.event, tables.turning(meetup.people, 3, 4))
    rows.commit()
    return meetup


def path(meetup: Meetup, page: str) -> str:
    return f"/events/{meetup.event.public_id}/rounds/{page}"


def test_the_host_and_staff_print_them(meetup: Meetup, sign_in: SignIn) -> None:
    for person in (meetup.host, meetup.helper):
        for page in ("tables.pdf", "tables.pdf?round=2", "routes.pdf"):
            answer = sign_in(person).get(path(meetup, page))
            assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
            assert all(person.name in words_in(answer.data) for person in meetup.people)


def test_a_latecomer_has_a_slip_of_their_own(meetup: Meetup, sign_in: SignIn) -> None:
    one, *others = meetup.people
    answer = sign_in(meetup.helper).get(path(meetup, f"routes.pdf?person={one.public_id}"))
    words = words_in(answer.data)
    assert one.name in words
    assert not any(other.name in words for other in others)


@pytest.mark.parametrize("address", ["tables.pdf?round=9", "tables.pdf?round=x", "routes.pdf?person=nobody"])
def test_what_is_not_there_is_not_found(meetup: Meetup, sign_in: SignIn, address: str) -> None:
    assert sign_in(meetup.host).get(path(meetup, address)).status_code == 404


@pytest.mark.parametrize("address", ["tables.pdf", "routes.pdf"])
def test_who_may_not_and_when_there_is_nothing_to_print(
    rows: Session, meetup: Meetup, sign_in: SignIn, client: FlaskClient, address: str
) -> None:
    assert client.get(path(meetup, address)).status_code == 302
    assert sign_in(meetup.people[0]).get(path(meetup, address)).status_code == 404
    assert sign_in(make_person(rows)).get(path(meetup, address)).status_code == 404
    other = make_meetup(rows, 4)
    answer = sign_in(other.host).get(path(other, address))
    assert answer.status_code == 409


def test_printing_asks_as_often_for_sixty_as_for_six(app: App, rows: Session, sign_in: SignIn) -> None:
    asked = []
    for count in (6, 60):
        meetup = make_meetup(rows, count)
        tables.publish(rows, meetup.event, tables.turning(meetup.people, 4, 4))
        client = sign_in(meetup.host)
        with counted(app) as statements:
            assert client.get(path(meetup, "routes.pdf")).status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1]
    assert asked[0] <= 8


def test_the_paper_has_the_size_of_a_sheet(app: App) -> None:
    document = pypdfium2.PdfDocument(io.BytesIO(drawn(app, table_pdf.cards, [])))
    assert tuple(round(side) for side in document[0].get_size()) == (595, 842)
    document.close()
