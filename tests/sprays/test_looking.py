"""Who only looks changes nothing: programs that follow every link of every mail and page do no harm."""

import pytest

from tests.contents import snapshot, written
from tests.sprays.addresses import addresses, rules
from tests.sprays.conftest import EVERYBODY, Site

BEFORE_A_LOOK = {"POST", "PUT", "PATCH", "DELETE"}


def test_no_look_writes(site: Site) -> None:
    assert len(list(site.visits(*EVERYBODY))) > 1_000
    assert not site.changed_by_looks


@pytest.mark.parametrize("role", ["owner", "attendee0", "nobody"])
def test_nor_does_a_look_of_a_program(site: Site, role: str) -> None:
    client, count = site.actors.client(role), written(site.connection)
    for rule in rules(site.app, "GET"):
        address = addresses(site.world, rule)[0]
        for method in ("HEAD", "OPTIONS"):
            answer = client.open(address, method=method)
            assert answer.status_code < 500, (method, address)
            if written(site.connection) != count:
                count = written(site.connection)
                assert snapshot(site.connection) == site.untouched, f"{method} {address} as {role}"


def test_the_links_of_mails_are_among_them(site: Site) -> None:
    followed = [visit.address for visit in site.visits("nobody")]
    for kind in ("link", "address", "invitation", "prompt", "stop", "ticket:tonight"):
        assert any(site.world.tokens[kind] in address for address in followed), kind


def test_what_answers_a_look_takes_no_other_method(site: Site) -> None:
    """The same function never both shows and acts."""
    both = [rule.endpoint for rule in rules(site.app, "GET") if (rule.methods or set()) & BEFORE_A_LOOK]
    assert not both
