"""The clock's three sources."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from organizer import clock


def test_a_fixed_time_stands_still() -> None:
    assert clock.parse("2026-12-03T07:30:00+09:00")() == datetime(2026, 12, 2, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "delta"), [("+1d2h", timedelta(days=1, hours=2)), ("-30m", -timedelta(minutes=30))]
)
def test_a_shift_goes_on(text: str, delta: timedelta) -> None:
    before, shown, after = datetime.now(UTC), clock.parse(text)(), datetime.now(UTC)
    assert before + delta <= shown <= after + delta


def test_a_file_moves_a_running_process(tmp_path: Path) -> None:
    path = tmp_path / "now"
    path.write_text("2026-12-03T07:30:00+09:00\n", encoding="ascii")
    source = clock.parse(f"file:{path}")
    first = source()
    path.write_text("2026-12-04T09:00:00+09:00\n", encoding="ascii")
    assert source() - first == timedelta(hours=25, minutes=30)


@pytest.mark.parametrize("text", ["tomorrow", "2026-12-03T07:30:00", "+", "1d", "+1y"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        clock.parse(text)
