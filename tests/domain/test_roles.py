"""What members of a circle may do."""

import pytest

from organizer.domain.roles import CircleRole, Right, grants, may, roles_with


def test_staff_see_the_door_and_nothing_else() -> None:
    assert {right for right in Right if may(CircleRole.STAFF, right)} == {Right.SEE_DOOR, Right.SCAN}


def test_hosts_do_all_but_change_the_circle_and_its_members() -> None:
    refused = {right for right in Right if not may(CircleRole.HOST, right)}
    assert refused == {Right.MANAGE_MEMBERS, Right.MANAGE_CIRCLE}


def test_owners_may_do_everything_and_strangers_nothing() -> None:
    assert all(may(CircleRole.OWNER, right) for right in Right)
    assert not any(may(None, right) for right in Right)


@pytest.mark.parametrize("right", Right)
def test_roles_with_a_right_are_those_that_may(right: Right) -> None:
    assert roles_with(right) == {role for role in CircleRole if may(role, right)}
    assert CircleRole.OWNER in roles_with(right)


def test_nobody_invites_above_themself() -> None:
    assert grants(CircleRole.OWNER) == set(CircleRole)
    assert grants(CircleRole.HOST) == {CircleRole.STAFF}
    assert grants(CircleRole.STAFF) == grants(None) == frozenset()
