"""One's own registration, whether reached by the mail's link or signed in: both ways show the same pages."""

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from organizer.checkin.fees import payment_of
from organizer.clock import now
from organizer.domain.lifecycle import (
    LIVE,
    Actor,
    EventPhase,
    EventState,
    Mode,
    RegistrationState,
    RegistrationStep,
    allowed,
    closing_opens,
    phase,
)
from organizer.domain.profiles import Give, Wish
from organizer.errors import NotFound
from organizer.events import calendar
from organizer.registrations import tickets
from organizer.registrations.answers import application_of, typed_application
from organizer.registrations.applying import change_answers, tell_anew
from organizer.registrations.forms import AnswersForm
from organizer.registrations.models import Registration, Ticket
from organizer.registrations.queries import told_state
from organizer.registrations.waiting import place_of
from organizer.web.unit import config, db_session
from organizer.web.urls import external
from organizer.workflows.applying import give_up, has_arrived


@dataclass(frozen=True)
class Holder:
    """A registration and the way it was reached: `way` is the first part of its endpoints, `key` what they ask for."""

    registration: Registration
    way: str
    key: dict[str, Any]

    def url(self, act: str = "") -> str:
        """The page of an act (`edit`, `cancel`, …) in the same way; without one, the registration's own."""
        return url_for(f"registrations.{self.way}{'_' if act else ''}{act}", **self.key)

    def after(self, page: str) -> str:
        """One's page after the event (`closing`, `matches`): signed in at once, from a mail by six digits."""
        if "token" in self.key:
            return url_for("matches.enter", token=self.key["token"], page=page)
        endpoint = "matches.closing" if page == "closing" else "matches.mine"
        return url_for(endpoint, event_id=self.registration.event.public_id)

    def table(self) -> str:
        """The page of one's own table, in the same way."""
        if "token" in self.key:
            return url_for("rounds.my_table_link", token=self.key["token"])
        return url_for("rounds.my_table", event_id=self.registration.event.public_id)

    def receipt(self) -> str:
        """The page of one's own receipt, in the same way."""
        endpoint = "checkin.receipt_link" if "token" in self.key else "checkin.my_receipt"
        return url_for(endpoint, **self.key)

    @property
    def state(self) -> RegistrationState:
        """The state as the applicant knows it."""
        return told_state(self.registration, now())

    @property
    def ticket(self) -> Ticket | None:
        """The standing ticket, once the applicant has been told of it."""
        if self.state is not RegistrationState.ADMITTED:
            return None
        return tickets.standing(db_session(), self.registration.id)

    @property
    def shown_url(self) -> str:
        """What the QR code holds. NotFound where there is no ticket."""
        ticket = self.ticket
        if ticket is None:
            raise NotFound
        return shown_url(ticket)

    @property
    def open(self) -> bool:
        """Whether answers can still be changed."""
        event = self.registration.event
        over = phase(event.starts_at, event.ends_at, now()) is EventPhase.OVER
        return self.state in LIVE and event.state is not EventState.CANCELLED and not over

    @property
    def cancellable(self) -> bool:
        """Whether the place can be given back, as far as the calendar tells."""
        event = self.registration.event
        step = RegistrationStep.CANCEL
        return bool(allowed(self.state, step, Actor.APPLICANT, event.state, now(), ends_at=event.ends_at))


def shown_url(ticket: Ticket) -> str:
    """The address in a ticket's QR code."""
    return external("registrations.shown_code", code=tickets.code_of(ticket, config().secret_key))


def show(holder: Holder) -> ResponseReturnValue:
    """The ticket, or how the registration stands."""
    registration, ticket = holder.registration, holder.ticket
    event = registration.event
    picture = tickets.qr_data_url(shown_url(ticket)) if ticket and event.mode is Mode.VENUE else None
    waits = holder.state is RegistrationState.WAITLISTED
    return render_template(
        "registrations/ticket.html",
        place=place_of(db_session(), registration, now()) if waits else None,
        holder=holder,
        event=event,
        registration=registration,
        ticket=ticket,
        picture=picture,
        closing=_closing_open(holder),
        over=now() >= event.ends_at,
        paid=bool(event.fee_yen) and payment_of(db_session(), registration.id) is not None,
    )


def _closing_open(holder: Holder) -> bool:
    """Whether this person may look back on the day: it is late enough, and they were there."""
    event = holder.registration.event
    late_enough = now() >= closing_opens(event.starts_at, event.ends_at)
    admitted = holder.state is RegistrationState.ADMITTED
    return admitted and late_enough and has_arrived(db_session(), holder.registration.id)


def picture(holder: Holder) -> Response:
    """The QR code as a picture to keep."""
    return Response(tickets.qr_png(holder.shown_url), mimetype="image/png")


def document(holder: Holder) -> Response:
    """The ticket as a PDF."""
    from organizer.registrations import pdf  # noqa: PLC0415  heavy, and few pages need it

    ticket = holder.ticket
    if ticket is None or holder.registration.event.mode is not Mode.VENUE:
        raise NotFound
    content = pdf.ticket(holder.registration, ticket, shown_url(ticket))
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="ticket.pdf"'
    return answer


def entry(holder: Holder) -> Response:
    """The event for one's calendar."""
    event = holder.registration.event
    content = calendar.ics(
        event, base_url_of_event=external("events.show", event_id=event.public_id), stamp=now()
    )
    answer = Response(content, mimetype=calendar.MIME)
    answer.headers["Content-Disposition"] = 'attachment; filename="event.ics"'
    return answer


def edit(holder: Holder) -> ResponseReturnValue:
    """The answers for this event, to be changed."""
    registration = holder.registration
    answers = registration.answers
    gives = tuple(Give.from_data(row) for row in answers.get("gives") or ())
    typed = typed_application(gives, Wish.from_data(answers.get("wish") or {})) | {
        "today": answers.get("today", ""),
        "topic": registration.topic,
        "introducer": registration.introducer,
        "listed": registration.listed,
    }
    return _edit_page(holder, AnswersForm(data=typed))


def change(holder: Holder) -> ResponseReturnValue:
    """Keep changed answers."""
    form = AnswersForm()
    if not holder.open:
        return _edit_page(holder, form)
    if not form.validate_on_submit():
        return _edit_page(holder, form)[0], 422
    change_answers(db_session(), holder.registration, application_of(form.typed()), now())
    return redirect(holder.url(), 303)


def ask_to_cancel(holder: Holder) -> ResponseReturnValue:
    """Asked once, before the place is given back."""
    return render_template("registrations/cancel.html", holder=holder, event=holder.registration.event)


def cancel(holder: Holder) -> ResponseReturnValue:
    """Give the place back; pressed twice, it is given back once."""
    registration = holder.registration
    give_up(db_session(), registration, by=registration.person, now=now())
    return redirect(holder.url(), 303)


def reissue(holder: Holder) -> ResponseReturnValue:
    """A new code in place of the present one, on the page and by mail."""
    session, registration = db_session(), holder.registration
    if holder.ticket is None or not holder.open:
        raise NotFound
    ticket = tickets.reissue(session, registration, now(), config().secret_key, by_id=registration.person_id)
    tell_anew(session, registration, ticket, now())
    return redirect(holder.url(), 303)


def _edit_page(holder: Holder, form: AnswersForm) -> tuple[str, int]:
    event = holder.registration.event
    page = render_template("registrations/edit.html", holder=holder, event=event, form=form)
    return page, 200 if holder.open else 409
