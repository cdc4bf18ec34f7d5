"""That the walk over all addresses really reaches them: a check of everything proves nothing of what it
never opened.
"""

from tests.sprays.conftest import ROLES, Site
from tests.sprays.walking import read_pages, rules


def test_every_page_opens_for_somebody(site: Site) -> None:
    opened: set[str] = set()
    broken: list[tuple[str, str, int]] = []
    for role, rule, address, answer in read_pages(site.actors, ROLES):
        if answer.status_code in (200, 302, 303) and "/sign-in?" not in answer.headers.get("Location", ""):
            opened.add(rule.endpoint)
        if answer.status_code >= 500:
            broken.append((role, address, answer.status_code))
    assert not broken
    assert not {rule.endpoint for rule in rules(site.app, "GET")} - opened - {"people.opened"}
