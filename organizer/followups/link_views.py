"""The links of a prompt's mail: answering and stopping without signing in. Looking at them changes nothing."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from organizer.clock import now
from organizer.domain.delivery import PromptAnswer
from organizer.errors import NotFound
from organizer.followups import queries, service, stopping
from organizer.followups.forms import AnswerForm
from organizer.followups.pages import blueprint, told
from organizer.followups.queries import Story
from organizer.followups.wording import THANKS, answers_of
from organizer.people import links
from organizer.people.models import LinkPurpose, MailLink, Person
from organizer.people.service import people_by_id
from organizer.web.access import by_link, remember_language
from organizer.web.security import csrf
from organizer.web.unit import db_session

ONE_CLICK = "One-Click"


@blueprint.get("/a/<token>")
@by_link
def answer(token: str) -> ResponseReturnValue:
    """One prompt of a mail: the answer chosen there asked once more, with one button."""
    if links.has_expired(db_session(), LinkPurpose.PROMPT, token, now()):
        return render_template("followups/expired.html"), 410
    said = request.args.get("answer", "")
    chosen = PromptAnswer(said) if said in list(PromptAnswer) else None
    return _page(token, *_story(token), chosen)


@blueprint.post("/a/<token>")
@by_link
def take_answer(token: str) -> ResponseReturnValue:
    """Take the answer. A second time nothing happens, and the page says what was answered."""
    if links.has_expired(db_session(), LinkPurpose.PROMPT, token, now()):
        return render_template("followups/expired.html"), 410
    story, person = _story(token)
    form = AnswerForm()
    if not form.validate():
        return _page(token, story, person, None), 422
    service.answer(db_session(), story.follow_up, form.answer.member, now())
    return redirect(url_for("followups.answer", token=token), 303)


@blueprint.get("/stop/<token>")
@by_link
def stop(token: str) -> ResponseReturnValue:
    """Whether to stop these mails, with one button."""
    return _stop_page(token, _person(_link(LinkPurpose.STOP_PROMPTS, token)))


@blueprint.post("/stop/<token>")
@by_link
def stop_now(token: str) -> ResponseReturnValue:
    """Stop these mails: for mail programs in one click, without a cookie (RFC 8058), and for the button of the
    page.
    """
    person = _person(_link(LinkPurpose.STOP_PROMPTS, token))
    stopping.stop(db_session(), person.id, now())
    if request.form.get("List-Unsubscribe") == ONE_CLICK:
        return "", 200, {"Content-Type": "text/plain; charset=utf-8"}
    return redirect(url_for("followups.stop", token=token), 303)


stop_now.cross_site = True  # type: ignore[attr-defined]
csrf.exempt(stop_now)


@blueprint.post("/stop/<token>/again")
@by_link
def start_again(token: str) -> ResponseReturnValue:
    """Have these mails again."""
    stopping.start_again(db_session(), _person(_link(LinkPurpose.STOP_PROMPTS, token)).id, now())
    return redirect(url_for("followups.stop", token=token), 303)


def _link(purpose: LinkPurpose, token: str) -> MailLink:
    link = links.find(db_session(), purpose, token, now())
    if link is None:
        raise NotFound
    return link


def _person(link: MailLink) -> Person:
    person = people_by_id(db_session(), [link.person_id])[link.person_id]
    remember_language(person)
    return person


def _story(token: str) -> tuple[Story, Person]:
    link = _link(LinkPurpose.PROMPT, token)
    person = _person(link)
    return queries.story_of_link(db_session(), person.id, link.subject_id or 0), person


def _page(token: str, story: Story, person: Person, chosen: PromptAnswer | None) -> str:
    words = dict(answers_of(story)).get(chosen) if chosen else None
    return render_template(
        "followups/answer.html",
        token=token,
        chosen=chosen,
        chosen_words=words,
        thanks=THANKS,
        **told(story, person),
    )


def _stop_page(token: str, person: Person) -> str:
    stopped = person.prompts_stopped_at is not None
    return render_template("followups/stop.html", token=token, stopped=stopped)
