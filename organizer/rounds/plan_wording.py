"""What the table plan says in words: how good it is, what to know of it, what a change would do, why these people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from flask_babel import gettext as _
from flask_babel import ngettext

from organizer.domain.fit import NO_HISTORY, WEIGHTS, Weights
from organizer.domain.gathering import histories_of
from organizer.domain.picture import POORLY, WELL, Caution, Notice, Served
from organizer.domain.reasons import reasons_for
from organizer.matches.queries import Told
from organizer.rounds.changing import Change
from organizer.rounds.desk import Desk
from organizer.rounds.models import SeatingPlan
from organizer.rounds.solving import Trouble
from organizer.web.labels import label
from organizer.web.reasons import reason_texts

REASONS_PER_PAIR = 2
SETTLED = frozenset({Caution.NOT_LAWFUL})
"""What has to be dealt with before the plan can go out."""


@dataclass(frozen=True, slots=True)
class Said:
    """One caution as the page says it; `kind` is that of a banner."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The plan in figures."""

    people: int
    tables: int
    met: int
    wishes: int
    wanted: int


def percent(plan: SeatingPlan | None) -> int | None:
    """How many hundredths of what any plan could reach this one has at least; None while that is not known."""
    if plan is None or plan.score is None or plan.bound is None or plan.bound <= 0 or plan.score < 0:
        return None
    return min(100, 100 * plan.score // plan.bound)


def served(share: float) -> Served:
    """How well somebody is served, in words."""
    return Served.WELL if share >= WELL else Served.FAIRLY if share >= POORLY else Served.POORLY


def trouble(plan: SeatingPlan) -> Trouble:
    """Why a plan could not be made."""
    return Trouble(plan.reason or Trouble.NO_LAWFUL_PLAN)


def totals(desk: Desk) -> Totals | None:
    """The shown plan in figures."""
    if desk.picture is None:
        return None
    wishes, wanted = desk.picture.wishes
    coming = desk.tables[desk.begun :] or desk.tables
    people = {person for round_ in coming for table in round_ for person in table}
    tables = max((len(round_) for round_ in coming), default=0)
    return Totals(len(people), tables, len(desk.picture.met), wishes, wanted)


def cautions(desk: Desk) -> list[Said]:
    """What a host should know of the shown plan."""
    if desk.picture is None:
        return []
    return [
        Said("stop" if one.caution in SETTLED else "act", _caution(one, desk)) for one in desk.picture.notices
    ]


def effects(change: Change) -> list[str]:
    """What a change of places does to the evening, in words."""
    if not change.lawful:
        return [
            _("The fixed rules do not allow this: a seat is given, or two who may not share a table meet.")
        ]
    before, after = change.before, change.after
    said = [
        _gain(change.gain),
        _repeats(after.repeats - before.repeats),
        _wishes(after.wants - before.wants),
    ]
    if round(after.worst_person, 2) < round(before.worst_person, 2):
        said.append(_("Whoever fares worst would fare worse still."))
    return [text for text in said if text]


def reasons_at(desk: Desk, people: Sequence[int], said: Mapping[int, Told]) -> list[tuple[str, list[str]]]:
    """Why these people share a table: for each two of them their names and the strongest reasons; wishes first."""
    wanted = desk.picture.wanted if desk.picture else frozenset()
    pairs = [pair for pair in combinations(people, 2) if said.keys() >= set(pair)]
    plan = desk.shown
    behind = histories_of(plan.room.get("histories", ())) if plan else {}
    weights = Weights.from_data(plan.weights) if plan and plan.weights else WEIGHTS
    pairs.sort(key=lambda pair: -((pair in wanted) + (pair[::-1] in wanted)))
    return [
        (
            _("%(one)s and %(other)s", one=said[one].name, other=said[other].name),
            reason_texts(
                reasons_for(
                    said[one].profile,
                    said[other].profile,
                    weights,
                    behind.get((min(one, other), max(one, other)), NO_HISTORY),
                ),
                None,
                said,
                limit=REASONS_PER_PAIR,
            ),
        )
        for one, other in pairs
    ]


def _caution(notice: Notice, desk: Desk) -> str:
    text = str(label(notice.caution))
    names = _names(notice.people, desk) or _pairs(notice.pairs, desk)
    return str(_("%(text)s (%(names)s)", text=text, names=names)) if names else text


def _names(people: Iterable[int], desk: Desk) -> str:
    return str(_(", ").join(desk.guests[one].name for one in people if one in desk.guests))


def _pairs(pairs: Sequence[tuple[int, int]], desk: Desk, most: int = 4) -> str:
    known = [pair for pair in pairs if desk.guests.keys() >= set(pair)]
    named = [
        _("%(one)s and %(other)s", one=desk.guests[a].name, other=desk.guests[b].name)
        for a, b in known[:most]
    ]
    if len(known) > most:
        more = len(known) - most
        named.append(ngettext("%(num)s more pair", "%(num)s more pairs", more))
    return str(_(", ").join(named))


def _gain(points: int) -> str:
    if points > 0:
        return str(_("The evening gains %(points)s points.", points=points))
    if points < 0:
        return str(_("The evening loses %(points)s points.", points=-points))
    return str(_("The evening is worth as much as before."))


def _repeats(count: int) -> str:
    said = ""
    if count > 0:
        said = ngettext(
            "%(num)s more pair would meet a second time.",
            "%(num)s more pairs would meet a second time.",
            count,
        )
    elif count < 0:
        said = ngettext(
            "%(num)s pair fewer would meet a second time.",
            "%(num)s pairs fewer would meet a second time.",
            -count,
        )
    return str(said)


def _wishes(points: int) -> str:
    if points > 0:
        return str(_("More of those whom people want to meet would be met."))
    if points < 0:
        return str(_("Fewer of those whom people want to meet would be met."))
    return ""
