"""Every form of every page, as the page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.sprays.addresses import addresses, rules
from tests.sprays.walking import Actors, Visit


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


def gather_forms(actors: Actors, visits: Iterable[Visit]) -> dict[str, Form]:
    """One form for every endpoint that takes posts, found on the pages of those visits; of several the first of those
    with most fields.
    """
    found: dict[str, Form] = {}
    adapter = actors.app.url_map.bind("localhost")
    for visit in visits:
        if visit.status != 200 or visit.mimetype != "text/html":
            continue
        for form in forms_of(visit.address, visit.text, visit.role):
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
