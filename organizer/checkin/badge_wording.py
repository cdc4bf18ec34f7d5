"""What stands on a badge, in the reader's language, and how it looks before it is printed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from flask_babel import gettext as _

from organizer.domain.badges import POINT, SHEETS, Badge, Drawing, Headings, Sheet, SheetKind, legible
from organizer.domain.profiles import Profile, Wish
from organizer.events.models import Event
from organizer.registrations.models import Registration
from organizer.registrations.queries import profile_of
from organizer.registrations.tickets import qr_data_url
from organizer.web.labels import label

GIVES, TAGS = 3, 2


@dataclass(frozen=True, slots=True)
class Missing:
    """Signs that cannot be printed, and on whose badge they are left out."""

    name: str
    signs: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One badge as it will be printed, in mm, for the page."""

    sheet: Sheet
    drawing: Drawing
    code: str
    point: float = POINT


def headings() -> Headings:
    """What stands above gives and wish."""
    return Headings(str(_("Can give")), str(_("Would like to meet")))


def badge_of(registration: Registration, event: Event, address: Callable[[str], str]) -> Badge:
    """The badge of one person; of those who do not wish to be listed name and company alone. Person, profile loaded."""
    person = registration.person
    own = Badge(
        event=event.title,
        name=person.name or str(_("(name not given yet)")),
        reading=person.reading,
        company=person.profile.company,
    )
    if not registration.listed:
        return own
    profile = profile_of(registration)
    return replace(
        own,
        tags=tags_of(profile),
        gives=gives_of(profile),
        wish=wish_words(profile.wish),
        url=address(registration.public_id),
    )


def printable_badges(
    badges: Sequence[Badge], known: Callable[[str], bool]
) -> tuple[list[Badge], list[Missing]]:
    """The badges without what cannot be printed, and what that is, badge by badge."""
    kept, missing = [], []
    for badge in badges:
        lost: list[str] = []

        def clean(text: str, lost: list[str] = lost) -> str:
            shown, left_out = legible(text, known)
            lost.append(left_out)
            return shown

        kept.append(
            replace(
                badge,
                event=legible(badge.event, known)[0],
                name=clean(badge.name),
                reading=clean(badge.reading),
                company=clean(badge.company),
                tags=tuple(clean(text) for text in badge.tags),
                gives=tuple(clean(text) for text in badge.gives),
                wish=clean(badge.wish),
            )
        )
        signs = "".join(dict.fromkeys("".join(lost)))
        if signs:
            missing.append(Missing(badge.name, signs))
    return kept, missing


def picture_of(badge: Badge, kind: SheetKind, drawing: Drawing) -> Picture:
    """One badge for the page."""
    return Picture(SHEETS[kind], drawing, qr_data_url(badge.url) if badge.url else "")


def tags_of(profile: Profile) -> tuple[str, ...]:
    """Two topics: one of what somebody struggles with and one of what they can give, as far as both are said."""
    of_both = [*profile.challenge_topics[:1], *profile.give_topics[:1]]
    all_topics = dict.fromkeys([*of_both, *profile.challenge_topics, *profile.give_topics])
    return tuple(str(label(topic)) for topic in list(all_topics)[:TAGS])


def gives_of(profile: Profile) -> tuple[str, ...]:
    """What somebody can give, in their own words, else by its topics."""
    texts = (give.words or _joined(give.tags) for give in profile.gives)
    return tuple(dict.fromkeys(text for text in texts if text))[:GIVES]


def wish_words(wish: Wish) -> str:
    """Whom somebody would like to meet, in their own words, else by trade and role."""
    return wish.words or _joined([*wish.industries, *wish.roles, *wish.topics])


def _joined(members: Iterable[StrEnum]) -> str:
    return str(_(", ")).join(str(label(member)) for member in members)
