"""Making an event's matches: what is known of the room, which pairs are best, and the rows that say so."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import CompoundSelect, literal, or_, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from organizer.circles.approach import weights_of
from organizer.circles.service import excluded
from organizer.domain.fit import WEIGHTS, WEIGHTS_V1, History, Weights
from organizer.domain.lifecycle import RunState
from organizer.domain.pairing import Pairing, pair, score_pairs
from organizer.domain.profiles import Profile
from organizer.domain.reasons import reasons_for
from organizer.events.models import Event
from organizer.matches.models import Encounter, Match, MatchRun
from organizer.matches.queries import (
    Pair,
    newest_run,
    not_blocked,
)
from organizer.people.blocks import blocked_pairs
from organizer.people.models import Person

CAP = 3
FIRST = 1
"""The number of an event's only generation as yet."""


@dataclass(frozen=True)
class Room:
    """What is known of those who were there. What only one of two people wants is no part of it."""

    profiles: tuple[Profile, ...]
    forbidden: frozenset[Pair] = frozenset()
    histories: Mapping[Pair, History] = field(default_factory=dict)
    mutual: frozenset[Pair] = frozenset()
    weights: Weights = WEIGHTS

    @property
    def ids(self) -> list[int]:
        """The people, by id."""
        return [profile.id for profile in self.profiles]


def hold_people(session: Session, ids: Collection[int]) -> None:
    """Hold these people until the commit: a block between two of them is seen, or waits."""
    people = select(Person.id).where(Person.id.in_(ids)).order_by(Person.id)
    session.execute(people.with_for_update(read=True)).all()


def room_of(
    session: Session,
    event: Event,
    profiles: Collection[Profile],
    let_go: Collection[Pair] = (),
    mutual: Collection[Pair] = (),
    contacts: Mapping[Pair, int] | None = None,
    weights: Weights = WEIGHTS,
) -> Room:
    """The room of an event with these people in it: who may not meet, and what each two have behind them.

    `contacts`: on how many days each two have been in contact so far.
    """
    ids = [profile.id for profile in profiles]
    barred = blocked_pairs(session, ids) | set(let_go) | _with_the_excluded(session, event.circle_id, ids)
    behind = histories(session, event, ids, mutual, contacts or {})
    return Room(tuple(profiles), frozenset(barred), behind, frozenset(mutual), weights)


def histories(
    session: Session,
    event: Event,
    ids: Collection[int],
    mutual: Collection[Pair],
    contacts: Mapping[Pair, int],
) -> dict[Pair, History]:
    """What each two of these people have behind them; pairs with nothing are left out."""
    met: Counter[Pair] = Counter()
    matched: Counter[Pair] = Counter()
    talked: set[Pair] = set()
    for a, b, event_id, was_match in session.execute(_behind(event.id, ids)):
        if was_match:
            matched[a, b] += 1
        elif event_id == event.id:
            talked.add((a, b))
        else:
            met[a, b] += 1
    return {
        both: History(met[both], matched[both], both in talked, both in mutual, contacts.get(both, 0))
        for both in {*met, *talked, *matched, *mutual, *contacts}
    }


def scores_of(room: Room) -> dict[Pair, int]:
    """The worth of every lawful pair; colleagues are lawful only for those who would have nobody else."""
    scores = score_pairs(room.profiles, room.forbidden, room.histories, room.weights)
    alone = set(room.ids).difference(*scores)
    if not alone:
        return scores
    as_strangers = [replace(profile, company="") for profile in room.profiles]
    wider = score_pairs(as_strangers, room.forbidden, room.histories, room.weights)
    return scores | {both: worth for both, worth in wider.items() if alone.intersection(both)}


def choose(room: Room, scores: Mapping[Pair, int]) -> Pairing:
    """The fairest of the best pairs: three for each at most, one for everybody where the law allows it."""
    return pair(room.ids, scores, CAP, room.mutual, fair=True)


def claim(session: Session, event: Event, now: datetime) -> tuple[MatchRun, bool]:
    """The event's generation and whether it is ours to fill: the loser of a race gets the winner's row."""
    found = newest_run(session, event.id)
    if found is not None:
        return found, False
    weights = weights_of(session, event.circle_id)
    run = MatchRun(
        circle_id=event.circle_id,
        event_id=event.id,
        generation=FIRST,
        state=RunState.MADE,
        weights_version=weights.version,
        weights=weights.to_data(),
        work={},
        made_at=now,
    )
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError:
        won = newest_run(session, event.id)
        if won is None:
            raise
        return won, False
    return run, True


def weights_of_run(run: MatchRun) -> Weights:
    """What counted when a run was made; before that was kept with it, what counted in every circle."""
    return Weights.from_data(run.weights) if run.weights else WEIGHTS_V1


def fill(session: Session, run: MatchRun, room: Room, scores: Mapping[Pair, int], chosen: Pairing) -> None:
    """Write the chosen pairs with their reasons, and the figures that explain them later."""
    profiles = {profile.id: profile for profile in room.profiles}
    for both in chosen.pairs:
        session.add(match_row(run, both, scores[both], profiles, room))
    run.work = {
        "people": len(profiles),
        "lawful": len(scores),
        "pairs": len(chosen.pairs),
        "sum": chosen.score,
        "optimal": chosen.optimal,
    }
    session.flush()


def match_row(
    run: MatchRun,
    both: Pair,
    score: int,
    profiles: Mapping[int, Profile],
    room: Room,
    added_by_id: int | None = None,
) -> Match:
    """The row of one pair of a generation."""
    history = room.histories.get(both, History())
    reasons = reasons_for(profiles[both[0]], profiles[both[1]], room.weights, history)
    return Match(
        circle_id=run.circle_id,
        event_id=run.event_id,
        run_id=run.id,
        generation=run.generation,
        a_id=both[0],
        b_id=both[1],
        score=score,
        reasons=[reason.to_data() for reason in reasons],
        mutual=both in room.mutual,
        added_by_id=added_by_id,
    )


def sweep(session: Session, run: MatchRun, barred: Collection[Pair], now: datetime) -> None:
    """Take the pairs off that may not meet (any more): the last look before a list goes out."""
    standing = Match.run_id == run.id, Match.removed_at.is_(None)
    blocked = update(Match).where(*standing, ~not_blocked(Match.a_id, Match.b_id)).values(removed_at=now)
    session.execute(blocked.execution_options(synchronize_session=False))
    for match in session.scalars(select(Match).where(*standing)):
        if (match.a_id, match.b_id) in barred:
            match.removed_at = now
    session.flush()


def _with_the_excluded(session: Session, circle_id: int, ids: Collection[int]) -> set[Pair]:
    out = excluded(session, circle_id).intersection(ids)
    return {(min(one, other), max(one, other)) for one in out for other in ids if one != other}


def _behind(event_id: int, ids: Collection[int]) -> CompoundSelect[int, int, int, int]:
    """One row for each encounter of these people, and one for each match of theirs at an earlier event.

    At this event only talk counts: to have been put at one table says nothing of the two.
    """
    met = select(Encounter.a_id, Encounter.b_id, Encounter.event_id, literal(0)).where(
        Encounter.a_id.in_(ids),
        Encounter.b_id.in_(ids),
        or_(Encounter.event_id != event_id, Encounter.talked),
    )
    matched = (
        select(Match.a_id, Match.b_id, Match.event_id, literal(1))
        .join(MatchRun, MatchRun.id == Match.run_id)
        .where(Match.event_id != event_id, MatchRun.state == RunState.PUBLISHED, Match.removed_at.is_(None))
        .where(Match.a_id.in_(ids), Match.b_id.in_(ids))
    )
    return union_all(met, matched)
