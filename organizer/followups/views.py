"""Prompts on the page: whom to write to today, the draft, and how it went."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.domain.delivery import PromptAnswer
from organizer.errors import Refused
from organizer.followups import letters, link_views, queries, service, stopping
from organizer.followups.forms import AnswerForm, DraftForm, LetterForm
from organizer.followups.pages import blueprint, told
from organizer.followups.queries import Story
from organizer.followups.wording import THANKS
from organizer.web.access import me, signed_in
from organizer.web.labels import label
from organizer.web.limits import limited
from organizer.web.unit import db_session

__all__ = ["blueprint", "link_views"]


@blueprint.get("/prompts")
@signed_in
def index() -> ResponseReturnValue:
    """Whom to write to now, and what comes next."""
    session = db_session()
    due = queries.due_stories(session, me().id, now())
    return render_template(
        "followups/index.html",
        prompts=[told(story, me()) for story in due],
        coming=queries.coming_up(session, me().id, now()),
        stopped=me().prompts_stopped_at is not None,
        hour=me().prompt_hour,
    )


@blueprint.get("/prompts/<public_id>")
@signed_in
def show(public_id: str) -> ResponseReturnValue:
    """One prompt: why, the draft to copy or send, and the answers."""
    return _page(_mine(public_id))


@blueprint.post("/prompts/<public_id>/draft")
@signed_in
def keep(public_id: str) -> ResponseReturnValue:
    """Keep the draft as edited."""
    story, form = _mine(public_id), DraftForm()
    if not form.validate():
        return _page(story, form), 422
    service.keep_draft(db_session(), story.follow_up, form.words.data or "")
    flash(_("Your draft is kept."), "safe")
    return redirect(url_for("followups.show", public_id=public_id), 303)


@blueprint.post("/prompts/<public_id>/send")
@signed_in
@limited("30 per hour")
def send(public_id: str) -> ResponseReturnValue:
    """Have Enishi send the letter."""
    story, form = _mine(public_id), LetterForm()
    if not form.validate():
        return _page(story, form), 422
    try:
        letters.hand_over(db_session(), story.follow_up, form.words.data, now())
    except Refused as refusal:
        service.keep_draft(db_session(), story.follow_up, form.words.data)
        return _page(story, form, str(label(refusal.reason))), 409
    flash(_("Your letter to %(name)s is on its way.", name=story.other.name), "safe")
    return redirect(url_for("followups.index"), 303)


@blueprint.post("/prompts/<public_id>/answer")
@signed_in
def respond(public_id: str) -> ResponseReturnValue:
    """Take an answer."""
    story, form = _mine(public_id), AnswerForm()
    if not form.validate():
        return _page(story), 422
    if service.answer(db_session(), story.follow_up, form.answer.member, now()):
        _say(story, form.answer.member)
    return redirect(url_for("followups.index"), 303)


@blueprint.post("/prompts/start-again")
@signed_in
def resume() -> ResponseReturnValue:
    """Have the mails of prompts come again."""
    stopping.start_again(db_session(), me().id, now())
    flash(_("Prompts will come by mail again."), "safe")
    return redirect(url_for("followups.index"), 303)


@blueprint.post("/prompts/stop")
@signed_in
def stop_mails() -> ResponseReturnValue:
    """Have no more mails of prompts."""
    stopping.stop(db_session(), me().id, now())
    flash(_("No more prompts will come by mail. They stay on this page."), "safe")
    return redirect(url_for("followups.index"), 303)


def _mine(public_id: str) -> Story:
    return queries.story_of(db_session(), me().id, public_id, now())


def _say(story: Story, said: PromptAnswer) -> None:
    if said is PromptAnswer.NOT_THIS_PERSON and story.tie is not None:
        undo = url_for("ties.hold_on", public_id=story.tie.public_id)
        flash({"text": str(THANKS[said]), "url": undo}, "undo")  # type: ignore[arg-type]
    else:
        flash(str(THANKS[said]), "safe")


def _page(story: Story, form: DraftForm | LetterForm | None = None, refusal: str = "") -> str:
    facts = told(story, me())
    form = form or DraftForm(formdata=None, data={"words": facts["draft"]})
    barrier = letters.barrier(db_session(), me(), story.other, now()) if facts["open"] else None
    return render_template(
        "followups/show.html",
        form=form,
        refusal=refusal,
        barrier=barrier,
        my_address=me().email,
        **facts,
    )
