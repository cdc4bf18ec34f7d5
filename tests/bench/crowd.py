"""A hall full of ticket holders, written in bulk, and the phones that scan them."""

import http.client
import json
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from organizer.checkin import devices
from organizer.domain.door import DeviceKind
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.ticketing import new_code
from organizer.people.models import Person, Profile
from organizer.registrations.models import Registration, Ticket
from organizer.tokens import digest, new_public_id
from tests.checkin.rows import make_evening
from tests.factories import NOW


@dataclass
class Hall:
    """One evening: its public id, its staff, a device's token, the codes of its tickets, each to be scanned once."""

    event: str
    staff: Person
    token: str
    codes: list[str]


def make_hall(session: Session, people: int) -> Hall:
    """An evening at whose door so many people stand."""
    evening = make_evening(session, starts_at=NOW - timedelta(minutes=10))
    start = secrets.randbits(40)
    persons = [
        {
            "public_id": new_public_id(),
            "name": f"高橋 {n}子",
            "reading": f"たかはし {n}こ",
            "email": None,
            "created_at": NOW,
        }
        for n in range(start, start + people)
    ]
    ids = session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), persons).all()
    session.execute(
        insert(Profile), [{"person_id": person_id, "company": "株式会社ひびき"} for person_id in ids]
    )
    place = {"circle_id": evening.circle.id, "event_id": evening.event.id}
    rows = [
        {
            **place,
            "public_id": new_public_id(),
            "person_id": person_id,
            "state": RegistrationState.ADMITTED,
            "applied_at": NOW,
        }
        for person_id in ids
    ]
    registrations = session.scalars(
        insert(Registration).returning(Registration.id, sort_by_parameter_order=True), rows
    ).all()
    codes = [new_code(secrets.token_bytes(16)) for _ in registrations]
    tickets = [
        {
            **place,
            "registration_id": registration,
            "code_hash": digest(code),
            "code_sealed": "sealed",
            "number": 1000 + n,
            "issued_at": NOW,
        }
        for n, (registration, code) in enumerate(zip(registrations, codes, strict=True))
    ]
    session.execute(insert(Ticket), tickets)
    _, token = devices.make(session, evening.event, DeviceKind.STAFF, now=NOW)
    return Hall(evening.event.public_id, evening.staff, token, codes)


def bearer_of(port: int, hall: Hall) -> dict[str, str]:
    """The headers of a device of this hall's door."""
    kind = {"Content-Type": "application/json", "Host": f"localhost:{port}"}
    return kind | {"Authorization": f"Bearer {hall.token}"}


@dataclass
class Load:
    """What came of a load: seconds of each answer, how many were no good, how long it all took."""

    times: list[float] = field(default_factory=list)
    bad: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The time, in milliseconds, within which that share of the answers came."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def add(self, other: "Load") -> None:
        """Take in another load of the same kind."""
        self.times += other.times
        self.bad += other.bad
        self.seconds += other.seconds


def scan_all(
    port: int,
    event: str,
    codes: Sequence[str],
    headers: dict[str, str],
    clients: int,
    more: dict[str, str] | None = None,
) -> Load:
    """So many phones scan these codes, each code once, as fast as they are answered; `more` stands in each request."""
    load, lock = Load(), threading.Lock()
    shares = [codes[number::clients] for number in range(clients)]
    barrier = threading.Barrier(clients + 1)

    def phone(share: Sequence[str]) -> None:
        asked = more or {}
        requests = [
            json.dumps({"code": code, "key": secrets.token_hex(16), **asked}).encode() for code in share
        ]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        times, bad = [], 0
        barrier.wait()
        for body in requests:
            began = time.perf_counter()
            connection.request("POST", f"/api/v1/events/{event}/scans", body, headers)
            answer = connection.getresponse()
            said = answer.read()
            times.append(time.perf_counter() - began)
            bad += answer.status != 200 or b'"admitted"' not in said
        connection.close()
        with lock:
            load.times += times
            load.bad += bad

    threads = [threading.Thread(target=phone, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - began
    return load
