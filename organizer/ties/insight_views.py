"""What one took home, looked back on, and how far one's goals have come."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from organizer.clock import now
from organizer.ties import queries, service
from organizer.ties.forms import InsightForm, ProgressForm
from organizer.ties.pages import blueprint
from organizer.web.access import me, signed_in
from organizer.web.unit import db_session


@blueprint.get("/insights")
@signed_in
def insights() -> ResponseReturnValue:
    """What one took home from each event, asked again, and one's goals."""
    return _page()


@blueprint.post("/insights/<event_id>")
@signed_in
def look_back(event_id: str) -> ResponseReturnValue:
    """Keep how one would decide today."""
    insight, form = queries.insight_of(db_session(), me().id, event_id), InsightForm(prefix=event_id)
    if not form.validate():
        return _page({event_id: form}), 422
    service.look_back(db_session(), insight, form.today_words.data or "", now())
    flash(_("Your thought of today is kept beside the one of then."), "safe")
    return redirect(url_for("ties.insights"), 303)


@blueprint.post("/goals/<horizon>")
@signed_in
def progress(horizon: str) -> ResponseReturnValue:
    """Keep how far a goal has come."""
    goal = next((g for g in queries.goals_of(db_session(), me().id) if g.horizon.value == horizon), None)
    if goal is None:
        abort(404)
    form = ProgressForm(prefix=horizon)
    if not form.validate():
        return _page(progress={horizon: form}), 422
    service.advance(db_session(), goal, int(form.progress.data), now())
    flash(_("Noted."), "safe")
    return redirect(url_for("ties.insights"), 303)


def _page(
    looks: dict[str, InsightForm] | None = None, progress: dict[str, ProgressForm] | None = None
) -> str:
    told = queries.insights_of(db_session(), me().id)
    goals = queries.goals_of(db_session(), me().id)
    looking = {
        event.public_id: InsightForm(
            formdata=None, prefix=event.public_id, data={"today_words": insight.today_words}
        )
        for insight, event in told
    }
    going = {
        goal.horizon.value: ProgressForm(
            formdata=None, prefix=goal.horizon.value, data={"progress": str(goal.progress)}
        )
        for goal in goals
    }
    return render_template(
        "ties/insights.html",
        insights=told,
        goals=goals,
        looks=looking | (looks or {}),
        progress=going | (progress or {}),
    )
