"""The blueprint of the book of ties."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from organizer.ties.queries import Shown
from organizer.ties.service import TieBarrier
from organizer.web.labels import add_labels

blueprint = Blueprint("ties", __name__)

add_labels(
    {
        TieBarrier: {
            TieBarrier.FOCUS_FULL: _l(
                "Five people are on your focus list already. Take somebody off it first."
            ),
            TieBarrier.NOT_YET: _l("This day has not come yet."),
            TieBarrier.PROMISE_SETTLED: _l("This promise is settled already."),
        },
        Shown: {
            Shown.ALL: _l("Everybody"),
            Shown.FOCUS: _l("Focus list"),
            Shown.COOLING: _l("A while ago"),
            Shown.PROMISES: _l("With promises"),
            Shown.LET_GO: _l("Let go"),
        },
    }
)
