"""What a form does not ask for cannot be said: keys that name columns are sent along with every form, to no effect."""

import re

from sqlalchemy import select

from organizer.models import metadata
from tests.sprays.conftest import Site

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
RANDOM = re.compile(r"public_id|slug|.*hash|.*sealed|number|key|once|claimed_by|token|before")


def rows(site: Site) -> dict[str, list[tuple[object, ...]]]:
    """All rows, without what is drawn by lot."""
    found = {}
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if not RANDOM.fullmatch(column.name)]
        found[table.name] = sorted(map(tuple, site.connection.execute(select(*columns))), key=repr)
    return found


def test_no_form_takes_more_than_it_asks_for(site: Site) -> None:
    effects, written = [], 0
    before = rows(site)
    for endpoint, form in sorted(site.forms.items()):
        extra = {name: value for name, value in EXTRA.items() if name not in form.names}
        after = []
        for more in ({}, extra):
            with site.undone():
                answer = site.actors.client(form.role).post(form.action, data=form.data(**more))
                after.append((answer.status_code, rows(site)))
        written += after[0][1] != before
        if after[0] != after[1]:
            effects.append(
                (
                    endpoint,
                    after[0][0],
                    after[1][0],
                    [name for name in before if after[0][1][name] != after[1][1][name]],
                )
            )
    assert not effects
    assert written > 20
