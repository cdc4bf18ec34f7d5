"""The main pages, with 12 and with 60 attendees, beside the floor: pages a second, and statements a page."""

import http.client
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from organizer import create_app
from organizer.jobs.knock import ring_with
from organizer.people.models import Person
from organizer.running.children import Child
from tests.e2e.live import Live
from tests.sprays.world import World, make_world
from tests.web.test_statements import MOST, MOST_IN_PUBLIC, PAGES, PUBLIC, address, counted

FEW, MANY = 12, 60
SHOWN = (
    "public page",
    "home",
    "door list",
    "admission",
    "attendees",
    "ties",
    "matches",
    "prompts",
    "search",
    "closing",
    "host",
)
FLOOR_OF = {"public page": "/event/{published}", "search": "/list/{tonight}"}
FLOOR_OF |= dict.fromkeys(
    ("door list", "attendees", "admission", "ties", "matches", "prompts", "home", "closing", "host"),
    "/list/{tonight}",
)
ROUNDS, TIMES = 4, 12
GOALS = {"public page": 0.53, "door list": 0.79, "search": 0.94}
"""Ten to twelve times a well-known ticket shop, told through the floor: it did 309, 122 and 119 pages a second
where the shop did 13.7, 9.6 and 9.4."""


class FloorOfPages(Live):
    """The floor's app, by the same server, on the same database."""

    def __init__(self, folder: Path, database_url: str) -> None:
        super().__init__(folder, database_url, 1, 8, still=True)
        ours, floor = "organizer:create_app()", "tests.bench.floor_pages:create_app()"
        command = [word.replace(ours, floor) for word in self.web.command]
        self.web = Child("floor", command, self.environ, keep=[self._listener.fileno()])


@dataclass
class Page:
    """What one page showed: seconds of each answer by who was asked; its statements with few and many people."""

    name: str
    times: dict[str, list[float]] = field(default_factory=dict)
    statements: tuple[int, int] = (0, 0)

    def rate(self, who: str) -> float:
        """Answers a second of one client: of the median answer, which a busy moment does not move."""
        return 1 / statistics.median(self.times[who])

    @property
    def share(self) -> float:
        """Its rate with many people, as a share of the floor's."""
        return self.rate("many") / self.rate("floor")

    @property
    def goal(self) -> float | None:
        """The share of the floor it should reach, where there is such a goal."""
        return GOALS.get(self.name)

    @property
    def good(self) -> bool:
        """Whether it asks the database no more than it may, no more often with more people, and is quick enough."""
        few, many = self.statements
        frugal = many <= (MOST_IN_PUBLIC if self.name in PUBLIC else MOST) and many <= few
        return frugal and self.share >= (self.goal or 0)


@contextmanager
def houses(folder: Path) -> Iterator[tuple[Live, Live, World, World]]:
    """Ours and the floor on one database, in which a circle of 12 and one of 60 live."""
    for name in ("ours", "floor"):
        (folder / name).mkdir()
    with Live(folder / "ours", None, 1, 8, still=True) as ours:
        secret = ours.config.secret_key
        session = ours.database.session(writes=True)
        few, many = (
            make_world(session, mark, count, secret) for mark, count in (("ANN", FEW), ("BOB", MANY))
        )
        session.close()
        with FloorOfPages(folder / "floor", ours.config.database_url) as floor:
            yield ours, floor, few, many


def measure(folder: Path) -> list[Page]:
    """All pages, turn by turn."""
    with houses(folder) as (ours, floor, few, many):
        pages = [Page(name) for name in SHOWN]
        for page in pages:
            page.statements = (_statements(ours, few, page.name), _statements(ours, many, page.name))
        asked = {page.name: _questions(ours, floor, few, many, page.name) for page in pages}
        for turn in range(ROUNDS + 1):
            for page in pages:
                for who, (side, cookie, where) in asked[page.name].items():
                    times = _ask(side, where, cookie, TIMES if turn else 2)
                    if turn:
                        page.times.setdefault(who, []).extend(times)
        return pages


def _questions(
    ours: Live, floor: Live, few: World, many: World, name: str
) -> dict[str, tuple[Live, str, str]]:
    role, pattern = PAGES[name]
    questions = {}
    for who, side, world, shape in (
        ("few", ours, few, pattern),
        ("many", ours, many, pattern),
        ("floor", floor, many, FLOOR_OF[name]),
    ):
        questions[who] = (
            side,
            _cookie(ours, person_of(world, role) or world.people[0]),
            address(world, shape),
        )
    if role == "nobody":
        questions = {who: (side, "", where) for who, (side, _, where) in questions.items()}
    return questions


def person_of(world: World, role: str) -> Person | None:
    """Who plays that role."""
    return world.people[0] if role == "attendee0" else world.cast.get(role)


def _cookie(house: Live, person: Person) -> str:
    made = house.cookie(person)
    return f"{made['name']}={made['value']}"


def _ask(side: Live, where: str, cookie: str, times: int) -> list[float]:
    line = http.client.HTTPConnection("127.0.0.1", side.port, timeout=30)
    headers = {"Host": f"localhost:{side.port}", "Accept-Language": "ja"} | (
        {"Cookie": cookie} if cookie else {}
    )
    took = []
    for _ in range(times):
        began = time.perf_counter()
        line.request("GET", where, headers=headers)
        answer = line.getresponse()
        answer.read()
        took.append(time.perf_counter() - began)
        assert answer.status == 200, (where, answer.status)
    line.close()
    return took


def _statements(house: Live, world: World, name: str) -> int:
    role, pattern = PAGES[name]
    app = create_app(house.config, house.database)
    ring_with(None)
    client = app.test_client()
    person = person_of(world, role)
    if person is not None:
        made = house.cookie(person)
        client.set_cookie(made["name"], made["value"], domain="localhost")
    headers = {"Accept-Language": "ja", "Host": f"localhost:{house.port}"}
    client.get(address(world, pattern), headers=headers)
    with counted() as told:
        answer = client.get(address(world, pattern), headers=headers)
    assert answer.status_code == 200, (name, answer.status_code)
    return len(told)


def show(pages: list[Page]) -> bool:
    """Print the table; whether each page kept to its goals."""
    print(
        f"\nPages: one client, one web process, SQLite; {FEW} and {MANY} attendees; the floor shows {MANY} rows"
    )
    heads = (f"SQL {FEW}", f"SQL {MANY}", f"ours/s {FEW}", f"ours/s {MANY}", "floor/s", "of floor", "goal")
    print(f"{'page':<12}" + "".join(f"{head:>10}" for head in heads))
    for page in pages:
        figures = [*page.statements, *(page.rate(who) for who in ("few", "many", "floor")), page.share]
        told = "".join(f"{figure:10}" if isinstance(figure, int) else f"{figure:10.2f}" for figure in figures)
        goal = f"{'≥ ' + str(page.goal):>10}" if page.goal else ""
        print(f"{page.name:<12}{told}{goal}{'' if page.good else '   ← missed'}")
    print(
        f"goals: at most {MOST} statements, {MOST_IN_PUBLIC} for the public page; no more with {MANY} than with {FEW}"
    )
    return all(page.good for page in pages)
