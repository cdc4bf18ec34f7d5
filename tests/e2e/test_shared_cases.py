"""The phone decides and finds as the house does: the tables of cases, run against the scripts that are shipped."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from organizer.domain import folding
from organizer.domain.names import Named, prepare, rank
from organizer.domain.ticketing import find_code, new_code
from tests.domain.name_asking import queries
from tests.domain.name_crowds import crowd
from tests.e2e.live import Live

DATA = Path(__file__).parents[1] / "domain" / "data"
SCRIPTS = "/static/js/door/"
SIGNS = (
    "あいうえおかきくけこがぎっゃゅょぁーんづゔ々ゝゞァヴヶヷｶﾞﾊﾟﾝｰ・-~〜 　'.,()（）高髙橋辺邊邉﨑𠮷㈱㍿ßŌôéđøﬁ０Ａ"
    "azouhinstmyjc\u3099\u0301\ufe00"
)
TEXTS = st.text(
    st.sampled_from(SIGNS) | st.characters(exclude_categories=("Cs", "Cn", "Co")), min_size=1, max_size=12
)
FOLDINGS = {
    "fold": folding.fold,
    "asWritten": folding.as_written,
    "bareCompany": folding.bare_company,
    "sound": folding.sound,
    "letters": folding.letters,
    "wordsOf": folding.words_of,
}


def table(name: str) -> Any:
    """A table of cases."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def phone(live: Live, plain_browser: Browser) -> Iterator[Page]:
    """A page of the house that can load its scripts."""
    context = plain_browser.new_context(base_url=live.url)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def told(phone: Page, module: str, script: str, given: object) -> Any:
    """What a function of (module, given) answers on the phone."""
    load = f"async (given) => {{ const door = await import('{SCRIPTS}{module}'); return ({script})(door, given); }}"
    return phone.evaluate(load, given)


def test_the_phone_decides_as_the_house(phone: Page) -> None:
    cases = table("scan_cases.json")
    script = "(door, cases) => cases.map(({ticket, event, at}) => door.decide(ticket, event, at))"
    answers = told(phone, "ticketing.js", script, cases)
    assert len(cases) >= 60
    wrong = [
        (case["name"], _moment(answer), case["expect"])
        for case, answer in zip(cases, answers, strict=True)
        if _moment(answer) != _moment(case["expect"])
    ]
    assert not wrong


def _moment(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in ("result", "reason", "first_at", "first_door")}


def test_the_phone_finds_codes_as_the_house(phone: Page) -> None:
    code = new_code(bytes(range(16)))
    typed = [case["typed"] for case in table("code_cases.json")]
    typed += [code[:place] + sign + code[place:] for place in range(0, 27, 2) for sign in "０ｚ/ ²U\n𝟎"]
    found = told(phone, "ticketing.js", "(door, texts) => texts.map((text) => door.findCode(text))", typed)
    assert found == [find_code(text) for text in typed]
    assert any(found)


def test_the_phone_finds_people_as_the_house(phone: Page) -> None:
    cases = table("name_cases.json")
    script = """(door, {people, queries}) => {
        const room = door.prepare(people);
        return queries.map(({query}) => door.rank(query, room).slice(0, 5));
    }"""
    found = told(phone, "names.js", script, cases)
    wrong = [
        (case["query"], answer, case["first"])
        for case, answer in zip(cases["queries"], found, strict=True)
        if answer != case["first"]
    ]
    assert not wrong


def test_whole_rankings_agree_in_a_crowd(phone: Page) -> None:
    people = crowd(90, 51)
    room = prepare([somebody.named for somebody in people])
    texts = [query.text for query in queries(people, 51)][::14]
    given = {"people": [somebody.named._asdict() for somebody in people], "texts": texts}
    script = """(door, {people, texts}) => {
        const room = door.prepare(people);
        return texts.map((text) => door.rank(text, room));
    }"""
    assert told(phone, "names.js", script, given) == [rank(text, room) for text in texts]
    assert len(texts) > 500


def test_any_text_is_folded_alike(phone: Page) -> None:
    texts: list[str] = []

    @settings(max_examples=100, database=None, derandomize=True, deadline=None)
    @given(st.lists(TEXTS, min_size=30, max_size=40))
    def collect(some: list[str]) -> None:
        texts.extend(some)

    collect()
    script = (
        f"(door, texts) => texts.map((text) => {json.dumps(list(FOLDINGS))}.map((way) => door[way](text)))"
    )
    answers = told(phone, "folding.js", script, texts)
    expected = [[fold(text) for fold in FOLDINGS.values()] for text in texts]
    wrong = [
        (text, theirs, ours)
        for text, theirs, ours in zip(texts, answers, expected, strict=True)
        if theirs != ours
    ]
    assert len(texts) >= 2000
    assert not wrong


def test_somebody_typed_at_a_phone_without_any_people_is_nobody(phone: Page) -> None:
    assert told(phone, "names.js", "(door) => door.rank('たかはし', [])", None) == rank("たかはし", [])
    one = Named(7, "髙橋 健二", "", "青空")._asdict()
    assert told(phone, "names.js", "(door, one) => door.rank('takahasi', [one])", one) == [7]
