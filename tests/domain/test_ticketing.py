"""The door's decision over a table of cases, and the codes and numbers of tickets."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizer.domain.lifecycle import EventState, RegistrationState
from organizer.domain.ticketing import (
    ALPHABET,
    CODE_LENGTH,
    Decision,
    Entry,
    EventFacts,
    Flag,
    RefusalReason,
    ScanResult,
    Settled,
    TicketFacts,
    decide,
    door_times,
    find_code,
    new_code,
    new_number,
    settle,
    when_scanned,
)

DATA = Path(__file__).parent / "data"
CASES: list[dict[str, Any]] = json.loads((DATA / "scan_cases.json").read_text(encoding="utf-8"))
CODES: list[dict[str, Any]] = json.loads((DATA / "code_cases.json").read_text(encoding="utf-8"))
HOUR = timedelta(hours=1)
OPENS = datetime(2026, 11, 5, 9, tzinfo=UTC)
CODE = new_code(bytes(range(200, 216)))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _ticket(facts: dict[str, Any] | None) -> TicketFacts | None:
    if facts is None:
        return None
    state = RegistrationState(facts["state"])
    return TicketFacts(
        facts["event"], state, facts["revoked"], _instant(facts["first_at"]), facts["first_door"]
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_door_decides_as_the_table_says(case: dict[str, Any]) -> None:
    event = case["event"]
    facts = EventFacts(
        event["id"],
        EventState(event["state"]),
        datetime.fromisoformat(event["opens_at"]),
        datetime.fromisoformat(event["closes_at"]),
    )
    expect = case["expect"]
    reason = None if expect["reason"] is None else RefusalReason(expect["reason"])
    assert decide(_ticket(case["ticket"]), facts, datetime.fromisoformat(case["at"])) == Decision(
        ScanResult(expect["result"]), reason, _instant(expect["first_at"]), expect["first_door"]
    )


def test_the_table_names_every_result_and_every_reason_of_the_decision() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 60
    assert {case["expect"]["result"] for case in CASES} == set(ScanResult)
    reasons = {case["expect"]["reason"] for case in CASES} - {None}
    assert reasons == set(RefusalReason) - {RefusalReason.MALFORMED}


@pytest.mark.parametrize("case", CODES, ids=[case["name"] for case in CODES])
def test_a_code_is_found_as_the_table_says(case: dict[str, Any]) -> None:
    assert find_code(case["typed"]) == case["code"]


def test_only_the_diagonal_of_events_and_tickets_enters() -> None:
    events = [
        EventFacts(number, EventState.PUBLISHED, OPENS, OPENS + timedelta(hours=4)) for number in range(20)
    ]
    tickets = [TicketFacts(number, RegistrationState.ADMITTED, first_door="hall") for number in range(20)]
    for event in events:
        for ticket in tickets:
            decision = decide(ticket, event, OPENS)
            if ticket.event_id == event.event_id:
                assert decision == Decision(ScanResult.ADMITTED)
            else:
                assert decision == Decision(ScanResult.REFUSED, RefusalReason.OTHER_EVENT)


@given(
    state=st.sampled_from(RegistrationState),
    event_state=st.sampled_from(EventState),
    revoked=st.booleans(),
    first=st.none() | st.integers(-300, 300),
    minutes=st.integers(-300, 600),
)
def test_nobody_is_admitted_who_should_not_be(
    state: RegistrationState, event_state: EventState, revoked: bool, first: int | None, minutes: int
) -> None:
    first_at = None if first is None else OPENS + timedelta(minutes=first)
    event = EventFacts(1, event_state, OPENS, OPENS + timedelta(hours=4))
    decision = decide(TicketFacts(1, state, revoked, first_at), event, OPENS + timedelta(minutes=minutes))
    if decision.result is ScanResult.ADMITTED:
        assert state is RegistrationState.ADMITTED
        assert not revoked
        assert first_at is None
        assert event_state is not EventState.CANCELLED
        assert 0 <= minutes < 240
    assert (decision.reason is None) is (decision.result is not ScanResult.REFUSED)
    assert decision.first_at == first_at


EVENT = EventFacts(1, EventState.PUBLISHED, OPENS, OPENS + timedelta(hours=4))
ENTRY = Entry(OPENS + timedelta(hours=1), "k1", "A")
FLAGGED = [
    (TicketFacts(1, RegistrationState.ADMITTED), EVENT, None),
    (TicketFacts(1, RegistrationState.CANCELLED), EVENT, Flag.CANCELLED),
    (TicketFacts(1, RegistrationState.DECLINED, revoked=True), EVENT, Flag.NOT_ADMITTED),
    (TicketFacts(1, RegistrationState.APPLIED), EVENT, Flag.NOT_ADMITTED),
    (TicketFacts(1, RegistrationState.ADMITTED, revoked=True), EVENT, Flag.REVOKED),
    (TicketFacts(1, RegistrationState.ADMITTED), replace(EVENT, state=EventState.CANCELLED), Flag.EVENT_CANCELLED),
    (TicketFacts(1, RegistrationState.ADMITTED), replace(EVENT, opens_at=ENTRY.at + HOUR), Flag.HOURS),
    (TicketFacts(1, RegistrationState.ADMITTED), replace(EVENT, closes_at=ENTRY.at), Flag.HOURS),
]  # fmt: skip


@pytest.mark.parametrize(("ticket", "event", "flag"), FLAGGED)
@pytest.mark.parametrize("told", [None, ScanResult.ADMITTED])
def test_who_came_in_without_a_network_is_in_and_flagged(
    ticket: TicketFacts, event: EventFacts, flag: Flag | None, told: ScanResult | None
) -> None:
    assert settle(ticket, event, ENTRY, told) == Settled(ScanResult.ADMITTED, None, True, flag)
    standing = replace(ticket, first_at=OPENS)
    assert settle(standing, event, ENTRY, told, Entry(OPENS, "k0")).flag is flag


@pytest.mark.parametrize(
    ("first", "result"),
    [
        (Entry(ENTRY.at - HOUR, "k9"), ScanResult.ALREADY),
        (Entry(ENTRY.at + HOUR, "k0"), ScanResult.ADMITTED),
        (Entry(ENTRY.at, "k0"), ScanResult.ALREADY),
        (Entry(ENTRY.at, "k2"), ScanResult.ADMITTED),
    ],
)
def test_the_earliest_entry_is_the_arrival_whichever_was_reported_first(
    first: Entry, result: ScanResult
) -> None:
    ticket = TicketFacts(1, RegistrationState.ADMITTED, first_at=first.at)
    assert settle(ticket, EVENT, ENTRY, None, first) == Settled(result, None, True)


@pytest.mark.parametrize("told", [ScanResult.ALREADY, ScanResult.REFUSED])
@pytest.mark.parametrize(("ticket", "event", "flag"), FLAGGED)
def test_who_was_turned_away_is_not_taken_in(
    ticket: TicketFacts, event: EventFacts, flag: Flag | None, told: ScanResult
) -> None:
    settled = settle(ticket, event, ENTRY, told)
    assert (settled.result, settled.entered, settled.flag) == (told, False, None)
    refused = decide(ticket, event, ENTRY.at).reason
    assert settled.reason is (refused if told is ScanResult.REFUSED else None)


@pytest.mark.parametrize("told", [None, *ScanResult])
def test_nobody_is_taken_in_on_a_code_that_is_nobodys_here(told: ScanResult | None) -> None:
    for ticket, reason in (
        (None, RefusalReason.UNKNOWN_CODE),
        (TicketFacts(2, RegistrationState.ADMITTED), RefusalReason.OTHER_EVENT),
    ):
        settled = settle(ticket, EVENT, ENTRY, told)
        assert settled.result is (told if told is ScanResult.ALREADY else ScanResult.REFUSED)
        assert settled.reason is (None if told is ScanResult.ALREADY else reason)
        assert settled.entered is (told is ScanResult.ADMITTED)


NOW = OPENS + timedelta(hours=2)
CLOCKS = [
    (None, None, timedelta(0), False),
    (None, timedelta(days=900), timedelta(0), False),
    (timedelta(minutes=-30), None, timedelta(minutes=-30), False),
    (timedelta(minutes=-30), timedelta(seconds=20), timedelta(minutes=-30), False),
    (timedelta(minutes=1), None, timedelta(0), False),
    (timedelta(minutes=3), None, timedelta(0), True),
    (timedelta(minutes=-33), timedelta(minutes=3), timedelta(minutes=-33), True),
    (timedelta(days=-900, minutes=-30), timedelta(days=900), timedelta(minutes=-30), True),
    (timedelta(days=900, minutes=-30), timedelta(days=-900), timedelta(minutes=-30), True),
    (timedelta(minutes=-30), timedelta(days=900), timedelta(minutes=-30), True),
    (timedelta(days=-900), None, timedelta(0), True),
    (timedelta(days=-900), timedelta(0), timedelta(0), True),
    (timedelta(hours=-13), None, timedelta(hours=-13), False),
    (timedelta(hours=-15), None, timedelta(0), True),
]


@pytest.mark.parametrize(("offset", "drift", "expected", "doubted"), CLOCKS)
def test_a_phones_clock_is_put_right_and_believed_within_reason(
    offset: timedelta | None, drift: timedelta | None, expected: timedelta, doubted: bool
) -> None:
    at = None if offset is None else NOW + offset
    assert when_scanned(at, NOW, EVENT, drift) == (NOW + expected, doubted)


def test_a_phone_that_is_heard_of_a_week_later_is_believed() -> None:
    assert when_scanned(NOW, NOW + timedelta(days=7), EVENT) == (NOW, False)


def test_the_door_opens_an_hour_before_and_closes_an_hour_after() -> None:
    opens, closes = door_times(OPENS, OPENS + timedelta(hours=2))
    assert (opens, closes) == (OPENS - timedelta(hours=1), OPENS + timedelta(hours=3))


@given(st.binary(min_size=16, max_size=16))
def test_a_code_keeps_all_its_bits(random: bytes) -> None:
    code = new_code(random)
    value = 0
    for sign in code:
        value = value * 32 + ALPHABET.index(sign)
    assert len(code) == CODE_LENGTH
    assert value.to_bytes(16, "big") == random
    assert find_code(code) == code


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_code_is_made_of_sixteen_bytes_only(size: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        new_code(bytes(size))


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE + "\r\n",
        f"  {CODE}\t",
        f"https://enishi.example/q/{CODE}",
        f"HTTPS://ENISHI.EXAMPLE/Q/{CODE}",
        f"https://enishi.example/q/{CODE}?from=mail#top",
        f"https+--enishi.example-q-{CODE}",  # another keyboard layout
        f"https'&&enishi.example&q&{CODE}",
        f"ｈｔｔｐｓ：／／ｅｎｉｓｈｉ．ｅｘａｍｐｌｅ／ｑ／{CODE}",
        f"hっtps：・・えにしえぁmpぇ・q・{CODE}",  # an input method that was on
        "".join(chr(ord(sign) + 0xFEE0) for sign in f"HTTPS://E.X/Q/{CODE}"),
        f"hTTPS://ENISHI.EXAMPLE/Q/{CODE.lower()}",  # Caps Lock
        f"{CODE}　",
        f"0{'1' * 25} / {CODE}",  # the last one counts
    ],
)
def test_a_code_is_found_in_what_scanners_type(typed: str) -> None:
    assert find_code(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "takahashi",
        CODE[:-1],
        CODE[1:],
        CODE + "0",
        "0" + CODE,
        "A" + CODE[1:],  # more than 128 bits
        CODE[:-1] + "U",  # no sign of the alphabet
        CODE[:-1] + "²",
        CODE[:-1] + "é",
        CODE[:-1] + CODE[-1].swapcase() if CODE[-1].isalpha() else CODE[:-2] + "zZ",
        CODE[:13] + " " + CODE[13:],
        "Z" * 26,
        "7" + "Z" * 1_000_000,
        CODE + "\n" * 2048,
    ],
)
def test_no_code_is_made_up(typed: str) -> None:
    assert find_code(typed) is None


@given(st.integers(0, 26 * 8 - 1))
def test_a_flipped_bit_never_gives_the_same_code(bit: int) -> None:
    flipped = bytearray(CODE.encode())
    flipped[bit // 8] ^= 1 << bit % 8
    assert find_code(flipped.decode("latin-1")) != CODE


@given(st.text())
def test_any_text_gives_a_well_formed_code_or_none(text: str) -> None:
    code = find_code(text)
    assert code is None or (len(code) == CODE_LENGTH and set(code) <= set(ALPHABET))


@given(st.binary(max_size=8), st.sets(st.integers(1000, 9999), max_size=300))
def test_a_number_is_new_and_has_four_digits(random: bytes, taken: set[int]) -> None:
    number = new_number(random, taken)
    assert 1000 <= number <= 9999
    assert number not in taken


def test_the_last_free_number_is_found_and_after_it_none() -> None:
    taken = set(range(1000, 10000)) - {4711}
    assert new_number(b"\xff\xff", taken) == 4711
    with pytest.raises(ValueError, match="every number"):
        new_number(b"\xff\xff", taken | {4711})
