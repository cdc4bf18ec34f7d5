"""Every address has a declared door."""

from organizer.web.access import Policy
from organizer.web.unit import App


def test_every_route_declares_who_may_call_it(app: App) -> None:
    doors = {
        name: getattr(view, "policy", None) for name, view in app.view_functions.items() if name != "static"
    }
    without = [name for name, door in doors.items() if not isinstance(door, Policy)]
    assert not without


def test_reading_addresses_never_write(app: App) -> None:
    """An address that answers GET does not answer POST with the same function, unless it says so by two rules."""
    both = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods and {"GET", "POST"} <= rule.methods and rule.endpoint != "static"
    ]
    assert not both
