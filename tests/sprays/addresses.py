"""Every address of the app, with rows that are there in each of its parts."""

from collections.abc import Iterator, Mapping

from werkzeug.routing import Rule

from organizer.web.access import Policy
from organizer.web.unit import App
from tests.sprays.cast import World

NOT_OURS = {
    "static",
    "checkin.door_module",
    *(f"dev.{name}" for name in ("pieces", "mail", "message", "html")),
}


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
