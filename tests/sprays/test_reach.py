"""That the walk over all addresses really reaches them: a check of everything proves nothing of what it
never opened.
"""

from tests.sprays.addresses import rules
from tests.sprays.conftest import EVERYBODY, ROLES, Site


def test_every_page_opens_for_somebody(site: Site) -> None:
    seen = list(site.visits(*ROLES))
    opened = {visit.endpoint for visit in seen if visit.opened}
    assert not {rule.endpoint for rule in rules(site.app, "GET")} - opened - {"people.opened"}


def test_no_page_falls_over_for_anybody(site: Site) -> None:
    broken = [
        (visit.role, visit.address, visit.status) for visit in site.visits(*EVERYBODY) if visit.status >= 500
    ]
    assert not broken
