"""Long-lived links of mails."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.people import links
from organizer.people.models import LinkPurpose, MailLink
from tests.factories import NOW, make_person


def test_a_link_is_found_by_its_token_and_kept_as_a_hash(session: Session) -> None:
    person = make_person(session)
    token = links.issue(session, LinkPurpose.TICKET, person.id, 7, now=NOW)
    found = links.find(session, LinkPurpose.TICKET, token, NOW)
    assert found is not None
    assert (found.person_id, found.subject_id) == (person.id, 7)
    assert token not in session.scalars(select(MailLink.token_hash)).all()


def test_a_link_opens_nothing_else(session: Session) -> None:
    token = links.issue(session, LinkPurpose.PROMPT, make_person(session).id, 7, now=NOW)
    assert links.find(session, LinkPurpose.TICKET, token, NOW) is None
    assert links.find(session, LinkPurpose.PROMPT, token[:-1] + "x", NOW) is None


def test_a_link_ends_at_its_time(session: Session) -> None:
    ends = NOW + timedelta(days=1)
    token = links.issue(session, LinkPurpose.OFFER, make_person(session).id, 7, now=NOW, expires_at=ends)
    assert links.find(session, LinkPurpose.OFFER, token, ends - timedelta(seconds=1)) is not None
    assert links.find(session, LinkPurpose.OFFER, token, ends) is None


def test_revoking_ends_every_link_to_that_row_alone(session: Session) -> None:
    person = make_person(session)
    one, two = (links.issue(session, LinkPurpose.TICKET, person.id, 7, now=NOW) for _ in range(2))
    other = links.issue(session, LinkPurpose.TICKET, person.id, 8, now=NOW)
    links.revoke(session, LinkPurpose.TICKET, 7, NOW)
    assert links.find(session, LinkPurpose.TICKET, one, NOW) is None
    assert links.find(session, LinkPurpose.TICKET, two, NOW) is None
    assert links.find(session, LinkPurpose.TICKET, other, NOW) is not None
