"""Rows that come to point elsewhere: put in their new place, or joined with the twin that has it already.

Works on tables, not on their classes: what may not stand twice is read from the unique keys themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    RowMapping,
    Select,
    Table,
    UniqueConstraint,
    and_,
    delete,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from organizer.db import Base
from organizer.domain.lifecycle import RegistrationState
from organizer.domain.roles import CircleRole
from organizer.events import seats
from organizer.register import REGISTER, Erase, Merge

Row = RowMapping
PLACES = {"tie": ("rank", 5), "follow_up": ("slot", 3)}
"""Columns in which a row has a place among one person's others, and how many there are: who comes second moves on."""
ENDED_BY = ("voided_at", "revoked_at")
"""Of two rows of which only one may stand, the other is ended by this column and kept."""
LARGER = {"encounter": ("talked", "sat"), "match": ("mutual",)}
"""What is true of either of two twins is true of the one that stays."""
TAKEN: dict[str, tuple[str, ...]] = {
    "registration": ("answers", "profile", "introducer", "topic", "copy_to"),
    "match": (),
    "seat": (),
}
"""What a twin lacks and takes over, where that is not everything: how a row came to stand is its own affair."""
NOTHING: tuple[Any, ...] = (None, "", [], {})
ADDED_UP = {"tie": ("note",)}
"""Words of a person's own: none are lost."""
_STATES = [RegistrationState.ADMITTED, RegistrationState.WAITLISTED, RegistrationState.APPLIED]
_ROLES = [CircleRole.OWNER, CircleRole.HOST, CircleRole.STAFF]


class Mover:
    """Puts rows in their new place within one transaction; `at` is when a row that may not stand twice is ended."""

    def __init__(self, session: Session, at: Any) -> None:
        self.session, self.at = session, at
        self.joined: list[tuple[str, int, int]] = []
        """(table, id that is gone, id of the twin) of every pair of twins with ids."""

    def put(self, table: Table, row: Row, changes: Mapping[str, Any]) -> None:
        """Change these columns of a row: then it has its place, or its twin has grown, or it spoke of one person alone.

        Raises nothing for a key that is taken: that is what this is for.
        """
        changes = _ordered(table, row, _parted(table, row, changes))
        if _of_one_alone(table, {**row, **changes}):
            self._drop(table, row)
            return
        for key, standing in _keys(table):
            if not key & changes.keys():
                continue
            twin = self._twin(table, row, changes, key, standing)
            if twin is None:
                continue
            settled = self._settle(table, row, twin, changes, standing)
            if settled is None:
                return
            changes = settled
        self._change(table, row, changes)

    def _settle(
        self, table: Table, row: Row, twin: Row, changes: Mapping[str, Any], standing: str
    ) -> Mapping[str, Any] | None:
        """The changes with which the row can be put beside its twin; None when it is gone into it."""
        place = PLACES.get(table.name)
        if place is not None and not _same_key(table, row, twin, changes, place[0]):
            return {**changes, place[0]: self._free_place(table, {**row, **changes}, *place)}
        ended = next((name for name in ENDED_BY if standing.startswith(f"{name} IS NULL")), None)
        better = _is_better(table, row, twin)
        if ended is not None:
            if not better:
                return {**changes, ended: self.at}
            self._change(table, twin, {ended: self.at})
            return changes
        if better:
            self._join(table, twin, into=row)
            return changes
        self._join(table, row, into=twin)
        return None

    def _twin(
        self, table: Table, row: Row, changes: Mapping[str, Any], key: frozenset[str], standing: str
    ) -> Row | None:
        """The other row that would have the same key, where both of them stand under it."""
        wanted = {**row, **changes}
        if any(wanted[name] is None for name in key):
            return None
        me = _is(table, row)
        if (
            standing
            and self.session.execute(select(text("1")).select_from(table).where(me, text(standing))).first()
            is None
        ):
            return None
        same = [table.c[name] == wanted[name] for name in sorted(key)]
        query: Select[Any] = select(table).where(*same, ~me, *([text(standing)] if standing else []))
        return self.session.execute(query).mappings().first()

    def _free_place(self, table: Table, row: Mapping[str, Any], name: str, last: int) -> int | None:
        """The next place nobody has, or none."""
        key = next(key for key, _ in _keys(table) if name in key)
        same = [table.c[one] == row[one] for one in sorted(key - {name})]
        taken = set(self.session.scalars(select(table.c[name]).where(*same)))
        return next((place for place in range(1, last + 1) if place not in taken), None)

    def _join(self, table: Table, row: Row, *, into: Row) -> None:
        """Let a row's twin take over what it lacks and what hangs on the row, which goes."""
        if table.name == "registration" and row["state"] is RegistrationState.ADMITTED:
            seats.release(self.session, row["event_id"], row["counted"])
        grown = _grown(table, row, into)
        for child, column in _children(table):
            query = select(child).where(column == row["id"]).order_by(*child.primary_key.columns)
            for one in self.session.execute(query).mappings().all():
                self.put(child, one, {column.name: into["id"]})
        if "id" in table.c:
            self.joined.append((table.name, row["id"], into["id"]))
        self._drop(table, row)
        if grown:
            self._change(table, into, grown)

    def _change(self, table: Table, row: Row, changes: Mapping[str, Any]) -> None:
        self.session.execute(update(table).where(_is(table, row)).values(**changes))

    def _drop(self, table: Table, row: Row) -> None:
        self.session.execute(delete(table).where(_is(table, row)))


def pair_of(table: Table) -> tuple[str, str] | None:
    """The two columns by which a row speaks of two people; None where it speaks of one."""
    links = [
        column.name
        for column in table.columns
        if (rule := REGISTER.get(f"{table.name}.{column.name}"))
        and rule.merge is Merge.MOVE
        and rule.erase is Erase.ROW
    ]
    return (links[0], links[1]) if len(links) == 2 else None


def _of_one_alone(table: Table, values: Mapping[str, Any]) -> bool:
    pair = pair_of(table)
    return pair is not None and values[pair[0]] is not None and values[pair[0]] == values[pair[1]]


def _parted(table: Table, row: Row, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Where the second of two people may be missing, it goes missing rather than the row."""
    pair = pair_of(table)
    if pair is not None and table.c[pair[1]].nullable and _of_one_alone(table, {**row, **changes}):
        return {**changes, pair[1]: None}
    return dict(changes)


def _ordered(table: Table, row: Row, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Of an unordered pair the smaller id comes first."""
    if "a_id" not in table.c:
        return dict(changes)
    low, high = sorted({**row, **changes}[name] for name in ("a_id", "b_id"))
    return {**changes, "a_id": low, "b_id": high}


def _keys(table: Table) -> Iterator[tuple[frozenset[str], str]]:
    """Each unique key of a table with the condition under which it counts, empty for always."""
    yield frozenset(table.primary_key.columns.keys()), ""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield frozenset(constraint.columns.keys()), ""
    for index in sorted((one for one in table.indexes if one.unique), key=_name):
        where = index.dialect_options["sqlite"]["where"]
        yield frozenset(index.columns.keys()), "" if where is None else str(where)


def _name(index: Index) -> str:
    return index.name or ""


def _same_key(table: Table, row: Row, twin: Row, changes: Mapping[str, Any], place: str) -> bool:
    """Whether two rows are twins by more than the place they would share."""
    wanted = {**row, **changes}
    return any(
        place not in key and all(wanted[name] is not None and wanted[name] == twin[name] for name in key)
        for key, _ in _keys(table)
    )


def _is_better(table: Table, row: Row, twin: Row) -> bool:
    """Whether, of the two, it is the row that has to stay and not the twin that is there already."""
    match table.name:
        case "registration":
            return _STATES.index(row["state"]) < _STATES.index(twin["state"])
        case "membership":
            return _ROLES.index(row["role"]) < _ROLES.index(twin["role"])
        case "check_in":
            return bool(row["at"] < twin["at"])
        case "follow_up":
            return row["answered_at"] is not None and twin["answered_at"] is None
        case _:
            return False


def _grown(table: Table, row: Row, into: Row) -> dict[str, Any]:
    """What a twin takes over: whatever it leaves empty, the larger of two figures, and both of two notes."""
    keyed: set[str] = set().union(*(key for key, _ in _keys(table)))
    free = [one.name for one in table.columns if one.name not in keyed and not one.foreign_keys]
    taken = TAKEN.get(table.name, free)
    grown = {name: full for name in taken if (full := _filled(into[name], row[name])) != into[name]}
    for name in LARGER.get(table.name, ()):
        grown[name] = max(row[name], into[name])
    for name in ADDED_UP.get(table.name, ()):
        if row[name] and into[name] and row[name] != into[name]:
            grown[name] = f"{into[name]}\n\n{row[name]}"
    return grown


def _filled(one: Any, other: Any) -> Any:
    """What was said, with what the other says where nothing was; of a dictionary name by name."""
    if isinstance(one, dict) and isinstance(other, dict):
        return other | {name: said for name, said in one.items() if said not in NOTHING}
    return other if one in NOTHING and other else one


def _children(table: Table) -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that points to rows of this table."""
    if "id" not in table.c:
        return
    for child in Base.metadata.sorted_tables:
        for column in child.columns:
            if any(key.column is table.c["id"] for key in column.foreign_keys):
                yield child, column


def _is(table: Table, row: Row) -> ColumnElement[bool]:
    return and_(*(column == row[column.name] for column in table.primary_key.columns))


def rows_about(
    session: Session, table: Table, columns: Sequence[Column[Any]], person_id: int
) -> Sequence[Row]:
    """The rows that point to a person in any of these columns, in the order they were made."""
    query = select(table).where(or_(*(column == person_id for column in columns)))
    return session.execute(query.order_by(*table.primary_key.columns)).mappings().all()
