"""One's profile: its face, and a page for each of its sections."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.domain.profiles import Give, Wish
from organizer.domain.vocabulary import GiveKind, Horizon
from organizer.errors import NotFound
from organizer.people import profiles
from organizer.people.completeness import Completeness, Section, completeness
from organizer.people.contact import shared, shown_phone
from organizer.people.forms import WelcomeForm
from organizer.people.models import Person
from organizer.people.pages import blueprint
from organizer.people.profile_forms import (
    AboutForm,
    ContactForm,
    GivesForm,
    GoalsForm,
    ThoughtsForm,
    WishesForm,
    parsed_phone,
)
from organizer.people.service import domain_profile
from organizer.web.access import me, signed_in
from organizer.web.forms import Form
from organizer.web.unit import db_session
from organizer.web.urls import safe_next
from organizer.workflows.describing import goals_of, set_goals


@blueprint.get("/me/welcome")
@signed_in
def welcome() -> ResponseReturnValue:
    """Three lines asked of somebody new."""
    person = me()
    said = {"name": person.name, "reading": person.reading, "company": person.profile.company}
    return _welcome_page(WelcomeForm(formdata=None, next=_next(), **said))


def _next() -> str:
    return safe_next(request.values.get("next"), url_for("home.index"))


def _welcome_page(form: WelcomeForm) -> str:
    return render_template("people/welcome.html", form=form)


@blueprint.post("/me/welcome")
@signed_in
def say_name() -> ResponseReturnValue:
    """Keep the three lines, and go on to where the person wanted to go."""
    form = WelcomeForm()
    if not form.validate():
        return _welcome_page(form), 422
    profiles.say_name(
        db_session(),
        me(),
        name=form.name.data,
        reading=form.reading.data,
        company=form.company.data,
        now=now(),
    )
    return redirect(_next(), 303)


def _completeness(person: Person, goals: dict[Horizon, str]) -> Completeness:
    return completeness(
        domain_profile(person), name=person.name, reading=person.reading, goals=goals, contact=shared(person)
    )


@blueprint.get("/me/profile")
@signed_in
def profile() -> ResponseReturnValue:
    """What one has said of oneself, how complete it is, and the way to change each section."""
    person = me()
    goals = goals_of(db_session(), person)
    return render_template(
        "people/profile.html",
        person=person,
        said=domain_profile(person),
        goals=goals,
        contact=shared(person),
        complete=_completeness(person, goals),
        Section=Section,
    )


@dataclass(frozen=True)
class Editor:
    """How one section is shown in its form, and taken in from it."""

    form: type[Form]
    show: Callable[[Person], dict[str, object]]
    keep: Callable[[Person, Any], None]


@blueprint.get("/me/profile/<section>")
@signed_in
def edit_section(section: str) -> ResponseReturnValue:
    """The form of one section."""
    part, editor = _editor(section)
    return _section_page(part, editor.form(formdata=None, data=editor.show(me())))


def _editor(section: str) -> tuple[Section, Editor]:
    if section not in set(Section):
        raise NotFound
    return Section(section), EDITORS[Section(section)]


def _section_page(section: Section, form: Form) -> str:
    return render_template(
        f"people/section_{section.value}.html", form=form, section=section, guided=_guided()
    )


def _guided() -> bool:
    """Whether the person goes through the sections one after another."""
    return request.values.get("guided") == "1"


@blueprint.post("/me/profile/<section>")
@signed_in
def save_section(section: str) -> ResponseReturnValue:
    """Keep one section; who is being guided goes on to the next that lacks something."""
    part, editor = _editor(section)
    form = editor.form()
    if not form.validate():
        return _section_page(part, form), 422
    editor.keep(me(), form)
    flash(_("Saved."), "safe")
    following = _completeness(me(), goals_of(db_session(), me())).after(part) if _guided() else None
    if following is not None:
        return redirect(url_for("people.edit_section", section=following.value, guided=1), 303)
    return redirect(url_for("people.profile"), 303)


def _show_about(person: Person) -> dict[str, object]:
    said = person.profile
    columns = (
        "company",
        "title",
        "role",
        "authority",
        "industry",
        "industry_words",
        "size",
        "founded_year",
        "region",
    )
    return {"name": person.name, "reading": person.reading} | {name: getattr(said, name) for name in columns}


def _keep_about(person: Person, form: AboutForm) -> None:
    about = profiles.About(
        name=form.name.data,
        reading=form.reading.data,
        company=form.company.data,
        title=form.title.data,
        role=form.role.member,
        authority=form.authority.member,
        industry=form.industry.member,
        industry_words=form.industry_words.data,
        size=form.size.member,
        founded_year=form.founded_year.data,
        region=form.region.member,
    )
    profiles.say_about(db_session(), person, about, now())


def _show_thoughts(person: Person) -> dict[str, object]:
    said = domain_profile(person)
    return {
        "values": [value.value for value in said.values],
        "value_words": person.profile.value_words,
        "challenges": [topic.value for topic in said.challenge_topics],
        "challenge_words": [one.words for one in said.challenges if one.words],
        "intents": [intent.value for intent in said.intents],
    }


def _keep_thoughts(person: Person, form: ThoughtsForm) -> None:
    thoughts = profiles.Thoughts(
        values=form["values"].members,
        value_words=form.value_words.data,
        challenges=form.challenges.members,
        challenge_words=[words for words in form.challenge_words.data if words],
        intents=form.intents.members,
    )
    profiles.say_thoughts(db_session(), person, thoughts, now())


def _show_gives(person: Person) -> dict[str, object]:
    return {"gives": [give.to_data() for give in domain_profile(person).gives]}


def _keep_gives(person: Person, form: GivesForm) -> None:
    gives = [
        Give(row.kind.member or GiveKind.EXPERIENCE, row.words.data, row.tags.members)
        for row in (entry.form for entry in form.gives)
        if row.words.data
    ]
    profiles.say_gives(db_session(), person, gives, now())


def _show_wishes(person: Person) -> dict[str, object]:
    said = domain_profile(person)
    return {"wish": said.wish.to_data(), "serve": said.serve.to_data()}


def _keep_wishes(person: Person, form: WishesForm) -> None:
    profiles.say_wishes(db_session(), person, _wish(form.wish.form), _wish(form.serve.form), now())


def _wish(row: Form) -> Wish:
    return Wish(
        row.words.data, row.industries.members, row.sizes.members, row.roles.members, row.topics.members
    )


def _show_goals(person: Person) -> dict[str, object]:
    return {horizon.value: words for horizon, words in goals_of(db_session(), person).items()}


def _keep_goals(person: Person, form: GoalsForm) -> None:
    set_goals(db_session(), person, form.words(), now())


def _show_contact(person: Person) -> dict[str, object]:
    said = person.profile.contact
    return {
        "mail": said.get("mail", True),
        "phone": shown_phone(person.phone),
        "share_phone": said.get("phone", False),
        "line": said.get("line", ""),
        "web": said.get("web", ""),
    }


def _keep_contact(person: Person, form: ContactForm) -> None:
    profiles.say_contact(
        db_session(),
        person,
        mail=form.mail.data,
        phone=(parsed_phone(form.phone.data) or "") if form.phone.data else "",
        share_phone=form.share_phone.data,
        line=form.line.data,
        web=form.web.data,
        now=now(),
    )


EDITORS = {
    Section.ABOUT: Editor(AboutForm, _show_about, _keep_about),
    Section.THOUGHTS: Editor(ThoughtsForm, _show_thoughts, _keep_thoughts),
    Section.GIVES: Editor(GivesForm, _show_gives, _keep_gives),
    Section.WISHES: Editor(WishesForm, _show_wishes, _keep_wishes),
    Section.GOALS: Editor(GoalsForm, _show_goals, _keep_goals),
    Section.CONTACT: Editor(ContactForm, _show_contact, _keep_contact),
}
