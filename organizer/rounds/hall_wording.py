"""What the hall's script says aloud or shows, in the reader's language; `{…}` in it is filled by the script."""

from flask_babel import gettext as _


def words() -> dict[str, str]:
    """Every sentence of the hall screen and of the phones that the script puts there."""
    return {
        "began": _("Round {n} has begun."),
        "minute": _("One minute left"),
        "up": _("Time is up for round {n}."),
        "paused": _("Paused"),
        "resumed": _("Round {n} goes on."),
        "ended": _("Round {n} has ended."),
        "offline": _("No connection. The clock goes on; the tables are the last known."),
        "signedOut": _(
            "You have been signed out. The clock goes on; please sign in again for anything else."
        ),
        "notSent": _("That did not arrive. Please press again once the connection is back."),
        "refused": _("A colleague was quicker: what stands here now is the latest."),
        "soundOn": _("Turn the sound off"),
        "soundOff": _("Turn the sound on"),
        "stop": _("Stop turning pages"),
        "turn": _("Go on turning pages"),
    }
