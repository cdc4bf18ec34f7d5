"""The admission desk in words: why somebody fits, what is full, why nobody moves up, what became of a mail."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

import flask_babel
from flask_babel import lazy_gettext as _l

from organizer.domain.admission import AdmitReason, Choice, FloorCause, UnmetFloor, WaitReason, Why
from organizer.domain.bands import FitBand
from organizer.domain.lifecycle import RegistrationStep
from organizer.domain.profiles import Challenge, Criterion, Give, Profile
from organizer.domain.targets import Fit, Part
from organizer.domain.vocabulary import CriterionField, Intent, Topic, known
from organizer.domain.wishes import topic_degree
from organizer.domain.words import topics_in
from organizer.events import seats
from organizer.events.wording import criterion_words
from organizer.people.models import Person
from organizer.registrations.admitting import Full, OverReason
from organizer.registrations.desk import Applicant, Desk, Meter
from organizer.registrations.waiting import Standstill
from organizer.web.labels import add_labels, label

MOST_REASONS = 4
Reason = str | tuple[str, str]
"""A sentence, or what is there and what it meets."""

add_labels(
    {
        Full: {
            Full.EVENT_FULL: _l("All seats of this event are taken."),
            Full.LIMIT_REACHED: _l("The ceiling for this kind of person is reached."),
            Full.TARGET_FULL: _l("This kind of attendee has no seat left."),
        },
        OverReason: {
            OverReason.SUITS_THE_ROOM: _l("This person suits the room all the same"),
            OverReason.EXTRA_SEAT: _l("I have made one more seat"),
            OverReason.SOME_WILL_CANCEL: _l("I expect that somebody cancels"),
            OverReason.PROMISED: _l("I had promised a place"),
        },
        Standstill: {
            Standstill.EVENT_CANCELLED: _l("This event does not take place."),
            Standstill.EVENT_OVER: _l("The event is over."),
            Standstill.NO_SEAT_FREE: _l(
                "No seat is free. As soon as one is given back, the first on the list moves up."
            ),
            Standstill.FULL_HOST_DECIDES: _l(
                "No seat is free. When one is given back, the host decides who gets it."
            ),
            Standstill.KIND_FULL: _l("Seats are free, but none for this kind of attendee at the moment."),
            Standstill.HOST_DECIDES: _l("A seat is free. The host decides who gets it."),
        },
    }
)

DOTS: Final = {FitBand.VERY_GOOD: 4, FitBand.GOOD: 3, FitBand.FAIR: 2, FitBand.POOR: 1}
PERFECT: Final = 0.95


def _(msgid: str, **facts: object) -> str:
    return str(flask_babel.gettext(msgid, **facts))


def ngettext(one: str, many: str, num: int, **facts: object) -> str:
    """The words for a number of things."""
    return str(flask_babel.ngettext(one, many, num, **facts))


def dots(fit: Fit) -> int:
    """How many of five dots stand for a fit."""
    return 5 if fit.score >= PERFECT else DOTS[fit.band]


def reasons(one: Applicant, desk: Desk) -> list[Reason]:
    """Why somebody fits, or what keeps them out: what is full, what fits, whom they help, what is missing."""
    parts = one.fit.parts if one.fit else ()
    said: list[Reason] = [full_words(key, desk) for key in sorted(one.full) if key != seats.WHOLE]
    said += [part_words(part, one.profile) for part in parts if part.met][:3]
    said += [_helps(topic, number) for topic, number in one.answers[:1]]
    said += [part_words(part, one.profile) for part in parts if 0 < part.degree < 1]
    said += [part_words(part, one.profile) for part in parts if not part.degree][:1]
    return said[:MOST_REASONS]


def part_words(part: Part, profile: Profile) -> Reason:
    """One criterion: what is there, and whether it meets what is wanted."""
    wanted, said = criterion_words(Criterion(part.field, part.wanted)), _said(part, profile)
    if part.met and said == wanted:
        return _("%(said)s, as wanted", said=said)
    if part.met:
        meets = _("meets “%(wanted)s”", wanted=wanted)
    elif part.degree > 0:
        meets = _("is near “%(wanted)s”", wanted=wanted)
    else:
        meets = _("wanted is “%(wanted)s”", wanted=wanted)
    return said, meets


def full_words(key: str, desk: Desk) -> str:
    """What is full, with its figures: the event, or a target profile."""
    if key == seats.WHOLE:
        return _("All seats are taken (%(have)s / %(cap)s)", have=desk.taken, cap=desk.cap)
    for meter in desk.meters:
        if seats.key_of(meter.target.id) == key:
            figures = {"name": meter.target.name, "have": meter.have, "cap": meter.target.ceiling}
            return _("The seats for “%(name)s” are taken (%(have)s / %(cap)s)", **figures)
    return str(label(Full.TARGET_FULL))


def meter_note(meter: Meter) -> str | None:
    """What to say beneath a meter in place of the usual words; None: those."""
    if meter.target.ceiling == 0:
        return _("Not at this event")
    return None


def fit_words(fit: Fit | None) -> str:
    """A fit in words."""
    return str(label(fit.band)) if fit else _("No kinds of attendee have been described")


def give_words(gives: Iterable[Give]) -> list[str]:
    """What somebody can give, in their own words, else by topic."""
    return [words for words in map(_own_words, gives) if words]


def challenge_words(profile: Profile) -> list[str]:
    """What somebody struggles with, in their own words, else by topic."""
    return [words for words in map(_own_words, profile.challenges) if words]


def intent_words(intents: Iterable[Intent]) -> list[str]:
    """What somebody comes for."""
    return [str(label(intent)) for intent in intents]


def why_words(why: Why, desk: Desk) -> str:
    """One reason of a suggestion."""
    name = next((target.name for target in desk.targets if target.id == why.target_id), "")
    match why.kind:
        case AdmitReason.FILLS_FLOOR:
            return _("“%(name)s” still lacks people", name=name)
        case AdmitReason.FITS_TARGET:
            return _("Fits “%(name)s”", name=name)
        case AdmitReason.ANSWERS_ROOM:
            number = len(why.ids)
            return ngettext(
                "Can help %(num)s person in the room", "Can help %(num)s people in the room", number
            )
        case AdmitReason.WIDENS_ROOM:
            return _("A trade that is not in the room yet")
        case AdmitReason.SEAT_FREE:
            return _("A seat is free")
        case WaitReason.CEILING_REACHED:
            return _("The ceiling of “%(name)s” would be passed", name=name)
        case WaitReason.TARGETS_FULL:
            return _("“%(name)s” would be full", name=name)
        case _:
            return _("The seats go to those who fit better")


def suggested_words(choice: Choice, desk: Desk) -> list[str]:
    """The reasons for what is suggested for one application."""
    return [why_words(why, desk) for why in choice.reasons]


def floor_words(unmet: UnmetFloor, desk: Desk) -> str:
    """A target profile that stays short of people, and what stands in the way."""
    name = next((target.name for target in desk.targets if target.id == unmet.target_id), "")
    lacks = ngettext(
        "“%(name)s” stays short of %(num)s person",
        "“%(name)s” stays short of %(num)s people",
        unmet.missing,
        name=name,
    )
    causes = {
        FloorCause.TOO_FEW_FIT: _("too few who fit have applied"),
        FloorCause.CEILINGS: _("a ceiling stands in the way"),
        FloorCause.SEATS: _("there are not enough seats"),
    }
    return _("%(lacks)s: %(cause)s.", lacks=lacks, cause=causes[unmet.cause])


def facts(person: Person, profile: Profile) -> list[str]:
    """What stands after the company in a person's line. The profile row must be loaded."""
    coded = (profile.size, profile.region)
    trade = profile.industry_words or (str(label(profile.industry)) if profile.industry else "")
    return [person.profile.title, trade, *(str(label(member)) for member in coded if member is not None)]


def done_words(step: RegistrationStep, people: Sequence[Person]) -> str:
    """What a decision has done, and when its letters leave."""
    who = people[0].name if len(people) == 1 else ""
    number = len(people)
    if step is RegistrationStep.ADMIT:
        done = _("%(name)s has a place.", name=who) if who else _("%(num)s people have a place.", num=number)
    elif step is RegistrationStep.WAITLIST:
        done = (
            _("%(name)s is on the waiting list.", name=who)
            if who
            else _("%(num)s people are on the waiting list.", num=number)
        )
    else:
        done = _("%(name)s is declined.", name=who) if who else _("%(num)s people are declined.", num=number)
    return _("%(done)s The mail leaves in ten minutes.", done=done)


def mix_words(parts: Iterable[tuple[StrEnum | None, int]]) -> list[tuple[str, int]]:
    """The parts of a picture of the room, in words."""
    return [(str(label(member)) if member else _("Not given"), number) for member, number in parts]


def listed(words: Iterable[str]) -> str:
    """Words one after another."""
    return str(flask_babel.pgettext("list", ", ")).join(words)


def _helps(topic: Topic, number: int) -> str:
    return ngettext(
        "Can help %(num)s person in the room with “%(topic)s”",
        "Can help %(num)s people in the room with “%(topic)s”",
        number,
        topic=label(topic),
    )


def _said(part: Part, profile: Profile) -> str:
    """What somebody says about a criterion's field."""
    words = listed(str(label(member)) for member in known(part.field.words, _shown(part)))
    match part.field:
        case CriterionField.CHALLENGE:
            own = _own_words(_nearest(profile.challenges, part))
            return _("Challenge “%(words)s”", words=own or words) if own or words else _("No challenge given")
        case CriterionField.GIVE:
            own = _own_words(_nearest(profile.gives, part))
            return (
                _("Can give “%(words)s”", words=own or words) if own or words else _("Nothing to give named")
            )
        case CriterionField.INTENT:
            return (
                _("Reason for coming: %(words)s", words=words) if words else _("No reason for coming given")
            )
        case CriterionField.SIZE:
            return _("Employees %(words)s", words=words) if words else _("Number of employees not given")
        case _:
            return words or _("%(field)s not given", field=label(part.field))


def _nearest(said: Sequence[Challenge | Give], part: Part) -> Challenge | Give | None:
    """Of several things that were said, the one nearest to what is wanted; the first where none is nearer."""
    wanted = known(Topic, part.wanted)
    return max(said, key=lambda one: topic_degree(topics_in(one.words) | {*one.tags}, wanted), default=None)


def _own_words(said: Challenge | Give | None) -> str:
    """What was said in its person's own words, else by topic."""
    return (said.words or listed(str(label(tag)) for tag in said.tags)) if said else ""


def _shown(part: Part) -> Sequence[str]:
    """Of much that was said, what is wanted comes first and is enough."""
    wanted = [code for code in part.actual if code in part.wanted]
    return wanted or part.actual[:2]
