"""`organizer report`: what was told about whoever alone runs a circle, for whoever runs the house."""

import argparse

from organizer.circles import conduct
from organizer.clock import now
from organizer.errors import NotFound
from organizer.running.ground import at_hand
from organizer.running.plainly import Unusable, plainly


@plainly
def report(arguments: argparse.Namespace) -> int:
    """`organizer report list|settle`; the process's exit code."""
    if arguments.act == "list":
        with at_hand(writes=False) as session:
            told = [
                f"{one.public_id}  {slug}  {one.created_at:%Y-%m-%d}  about {name}\n{one.words}\n"
                for one, slug, name in conduct.unread(session)
            ]
        print("\n".join(told), end="")
        return 0
    try:
        with at_hand(writes=True) as session:
            conduct.settle_unread(session, arguments.id, now())
    except NotFound:
        raise Unusable(f"there is no such open report: {arguments.id}") from None
    print(f"Settled {arguments.id}")
    return 0
