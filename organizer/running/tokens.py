"""`organizer token`: hosts' tokens for other apps, made, listed and revoked from the terminal."""

import argparse
from typing import Final

from sqlalchemy.orm import Session

from organizer.circles import tokens
from organizer.circles.models import ApiToken, Circle, Membership
from organizer.circles.service import circle_by_slug, member
from organizer.clock import now
from organizer.domain.door import TokenScope
from organizer.domain.roles import may
from organizer.errors import NotFound, Refused
from organizer.people.service import find_by_address
from organizer.running import words
from organizer.running.ground import at_hand
from organizer.running.plainly import Unusable, plainly
from organizer.running.typed import usable_name

LONGEST_NAME: Final = 40


@plainly
def token(arguments: argparse.Namespace) -> int:
    """`organizer token create|list|revoke`; the process's exit code."""
    acts = {"create": _create, "list": _list, "revoke": _revoke}
    with at_hand(writes=arguments.act != "list") as session:
        lines = acts[arguments.act](session, arguments)
    print("".join(f"{line}\n" for line in lines), end="")
    return 0


def _create(session: Session, arguments: argparse.Namespace) -> list[str]:
    place = _place(session, arguments.circle, arguments.email)
    name = usable_name(arguments.name, LONGEST_NAME)
    scope = TokenScope(arguments.scope)
    try:
        made, text = tokens.make(session, place, name=name, scope=scope, days=arguments.days, now=now())
    except Refused:
        raise Unusable(f"{arguments.email} has {tokens.AT_ONCE} tokens there; revoke one first") from None
    words.warn(f"{made.public_id}: good until {made.expires_at:%Y-%m-%d}; shown this once only")
    return [text]


def _place(session: Session, slug: str, email: str) -> Membership:
    circle = _circle(session, slug)
    person = find_by_address(session, email)
    place = member(session, person, circle.id) if person else None
    if place is None:
        raise Unusable(f"{email} does not help to run {slug}")
    if not may(place.role, tokens.RIGHT):
        raise Unusable(f"{email} may not run events of {slug}: {place.role.value}")
    return place


def _circle(session: Session, slug: str) -> Circle:
    circle = circle_by_slug(session, slug)
    if circle is None:
        raise Unusable(f"there is no circle {slug}")
    return circle


def _list(session: Session, arguments: argparse.Namespace) -> list[str]:
    circle_id = _circle(session, arguments.circle).id if arguments.circle else None
    return [_line(*row) for row in tokens.listed(session, now(), circle_id)]


def _line(one: ApiToken, whose: str, slug: str, alive: bool) -> str:
    used = f"used {one.used_at:%Y-%m-%d}" if one.used_at else "not used"
    state = f"until {one.expires_at:%Y-%m-%d}" if alive else "ended"
    return f"{one.public_id}  {slug}  {whose}  {one.scope.value}  {state}  {used}  {one.name}"


def _revoke(session: Session, arguments: argparse.Namespace) -> list[str]:
    try:
        ended = tokens.revoke(session, arguments.id, now=now())
    except NotFound:
        raise Unusable(f"there is no token {arguments.id}") from None
    if not ended:
        raise Unusable(f"{arguments.id} is revoked already")
    return [f"Revoked {arguments.id}"]
