"""A walk-in takes their registration into their own hands: an address, consents, and more of a profile.

Whose address it is decides: nobody's, and the walk-in has it from then on; somebody's, and that person is asked
whether they were the one who came. Who typed it learns nothing of this; only the mailbox is answered.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from organizer.audit.service import record
from organizer.checkin import claims, walk_ins
from organizer.checkin.models import Claim
from organizer.domain.lifecycle import RegistrationState
from organizer.people.models import Consent, ConsentKind, Person
from organizer.people.service import domain_profile, fold_address, people_by_id
from organizer.registrations import letters
from organizer.registrations.answers import about_of, application_of
from organizer.registrations.models import Registration
from organizer.workflows.applying import attended_before, describe
from organizer.workflows.merging import merge


def say(session: Session, claim: Claim, email: str, said: Mapping[str, Any]) -> None:
    """Keep what the walk-in typed until the address is confirmed; what was typed before is replaced."""
    claim.email, claim.said = email.strip(), dict(said)
    session.flush()


def who_gets(session: Session, claim_id: int, email_folded: str, now: datetime) -> Person | None:
    """The walk-in who gets an address that is nobody's; None where this claim is over or asked for another one."""
    claim = _open(session, claim_id, email_folded, now)
    if claim is None:
        return None
    person = people_by_id(session, [claim.person_id])[claim.person_id]
    return person if person.email_folded is None else None


def confirm(
    session: Session, claim_id: int, email_folded: str, person: Person, now: datetime
) -> Claim | None:
    """Go on from a confirmed address: the walk-in's own completes the claim, another person's has them asked.

    None where the claim is over, or was made with another address meanwhile. The profile must be loaded.
    """
    claim = _open(session, claim_id, email_folded, now)
    if claim is None:
        return None
    if person.id == claim.person_id:
        _complete(session, claim, person, now, only_empty=False)
        return claim
    return ask(session, claim, person, now)


def ask(session: Session, claim: Claim, person: Person, now: datetime) -> Claim | None:
    """Have somebody who has proved who they are be asked whether they are the walk-in; None where somebody else is."""
    walk_in = session.get_one(Person, claim.person_id)
    registration = claims.registration_claimed(session, claim)
    if not claims.is_open(claim, now) or not walk_ins.is_unclaimed(registration, walk_in):
        return None
    claim.other_id, claim.asked_at = person.id, now
    _record(session, "claim.asked", claim, person, now)
    session.flush()
    return claim


def agree(
    session: Session, claim: Claim, person: Person, agreed: Mapping[str, str], locale: str, now: datetime
) -> bool:
    """Their yes, which makes one person of the two; gives whether it was this one that did.

    `agreed`: to which texts they agree with it, version by kind, read in that language.
    """
    if not _is_asked(session, claim, person, now):
        return False
    said = claim.said
    claim.said = {**said, "agreed": {**said.get("agreed", {}), **agreed}, "agreed_in": locale}
    claim_id, kept_id = claim.id, person.id
    merge(session, person, session.get_one(Person, claim.person_id), by=person, now=now)
    kept = people_by_id(session, [kept_id])[kept_id]
    _complete(session, session.get_one(Claim, claim_id), kept, now, only_empty=True)
    return True


def decline(session: Session, claim: Claim, person: Person, now: datetime) -> bool:
    """Their no, which leaves both as they are and ends the claim; gives whether it was this one that did."""
    if not _is_asked(session, claim, person, now):
        return False
    claims.settle(claim, now)
    _record(session, "claim.declined", claim, person, now)
    session.flush()
    return True


def _is_asked(session: Session, claim: Claim, person: Person, now: datetime) -> bool:
    """Whether this person's answer still counts; the claim is held from here on."""
    session.refresh(claim, with_for_update=True)
    return claims.is_open(claim, now) and claim.other_id == person.id


def _open(session: Session, claim_id: int, email_folded: str, now: datetime) -> Claim | None:
    claim = session.scalar(select(Claim).where(Claim.id == claim_id).with_for_update())
    if claim is None or not claims.is_open(claim, now) or fold_address(claim.email) != email_folded:
        return None
    return claim


def _complete(session: Session, claim: Claim, person: Person, now: datetime, *, only_empty: bool) -> None:
    """Write what was said into profile and registration, with the consents; the ticket's mail follows."""
    said, registration = claim.said, claims.registration_claimed(session, claim)
    about = about_of(said)
    describe(person, about, now, only_empty=only_empty)
    before = attended_before(session, registration.circle_id, person.id, but=registration.event_id)
    registration.first_time = not before
    registration.profile = domain_profile(person, first_timer=registration.first_time).to_data()
    new = application_of(said).to_answers()
    registration.answers = {**registration.answers, **{name: one for name, one in new.items() if _says(one)}}
    if "listed" in said:
        registration.listed = bool(said["listed"])
    _note_consent(session, registration, person, said, now)
    claims.settle(claim, now)
    _record(session, "claim.settled", claim, person, now)
    session.flush()
    if registration.state is RegistrationState.ADMITTED:
        letters.post(session, registration, "ticket", now, once="claimed")


def _says(answer: Any) -> bool:
    return any(answer.values()) if isinstance(answer, dict) else bool(answer)


def _note_consent(
    session: Session, registration: Registration, person: Person, said: Mapping[str, Any], now: datetime
) -> None:
    agreed = dict(said.get("agreed") or {})
    if not registration.listed:
        agreed.pop(ConsentKind.LISTED.value, None)
    for kind, version in agreed.items():
        consent = Consent(
            person_id=person.id,
            kind=ConsentKind(kind),
            circle_id=registration.circle_id,
            event_id=registration.event_id,
            version=version,
            locale=said.get("agreed_in") or "ja",
            at=now,
        )
        session.add(consent)


def _record(session: Session, act: str, claim: Claim, person: Person, now: datetime) -> None:
    facts = {"registration": claim.registration_id, "event": claim.event_id}
    record(session, act, "claim", claim.id, at=now, actor_id=person.id, circle_id=claim.circle_id, **facts)
