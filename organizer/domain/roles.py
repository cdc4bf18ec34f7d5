"""What a member of a circle may do, by role."""

from enum import StrEnum


class CircleRole(StrEnum):
    """A member's role in a circle; staff help at the door only."""

    OWNER = "owner"
    HOST = "host"
    STAFF = "staff"


class Right(StrEnum):
    """One thing a role may do."""

    SEE_DOOR = "see_door"
    SCAN = "scan"
    MANAGE_EVENT = "manage_event"
    DECIDE = "decide"
    EXPORT = "export"
    REVIEW_MATCHES = "review_matches"
    HANDLE_REPORTS = "handle_reports"
    INVITE = "invite"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_CIRCLE = "manage_circle"


_STAFF = frozenset({Right.SEE_DOOR, Right.SCAN})
_OWNER_ALONE = frozenset({Right.MANAGE_MEMBERS, Right.MANAGE_CIRCLE})
_RIGHTS = {
    CircleRole.STAFF: _STAFF,
    CircleRole.HOST: frozenset(Right) - _OWNER_ALONE,
    CircleRole.OWNER: frozenset(Right),
}


def may(role: CircleRole | None, right: Right) -> bool:
    """Whether a member of this role has the right; None is no member and has none."""
    return role is not None and right in _RIGHTS[role]


def roles_with(right: Right) -> frozenset[CircleRole]:
    """The roles that have the right, for queries."""
    return frozenset(role for role in CircleRole if may(role, right))


def grants(role: CircleRole | None) -> frozenset[CircleRole]:
    """The roles a member may give by invitation: an owner any, a host that of staff."""
    if may(role, Right.MANAGE_MEMBERS):
        return frozenset(CircleRole)
    return frozenset({CircleRole.STAFF}) if may(role, Right.INVITE) else frozenset()
