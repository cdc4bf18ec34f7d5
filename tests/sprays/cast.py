"""The cast of a circle: its rows as the checks over all pages know them."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from organizer.circles.models import Circle
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.profiles import Challenge, Give, Wish
from organizer.domain.vocabulary import GiveKind, Industry, Region, Role, Topic
from organizer.events.models import Event
from organizer.people.models import Person
from organizer.people.service import domain_profile
from organizer.registrations.models import Registration
from tests.factories import (
    make_person,
    make_registration,
)

SECRET = "test-" * 10
INDUSTRIES = tuple(Industry)
ROLES = tuple(Role)
REGIONS = tuple(Region)


@dataclass
class World:
    """One circle's rows. `people` are those who are admitted tonight and were at the past event, in the
    order of their seats.
    """

    session: Session
    mark: str
    secret: str = SECRET
    circle: Circle = field(init=False)
    events: dict[str, Event] = field(default_factory=dict)
    cast: dict[str, Person] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    registrations: dict[tuple[str, int], Registration] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    """What opens something without a sign-in, by the name of the address's part it stands in."""
    names: dict[str, str] = field(default_factory=dict)
    """Public ids of single rows, by what they are."""

    def planted(self, what: str) -> str:
        """A string that stands nowhere else."""
        return f"{self.mark}-{what}"

    def person(self, role: str, **values: Any) -> Person:
        """One more person of the cast, with a planted name, address, company and phone."""
        n = len(self.cast) + len(self.people)
        profile = {
            "company": f"{self.mark}社{role}",
            "industry": INDUSTRIES[n % len(INDUSTRIES)],
            "role": ROLES[n % len(ROLES)],
            "region": REGIONS[n % len(REGIONS)],
            "challenges": [Challenge("", (Topic.HIRING,)).to_data()],
            "contact": {"mail": True, "phone": True, "line": self.planted(f"line-{role}")},
        } | values.pop("profile", {})
        person = make_person(
            self.session,
            **{
                "name": f"{self.mark}名{role}",
                "reading": f"よみ{self.mark}{role}",
                "email": f"{self.mark.lower()}-mail-{role}@example.jp",
                "phone": "+8190" + f"{sum(map(ord, self.mark)) % 90 + 10:02}{n:06}",
                "profile": profile,
            }
            | values,
        )
        self.session.flush()
        return person

    def admit(self, event: str, person: Person, **values: Any) -> Registration:
        """A registration of that person, admitted unless `state` says otherwise, with what the form would
        have filled in.
        """
        said = {
            "gives": [Give(GiveKind.EXPERIENCE, "採用広報の経験", (Topic.HIRING,)).to_data()],
            "wish": Wish("製造業の社長", industries=(Industry.MANUFACTURING,)).to_data(),
            "today": "採用の考え方を聞きたい",
        }
        row = make_registration(
            self.session,
            self.events[event],
            person,
            **{
                "state": RegistrationState.ADMITTED,
                "answers": said,
                "profile": domain_profile(person).to_data(),
                "topic": self.planted(f"topic-{person.id}"),
                "fit": 0.6,
            }
            | values,
        )
        self.registrations[event, person.id] = row
        return row
