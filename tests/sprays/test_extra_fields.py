"""What a form does not ask for cannot be said: keys that name columns are sent along with every form, to no effect."""

from typing import Any

from tests.contents import contents
from tests.sprays.conftest import Site
from tests.sprays.forms import Form

EXTRA = {
    "role": "owner",
    "circle_id": "2",
    "event_id": "2",
    "person_id": "2",
    "registration_id": "2",
    "id": "1",
    "public_id": "x" * 22,
    "state": "admitted",
    "status": "admitted",
    "admitted": "1",
    "is_admin": "1",
    "listed": "",
    "first_time": "1",
    "decided_by_id": "1",
    "letter_due_at": "2020-01-01T00:00",
    "email": "mallory@evil.example",
    "email_folded": "mallory@evil.example",
    "email_confirmed_at": "2020-01-01T00:00",
    "password_hash": "x",
    "merged_into_id": "1",
    "slug": "mallory",
    "taken": "0",
    "cap": "9999",
    "target_profile_id": "1",
    "target_by_host": "1",
    "rank": "1",
    "by_id": "1",
    "_method": "DELETE",
}
BY_LOT = r"public_id|slug|.*hash|.*sealed|number|key|once|claimed_by|token|before"
"""Columns that are drawn by lot."""


def test_no_form_takes_more_than_it_asks_for(site: Site) -> None:
    effects, effective = [], 0
    before = contents(site.connection, BY_LOT)
    for endpoint, form in sorted(site.forms.items()):
        extra = {name: value for name, value in EXTRA.items() if name not in form.names}
        plain, more = (_sent(site, form, fields) for fields in ({}, extra))
        effective += plain[1] != before
        if plain != more:
            changed = [name for name in before if plain[1][name] != more[1][name]]
            effects.append((endpoint, plain[0], more[0], changed))
    assert not effects
    assert effective > 20


def _sent(site: Site, form: Form, more: dict[str, str]) -> tuple[int, dict[str, list[tuple[Any, ...]]]]:
    """Status of the answer to a form that says more than it asks for, and all rows afterwards."""
    with site.undone():
        answer = site.actors.client(form.role).post(form.action, data=form.data(**more))
        rows = contents(site.connection, BY_LOT)
    return answer.status_code, rows
