"""What a phone says of its clock is believed within reason, and never a fault of ours."""

import pytest
from sqlalchemy.orm import Session

from organizer.web.unit import App
from tests.api.apps import carrying, device_of
from tests.checkin.rows import make_evening
from tests.factories import NOW


@pytest.mark.parametrize(
    "clock",
    [
        "7029-11-26T06:51:09Z",
        "9998-01-01T00:00:00Z",
        "0002-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2199-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "yesterday",
        "",
        "2026-12-01T03:00:00",
        "x" * 10_000,
    ],
)
@pytest.mark.parametrize("at", ["2000-01-01T00:00:00Z", NOW.isoformat(), "2199-12-31T23:59:59-12:00"])
def test_an_odd_clock_loses_nothing(app: App, rows: Session, clock: str, at: str) -> None:
    evening = make_evening(rows, 1)
    client = carrying(app, device_of(rows, evening.event))
    rows.commit()
    body = {"code": evening.guests[0].code, "key": "k" * 20, "at": at, "offline": True, "told": "admitted"}
    root = f"/api/v1/events/{evening.event.public_id}"
    headers = {"X-Phone-Clock": clock, "X-Unsent": "99999999999"}
    answer = client.post(f"{root}/scans/batch", json={"scans": [body]}, headers=headers)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["results"][0]["result"] == "admitted"
    assert client.get(f"{root}/door-list", headers=headers).status_code == 200
