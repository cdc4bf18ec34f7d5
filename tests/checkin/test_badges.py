"""Badges on paper: who is on them, the codes read back, the names drawn, what cannot be printed said beforehand."""

import io
import re
from collections.abc import Callable

import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from organizer.checkin import badge_pdf
from organizer.domain.badges import SHEETS, Badge, Headings, SheetKind
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.profiles import Challenge, Give, Wish
from organizer.domain.vocabulary import GiveKind, Topic
from organizer.people.models import Person
from tests.checkin.rows import Evening, make_evening
from tests.conftest import BASE_URL
from tests.factories import make_circle, make_person

HEADINGS = Headings("提供できること", "会いたい人")
RARE = "𠮷𣘺髙﨑"


def said(*gives: str, wish: str = "製造業の社長") -> dict[str, object]:
    """What somebody wrote for this event."""
    answers = {
        "gives": [Give(GiveKind.EXPERIENCE, words, (Topic.HIRING,)).to_data() for words in gives],
        "wish": Wish(wish).to_data(),
        "today": "",
    }
    return {"answers": answers, "profile": {"challenges": [Challenge("", (Topic.CASHFLOW,)).to_data()]}}


@pytest.fixture
def evening(rows: Session, sign_in: Callable[[Person], FlaskClient]) -> Evening:
    evening = make_evening(rows, capacity=60)
    evening.guest(name="髙橋 玲子", reading="たかはし れいこ", registration=said("採用広報の経験"))
    evening.guest(name="𠮷野 一", reading="よしの はじめ", registration=said("町工場の紹介"))
    evening.guest(name="相川 匿名", reading="あいかわ", registration=said("秘密の提供") | {"listed": False})
    evening.guest(RegistrationState.WAITLISTED, name="待機 太郎")
    sign_in(evening.owner)
    return evening


def url(evening: Evening, path: str) -> str:
    evening.session.commit()
    return f"/events/{evening.event.public_id}{path}"


def pages(data: bytes) -> list[str]:
    """The words of each page."""
    pdf = pypdfium2.PdfDocument(io.BytesIO(data))
    found = [str(page.get_textpage().get_text_bounded()) for page in pdf]
    pdf.close()
    return found


def codes(data: bytes, scale: float = 4) -> list[tuple[str, float, float]]:
    """What a camera reads on the first page, and where it is in mm."""
    pdf = pypdfium2.PdfDocument(io.BytesIO(data))
    picture = pdf[0].render(scale=scale).to_pil()
    pdf.close()
    mm = 25.4 / 72 / scale
    found = zxingcpp.read_barcodes(picture)
    return [(one.text, one.position.top_left.x * mm, one.position.top_left.y * mm) for one in found]


def test_all_who_come_are_on_it_in_order_with_codes_that_open_their_cards(
    client: FlaskClient, evening: Evening
) -> None:
    answer = client.get(url(evening, "/badges.pdf"))
    assert answer.mimetype == "application/pdf"
    (text,) = pages(answer.data)
    for words in ("髙橋 玲子", "たかはし れいこ", "採用広報の経験", "製造業の社長", "資金繰り", "相川 匿名"):
        assert words in text
    for words in ("待機", "秘密の提供"):
        assert words not in text
    assert text.index("相川") < text.index("髙橋") < text.index("よしの")
    listed = evening.guests[:2]
    assert sorted(code for code, _, _ in codes(answer.data)) == sorted(
        f"{BASE_URL}/p/{guest.registration.public_id}" for guest in listed
    )


@pytest.mark.parametrize("kind", SheetKind)
def test_each_sheet_has_its_codes_in_their_places(kind: SheetKind) -> None:
    sheet, number = SHEETS[kind], min(SHEETS[kind].places, 3)
    drawn = [
        Badge("会", f"田中 {n}郎", url=f"https://enishi.example.jp/p/{'a' * 21}{n}") for n in range(number)
    ]
    found = {code[-1]: (x, y) for code, x, y in codes(badge_pdf.draw(drawn, kind, 1, HEADINGS, "t"))}
    assert set(found) == {str(n) for n in range(number)}
    for n in range(number):
        left, top = sheet.corner(n)
        x, y = found[str(n)]
        assert left + sheet.width / 2 < x < left + sheet.width
        assert top + sheet.height / 2 < y < top + sheet.height


def test_a_half_used_sheet_goes_on_at_its_place() -> None:
    drawn = [Badge("会", f"田中 {n}郎", url=f"https://enishi.example.jp/p/{'a' * 21}{n}") for n in range(3)]
    data = badge_pdf.draw(drawn, SheetKind.CARDS_10, 9, HEADINGS, "t")
    first, second = pages(data)
    assert "田中 0郎" in first
    assert "田中 1郎" in first
    assert "田中 2郎" in second
    (_, _, y), _other = codes(data)
    assert y > SHEETS[SheetKind.CARDS_10].corner(8)[1]


def test_one_latecomer_and_those_awaited(client: FlaskClient, evening: Evening) -> None:
    first, second = evening.guests[:2]
    (text,) = pages(client.get(url(evening, f"/badges.pdf?person={first.registration.public_id}")).data)
    assert "髙橋" in text
    assert "よしの" not in text
    evening.scan(first.code)
    (text,) = pages(client.get(url(evening, "/badges.pdf?person=awaited")).data)
    assert "髙橋" not in text
    assert "よしの" in text
    waiting = evening.guests[3].registration.public_id
    stranger = make_evening(evening.session, 1).guests[0].registration.public_id
    for nobody in (waiting, stranger, "x"):
        assert client.get(url(evening, "/badges.pdf"), query_string={"person": nobody}).status_code == 404
    assert second.registration.public_id in client.get(url(evening, "/badges")).text


def test_rare_signs_are_drawn_and_not_only_written() -> None:
    """Each has a form of its own: ink where it stands, and other ink than its neighbours'."""
    seen = set()
    for sign in RARE:
        data = badge_pdf.draw([Badge("", sign)], SheetKind.BOARD, 1, HEADINGS, "t")
        pdf = pypdfium2.PdfDocument(io.BytesIO(data))
        picture = pdf[0].render(scale=1).to_pil().convert("L")
        assert sign in pdf[0].get_textpage().get_text_bounded()
        pdf.close()
        assert sum(picture.histogram()[:128]) > 1000
        seen.add(picture.tobytes())
    assert len(seen) == len(RARE)
    assert all(badge_pdf.known(sign) for sign in RARE)
    assert not badge_pdf.known("😀")


def test_the_page_names_what_cannot_be_printed(client: FlaskClient, evening: Evening) -> None:
    evening.guest(name="笑顔😀 葛\U000e0100子", registration=said("☕️を淹れる🎉", "紹介🎉"))
    page = client.get(url(evening, "/badges")).text
    assert "次の文字は印刷できないため、省きます" in page
    assert "笑顔😀 葛\U000e0100子さん：😀☕🎉" in page
    (text,) = pages(client.get(url(evening, "/badges.pdf")).data)
    assert "笑顔 葛子" in text
    assert "を淹れる" in text
    assert not set("😀☕🎉〓") & set(text)


def test_the_page_says_how_it_will_look(client: FlaskClient, evening: Evening) -> None:
    page = client.get(url(evening, "/badges?sheet=board&start=3")).text
    assert 'viewBox="0 0 210 297"' in page
    assert 'value="3"' in page
    assert "名札 3 枚" in page
    assert "希望されない方が 1 名" in page
    assert re.search(r"<text[^>]*>髙橋 玲子</text>|<text[^>]*>𠮷野 一</text>", page)
    client.post("/language", data={"locale": "en"})
    english = client.get(url(evening, "/badges")).text
    assert "Business-card size" in english
    assert "Can give" in english


@pytest.mark.parametrize(
    "query", ["sheet=poster", "start=0", "start=999", "start=x", "start=-5&sheet=a6_4", "sheet="]
)
def test_odd_choices_become_the_usual(client: FlaskClient, evening: Evening, query: str) -> None:
    assert client.get(url(evening, f"/badges?{query}")).status_code == 200
    answer = client.get(url(evening, f"/badges.pdf?{query}"))
    assert "髙橋 玲子" in "".join(pages(answer.data))


def test_an_event_without_people_says_so(
    client: FlaskClient, rows: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    empty = make_evening(rows)
    sign_in(empty.owner)
    assert "ここで名札を印刷できます" in client.get(url(empty, "/badges")).text
    assert len(pages(client.get(url(empty, "/badges.pdf")).data)) == 1


def test_staff_may_print_and_strangers_may_not(
    client: FlaskClient, evening: Evening, sign_in: Callable[[Person], FlaskClient]
) -> None:
    sign_in(evening.staff)
    assert client.get(url(evening, "/badges")).status_code == 200
    stranger = make_person(evening.session)
    make_circle(evening.session, stranger)
    for person in (stranger, evening.guests[0].person):
        sign_in(person)
        for path in ("/badges", "/badges.pdf"):
            assert client.get(url(evening, path)).status_code == 404
