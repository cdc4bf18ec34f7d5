"""What was told about whoever alone runs a circle is read and settled from the terminal."""

import pytest
from sqlalchemy import select

from organizer import cli
from organizer.audit.models import AuditEntry
from organizer.circles import conduct
from organizer.circles.models import ReportState
from organizer.db import Database
from tests.factories import NOW, make_circle, make_person


def run(*words: str) -> int:
    """The exit code of `organizer report …`."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["report", *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_listed_and_settled_once(house: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with house.transaction() as session:
        owner = make_person(session, name="大野 代表")
        told = conduct.report(
            session, make_circle(session, owner, slug="asa"), make_person(session), owner, "強引でした。", NOW
        )
    assert run("list") == 0
    said = capsys.readouterr().out
    assert said == f"{told.public_id}  asa  2026-12-01  about 大野 代表\n強引でした。\n"
    assert run("settle", told.public_id) == 0
    assert run("list") == 0
    assert capsys.readouterr().out == f"Settled {told.public_id}\n"
    assert run("settle", told.public_id) == 2
    assert "no such open report" in capsys.readouterr().err
    with house.transaction(writes=False) as session:
        assert session.get_one(type(told), told.id).state is ReportState.CLOSED
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
        assert acts == ["report.made", "report.closed"]
