"""Every room's pages, in the order of the evening."""

from organizer.checkin import api as checkin_api
from organizer.checkin import registrations_api
from organizer.checkin import views as checkin
from organizer.circles import views as circles
from organizer.events import api as events_api
from organizer.events import views as events
from organizer.followups import views as followups
from organizer.matches import views as matches
from organizer.people import views as people
from organizer.registrations import views as registrations
from organizer.rounds import views as rounds
from organizer.ties import views as ties
from organizer.web import api_views, dev, home
from organizer.web import views as web
from organizer.web.unit import App


def register_all(app: App) -> None:
    """Hang every blueprint into the app."""
    portal = (
        web.blueprint,
        api_views.blueprint,
        home.blueprint,
        dev.blueprint,
        people.blueprint,
        circles.blueprint,
        events.blueprint,
        events_api.blueprint,
    )
    evening = (registrations.blueprint, checkin.blueprint, checkin_api.blueprint, registrations_api.blueprint)
    for blueprint in (
        *portal,
        *evening,
        rounds.blueprint,
        matches.blueprint,
        ties.blueprint,
        followups.blueprint,
    ):
        app.register_blueprint(blueprint)
