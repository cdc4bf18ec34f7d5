"""Who only looks changes nothing: programs that follow every link of every mail and page do no harm."""

from collections.abc import Iterator

import pytest

from tests.sprays.conftest import Site
from tests.sprays.walking import addresses, rules, snapshot

BEFORE_A_LOOK = {"POST", "PUT", "PATCH", "DELETE"}


def looks(site: Site, role: str) -> Iterator[tuple[str, str]]:
    """(method, address): every address that can be read, the links of all mails among them, in three ways."""
    for rule in rules(site.app, "GET"):
        found = addresses(site.world, rule)
        yield from (("GET", address) for address in found)
        yield from ((method, found[0]) for method in ("HEAD", "OPTIONS"))


@pytest.mark.parametrize("role", ["owner", "attendee0", "nobody"])
def test_no_look_writes(site: Site, role: str) -> None:
    client, before, written = site.actors.client(role), snapshot(site.connection), site.changes()
    for method, address in looks(site, role):
        answer = client.open(address, method=method)
        assert answer.status_code < 500, (method, address)
        if site.changes() != written:  # `/readyz` writes what stands there already, to see whether it can
            written, after = site.changes(), snapshot(site.connection)
            changed = sorted(name for name in after if after[name] != before[name])
            assert not changed, f"{method} {address} as {role}"


def test_the_links_of_mails_are_among_them(site: Site) -> None:
    followed = [address for _method, address in looks(site, "nobody")]
    for kind in ("link", "address", "invitation", "prompt", "stop", "ticket:tonight"):
        assert any(site.world.tokens[kind] in address for address in followed), kind


def test_what_answers_a_look_takes_no_other_method(site: Site) -> None:
    """The same function never both shows and acts."""
    both = [rule.endpoint for rule in rules(site.app, "GET") if (rule.methods or set()) & BEFORE_A_LOOK]
    assert not both
