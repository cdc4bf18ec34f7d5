"""That the walk over all addresses really reaches them: a check of everything proves nothing of what it never opened."""

from sqlalchemy.orm import Session

from organizer.web.unit import App
from tests.sprays.walking import Actors, gather_forms, read_pages, rules
from tests.sprays.world import make_world

ROLES = ("nobody", "stranger", "applicant", "attendee0", "attendee1", "staff", "host", "owner")
NO_FORM = {  # posted by scripts, or by the mail program
    "checkin_api.scan",
    "checkin_api.check_in",
    "checkin_api.fee",
    "checkin_api.undo",
}


def test_every_page_opens_for_somebody(app: App, rows: Session) -> None:
    actors = Actors(app, make_world(rows, "ANN"))
    opened: set[str] = set()
    broken: list[tuple[str, str, int]] = []
    for role, rule, address, answer in read_pages(actors, ROLES):
        if answer.status_code in (200, 302, 303) and "/sign-in?" not in answer.headers.get("Location", ""):
            opened.add(rule.endpoint)
        if answer.status_code >= 500:
            broken.append((role, address, answer.status_code))
    assert not broken
    assert not {rule.endpoint for rule in rules(app, "GET")} - opened


def test_every_post_has_a_form_on_some_page(app: App, rows: Session) -> None:
    actors = Actors(app, make_world(rows, "ANN"))
    found = gather_forms(actors, ROLES)
    assert not {rule.endpoint for rule in rules(app, "POST")} - set(found) - NO_FORM
