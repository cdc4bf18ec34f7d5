"""Every address of the app with rows that are there, every form of every page, and a look at the whole database."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from sqlalchemy import MetaData, inspect, select
from sqlalchemy.engine import Connection
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from organizer.models import metadata
from organizer.people.models import Person
from organizer.web.access import Policy
from organizer.web.unit import App
from tests.factories import NOW
from tests.sprays.world import World, reference_of

NOT_OURS = {
    "static",
    "checkin.door_module",
    *(f"dev.{name}" for name in ("pieces", "mail", "message", "html")),
}
VOLATILE = re.compile(r'(?:value|content)="[\w.-]{30,}"|[?&]v=[0-9a-f]{10}|data-now="\d+"')


class Actors:
    """Browsers of the cast: by role, each signed in once; `stranger` knows nobody, `nobody` is not signed in.

    `app` is no browser but another app, with the owner's token; `kiosk` is a tablet that people use themselves. Who is
    not signed in has scanned the code that tonight's tablet shows.
    """

    def __init__(self, app: App, world: World) -> None:
        self.app = app
        self.world = world
        self.people: dict[str, Person | None] = {
            "nobody": None,
            **{role: world.cast[role] for role in ("stranger", "applicant", "staff", "host", "owner")},
            **{f"attendee{n}": person for n, person in enumerate(world.people[:4])},
        }
        self._references = {
            role: reference_of(world, person) for role, person in self.people.items() if person
        }
        world.session.commit()

    def client(self, role: str, language: str = "ja") -> FlaskClient:
        """A new browser in which that one is signed in."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        if role == "app":
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.world.tokens['api']}"
        if role == "kiosk":
            client.set_cookie("enishi-door", self.world.tokens["kiosk"])
            client.set_cookie("enishi-kiosk", "1")
        if role == "nobody":
            with client.session_transaction() as cookie:
                cookie["opened"] = {self.world.events["tonight"].public_id: int(NOW.timestamp())}
        if role in self._references:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = self._references[role]
                cookie["_fresh"] = True
        return client


def rules(app: App, method: str) -> list[Rule]:
    """The app's own addresses that answer to a method."""
    found = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or set())]
    ours = [rule for rule in found if rule.endpoint not in NOT_OURS and not is_for_development(app, rule)]
    return sorted(ours, key=lambda rule: (rule.rule, rule.endpoint))


def is_for_development(app: App, rule: Rule) -> bool:
    """Whether the address exists in development alone."""
    return getattr(app.view_functions[rule.endpoint], "policy", None) is Policy.DEVELOPMENT


def addresses(world: World, rule: Rule) -> list[str]:
    """The address of a rule, for each of the rows that it can stand for."""
    found = []
    for values in _fillings(world, rule):
        built = rule.build(values, append_unknown=False)
        assert built is not None, (rule.rule, values)
        found.append(built[1])
    return found + [
        found[0] + more.format(person=world.people[0].public_id, other=world.people[2].public_id)
        for more in QUESTIONS.get(rule.endpoint, ())
    ]


def _fillings(world: World, rule: Rule) -> Iterator[dict[str, object]]:
    fillings: list[dict[str, object]] = [{}]
    for name in sorted(rule.arguments):
        fillings = [{**filling, name: value} for filling in fillings for value in _values(world, rule, name)]
    yield from fillings


EVENTS = {
    "events.edit": ("draft", "published"),
    "events.publish": ("draft", "published", "closed"),
    "events.reopen": ("closed",),
    "events.open_to_public": ("draft",),
    "events.invited": ("invitation",),
    "events.invite": ("invitation",),
    "events.disinvite": ("invitation",),
    "events.send_invitations": ("invitation",),
    "events.show": ("published", "draft", "cancelled", "tonight"),
    "registrations.desk": ("published", "tonight"),
    "registrations.attendees": ("tonight",),
    "registrations.attendees_file": ("tonight",),
    "registrations.send_ticket": ("tonight",),
    "registrations.apply": ("everyone", "published"),
    "registrations.send_application": ("everyone",),
    "matches.closing": ("tonight",),
    "matches.save_talked": ("tonight",),
    "matches.save_again": ("tonight",),
    "matches.save_kept": ("tonight",),
    "matches.after": ("held", "past", "tonight"),
    "matches.make": ("tonight",),
    "matches.mine": ("past",),
    "matches.not_this_person": ("past",),
    "matches": ("held",),
    "ties": ("past",),
    "checkin": ("tonight",),
    "checkin_api": ("tonight",),
    "registrations_api": ("tonight",),
    "checkin.enter_online": ("online",),
    "rounds": ("tonight", "online"),
    "rounds.hall": ("tonight", "online", "held"),
    "rounds.my_table": ("tonight",),
    "rounds.my_table_state": ("tonight",),
}
PUBLIC_IDS = {
    "people.wait": "request",
    "people.type_digits": "request",
    "circles.close_report": "report",
    "circles.withdraw_invitation": "circle_invitation",
    "circles.readmit": "excluded",
    "circles.change_role": "staff",
    "circles.end_membership": "staff",
    "people.end_sign_in": "sign_in",
    "circles.revoke_token": "api_token",
    "ties": "tie",
    "ties.show": "tie tie:gone",
    "ties.hold_on": "tie:gone",
    "ties.settle": "promise",
    "followups": "prompt",
    "registrations": "ticket",
    "checkin.my_receipt": "ticket",
    "checkin.issue_my_receipt": "ticket",
    "checkin.my_receipt_pdf": "ticket",
    "registrations.choose_target": "asked",
    "registrations.over": "asked",
    "registrations.admit_over": "asked",
    "registrations.is_it_you": "claim:asked",
    "registrations.answer_claim": "claim:asked",
    "registrations.decline_claim": "claim:asked",
}
WALK_INS = {"checkin.walked_in", "checkin.undo_walk_in"}
ENTRIES = {"checkin.undo_attendance": "marked", "checkin.undo_party": "party"}
TOKENS = {
    "people": ("link",),
    "people.confirm_address": ("address",),
    "people.say_yes_to_address": ("address",),
    "circles": ("invitation",),
    "followups": ("prompt",),
    "followups.stop": ("stop", "stopped"),
    "followups.stop_now": ("stop",),
    "followups.start_again": ("stop",),
    "registrations": ("ticket:tonight", "ticket:online", "ticket:applied"),
    "registrations.ticket_edit": ("ticket:applied",),
    "registrations.ticket_change": ("ticket:applied",),
    "registrations.ticket_qr": ("ticket:tonight",),
    "registrations.ticket_pdf": ("ticket:tonight",),
    "registrations.claim": ("claim",),
    "registrations.send_claim": ("claim",),
    "registrations.claim_as_me": ("claim",),
    "checkin.receipt_link": ("ticket:tonight", "ticket:online"),
    "checkin.issue_receipt_link": ("ticket:tonight",),
    "checkin.receipt_link_pdf": ("ticket:tonight",),
    "checkin.pair_offer": ("pair",),
    "checkin.pair": ("pair",),
    "matches": ("ticket:past",),
    "rounds": ("ticket:tonight", "ticket:applied"),
}
QUESTIONS = {
    "events.create": ("?kind=morning",),
    "registrations.desk": ("?show=waitlisted", "?show=all"),
    "registrations.apply": ("?change=1",),
    "matches.propose": ("?for={person}",),
    "matches.closing": ("?step=1", "?step=2", "?step=3"),
    "followups.answer": ("?answer=sent", "?answer=elsewhere", "?answer=later", "?answer=not_this_person"),
    "checkin.door_list": ("?q=ANN", "?party=yes"),
    "checkin.board": ("?view=host",),
    "checkin.badges": ("?sheet=board&start=1", "?person=awaited"),
    "checkin.receipt_pdf": ("?language=en",),
    "checkin.search": ("?q=ANN",),
    "checkin.self_page": ("?other=1",),
    "checkin.scans": ("?part=entered&page=2", "?part=flagged"),
    "checkin.walk_in": ("?name=ANN",),
    "checkin_api.search": ("?q=ANN",),
    "ties.index": ("?show=let_go",),
    "rounds.swap_look": ("?one={person}&other={other}",),
    "rounds.hall": ("?show=tables", "?q=ANN"),
    "rounds.cards_pdf": ("?round=1",),
    "rounds.routes_pdf": ("?person={person}",),
}
SECTIONS = ("about", "company", "gives", "wish", "challenges", "goals", "contact")


def _of(table: Mapping[str, object], rule: Rule) -> object:
    """What a table says of an endpoint, or of its room, or of addresses that begin with its words."""
    return table.get(rule.endpoint, table.get(rule.endpoint.split(".")[0]))


def _values(world: World, rule: Rule, name: str) -> list[object]:
    """What a part of an address may be."""
    if name in ("event_id", "event"):
        return [world.events[one].public_id for one in _of(EVENTS, rule) or ("published",)]  # type: ignore[attr-defined]
    if name == "token":
        return [world.tokens[one] for one in _of(TOKENS, rule)]  # type: ignore[attr-defined]
    if name == "public_id":
        kinds = _of(PUBLIC_IDS, rule)
        return [world.names[one] for one in str(kinds).split()] if kinds else [world.people[1].public_id]
    if name == "registration" and rule.endpoint in WALK_INS:
        return [world.names["walk_in"]]
    if name == "entry_id":
        return [int(world.names[ENTRIES[rule.endpoint]])]
    values: dict[str, list[object]] = {
        "slug": [world.circle.slug],
        "code": [_code(world, rule)],
        "section": list(SECTIONS),
        "page": ["closing", "matches"],
        "horizon": ["short"],
        "target_id": [world.names["target:published"]],
        "invitation_id": [int(world.names["event_invitation"])],
        "registration": [
            world.registrations["tonight", world.people[one].id].public_id for one in _paid(rule.endpoint)
        ],
        "moment": [0],
        "match_id": [world.names["match:held"]],
        "number": [1],
        "table": [1],
        "person": [world.people[0].public_id],
        "concern": ["people"],
        "problem": ["malformed"],
        "key": [world.names["scan"]],
        "link": [world.names["device_link"]],
        "device": [world.names["device"]],
    }
    return values[name]


def _code(world: World, rule: Rule) -> str:
    """A ticket's code, or for the card behind a badge the registration's public id."""
    if rule.endpoint == "checkin.card":
        return world.registrations["tonight", world.people[0].id].public_id
    return world.tokens["code"]


def _paid(endpoint: str) -> tuple[int, ...]:
    """Whose registration: somebody who has paid, where that is what the page is about, else somebody who has not."""
    return (0, 1) if "receipt" in endpoint else (1,)


@dataclass
class Form:
    """A form as a page shows it: where it goes, and what it would send untouched."""

    role: str
    page: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The names of its fields, each once."""
        return list(dict.fromkeys(name for name, _ in self.fields))

    def data(self, **changes: object) -> dict[str, object]:
        """Its fields as data of a request, some of them changed."""
        sent: dict[str, object] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)  # type: ignore[attr-defined]
        return sent | changes


class _Forms(HTMLParser):
    """Collects the forms of a page that are posted, with the values they stand at."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self.by_id: dict[str, list[tuple[str, str]]] = {}
        self._fields: list[tuple[str, str]] | None = None
        self._area: tuple[list[tuple[str, str]], str] | None = None
        self._select: tuple[list[tuple[str, str]], str, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self._fields = []
            if (said.get("method") or "").lower() == "post":
                self.forms.append((said.get("action") or self.page, self._fields))
            if said.get("id"):
                self.by_id[str(said["id"])] = self._fields
        fields = self.by_id.get(said.get("form") or "", self._fields)
        name = said.get("name")
        if tag == "option" and self._select:
            self._select[2].append((said.get("value") or "", "selected" in said))
        if fields is None or not name or "disabled" in said:
            return
        if tag == "textarea":
            self._area = fields, name
        elif tag == "select":
            self._select = fields, name, []
        elif tag in ("input", "button"):
            self._input(fields, name, said)

    def _input(self, fields: list[tuple[str, str]], name: str, said: dict[str, str | None]) -> None:
        if said.get("type") in ("checkbox", "radio") and "checked" not in said and name in dict(fields):
            return
        fields.append((name, said.get("value") or ("y" if said.get("type") == "checkbox" else "")))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[0].append((self._area[1], data.lstrip("\r\n")))
            self._area = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None
        if tag == "textarea" and self._area:
            self._area[0].append((self._area[1], ""))
            self._area = None
        if tag == "select" and self._select:
            fields, name, options = self._select
            chosen = [value for value, selected in options if selected] or [value for value, _ in options[:1]]
            fields.extend((name, value) for value in chosen)
            self._select = None


def forms_of(page: str, html: str, role: str) -> list[Form]:
    """The forms of a page that are posted."""
    parser = _Forms(page)
    parser.feed(html)
    return [Form(role, page, action.split("#")[0], fields) for action, fields in parser.forms]


Read = tuple[str, Rule, str, TestResponse]


def read_pages(actors: Actors, roles: tuple[str, ...], pictures: bool = True) -> Iterator[Read]:
    """(role, rule, address, answer) of every address that is read, for each of those roles; without
    `pictures` those of words alone.
    """
    for role in roles:
        client = actors.client(role)
        for rule in rules(actors.app, "GET"):
            if not pictures and rule.rule.endswith((".png", ".pdf")):
                continue
            for address in addresses(actors.world, rule):
                yield role, rule, address, client.get(address)


BY_HAND: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "checkin.take_fee": ("staff", []),
    "checkin.give_fee_back": ("staff", []),
    "checkin.mark_rest": ("owner", []),
    "checkin.take_back_noted": ("owner", []),
    "checkin.undo_attendance": ("owner", []),
    "checkin.undo_party": ("owner", []),
    "events.send_invitations": ("owner", []),
    "followups.send": ("attendee0", [("draft", "先日はありがとうございました。"), ("words", "先日は")]),
    "matches.restore": ("owner", []),
    "people.type_digits": ("nobody", [("digits", "123456")]),
    "people.use_link": ("nobody", []),
    "registrations.admit_over": ("owner", [("reason", "")]),
    "registrations.choose_target": ("owner", [("target", "1")]),
    "registrations.send_now": ("owner", []),
    "registrations.undo": ("owner", []),
}
"""Endpoints whose form stands on a page only at a certain moment: who posts, and its fields."""


def gather_forms(actors: Actors, roles: tuple[str, ...]) -> dict[str, Form]:
    """One form for every endpoint that takes posts, found on the pages of those roles; the first role that
    sees it counts.
    """
    found: dict[str, Form] = {}
    adapter = actors.app.url_map.bind("localhost")
    for role, _rule, address, answer in read_pages(actors, roles, pictures=False):
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in forms_of(address, answer.get_data(as_text=True), role):
            endpoint, _ = adapter.match(form.action.split("?")[0], method="POST")
            known = found.get(str(endpoint))
            if known is None or len(form.names) > len(known.names):
                found[str(endpoint)] = form
    for rule in rules(actors.app, "POST"):
        if rule.endpoint in BY_HAND and rule.endpoint not in found:
            role, fields = BY_HAND[rule.endpoint]
            address = addresses(actors.world, rule)[0]
            found[rule.endpoint] = Form(role, address, address, fields)
    return found


def snapshot(connection: Connection, tables: MetaData = metadata) -> dict[str, str]:
    """A digest of each table's rows."""
    return {
        table.name: hashlib.sha256(
            repr(
                [
                    tuple(row)
                    for row in connection.execute(select(table).order_by(*inspect(table).primary_key))
                ]
            ).encode(errors="surrogatepass")
        ).hexdigest()
        for table in tables.sorted_tables
    }


def settled(html: str) -> str:
    """A page without what differs from one look to the next."""
    return VOLATILE.sub("", html)
