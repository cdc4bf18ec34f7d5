"""The book of ties: all of them, and the page of each."""

from datetime import datetime, time

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _

from organizer.clock import now
from organizer.i18n import long_day
from organizer.people.contact import shared
from organizer.ties import insight_views, queries, service
from organizer.ties.forms import BY_HAND, ContactForm, NoteForm, PromiseForm
from organizer.ties.models import Tie
from organizer.ties.pages import blueprint
from organizer.ties.queries import Entry, Page, Shown
from organizer.web.access import me, signed_in
from organizer.web.labels import choices, label
from organizer.web.unit import db_session
from organizer.workflows import keeping_up

__all__ = ["blueprint", "insight_views"]


@blueprint.get("/ties")
@signed_in
def index() -> ResponseReturnValue:
    """The people one has met, how far each tie has come, and what would do it good next."""
    text = request.args.get("show", "")
    which = Shown(text) if text in list(Shown) else Shown.ALL
    entries = queries.book(db_session(), me(), now())
    return render_template(
        "ties/index.html",
        entries=queries.shown(entries, which),
        counts={one: len(queries.shown(entries, one)) for one in Shown},
        whole=queries.whole(entries, me()),
        which=which,
        any_tie=bool(entries),
        missing=_missing(entries),
    )


@blueprint.get("/ties/<public_id>")
@signed_in
def show(public_id: str) -> ResponseReturnValue:
    """One tie: its thread of contacts, promises, a private note, and what one can do."""
    return _page(public_id)


@blueprint.post("/ties/<public_id>/note")
@signed_in
def note(public_id: str) -> ResponseReturnValue:
    """Keep the private note and the purpose."""
    tie, form = _mine(public_id), NoteForm()
    if not form.validate():
        return _page(public_id, note=form), 422
    service.write_note(db_session(), tie, form.note.data or "", form.purpose.member)
    flash(_("Your note is kept. Only you can read it."), "safe")
    return _back(tie)


@blueprint.post("/ties/<public_id>/focus")
@signed_in
def focus(public_id: str) -> ResponseReturnValue:
    """Put somebody on the focus list, or take them off it."""
    tie = _mine(public_id)
    if request.form.get("on") == "1":
        service.focus(db_session(), tie)
    else:
        service.unfocus(db_session(), tie)
    return _back(tie)


@blueprint.post("/ties/<public_id>/contact")
@signed_in
def contact(public_id: str) -> ResponseReturnValue:
    """Note a touch that happened elsewhere; the next prompt moves on from it."""
    tie, form = _mine(public_id), _offering(ContactForm())
    zone = queries.zone_of(me())
    if form.validate() and form.day.data > now().astimezone(zone).date():
        form.day.errors = [label(service.TieBarrier.NOT_YET)]
    if form.errors or form.day.errors:
        return _page(public_id, contact=form), 422
    noon = datetime.combine(form.day.data, time(12), zone)
    at = min(noon, now())
    keeping_up.note_contact(db_session(), tie, form.kind.member, form.day.data, at, now())
    flash(_("The contact is noted; the next prompt follows from it."), "safe")
    return _back(tie)


@blueprint.post("/ties/<public_id>/let-go")
@signed_in
def let_go(public_id: str) -> ResponseReturnValue:
    """Let somebody go, in one tap and unseen by them."""
    tie = _mine(public_id)
    keeping_up.let_go(db_session(), tie.person_id, tie.other_id, now())
    undo = url_for("ties.hold_on", public_id=public_id)
    text = _("You will not be prompted about this person again. They are not told.")
    flash({"text": text, "url": undo}, "undo")  # type: ignore[arg-type]
    return redirect(url_for("ties.index"), 303)


@blueprint.post("/ties/<public_id>/hold-on")
@signed_in
def hold_on(public_id: str) -> ResponseReturnValue:
    """Take a letting-go back."""
    tie = _mine(public_id)
    keeping_up.hold_on(db_session(), tie, now())
    flash(_("This tie goes on."), "safe")
    return _back(tie)


@blueprint.post("/ties/<public_id>/promise")
@signed_in
def promise(public_id: str) -> ResponseReturnValue:
    """Write down a promise; its day brings a prompt."""
    tie, form = _mine(public_id), PromiseForm()
    if not form.validate():
        return _page(public_id, promise=form), 422
    keeping_up.promise(db_session(), tie, form.words.data, form.due_on.data, now())
    flash(_("The promise is written down."), "safe")
    return _back(tie)


@blueprint.post("/promises/<public_id>")
@signed_in
def settle(public_id: str) -> ResponseReturnValue:
    """Say that a promise was kept, given up, or is open after all."""
    session = db_session()
    made = service.promise_of(session, me(), public_id)
    said = request.form.get("said")
    if said == "kept":
        service.keep(session, made, now())
    elif said == "dropped":
        service.drop(session, made, now())
    elif said == "open":
        keeping_up.reopen(session, made, now())
    tie = service.tie_between(session, made.person_id, made.other_id)
    return _back(tie) if tie else redirect(url_for("ties.index"), 303)


def _mine(public_id: str) -> Tie:
    return service.tie_of(db_session(), me(), public_id)


def _back(tie: Tie) -> ResponseReturnValue:
    return redirect(url_for("ties.show", public_id=tie.public_id), 303)


def _offering(form: ContactForm) -> ContactForm:
    form.kind.choices = [choice for choice in choices(form.kind.enum) if choice[0] in BY_HAND]
    return form


def _missing(entries: list[Entry]) -> list[LazyString]:
    """What kinds of people a begun focus list lacks."""
    if not queries.shown(entries, Shown.FOCUS):
        return []
    return [label(kind) for kind in dict.fromkeys(queries.whole(entries, me()).focus.missing)]


def _reachable(page: Page) -> list[tuple[LazyString, str]]:
    """The other's contact data, once both have handed theirs over."""
    if not (page.agreed and page.agreed_back):
        return []
    return [(label(item), text) for item, text in shared(page.entry.other).items()]


def _thread(page: Page) -> list[tuple[str, object, str, str]]:
    """The contacts of a tie as its timeline shows them."""
    zone = queries.zone_of(me())
    return [
        (long_day(contact.at, zone), label(contact.kind), title or "", "now" if turn == 0 else "")
        for turn, (contact, title) in enumerate(page.contacts)
    ]


def _page(
    public_id: str,
    note: NoteForm | None = None,
    contact: ContactForm | None = None,
    promise: PromiseForm | None = None,
) -> str:
    """The page of a tie, with the form that was not as expected, or fresh ones."""
    page = queries.page(db_session(), me(), public_id, now())
    tie = page.entry.tie
    return render_template(
        "ties/show.html",
        page=page,
        entry=page.entry,
        note=note or NoteForm(formdata=None, data={"note": tie.note, "purpose": tie.purpose}),
        contact=contact or _offering(ContactForm(formdata=None, data={"day": page.entry.today})),
        promise=promise or PromiseForm(formdata=None),
        reachable=_reachable(page),
        circle=queries.circle_met_in(db_session(), me().id, page.entry.other.id),
        thread=_thread(page),
    )
